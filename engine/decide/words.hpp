// Numbers and durations for sentences: rounded to what a person reads, never used for computing.

#pragma once

#include <string>

namespace titrate {

// To `digits` significant ones: 4.5 -> "4.5", 1234.56 -> "1235".
[[nodiscard]] std::string number_words(double x, int digits = 3);
// "30 min", "12 h", "21 days".
[[nodiscard]] std::string hours_words(double hours);

}  // namespace titrate
