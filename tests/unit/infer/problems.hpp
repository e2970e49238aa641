// Small models without checked units, built directly, whose posteriors are known exactly.

#pragma once

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "model/compiled.hpp"
#include "patient/patient.hpp"

namespace titrate::problems {

struct Problem {
  std::vector<std::pair<std::string, std::string>> individual;
  std::vector<std::pair<std::string, std::string>> states;  // name, derivative
  std::string output;                                       // value of "y"
  std::vector<Residual> residuals;
  Matrix omega;  // eta_1 ... eta_k
};

inline Residual natural(const std::string& variance, const std::string& assay = {}) {
  Residual residual;
  residual.assay = assay;
  residual.variance = {variance, ""};
  return residual;
}
inline Residual logarithmic(const std::string& variance) {
  Residual residual = natural(variance);
  residual.log_scale = true;
  return residual;
}
inline Residual box_cox(const std::string& variance, double lambda) {
  Residual residual = natural(variance);
  residual.box_cox = lambda;
  return residual;
}
inline Residual heavy(Residual residual, double degrees) {
  residual.student_t = degrees;
  return residual;
}

inline Compiled compiled(const Problem& problem) {
  Model model;
  model.id = "problem";
  model.unchecked_units = true;
  for (Eigen::Index i = 0; i < problem.omega.rows(); ++i) {
    RandomEffect effect;
    effect.name = "eta_" + std::to_string(i + 1);
    effect.variance = problem.omega(i, i);
    model.random_effects.push_back(effect);
  }
  model.omega = problem.omega;
  for (const auto& [name, value] : problem.individual) model.individual.push_back({name, std::nullopt, {value, ""}, ""});
  for (const auto& [name, rate] : problem.states) model.states.push_back({name, {}, {"0", ""}, {rate, ""}, ""});
  Output output;
  output.name = "y";
  output.value = {problem.output, ""};
  output.residuals = problem.residuals;
  model.outputs.push_back(output);
  Route route;
  route.name = "in";
  route.entries.push_back({problem.states.front().first, {"1", ""}, {"0", ""}, {}});
  model.routes.push_back(route);
  const auto result = compile(std::make_shared<const Model>(model));
  for (const auto& diagnostic : result.diagnostics()) MESSAGE(diagnostic.message);
  REQUIRE(static_cast<bool>(result));
  return *result;
}

inline Observation level(double time, double dv) {
  Observation observation;
  observation.time = time;
  observation.dv = dv;
  observation.output = "y";
  observation.order = 1;
  return observation;
}

inline Patient patient_with(const std::vector<std::pair<double, double>>& levels, double dose = 0.0) {
  Patient patient;
  DosingEvent event;
  event.amt = dose;
  event.route = "in";
  patient.doses.push_back(event);
  for (const auto& [time, dv] : levels) patient.observations.push_back(level(time, dv));
  return patient;
}

// The check case of methods 1.1: one-compartment bolus, dose 100, V 10, CL = exp(eta), additive SD 0.5.
inline Compiled bolus_model() {
  return compiled(
      {{{"CL", "exp(eta_1)"}}, {{"central", "-CL / 10 * central"}}, "central / 10", {natural("0.25")}, Matrix{{0.09}}});
}

// y = 3 + 2 eta_1 + t eta_2 with variance 0.25: an exactly normal posterior.
inline Compiled straight_line_model() {
  return compiled({{{"a", "3 + 2 * eta_1"}, {"b", "eta_2"}},
                   {{"still", "0"}},
                   "a + b * t + 0 * still",
                   {natural("0.25")},
                   Matrix{{0.5, 0.1}, {0.1, 0.3}}});
}

struct Straight {  // the exact posterior of straight_line_model
  Vector mean;
  Matrix covariance;
  double log_evidence = 0.0;
};

inline Straight exact(const std::vector<std::pair<double, double>>& levels) {
  const Matrix omega{{0.5, 0.1}, {0.1, 0.3}};
  const auto n = static_cast<Eigen::Index>(levels.size());
  Matrix J(n, 2);
  Vector r(n);
  for (Eigen::Index i = 0; i < n; ++i) {
    const auto& [t, dv] = levels[static_cast<std::size_t>(i)];
    J.row(i) << 2.0, t;
    r[i] = dv - 3.0;
  }
  const Matrix marginal = J * omega * J.transpose() + 0.25 * Matrix::Identity(n, n);  // of the levels
  Straight result;
  result.covariance = (omega.inverse() + J.transpose() * J / 0.25).inverse();
  result.mean = result.covariance * J.transpose() * r / 0.25;
  result.log_evidence = -0.5 * (static_cast<double>(n) * std::log(2.0 * 3.14159265358979323846) +
                                std::log(marginal.determinant()) + r.dot(marginal.inverse() * r));
  return result;
}

}  // namespace titrate::problems
