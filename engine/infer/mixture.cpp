#include "infer/mixture.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/log_sum_exp.hpp"
#include "infer/importance.hpp"

namespace titrate {

namespace {

constexpr double least_probability = 1e-4;  // with draws
constexpr double cannot_matter = 1e-6;      // of a variant that could not be fitted
constexpr double spread_evenly = 0.1;       // of the draws, over the variants that have any

constexpr double nothing = -std::numeric_limits<double>::infinity();

std::vector<double> log_joint(const Variants& variants, const std::vector<VariantFit>& fits) {
  std::vector<double> joint;
  for (std::size_t v = 0; v < fits.size(); ++v)
    joint.push_back(fits[v].posterior.ok() ? std::log(variants.all[v].probability) + fits[v].posterior.log_evidence : nothing);
  return joint;
}

// A refused variant that may matter; nothing when none does.
std::optional<std::size_t> in_the_way(const Variants& variants, const std::vector<VariantFit>& fits, double total) {
  for (std::size_t v = 0; v < fits.size(); ++v) {
    if (fits[v].posterior.ok()) continue;
    const auto& most = fits[v].most_log_evidence;
    if (!most || !std::isfinite(total) || std::log(variants.all[v].probability) + *most > total + std::log(cannot_matter))
      return v;
  }
  return std::nullopt;
}

void mix_draws(Posterior& mixed, const std::vector<VariantFit>& fits, const std::vector<double>& probability, int draws) {
  std::vector<double> shares(fits.size(), 0.0);
  double sum = 0.0;
  const auto some =
      static_cast<double>(std::count_if(probability.begin(), probability.end(), [](double p) { return p >= least_probability; }));
  for (std::size_t v = 0; v < fits.size(); ++v)
    if (probability[v] >= least_probability) sum += shares[v] = (1.0 - spread_evenly) * probability[v] + spread_evenly / some;
  for (double& share : shares) share /= sum;
  mixed.variant = allot(shares, draws, mixed.seed);

  std::vector<double> weight_of(fits.size(), 0.0);
  for (int s = 0; s < draws; ++s) {
    const auto v = static_cast<std::size_t>(mixed.variant[static_cast<std::size_t>(s)]);
    weight_of[v] += fits[v].posterior.weights[s];
  }
  mixed.draws.resize(mixed.draws.rows(), draws);
  mixed.weights.resize(draws);
  for (int s = 0; s < draws; ++s) {
    const auto v = static_cast<std::size_t>(mixed.variant[static_cast<std::size_t>(s)]);
    mixed.draws.col(s) = fits[v].posterior.draws.col(s);
    mixed.weights[s] = weight_of[v] > 0.0 ? probability[v] * fits[v].posterior.weights[s] / weight_of[v] : 0.0;
  }
  mixed.weights /= mixed.weights.sum();
  mixed.ess = 1.0 / mixed.weights.squaredNorm();
  mixed.pareto_k = mixed.pareto_k ? pareto_k(mixed.weights) : std::nullopt;
}

// The place of each level a priori, averaged over the variants that know it; their prediction a priori from the typical one.
void mix_levels(Posterior& mixed, const Variants& variants, const std::vector<VariantFit>& fits) {
  for (Level& level : mixed.levels) {
    double sum = 0.0, known = 0.0;
    for (std::size_t v = 0; v < fits.size(); ++v)
      for (const Level& other : fits[v].posterior.levels) {
        if (other.observation != level.observation) continue;
        if (v == variants.typical) level.a_priori = other.a_priori;
        if (!other.percentile) continue;
        sum += variants.all[v].probability * *other.percentile;
        known += variants.all[v].probability;
      }
    level.percentile = known > 0.5 ? std::optional(sum / known) : std::nullopt;
  }
}

}  // namespace

Posterior mix(const Variants& variants, std::vector<VariantFit> fits, int draws, std::uint64_t seed) {
  const auto joint = log_joint(variants, fits);
  const double total = log_sum_exp(joint);
  if (const auto v = in_the_way(variants, fits, total)) {
    Posterior refused = std::move(fits[*v].posterior);
    refused.words = "if " + variants.all[*v].label + ": " + refused.words;
    return refused;
  }
  std::vector<double> probability;
  for (const double x : joint) probability.push_back(std::exp(x - total));
  const auto leading = static_cast<std::size_t>(std::max_element(joint.begin(), joint.end()) - joint.begin());

  Posterior mixed = fits[leading].posterior;
  mixed.seed = seed;
  mixed.leading = leading;
  mixed.log_evidence = mixed.status == PosteriorStatus::no_data ? 0.0 : total;
  mixed.failed_draws = 0;
  for (std::size_t v = 0; v < fits.size(); ++v) {
    PosteriorVariant one;
    one.label = variants.all[v].label;
    one.prior_probability = variants.all[v].probability;
    one.probability = probability[v];
    if (fits[v].posterior.ok()) one.mode = fits[v].posterior.mode, one.ofv = fits[v].posterior.ofv;
    mixed.variants.push_back(std::move(one));
    if (probability[v] < least_probability) continue;
    mixed.failed_draws += fits[v].posterior.failed_draws;
    for (const Diagnostic& d : fits[v].posterior.remarks) {
      const auto same = [&d](const Diagnostic& other) { return other.code == d.code && other.message == d.message; };
      if (std::none_of(mixed.remarks.begin(), mixed.remarks.end(), same)) mixed.remarks.push_back(d);
    }
  }
  mix_draws(mixed, fits, probability, draws);
  mix_levels(mixed, variants, fits);
  return mixed;
}

}  // namespace titrate
