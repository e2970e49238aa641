// States that move linearly and by themselves, as a drug does in its compartments: what drives a model that is not linear.
//
//   dz/dt = A z + w,     A and w = b + rate fixed within a segment; no other state and no time acts on them
//
// With A = V L V^-1 and real rates l, the modes x = V^-1 z move alone, x(t) = e^(l s) x(0) + (e^(l s) - 1) / l V^-1 w, s since
// the beginning. So the solver need not step through them: the other states see z(t) as a known function of time, and rates of
// distribution and elimination set no step's size any more. Only while a mode moves (seven of its times 1 / l), no step is longer
// than 1 / l: an effect of a short peak cannot fall between the stages of a long step.
//
// z is y over the size of its unit (sim/equations). Where A has equal rates or swings, there is no driver.

#pragma once

#include <vector>

#include "sim/motion.hpp"

namespace titrate {

class Driver {
 public:
  // Finds the states. `scale`: the size of each state's unit.
  Driver(const System& system, const Vector& scale);

  // Ascending. Empty, and never to be set, when there are none or nothing else moves.
  [[nodiscard]] const std::vector<int>& states() const { return states_; }

  // The values of a segment. False: A has no modes that keep the error of z below `tolerance`.
  [[nodiscard]] bool set(const SegmentValues& values, double tolerance);
  // From a state and a rate of inflow, both of all states.
  void begin(double t, const Vector& y, const Vector& rate);

  // z of each of states(), and dz/dt.
  [[nodiscard]] const Vector& at(double t);
  [[nodiscard]] const Vector& slope(double t);

  // How far a step from t may reach.
  [[nodiscard]] double longest_step(double t) const;

 private:
  bool find_modes(double tolerance);

  const System& system_;
  const Vector& scale_;
  std::vector<int> states_;
  std::vector<std::size_t> entries_;  // of A in the values of J: row by row, those that are not always 0
  std::vector<Eigen::Index> row_, column_;
  const SegmentValues* values_ = nullptr;
  double tolerance_ = 0.0;
  bool has_modes_ = false;
  bool flows_ = false;  // between them nothing flows backwards: from states and rates that are not negative none becomes so
  bool stays_positive_ = false;
  Matrix A_, V_, V_inverse_;
  Vector b_, rate_, z0_, w_, x0_, v_, z_, slope_;
  double begun_ = 0.0, at_ = 0.0;
  std::vector<double> out_, registers_, zeros_;
};

}  // namespace titrate
