// One posterior from those of the variants of a patient (infer/variants).
//
//   p(variant v | y) = pi_v Z_v / sum_u pi_u Z_u,   Z_v = p(y | v) = Int p(y | eta, v) p(eta) d eta
//   p(eta, v | y)    = p(v | y) p(eta | y, v)
//
// pi is the probability a priori, Z the evidence that each fit estimates (importance sampling's; Laplace's with that method), so
// the errors of the estimates enter the probabilities. Draw s of the whole is draw s of variant v(s), chosen by infer/variants
// `allot`; the weights of each variant's draws are scaled to sum to p(v | y). Variants below `least_probability` have no draw.
// Reference: McLachlan & Peel 2000, Finite Mixture Models; NONMEM's $MIXTURE maximises over v instead, here v stays uncertain.
//
// Mode, covariance, objective, residuals and starts are those of the most probable variant; the spread between variants is in the
// draws alone. Percentiles are a priori and average over pi.

#pragma once

#include "infer/posterior.hpp"
#include "infer/variants.hpp"

namespace titrate {

struct VariantFit {
  Posterior posterior;
  // Of a fit that was refused: ln Z is about this or less; nothing when it cannot be told.
  std::optional<double> most_log_evidence;
};

// Refused when a variant whose fit was refused may matter.
[[nodiscard]] Posterior mix(const Variants& variants, std::vector<VariantFit> fits, int draws, std::uint64_t seed);

}  // namespace titrate
