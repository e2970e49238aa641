// One explicit step: Boost.Odeint's Dormand-Prince 5(4) with its dense output of order 4, on states and sensitivities together.

#pragma once

#include <boost/numeric/odeint/stepper/runge_kutta_dopri5.hpp>

#include "sim/equations.hpp"

namespace titrate {

class ExplicitStep {
 public:
  static constexpr double order = 5.0;  // of the error of one step of the embedded method
  // h times the fastest rate is at most 3.3 in stable steps; where stability rules, the error control keeps them between this and
  // that.
  static constexpr double near_unstable = 2.5;

  // The state from which `attempt` steps. After `accept`, the slope of the last step's end serves.
  [[nodiscard]] bool begin(Equations& equations, const Values& z, double t);
  void attempt(Equations& equations, const Values& z, double t, double h, Values& z_new, Values& error);
  void accept() { has_slope_ = true, slope_.swap(slope_new_); }
  void restart() { has_slope_ = false; }
  [[nodiscard]] const Values& slope() const { return slope_; }

  // Within the step attempted last, before it is accepted.
  void interpolate(const Values& z, const Values& z_new, double t, Values& out) const;

  // h times the fastest rate, from what the last two stages of the step attempted last say of it: both stand at t + h, and their
  // slopes differ by J times their difference (Hairer & Wanner, Solving ODEs II, IV.2).
  [[nodiscard]] double stiffness(const Values& z_new, const Values& weight, std::size_t n) const;

 private:
  boost::numeric::odeint::runge_kutta_dopri5<Values> stepper_;
  Values slope_, slope_new_;
  bool has_slope_ = false;
  double t_ = 0.0, h_ = 0.0;
  const Values* sixth_ = nullptr;  // the sixth stage's state and slope, which the stepper keeps
  const Values* sixth_slope_ = nullptr;
};

}  // namespace titrate
