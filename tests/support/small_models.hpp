// Small models built in code, for tests: units unchecked, every number as written.

#pragma once

#include <memory>
#include <string>
#include <vector>

#include "model/compiled.hpp"
#include "support/records.hpp"

namespace titrate::support {

struct SmallModel {
  std::vector<std::pair<std::string, double>> parameters;
  std::vector<std::pair<std::string, double>> etas;  // name, variance
  std::vector<Covariate> covariates;
  std::vector<std::pair<std::string, std::string>> individual;
  std::vector<std::pair<std::string, std::string>> states;  // name, derivative
  std::vector<std::pair<std::string, std::string>> outputs;
  std::string residual = "1";  // variance in `prediction`
  bool log_scale = false;
  std::vector<Entry> entries;  // of the one route, "dose"
  std::vector<std::pair<std::string, std::string>> initial;
};

inline Entry into(std::string state, std::string F = "1", std::string lag = "0") {
  return {std::move(state), {std::move(F), ""}, {std::move(lag), ""}, {}};
}

inline std::shared_ptr<Model> build(const SmallModel& small) {
  auto model = std::make_shared<Model>();
  model->id = "small";
  model->unchecked_units = true;
  for (const auto& [name, value] : small.parameters) {
    Parameter p;
    p.name = name;
    p.value = value;
    model->parameters.push_back(p);
  }
  const auto k = static_cast<Eigen::Index>(small.etas.size());
  model->omega = Matrix::Zero(k, k);
  for (Eigen::Index j = 0; j < k; ++j) {
    RandomEffect e;
    e.name = small.etas[static_cast<std::size_t>(j)].first;
    e.variance = small.etas[static_cast<std::size_t>(j)].second;
    model->omega(j, j) = e.variance;
    model->random_effects.push_back(e);
  }
  model->covariates = small.covariates;
  for (const auto& [name, text] : small.individual) model->individual.push_back({name, {}, {text, "/individual/" + name}, name});
  for (const auto& [name, text] : small.states) {
    State s;
    s.name = name;
    s.initial = {"0", ""};
    for (const auto& [state, value] : small.initial)
      if (state == name) s.initial = {value, "/initial/" + name};
    s.derivative = {text, "/states/" + name};
    model->states.push_back(s);
  }
  for (const auto& [name, text] : small.outputs) {
    Output o;
    o.name = name;
    o.value = {text, "/outputs/" + name};
    Residual r;
    r.log_scale = small.log_scale;
    r.variance = {small.residual, "/outputs/" + name + "/error"};
    o.residuals.push_back(r);
    model->outputs.push_back(o);
  }
  Route route;
  route.name = "dose";
  route.entries = small.entries;
  route.allows_infusion = true;
  model->routes.push_back(route);
  return model;
}

// CL 4 L/h and V 30 L, each with an eta; one bolus or infusion into it.
inline SmallModel one_compartment(const std::string& residual = "1") {
  SmallModel m;
  m.parameters = {{"TVCL", 4.0}, {"TVV", 30.0}};
  m.etas = {{"eta_CL", 0.1}, {"eta_V", 0.2}};
  m.individual = {{"CL", "TVCL * exp(eta_CL)"}, {"V", "TVV * exp(eta_V)"}};
  m.states = {{"central", "-CL / V * central"}};
  m.outputs = {{"Cc", "central / V"}};
  m.residual = residual;
  m.entries = {into("central")};
  return m;
}

// Throws with the first message when the model is wrong.
inline Compiled compiled(const SmallModel& small) {
  auto result = compile(build(small));
  if (!result) throw std::runtime_error(result.diagnostics().front().message);
  return *result;
}

}  // namespace titrate::support
