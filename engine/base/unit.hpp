// Units as factors to one coherent set, and dimensions as exponents.
//
// The set: mass mg, volume L (length dm), time h, substance umol, international unit IU. Inside the engine every number is in
// this set, so bare doubles can be combined freely; they are converted when text is read and when results are written.
// Cells and other counts have no dimension: 1e9/L is 1e9 per litre.
//
// Text: products, quotients and powers of the names in unit_table.cpp, for instance "mg*h/L", "mL/min/kg", "m^2", "1/h",
// "1e9/L", "1". Spellings mcg, ug and both micro signs are one unit. "%" is 0.01.

#pragma once

#include <array>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace titrate {

struct Dimension {
  // Exponents of mass, length, time, substance, international unit, in sixtieths, so that roots stay exact.
  std::array<int, 5> sixtieths{};

  bool operator==(const Dimension&) const = default;
  bool none() const { return *this == Dimension{}; }
};

[[nodiscard]] Dimension operator*(const Dimension& a, const Dimension& b);
[[nodiscard]] Dimension operator/(const Dimension& a, const Dimension& b);
[[nodiscard]] Dimension power(const Dimension& a, double exponent);  // exponent rounded to the nearest sixtieth
// In the coherent set, for messages: "mg/L", "L/h", "no unit".
[[nodiscard]] std::string describe(const Dimension& dimension);

struct Unit {
  std::string text = "1";
  double factor = 1.0;  // value in the coherent set = factor * value in this unit
  Dimension dimension{};
};

// Unknown names give unit.unknown with the nearest known name as a hint.
[[nodiscard]] Result<Unit> parse_unit(std::string_view text, const std::string& path = {});

struct Quantity {
  double value = 0.0;  // in the coherent set
  Unit unit;           // as typed
};

// "1000 mg", "1000 [mg]", "0.227", "39.8 %", "1,5 mg" (decimal comma). A missing number, a missing or unknown unit of an
// expected dimension, "24:00", and a trailing word are diagnostics; `expected` says which dimension the reader needs and
// gives the hint its example ("write 1000 mg").
[[nodiscard]] Result<Quantity> parse_quantity(std::string_view text, const Unit& expected, const std::string& path);

}  // namespace titrate
