// Differential equations whose solutions are known: by a formula, or to 19 digits by a second method. Every stepping solver has
// to solve them; tests/unit/sim/stepping_test.cpp holds the limits, and the verification prints the table.

#pragma once

#include <string>
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

[[nodiscard]] const std::vector<KnownProblem>& known_problems();

struct KnownRow {
  std::string problem, solver;
  double tolerance = 0.0;
  double error = 0.0;  // the largest of |y - expected| / (|expected| + small); not a number when the solver failed
};

// The error that a solver makes at a relative tolerance.
[[nodiscard]] KnownRow solve_known(const KnownProblem& problem, Solver solver, double tolerance);

// Every problem, solved by each solver that serves for it, at tolerances from 1e-4 to 1e-9.
[[nodiscard]] std::vector<KnownRow> solve_known_problems();

}  // namespace titrate::support
