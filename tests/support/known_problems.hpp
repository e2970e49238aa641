// Differential equations whose solutions are known: by a formula, or to 19 digits by a second method. Every solver that serves
// for a problem has to solve it; the unit tests hold the limits, and the verification prints the table.

#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sim/simulate.hpp"
#include "support/small_models.hpp"

namespace titrate::support {

struct KnownProblem {
  std::string name;
  std::string source;  // of the solution
  SmallModel equations;
  double until = 0.0;
  std::vector<double> expected;  // the states at `until`
  double small = 1.0;            // of a state: the absolute tolerance is this times the relative one
  bool stiff = false;            // explicit steps would take too long
};

constexpr double most_tolerances = 100.0;  // an error may be this many times its tolerance
constexpr double least_slope = 0.8;        // of log error on log tolerance

// A problem solved by one solver at relative tolerances from 1e-4 to 1e-9; what is solved exactly is held to 1e-13, once.
struct KnownSeries {
  std::string problem, source, solver;
  std::vector<std::pair<double, double>> points;  // tolerance, error: the largest of |y - expected| / (|expected| + small)

  [[nodiscard]] double worst() const;                 // error over tolerance; not a number when the solver failed
  [[nodiscard]] std::optional<double> slope() const;  // of log error on log tolerance, by least squares
  [[nodiscard]] bool passed() const;
};

[[nodiscard]] std::vector<KnownSeries> solve_known_problems();

}  // namespace titrate::support
