// How badly one set of random effects explains the patient's levels.
//
//   OFV(eta) = sum_j [ ln V_j + (y_j - f_j)^2 / V_j ] + lambda eta' Omega^-1 eta
//   dOFV/deta = sum_j [ c_j (1 - (y_j - f_j)^2 / V_j) - 2 a_j (y_j - f_j) / V_j ] + 2 lambda Omega^-1 eta
//
// with a_j = d f_j / d eta and c_j = d ln V_j / d eta, V at the individual prediction (interaction); a level below or above a
// limit has the term of infer/residual instead, levels with correlated errors that of infer/correlation. It is minus twice the
// logarithm of p(y, eta) without the constants  n ln 2 pi + k ln 2 pi
// + ln det Omega  (+ 2 sum ln dv over levels whose error is on the logarithm, the Jacobian of ln dv), n the levels with a
// density: `dropped_constant` has them, for comparing models. This is NONMEM's conditional objective; reference: Kang et al.
// 2012, Transl Clin Pharmacol 20; Wang 2007, J Pharmacokinet Pharmacodyn 34:575.
//
// eta holds all effects of the patient that levels can inform (sim/effects), Omega their prior.
//
// lambda is the weight of the prior, 1 unless asked for: it multiplies the quadratic form itself, that is, Omega / lambda takes
// the place of Omega everywhere (0.1 means standard deviations of the prior 3.2 times as large). It weighs what the model says of
// a population, etas and kappas, not what is stated about this patient: initial amounts and draw times keep their own variance.
// A flattened prior: Hughes and Keizer 2021, CPT Pharmacometrics Syst Pharmacol 10:1150.
//
// Where the solver fails, a prediction is not positive on the log scale, or V is not positive, there is no value.
//
// A fit asks for it hundreds to thousands of times: simulations, predictions and terms keep their memory from one eta to the
// next.

#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "infer/correlation.hpp"
#include "sim/simulation.hpp"

namespace titrate {

struct Evaluation {
  double ofv = 0.0;
  Vector gradient;  // k
  Vector f, V;      // one per used level, on the scale of its error; 0 where a level below its limit is certain
  Matrix a, c;      // used levels x k
  Matrix expected;  // k x k: the expected information of the levels
};

inline constexpr int loose_steps = 20000;

class Objective {
 public:
  // Only the levels' samples of the schedule are simulated. `loose_rtol` is the tolerance of numerical solutions without
  // sensitivities (weighing many draws), which are also given up after `loose_steps`; the exact solution of a linear model does
  // not use it.
  [[nodiscard]] static Result<Objective> make(Compiled model, const Patient& patient, const BuiltSchedule& built,
                                              const SimulateOptions& options = {}, double loose_rtol = 1e-7,
                                              double prior_weight = 1.0);

  [[nodiscard]] const CompiledModel& model() const { return *model_; }
  [[nodiscard]] int k() const { return schedule_->effects.informed; }  // effects
  [[nodiscard]] const Matrix& omega() const { return omega_; }
  [[nodiscard]] const Matrix& omega_inverse() const { return omega_inverse_; }
  [[nodiscard]] double log_det_omega() const { return schedule_->effects.log_det_omega; }
  // Omega / lambda: the prior of the objective
  [[nodiscard]] const Matrix& weighted_omega() const { return prior_; }
  [[nodiscard]] const Matrix& weighted_omega_inverse() const { return prior_inverse_; }
  [[nodiscard]] double log_det_weighted_omega() const { return log_det_prior_; }
  [[nodiscard]] int levels() const { return used_; }                                 // used ones
  [[nodiscard]] const std::vector<Measured>& measured() const { return measured_; }  // all, excluded too
  [[nodiscard]] const Schedule& schedule() const { return *schedule_; }

  // With exact derivatives. False, and why, where there is no value; `at` is then of no use.
  [[nodiscard]] bool evaluate(const Vector& eta, Evaluation& at, std::string* why = nullptr) const;
  [[nodiscard]] std::optional<Evaluation> evaluate(const Vector& eta, std::string* why = nullptr) const;
  // The value alone, at the loose tolerance.
  [[nodiscard]] std::optional<double> value(const Vector& eta) const;
  // Predictions of all measured levels (natural scale), at the loose tolerance or the strict one.
  [[nodiscard]] std::optional<Vector> predictions(const Vector& eta, bool strict, std::string* why = nullptr) const;

  // -2 ln p(y, eta) = OFV(eta) + dropped_constant, p(y, .) the density of the levels themselves.
  [[nodiscard]] double dropped_constant() const;

 private:
  enum class Purpose { derivatives, strict, loose };
  static constexpr std::size_t purposes = 3;
  struct Memory {
    std::array<std::optional<Simulation>, purposes> simulation;
    std::optional<Individual> individual;
    std::vector<Explained> levels;  // one per measured level; nothing is said of those that are not used
  };

  void set_prior(const Effects& effects);
  // Null, and why, where the simulation fails.
  [[nodiscard]] const Course* course(const Vector& eta, Purpose purpose, std::string* why) const;
  [[nodiscard]] double predicted(const Course& course, const Measured& level) const {
    return course.outputs(level.sample, level.output);
  }
  [[nodiscard]] bool explain_all(const Course& course, std::string* why) const;

  Compiled model_;
  std::shared_ptr<const Schedule> schedule_;
  Matrix omega_, omega_inverse_;
  SimulateOptions options_;
  double loose_rtol_ = 1e-7;
  double prior_weight_ = 1.0;
  Matrix prior_, prior_inverse_;
  double log_det_prior_ = 0.0;
  std::vector<Measured> measured_;
  CorrelatedGroup group_;
  std::vector<Eigen::Index> group_rows_;  // of an Evaluation
  int used_ = 0;
  std::shared_ptr<Memory> memory_ = std::make_shared<Memory>();  // of copies too: it holds no answer
};

// lambda Omega^-1 + sum_j [ a_j a_j' / V_j + c_j c_j' / 2 ]: the expected information about eta. In general a level's information
// about (f, ln V), which infer/residual has, is carried over by a_j and c_j.
[[nodiscard]] Matrix information(const Objective& objective, const Evaluation& at);

// The Hessian of OFV by central differences of its exact gradient, in steps of 1e-4 conditional standard deviations (the
// information says how large those are); nothing where the objective has no value.
[[nodiscard]] std::optional<Matrix> hessian(const Objective& objective, const Vector& eta, const Matrix& information);

}  // namespace titrate
