// Numbers and durations for sentences: rounded to what a person reads, never used for computing.

#pragma once

#include <string>
#include <vector>

#include "base/unit.hpp"

namespace titrate {

// To `digits` significant ones: 4.5 -> "4.5", 1234.56 -> "1235".
[[nodiscard]] std::string number_words(double x, int digits = 3);
// "30 min", "12 h", "21 days".
[[nodiscard]] std::string hours_words(double hours);
// A number of the coherent set in a unit: "1.4 mg/dL", "1.5 x 10^9/L", "0.8" where the unit is 1.
[[nodiscard]] std::string in_unit(double value, const Unit& unit, int digits = 3);
// "a, b, c"
[[nodiscard]] std::string joined(const std::vector<std::string>& words);

}  // namespace titrate
