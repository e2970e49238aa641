// From one patient's doses and levels to a posterior: mode, Laplace, weighted draws, and how each level fared.
//
// The percentile of a level is its place in the a priori predictive distribution,
//   100 * mean_s Phi((y - f(eta_s)) / sqrt V(eta_s)),   eta_s ~ Normal(0, Omega):
// it warns when the model and the patient do not agree, before any fitting.

#pragma once

#include "infer/importance.hpp"
#include "infer/map.hpp"
#include "infer/posterior.hpp"
#include "infer/variants.hpp"

namespace titrate {

struct FitSettings {
  FitMethod method = FitMethod::importance;
  int draws = 1000;
  std::uint64_t seed = 1;
  int starts = 5;
  double prior_weight = 1.0;  // lambda of infer/objective: without a level it plays no part
  int prior_draws = 400;      // for the percentiles of the levels
  SimulateOptions simulate;   // of the mode; draws are weighed at `loose_rtol`
  double loose_rtol = 1e-7;
};

// Errors of the input are diagnostics; numerical failure is a status of the posterior. One schedule per variant.
[[nodiscard]] Result<Posterior> fit(const Compiled& model, const Variants& variants, const std::vector<BuiltSchedule>& built,
                                    const FitSettings& settings = {}, const Progress& progress = {});
// Finds the variants and builds their schedules first.
[[nodiscard]] Result<Posterior> fit(const Compiled& model, const Patient& patient, const FitSettings& settings = {},
                                    const Progress& progress = {});

}  // namespace titrate
