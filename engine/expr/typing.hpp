// Units are types. Sums, comparisons, min, max and both branches of if need equal dimensions; exp, log, trigonometric
// functions, exponents and conditions need none; a power of a quantity with a dimension needs a constant exponent; sqrt
// halves. A literal 0 fits any dimension. `t` has the dimension of time. Every mismatch in the tree is reported, with both units.

#pragma once

#include <functional>
#include <optional>

#include "expr/ast.hpp"

namespace titrate {

// The dimension of a name, or nothing when the name is unknown (expr.unknown_name, with the nearest of `known` as a hint).
struct Scope {
  std::function<std::optional<Dimension>(const std::string&)> dimension_of;
  std::vector<std::string> known;
  bool unchecked = false;  // models without units: names are still checked, dimensions are not
};

// A literal 0, its negative, or an if, min or max of such: true when the expression may stand for any dimension, so that
// "0" is a right-hand side for every state. type_of gives no dimension for it.
[[nodiscard]] bool fits_any_dimension(const AstPtr& ast);

[[nodiscard]] Result<Dimension> type_of(const AstPtr& ast, const Scope& scope, const std::string& path);

}  // namespace titrate
