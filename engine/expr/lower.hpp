// Tree to graph. Names are bound by the caller: states, etas and covariates to inputs, parameters to constants, intermediates
// to nodes already made.

#pragma once

#include <functional>
#include <optional>

#include "expr/ast.hpp"
#include "expr/ir.hpp"

namespace titrate {

using Binding = std::function<std::optional<NodeId>(const std::string&)>;

// The tree must have passed type_of and hold no formula calls; an unbound name throws std::logic_error.
[[nodiscard]] NodeId lower(Graph& graph, const AstPtr& ast, const Binding& bind);

}  // namespace titrate
