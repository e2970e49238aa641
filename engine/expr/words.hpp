// The functions and reserved words of the expression language, in one table for parser, typing and lowering.

#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "expr/ir.hpp"

namespace titrate {

struct Function {
  std::string_view name;
  int arguments;
  Op op;
};

[[nodiscard]] std::optional<Function> find_function(std::string_view name);
[[nodiscard]] bool is_reserved(std::string_view name);  // t, tad, if, and, or, not and the functions
[[nodiscard]] std::string nearest(std::string_view word, const std::vector<std::string>& among);  // empty when none is near

}  // namespace titrate
