// The state of a course while it moves, and what drives it between events.
//
//   dy/dt = rhs(t, y, p) + rate                        y (n)
//   dS/dt = J S + [B + d_rate | 0]                     S (n x c): sensitivities to the k etas, then to c - k initial states
//
// Without sensitivities S has no columns.

#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/linalg.hpp"
#include "model/compiled.hpp"

namespace titrate {

struct Motion {
  double t = 0.0;
  Vector y;
  Matrix S;
};

struct Forcing {
  Vector rate;    // n: infusions, per h
  Matrix d_rate;  // n x k (no columns without sensitivities)
};

// p of one segment, for one eta.
using SegmentValues = std::vector<double>;

// Relative to a value, and absolute in units of each state.
struct Tolerance {
  double rtol = 1e-9;
  double atol = 1e-12;
  int max_steps = 200000;
};

// Called with the index of a wanted time and the state there.
using Visit = std::function<void(std::size_t, const Motion&)>;

struct Failure {
  bool failed = false;
  std::string why;
  double at = 0.0;
};

}  // namespace titrate
