// States that move linearly and by themselves, as a drug does in its compartments: what drives a model that is not linear.
//
//   dz/dt = A z + w,     A and w = b + rate fixed within a segment; no other state and no time acts on them
//
// With V^-1 A V = T in blocks, one for each group of rates that lie together (sim/rate_groups), x = V^-1 z moves by itself in
// each group: with f_q = e^(l s) s^q / q!, F_q its integral, s since the beginning, v = V^-1 w,
//
//   x(t) = sum_q (f_q N^q x(0) + F_q N^q v)
//
// So the solver need not step through them: the other states see z(t) as a known function of time, and rates of distribution and
// elimination set no step's size any more. Only while a group moves (seven of its times 1 / l and two more for each state of a
// chain), no step is longer than 1 / l: an effect of a short peak cannot fall between the stages of a long step.
//
// Their sensitivities S to the effects, and to initial states, are known as well: R = V^-1 S has dR/dt = T R + E x + V^-1 dw,
// E = V^-1 dA V of an effect. With X T - T X = E between the groups, R = X x + Y, and Y moves group by group,
//
//   dY/dt = T Y + E x + V^-1 dw - X v         E now within the groups alone
//
// so that S(t) is a sum of the f_q and F_q too, with twice as many q: (x, Y) of a group has the block [N 0; E N].
//
// z is y over the size of its unit (sim/equations). Where rates swing, there is no driver.

#pragma once

#include <optional>
#include <vector>

#include "sim/motion.hpp"
#include "sim/rate_groups.hpp"

namespace titrate {

class Driver {
 public:
  // Finds the states. `scale`: the size of each state's unit.
  Driver(const System& system, const Vector& scale);

  // Ascending. Empty, and never to be set, when there are none or nothing else moves.
  [[nodiscard]] const std::vector<int>& states() const { return states_; }

  // The values of a segment, which hold derivatives when S is asked for, outlive this, and are known again by their address.
  // False: A has no groups of rates that keep the error of z, and of S, below `tolerance`.
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
  using Index = Eigen::Index;
  [[nodiscard]] bool find_groups(double tolerance, bool sensitivities);
  void find_derivatives();
  void begin_sensitivities(const Motion& motion, const Forcing& forcing);
  struct Derivative;
  // Columns of `terms`, one for each power of each group: of z, with x at the beginning or v; and of a column of S, which begins
  // or is fed with `s`.
  void add_terms(const Vector& x, Matrix& terms) const;
  void add_sensitivity_terms(const Vector& x, const Vector& s, const Derivative* effect, Eigen::Ref<Matrix> terms);

  const System& system_;
  const Vector& scale_;
  std::vector<int> states_;
  std::vector<std::size_t> entries_;  // of A in the values of J: row by row, those that are not always 0
  std::vector<Eigen::Index> row_, column_;
  const SegmentValues* values_ = nullptr;
  double tolerance_ = 0.0;
  std::optional<RateGroups> groups_;
  bool has_groups_ = false, sensitive_ = false;
  bool flows_ = false;  // between them nothing flows backwards: from states and rates that are not negative none becomes so
  bool stays_positive_ = false, fed_ = false, S_fed_ = false;
  Matrix A_;
  Vector b_, z0_, w_, x0_, v_, z_, slope_;
  double begun_ = 0.0, at_ = 0.0, sensitive_at_ = 0.0;
  // Of each effect of the segment: dA, db, E within the groups, X between them, V X.
  struct Derivative {
    Matrix dA, E, X, VX;
    Vector db;
  };
  std::vector<Derivative> derivatives_;
  std::vector<int> effect_of_;  // of each column of S, or -1
  Matrix terms_, fed_terms_, S_terms_, S_fed_terms_, dw_, S_, S_slope_;
  Vector Y_;
  std::vector<double> f_, F_, out_, registers_, zeros_;
};

}  // namespace titrate
