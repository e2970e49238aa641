#include "expr/words.hpp"

#include <array>

#include "base/text.hpp"

namespace titrate {

namespace {

constexpr std::array<Function, 15> functions{{
    {"exp", 1, Op::exp},
    {"log", 1, Op::log},
    {"log10", 1, Op::log10},
    {"sqrt", 1, Op::sqrt},
    {"abs", 1, Op::abs},
    {"min", 2, Op::min},
    {"max", 2, Op::max},
    {"sin", 1, Op::sin},
    {"cos", 1, Op::cos},
    {"tanh", 1, Op::tanh},
    {"lgamma", 1, Op::lgamma},
    {"erf", 1, Op::erf},
    {"erfc", 1, Op::erfc},
    {"log_phi", 1, Op::log_phi},
    {"if", 3, Op::select},
}};

}  // namespace

std::optional<Function> find_function(std::string_view name) {
  for (const Function& function : functions)
    if (function.name == name) return function;
  return std::nullopt;
}

bool is_reserved(std::string_view name) {
  return name == "t" || name == "tad" || name == "and" || name == "or" || name == "not" || find_function(name).has_value();
}

std::string nearest(std::string_view word, const std::vector<std::string>& among) { return nearest_word(word, among); }

}  // namespace titrate
