// Draws from the posterior by importance sampling: each draw keeps its weight, nothing is resampled.
//
//   eta_s ~ q = sum_c (n_c / S) q_c,      w_s ~ exp(-OFV(eta_s) / 2) / q(eta_s),      sum_s w_s = 1
//
// The components q_c have fixed counts n_c (deterministic mixture, Owen and Zhou 2000, JASA 95:135): one multivariate t with
// 5 degrees of freedom at every mode found, and the prior with a tenth of the draws, which bounds the weights where the t is
// too narrow. When the effective sample size is below a fifth of the draws, a component fitted to the weighted draws is added
// and all draws are made anew, at most twice; the round with the largest effective sample size is kept.
//
//   ESS = 1 / sum_s w_s^2;    k-hat = shape of a generalised Pareto distribution fitted to the largest weights (Vehtari et al.
//   2024, JMLR 25(72); fit of Zhang and Stephens 2009, Technometrics 51:316): above 0.7 the weights cannot be trusted.
//   ln p(y) ~ ln mean_s [ p(y, eta_s) / q(eta_s) ].
//
// Draws where the objective has no value have weight zero and are counted. Draw s of round r depends on (seed, r, s) alone.

#pragma once

#include <functional>
#include <vector>

#include "base/linalg.hpp"
#include "infer/posterior.hpp"

namespace titrate {

// OFV of infer/objective, or nothing.
using OfvFunction = std::function<std::optional<double>(const Vector& eta)>;

// Where the posterior has mass: location and covariance of one component.
struct Hill {
  Vector mode;
  Matrix covariance;
};

struct ImportanceSettings {
  int draws = 1000;
  std::uint64_t seed = 1;
  int max_adaptations = 2;
  double prior_share = 0.1;
  double enough = 0.2;  // of the draws, as effective sample size
};

struct WeightedDraws {
  Matrix draws;    // k x S
  Vector weights;  // S, sum 1; empty when every draw failed
  double ess = 0.0;
  std::optional<double> pareto_k;
  int failed = 0;
  int rounds = 0;
  double log_mean_weight = 0.0;  // ln mean exp(-OFV/2) / q: add -dropped_constant / 2 for ln p(y)
};

[[nodiscard]] WeightedDraws importance_draws(const OfvFunction& ofv, const Matrix& omega, const std::vector<Hill>& hills,
                                             const ImportanceSettings& settings, const Progress& progress = {});

// Equally weighted draws of Normal(mean, covariance).
[[nodiscard]] WeightedDraws normal_draws(const Vector& mean, const Matrix& covariance, int draws, std::uint64_t seed);

// The larger of two covariances in every direction: with A = L L' and L^-1 B L^-T = U diag(l) U', L U diag(max(1, l)) U' L'.
[[nodiscard]] Matrix larger_covariance(const Matrix& A, const Matrix& B);

// k-hat of non-negative weights, from the largest min(S / 5, 3 sqrt(S)); nothing with fewer than 5 of them above the threshold.
[[nodiscard]] std::optional<double> pareto_k(const Vector& weights);

// Shape of a generalised Pareto distribution with location 0 from a sorted positive sample.
[[nodiscard]] double generalised_pareto_shape(const std::vector<double>& sorted);

}  // namespace titrate
