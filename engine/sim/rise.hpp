// Where a quantity rises above 0 within a step, from its values at nine equally distant points.
//
// The polynomial of degree 8 through the values is written in Bernstein's form and halved until the signs of its coefficients
// tell: none of them changes, and it has no root; one change, and it has one (Descartes' rule; de Casteljau's halving; Lane &
// Riesenfeld 1981, BIT Numerical Mathematics 21:112). So an excursion above 0 between two points is found however short it is,
// and one that touches 0 without crossing it is none. Exact, to rounding, for what is a polynomial of at most degree 8 on the
// step; for anything else `confirmed` asks whether the quantity itself is above 0 there.

#pragma once

#include <array>
#include <functional>
#include <optional>

namespace titrate {

constexpr int rise_parts = 8;
using StepValues = std::array<double, rise_parts + 1>;  // at the beginning, after each part, at the end

// As parts of the step from 0 to 1: not above 0 at `after`, above it at `by`, with one root between.
struct Rise {
  double after = 0.0;
  double by = 0.0;
};

// The first one. What is `above` 0 at the beginning must first fall to it.
[[nodiscard]] std::optional<Rise> first_rise(const StepValues& values, bool above, const std::function<bool(double)>& confirmed);

}  // namespace titrate
