#include "base/normal.hpp"

#include <array>
#include <cmath>

#include "base/rng.hpp"

namespace titrate {

namespace {

constexpr int per_unit = 64, reach = 9;
constexpr double one_over_root_2_pi = 0.39894228040143267794;

using Grid = std::array<NormalAt, 2 * reach * per_unit + 1>;

Grid make_grid() {
  Grid grid;
  for (int i = 0; i <= 2 * reach * per_unit; ++i) {
    const double z = static_cast<double>(i - reach * per_unit) / per_unit;
    grid[static_cast<std::size_t>(i)] = {normal_cdf(z), one_over_root_2_pi * std::exp(-0.5 * z * z)};
  }
  return grid;
}

}  // namespace

NormalAt normal_at(double z) {
  static const Grid grid = make_grid();
  if (!(z > -reach)) return {0.0, 0.0};
  if (z >= reach) return {1.0, 0.0};
  const int i = static_cast<int>((z + reach) * per_unit + 0.5);
  const double at = static_cast<double>(i - reach * per_unit) / per_unit, d = z - at;
  const NormalAt& near = grid[static_cast<std::size_t>(i)];
  const double first = -at, second = at * at - 1.0, third = at * (3.0 - at * at);  // derivatives of phi, divided by it
  const double fourth = third * -at - 3.0 * second;
  const double cdf = d * (1.0 + d / 2.0 * (first + d / 3.0 * (second + d / 4.0 * (third + d / 5.0 * fourth))));
  const double density = 1.0 + d * (first + d / 2.0 * (second + d / 3.0 * (third + d / 4.0 * fourth)));
  return {near.cdf + near.density * cdf, near.density * density};
}

}  // namespace titrate
