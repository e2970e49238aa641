// States that move linearly and by themselves, as a drug does in its compartments: what drives a model that is not linear.
//
//   dz/dt = A z + w,     A and w = b + rate fixed within a segment; no other state and no time acts on them
//
// With A = V L V^-1 and real rates l, the modes x = V^-1 z move alone, x(t) = e^(l s) x(0) + (e^(l s) - 1) / l V^-1 w, s since
// the beginning. So the solver need not step through them: the other states see z(t) as a known function of time, and rates of
// distribution and elimination set no step's size any more. Only while a mode moves (seven of its times 1 / l), no step is longer
// than 1 / l: an effect of a short peak cannot fall between the stages of a long step.
//
// Their sensitivities S to the effects, and to initial states, are known as well: with dA and dw of an effect, E = V^-1 dA V, and
// a = l s (sim/exp_differences), R = V^-1 S moves as
//
//   R_i(t) = e^ai R_i + s exp[ai,0] (V^-1 dw)_i + sum_j E_ij (s exp[ai,aj] x_j + s^2 exp[ai,aj,0] (V^-1 w)_j)
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

  // The values of a segment, which hold derivatives when S is asked for, outlive this, and are known again by their address.
  // False: A has no modes that keep the error of z, and of S, below `tolerance`.
  [[nodiscard]] bool set(const SegmentValues& values, double tolerance, bool sensitivities);
  // From a state with its sensitivities and what flows in, of all states.
  void begin(const Motion& motion, const Forcing& forcing);

  // z of each of states(), and dz/dt; likewise S.
  [[nodiscard]] const Vector& at(double t);
  [[nodiscard]] const Vector& slope(double t);
  [[nodiscard]] const Matrix& sensitivities(double t);
  [[nodiscard]] const Matrix& sensitivity_slopes(double t);

  // How far a step from t may reach.
  [[nodiscard]] double longest_step(double t) const;

 private:
  bool find_modes(double tolerance, bool sensitivities);
  void find_derivatives();
  void begin_sensitivities(const Motion& motion, const Forcing& forcing);
  // What mode m does to R of mode i.
  void add_pair(Eigen::Index i, Eigen::Index m, double moved);

  const System& system_;
  const Vector& scale_;
  std::vector<int> states_;
  std::vector<std::size_t> entries_;  // of A in the values of J: row by row, those that are not always 0
  std::vector<Eigen::Index> row_, column_;
  const SegmentValues* values_ = nullptr;
  double tolerance_ = 0.0;
  bool has_modes_ = false, sensitive_ = false;
  bool flows_ = false;  // between them nothing flows backwards: from states and rates that are not negative none becomes so
  bool stays_positive_ = false;
  Matrix A_, V_, V_inverse_;
  Vector b_, rate_, z0_, w_, x0_, v_, z_, slope_;
  double begun_ = 0.0, at_ = 0.0, sensitive_at_ = 0.0;
  // Of each effect of the segment: dA, db, E.
  struct Derivative {
    Matrix dA, E;
    Vector db;
  };
  std::vector<Derivative> derivatives_;
  std::vector<Eigen::Index> acts_on_;  // of each: the column of S, or -1
  Matrix S0_, R0_, dw_, dv_, R_, S_, S_slope_;
  std::vector<double> out_, registers_, zeros_;
};

}  // namespace titrate
