// Text to tree. Grammar, loosest first: or; and; not; comparison (one, not chained); + -; * /; unary -; ^ (right associative,
// binds tighter than unary minus: -a^b is -(a^b)); number [unit], name, call, (expression). Errors carry a span; parsing goes on
// where it can, so that several are reported at once. Bounded: 4000 bytes of text, 64 levels, 2000 nodes.

#pragma once

#include <map>

#include "expr/ast.hpp"

namespace titrate {

[[nodiscard]] Result<AstPtr> parse_expression(const Expression& expression);

// Replaces calls of formulas by their bodies (formulas may call formulas; a cycle is an error). `formulas` by name.
[[nodiscard]] Result<AstPtr> expand(const AstPtr& ast, const std::map<std::string, Formula>& formulas, const std::string& path);

// Names that the expression uses, in order of first use, without function names.
[[nodiscard]] std::vector<std::string> names_in(const AstPtr& ast);

}  // namespace titrate
