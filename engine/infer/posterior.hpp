// What is known about one patient after fitting: the only currency between infer and decide, whatever method made it.
//
// draws (effects x S) with weights (sum 1) represent p(effects | levels) for all effects of the patient in the order of
// sim/effects; mode and covariance (C of infer/laplace) describe its hill over those that levels can inform.
// When the status is not `converged` or `no_data`, there are no numbers: draws and mode are empty and `words` says why.

#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/linalg.hpp"
#include "base/result.hpp"
#include "patient/patient.hpp"

namespace titrate {

// Part done, from 0 to 1. May be empty.
using Progress = std::function<void(double)>;

enum class PosteriorStatus {
  converged,
  no_data,        // no level used: the prior
  not_converged,  // refused
  at_bound,       // refused: the best fit lies absurdly far from the population
  failed,         // refused: no draw has a prediction
};

enum class FitMethod { importance, laplace };

// One measured level against what was expected before and after fitting. Predictions and dv are on the natural scale;
// V and residuals are on the scale of the error (a logarithm or a power when transformed).
struct Level {
  int observation = 0;  // index into Patient::observations
  int output = 0;
  bool used = true;
  bool transformed = false;
  Censored censored = Censored::no;
  double dv = 0.0;                    // censored: the limit
  double a_priori = 0.0;              // prediction at eta = 0
  double prediction = 0.0;            // individual: at the mode
  double V = 0.0;                     // residual variance at the individual prediction; 0 where an event is certain
  std::optional<double> residual_sd;  // (y - f) / sqrt(V), individual; a censored level has the probability of what was seen
  std::optional<double> probability;
  std::optional<double> percentile;  // 0 to 100: place of dv in the a priori predictive distribution, residual error included
};

// One of the definite patients that an uncertain one may be (infer/variants).
struct PosteriorVariant {
  std::string label;
  double prior_probability = 1.0;
  double probability = 1.0;   // with the levels
  Vector mode;                // empty where the fit failed and cannot matter
  std::optional<double> ofv;  // likewise nothing
};

struct Posterior {
  PosteriorStatus status = PosteriorStatus::not_converged;
  std::string words;
  FitMethod method = FitMethod::importance;
  std::uint64_t seed = 0;
  double prior_weight = 1.0;  // lambda of infer/objective

  Matrix draws;    // effects x S
  Vector weights;  // S
  double ess = 0.0;
  std::optional<double> pareto_k;
  int failed_draws = 0;
  int rounds = 0;  // of proposal adaptation

  Vector mode;
  Matrix covariance;  // C
  std::optional<Matrix> hessian_covariance;
  double ofv = 0.0;
  double objective = 0.0;      // OFV + ln det Omega - ln det C
  double log_evidence = 0.0;   // ln p(levels), of the densities of dv: importance sampling's, else Laplace's
  double gradient_norm = 0.0;  // at the mode, in posterior standard deviations
  int starts = 0, converged_starts = 0;
  int other_optima = 0;

  std::vector<Level> levels;
  Diagnostics remarks;  // cautions that go with the numbers

  // Empty when the patient is a single one. Then mode, covariance, ofv and objective belong to `leading`, and every draw to a
  // variant.
  std::vector<PosteriorVariant> variants;
  std::vector<int> variant;  // of each draw
  std::size_t leading = 0;   // the most probable one

  [[nodiscard]] std::size_t variant_of(Eigen::Index draw) const {
    return variant.empty() ? 0 : static_cast<std::size_t>(variant[static_cast<std::size_t>(draw)]);
  }

  [[nodiscard]] bool ok() const { return status == PosteriorStatus::converged || status == PosteriorStatus::no_data; }
};

}  // namespace titrate
