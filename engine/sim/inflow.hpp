// What enters the states between events: infusions at constant rate, and doses along input profiles.
//
//   u_i(t) = rate_i + sum over pulses into i of  A g(t - begin; p)
//   du_i/deta = d rate_i + sum of  dA g + A (dg/deta - g' dbegin),        du_i/dt = sum of A g'
//
// with tad = t - begin, g' = dg/dtad. A profile like Savic's transit chain has a logarithm of tad: at its beginning it is read
// 1e-12 h later, and held until then. Where g is infinite at 0 (Weibull's density with a shape below 1) more has entered by
// then: there g ~ tad^(b - 1), whose integral is tad g / b with b = 1 + tad g' / g. The rest, tad g (1 / b - 1), enters at once.

#pragma once

#include "sim/motion.hpp"
#include "sim/timeline.hpp"

namespace titrate {

class Inflow {
 public:
  Inflow(const CompiledModel& model, const Forcing& forcing, const SegmentValues& values);

  [[nodiscard]] bool constant() const { return forcing_.pulses.empty(); }
  // Adds what comes from pulses at time t (nothing before their beginning).
  void add_rate(double t, Eigen::Ref<Vector> u);
  void add_slope(double t, Eigen::Ref<Vector> du_dt);
  void add_sensitivity(double t, Eigen::Ref<Matrix> du_deta);  // columns: at least the K effects
  void add_sensitivity_slope(double t, Eigen::Ref<Matrix> d2u_deta_dt);
  // What enters at once, into the state and its sensitivities (of the first k effects; none without).
  void begin(const Pulse& pulse, Motion& motion, int k);
  // g of a pulse.
  [[nodiscard]] double density(const Pulse& pulse, double t) { return at(model_.profiles, pulse, t)[0]; }

 private:
  // What a tape of profiles says of this pulse's: profiles g and g'; profiles_sens also dg/deta of the k + q effects;
  // profiles_slope the slopes of these. Only the first has numbers where the individual has no derivatives.
  const double* at(const Tape& tape, const Pulse& pulse, double t);
  void add_sensitivity_by(const Tape& tape, double t, Eigen::Ref<Matrix> du_deta);

  const CompiledModel& model_;
  const Forcing& forcing_;
  const SegmentValues& values_;
  std::vector<double> out_, registers_;
};

// Takes away the pulses of which less than 1e-18 of the amount still enters from `t` to the end of the schedule: a profile that
// has entered by 0.999 of its mass is past its peak, and then no more than its present rate times the time that is left can
// follow. Held against the parameters of every segment to come, with the rates in the middle and at the end of each: they must
// fall. One whose density does not integrate to 1 stays.
void drop_faded(const CompiledModel& model, const Schedule& schedule, const Segments& segments, double t, Forcing& forcing);

}  // namespace titrate
