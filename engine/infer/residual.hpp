// The residual error of one measured level, and what the level adds to the objective.
//
//   natural scale:  y = dv,     f = prediction,     V = variance of y at this prediction
//   log scale:      y = ln dv,  f = ln prediction,  V = variance of ln dv; needs prediction > 0 and dv > 0
//
// V and dV / d prediction come from the model's tape, which reads the prediction itself on either scale. A level adds to the
// objective a function of f and V alone (minus twice its log likelihood, without ln 2 pi where it is a density):
//
//   a measured level             ln V + (y - f)^2 / V
//   a level below the limit L    -2 ln Phi(z),  z = (L - f) / sqrt V      Beal's M3: the probability of being below
//   a level above the limit L    -2 ln Phi(z),  z = (f - L) / sqrt V      (L is ln L on the log scale)
//
// Reference: Beal 2001, J Pharmacokinet Pharmacodyn 28:481; Bergstrand and Karlsson 2009, AAPS J 11:371. ln Phi is exact far into
// its tail, and with the ratio m = phi(z) / Phi(z) the slopes are  d/df = -2 m dz/df,  d/d ln V = m z.
//
// The expected information about (f, ln V), E[-d2 ln p], is
//
//   a measured level             1 / V on f,  1/2 on ln V,  nothing between them
//   a censored level             w (dz)(dz)',  w = phi^2 / (Phi (1 - Phi)),  dz = (dz/df, -z/2)
//
// the latter the Fisher information of the event "below the limit or not", a Bernoulli observation with probability Phi(z): what
// a laboratory that reports only this tells on average. (The curvature of the event that did happen is another number, without
// its sign assured.) Where the prediction is 0 a level below a limit is certain: it adds nothing and tells nothing.

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "model/compiled.hpp"
#include "patient/patient.hpp"
#include "sim/schedule.hpp"

namespace titrate {

// A level of the patient bound to its row of the course, its output and its error model.
struct Measured {
  int observation = 0;  // index into Patient::observations
  int sample = 0;       // row of Schedule::samples
  int output = 0;
  const CompiledResidual* residual = nullptr;  // owned by the compiled model
  Censored censored = Censored::no;
  double dv = 0.0;   // censored: the limit
  double y = 0.0;    // dv, or ln dv on the log scale
  bool used = true;  // not excluded
};

// All levels, excluded ones too. An unknown output or assay, an output without an error model and a level that its scale
// cannot hold are errors, except for excluded levels, which are then left out.
[[nodiscard]] Result<std::vector<Measured>> bind_observations(const CompiledModel& model, const Patient& patient,
                                                              const BuiltSchedule& built);

// The error model that an assay asks for. With a single one, an observation need not name the assay.
[[nodiscard]] const CompiledResidual* find_residual(const std::vector<CompiledResidual>& among, const std::string& assay);

struct ResidualPoint {
  double f = 0.0;
  double df = 1.0;  // d f / d prediction
  double V = 0.0;
  double dV = 0.0;  // d V / d prediction
};

// Nothing, and why, when the prediction is not finite or not positive on the log scale, or V is not positive.
[[nodiscard]] std::optional<ResidualPoint> residual_at(const CompiledResidual& residual, double prediction,
                                                       std::string* why = nullptr);

// What a level adds to the objective, its slopes, and its expected information about (f, ln V).
struct Term {
  double value = 0.0;
  double d_f = 0.0, d_lnV = 0.0;
  double ff = 0.0, fv = 0.0, vv = 0.0;
};

[[nodiscard]] Term density_term(double y, double f, double V);
[[nodiscard]] Term censored_term(Censored side, double limit, double f, double V);

// One level under one prediction. `point` is missing where a level below its limit is certain.
struct Explained {
  std::optional<ResidualPoint> point;
  Term term;
};

// Nothing, and why, where the level has no likelihood at this prediction.
[[nodiscard]] std::optional<Explained> explain(const Measured& level, double prediction, std::string* why = nullptr);

// P(Y <= y): of a measurement under this prediction being at most the level (or its limit).
[[nodiscard]] std::optional<double> chance_below(const Measured& level, double prediction);

}  // namespace titrate
