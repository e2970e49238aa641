// The residual error of one measured level, and what the level adds to the objective.
//
//   natural scale:  y = dv,     f = prediction,     V = variance of y at this prediction
//   log scale:      y = ln dv,  f = ln prediction,  V = variance of ln dv; needs prediction > 0 and dv > 0
//   Box-Cox scale:  y = h(dv),  f = h(prediction),  h(x) = ((x / unit)^lambda - 1) / lambda; needs the same
//
// V and dV / d prediction come from the model's tape, which reads the prediction itself on any scale. A level adds to the
// objective a function of f and V alone (minus twice its log likelihood, without the constants of a density):
//
//   a measured level             ln V + q,                        q = (y - f)^2 / V
//   with a t distribution        ln V + (nu + 1) ln(1 + q / nu)   of nu degrees of freedom, V its squared scale
//   a level below the limit L    -2 ln F(z),  z = (L - f) / sqrt V      Beal's M3: the probability of being below
//   a level above the limit L    -2 ln F(z),  z = (f - L) / sqrt V      (L is taken to the scale as well)
//
// F = Phi, or the distribution function of the t. The constants are ln 2 pi of a normal density, 2 ln(Gamma(nu/2) sqrt(nu pi) /
// Gamma((nu+1)/2)) of a t, none of a probability; and -2 ln dy/ddv where the scale is not the natural one, 2 ln dv or
// 2 ln unit + 2 (1 - lambda) ln(dv / unit), which makes densities of dv itself comparable between models.
// Reference: Beal 2001, J Pharmacokinet Pharmacodyn 28:481; Bergstrand and Karlsson 2009, AAPS J 11:371; Lange et al. 1989, JASA
// 84:881 (t). F is exact far into its tail, and with the ratio m = F'(z) / F(z) the slopes are  d/df = -2 m dz/df,  d/d ln V = m
// z.
//
// The expected information about (f, ln V), E[-d2 ln p], is
//
//   a measured level             1 / V on f,  1/2 on ln V,  nothing between them
//   with a t distribution        (nu + 1) / (nu + 3) / V on f,  nu / (nu + 3) / 2 on ln V
//   a censored level             w (dz)(dz)',  w = F'^2 / (F (1 - F)),  dz = (dz/df, -z/2)
//
// the last the Fisher information of the event "below the limit or not", a Bernoulli observation with probability F(z): what
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
  double y = 0.0;    // dv on the scale of the error
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

// To the scale of the error and back; `on_scale` needs x > 0 unless the scale is the natural one.
[[nodiscard]] double on_scale(const CompiledResidual& residual, double x);
[[nodiscard]] double from_scale(const CompiledResidual& residual, double y);

// Nothing, and why, when the prediction is not finite or not positive where its scale needs it, or V is not positive.
[[nodiscard]] std::optional<ResidualPoint> residual_at(const CompiledResidual& residual, double prediction,
                                                       std::string* why = nullptr);

// What a level adds to the objective, its slopes, and its expected information about (f, ln V).
struct Term {
  double value = 0.0;
  double d_f = 0.0, d_lnV = 0.0;
  double ff = 0.0, fv = 0.0, vv = 0.0;
};

// `t` null: normal.
[[nodiscard]] Term density_term(double y, double f, double V, const StudentT* t = nullptr);
[[nodiscard]] Term censored_term(Censored side, double limit, double f, double V, const StudentT* t = nullptr);
// What the objective leaves out of -2 ln density of dv.
[[nodiscard]] double density_constant(const Measured& level);

// One level under one prediction. `point` is missing where a level below its limit is certain.
struct Explained {
  std::optional<ResidualPoint> point;
  Term term;
};

// Nothing, and why, where the level has no likelihood at this prediction.
[[nodiscard]] std::optional<Explained> explain(const Measured& level, double prediction, std::string* why = nullptr);

// P(Y <= y): of a measurement under this prediction being at most the level (or its limit).
[[nodiscard]] std::optional<double> chance_below(const Measured& level, double prediction);

// (y - f) / sqrt V; with a t distribution the normal deviate of the same tail.
[[nodiscard]] double residual_sd(const Measured& level, const ResidualPoint& point);

}  // namespace titrate
