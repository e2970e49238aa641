// The state of a course while it moves, and what drives it between events.
//
//   dy/dt = rhs(t, y, p) + rate + sum over pulses of amount g(t - begin)           y (n)
//   dS/dt = J S + [B + d_rate + d(pulses) | 0]       S (n x c): sensitivities to the K effects, then to c - K initial states
//
// g is an input profile of the model. Without sensitivities S has no columns. B is known for the k + q effects of one segment:
// `columns` says where each acts.

#pragma once

#include <cstdint>
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

// A dose that enters along a profile: amount * profile(t - begin) per h.
struct Pulse {
  int profile = 0;  // index into the outputs of CompiledModel::profiles
  int state = 0;
  double begin = 0.0;
  double amount = 0.0;
  Vector d_amount;  // K; empty: does not depend on the effects
  Vector d_begin;   // likewise
};

struct Forcing {
  Vector rate;    // n: infusions, per h
  Matrix d_rate;  // n x K (no columns without sensitivities)
  std::vector<Pulse> pulses;
  Vector rest{};  // n, or empty: what rounding has left out of `rate`
};

// A sum of rates that come and go: what rounding leaves out (Knuth's two-sum) is kept, so that a fast infusion takes nothing from
// the others when it ends, and that nothing flows when all have ended.
inline void add_infusion(Forcing& forcing, int state, double rate) {
  if (forcing.rest.size() == 0) forcing.rest = Vector::Zero(forcing.rate.size());
  double& total = forcing.rate(state);
  double& rest = forcing.rest(state);
  const double sum = total + rate;
  const double added = sum - total;
  rest += (total - (sum - added)) + (rate - added);
  total = sum + rest;
  rest -= total - sum;
}

inline void add_infusions(Forcing& forcing, const Forcing& more) {
  for (Eigen::Index i = 0; i < more.rate.size(); ++i) {
    add_infusion(forcing, static_cast<int>(i), more.rate(i));
    if (more.rest.size() > 0) add_infusion(forcing, static_cast<int>(i), more.rest(i));
  }
}

// p of one segment for one patient's effects, and which column of S each of the k + q effects has there (-1: it does not act).
// `version` tells the values of one set of effects from those of the next that stood in the same place.
struct SegmentValues {
  std::uint64_t version = 0;
  std::vector<double> p;
  std::vector<Eigen::Index> columns;
};

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
