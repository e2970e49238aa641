// The names of units, and what people write in their place.

#pragma once

#include <array>
#include <string>
#include <string_view>

namespace titrate {

// Factors are a numerator and a denominator of whole numbers, so that 1 mL/min is 60/1000 L/h rounded once.
struct NamedUnit {
  std::string_view name;
  double numerator, denominator;
  std::array<int, 5> exponents;  // mass, length, time, substance, international unit
};

// No such name: null.
[[nodiscard]] const NamedUnit* find_unit(std::string_view name);

// The micro sign U+00B5, the Greek letter U+03BC, and "mc" of mcg are u; a raised dot is a product; superscripts are powers.
[[nodiscard]] std::string plain_spelling(std::string_view text);

// The name that was meant, by habit or by its letters; empty: nothing is near.
[[nodiscard]] std::string known_spelling(std::string_view name);

}  // namespace titrate
