// One compartment with known answers, and posteriors made by hand, for the tests of decide/.

#pragma once

#include <doctest/doctest.h>

#include <cmath>
#include <fstream>
#include <sstream>

#include "decide/recommend.hpp"
#include "infer/importance.hpp"
#include "support/small_models.hpp"

namespace titrate::cases {

// CL = 5 exp(eta), V = 50, bolus or infusion; omega^2 = 0.09; C in mg/L.
inline std::shared_ptr<Model> one_compartment(double variance = 0.09) {
  support::SmallModel small;
  small.parameters = {{"TVCL", 5.0}, {"V", 50.0}};
  small.etas = {{"eta", variance}};
  small.individual = {{"CL", "TVCL * exp(eta)"}};
  small.states = {{"A", "-CL / V * A"}};
  small.outputs = {{"C", "A / V"}};
  small.residual = "0.01 * prediction^2 + 0.25";
  small.entries = {support::into("A")};
  auto model = support::build(small);
  model->routes[0].amount_unit = *parse_unit("mg");
  model->outputs[0].unit = *parse_unit("mg/L");
  return model;
}

// CL in inverse proportion to the serum creatinine, as it stands at 1 mg/dL.
inline void clear_by_creatinine(Model& model) {
  Covariate scr;
  scr.name = "SCR";
  scr.label = "Serum creatinine";
  scr.unit = *parse_unit("mg/dL");
  model.covariates.push_back(scr);
  model.individual[0].value.text = "TVCL * 10 / SCR * exp(eta)";  // coherent set: 10 mg/L = 1 mg/dL
}

inline Compiled made(std::shared_ptr<const Model> model) {
  auto compiled = compile(std::move(model));
  for (const auto& d : compiled.diagnostics()) MESSAGE(d.message);
  REQUIRE(static_cast<bool>(compiled));
  return *compiled;
}

// Normal(mean, variance) in eta, equally weighted.
inline Posterior normal_posterior(double mean, double variance, int draws, std::uint64_t seed = 7) {
  Posterior p;
  p.status = PosteriorStatus::converged;
  WeightedDraws made = normal_draws(Vector::Constant(1, mean), Matrix::Constant(1, 1, variance), draws, seed);
  p.draws = made.draws;
  p.weights = made.weights;
  p.ess = draws;
  p.mode = Vector::Constant(1, mean);
  p.covariance = Matrix::Constant(1, 1, variance);
  return p;
}

inline DosingEvent infusion(double time, double amt, double dur, double ii = 0.0, int addl = 0) {
  DosingEvent d;
  d.time = time;
  d.amt = amt;
  d.input = dur > 0.0 ? DosingEvent::Input::duration : DosingEvent::Input::bolus;
  d.dur = dur;
  d.ii = ii;
  d.addl = addl;
  d.route = "dose";
  return d;
}

inline Regimen every(double ii, double amt, double dur) {
  Regimen r;
  r.amt = amt;
  r.dur = dur;
  r.ii = ii;
  r.route = "dose";
  return r;
}

inline Target target(const std::string& metric, const std::string& during, std::optional<double> low,
                     std::optional<double> high) {
  Target t;
  t.id = "target";
  t.label = "target";
  t.metric = metric;
  t.output = "C";
  t.during = during;
  t.low = low;
  t.high = high;
  return t;
}

inline Aim aim(const Model& model, const Target& t) {
  auto read = read_aim(model, t);
  for (const auto& d : read.diagnostics()) MESSAGE(d.message);
  REQUIRE(static_cast<bool>(read));
  return *read;
}

}  // namespace titrate::cases
