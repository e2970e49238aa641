// The equations of states and sensitivities as the stepping solvers see them: one array z = [y | S], each row divided by the size
// of its state's unit, so that one absolute tolerance serves mg and 1e9 cells/L alike.
//
//   dy/dt = f(t, y)                          f = rhs + forcing
//   dS/dt = J(t, y) S + [B(t, y) | 0]        J = df/dy, B = df/deta + d forcing/deta
//
// An implicit step on z needs the Jacobian of both lines. It is block triangular, with J on its diagonal, so one factorisation of
// I / (gamma h) - J serves every column, and what couples the columns to y is the derivative of J S + B along a change u of y,
//
//   curvature(u) = (dJ/dy . u) S + dB/dy . u,
//
// which the tape System::curvature has exactly. So a Rosenbrock method keeps its order for the sensitivities; they are then the
// derivatives of the numerical solution itself, at its steps.
//
// States that move linearly and by themselves need no steps (sim/driver): z then holds the others alone, with their rows of S,
// whose rates are known functions of time and z.

#pragma once

#include <optional>

#include "sim/driver.hpp"
#include "sim/inflow.hpp"
#include "sim/motion.hpp"

namespace titrate {

using Values = std::vector<double>;

class Equations {
 public:
  // `system` is one of the model's two. `driven`: what states that move linearly may err by (relative to their largest value);
  // 0: they are stepped through like the others.
  Equations(const CompiledModel& model, const System& system, double driven = 0.0);

  Equations(const Equations&) = delete;
  Equations& operator=(const Equations&) = delete;

  // What holds from now on: the values of a segment, the forcing, and how many columns S has. Both must outlive the steps.
  void set(const SegmentValues& values, const Forcing& forcing, Eigen::Index columns);

  [[nodiscard]] Eigen::Index states() const { return static_cast<Eigen::Index>(stepped_->states.size()); }  // in z
  [[nodiscard]] Eigen::Index effects() const { return K_; }  // the leading columns of S
  [[nodiscard]] std::size_t size() const { return static_cast<std::size_t>(states() * (1 + columns_)); }
  [[nodiscard]] const std::vector<int>& non_negative() const { return stepped_->non_negative; }  // places in z
  [[nodiscard]] const Pattern& pattern() const { return stepped_->J; }                           // of jacobian()
  [[nodiscard]] bool autonomous() const { return system_->autonomous && !inflow_ && stepped_ == &all_; }

  // What one slope costs, and one curvature (base/work.hpp).
  [[nodiscard]] double cost() const;
  [[nodiscard]] double curvature_cost() const;

  // What is driven begins anew with `motion`.
  void pack(const Motion& motion, Values& z);
  void unpack(const Values& z, double t, Motion& motion);
  // All states.
  void unpack(const Values& z, double t, Vector& y);

  // How far a step from t may reach, because of what is driven.
  [[nodiscard]] double longest_step(double t) const;

  // dz/dt.
  void slope(const Values& z, double t, Values& dz);

  // The state at which an implicit step begins: keeps S, J and d(dz/dt)/dt at fixed z, and gives dz/dt. False: not finite.
  [[nodiscard]] bool linearise(const Values& z, double t, Values& dz);
  [[nodiscard]] const Values& jacobian() const { return J0_; }  // scaled
  [[nodiscard]] const Values& time_slope() const { return z_t_; }
  // Adds factor * curvature(u) to the columns of S in `out`; u is the first column of an array like z. Where a second derivative
  // does not exist (a power of a state that is 0), it is left out.
  void add_curvature(const Values& u, double factor, Values& out);

  // J v at the state that was linearised.
  void multiply(const Vector& v, Vector& Jv) const;

 private:
  // The states in z: all, or those beside the driver.
  struct Stepped {
    std::vector<int> states;
    Pattern J;                      // between them
    std::vector<std::size_t> from;  // of each of its entries: which it is in System::J
    std::vector<int> non_negative;
  };
  // An entry of J by which a driven state acts on one in z.
  struct Coupling {
    std::size_t row, from;
    Eigen::Index driven;
  };
  void find_driven();
  void states_of(const Values& z, double t, double* y);
  void scaled_rates(double t, Values& dz);
  // S of all states.
  const double* sensitivities_of(const Values& z, double t);
  void add_time_slope(double t);
  void add_time_slope_of_sensitivities(double t);
  [[nodiscard]] Stepped stepping(const std::vector<char>& driven) const;

  void add_curvature_of_direction(double factor, Values& out);

  [[nodiscard]] std::size_t column_of(int effect) const { return columns_of_[static_cast<std::size_t>(effect)]; }

  const CompiledModel* model_;
  const System* system_;
  const Forcing* forcing_ = nullptr;
  Eigen::Index n_, columns_ = 0, K_ = 0;  // n_: all states
  std::vector<std::size_t> columns_of_;   // where each effect of the segment acts in z; 0: it does not
  double linearised_at_ = 0.0;
  std::optional<Inflow> inflow_;
  Vector scale_, inverse_, u_;
  double driven_;
  std::optional<Driver> driver_;
  Stepped all_, beside_driver_;
  std::vector<Coupling> couplings_;
  const Stepped* stepped_ = &all_;
  Matrix du_;
  Kernel rhs_, rhs_jacobian_, rhs_sens_, curvature_;
  Values J_scale_, curved_scale_;  // of each entry: column's scale over row's
  Values out_, y_, direction_, second_;
  Values S_, S0_, J0_, z_t_;  // S_ and S0_: of all states, and where an implicit step begins
};

}  // namespace titrate
