#include "infer/importance.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "base/log_sum_exp.hpp"
#include "base/modes.hpp"
#include "base/normal.hpp"
#include "base/products.hpp"
#include "base/rng.hpp"

namespace titrate {

namespace {

constexpr double ln_pi = 1.1447298858494001741;
constexpr int degrees = 5;                                            // of freedom of the t components
constexpr double inflation = 1.2;                                     // of their covariance
constexpr double nothing = -std::numeric_limits<double>::infinity();  // logarithm of a weight of zero

// Normal (degrees 0) or multivariate t, with Cholesky factor L of its scale matrix.
struct Component {
  Vector mean;
  Matrix L;
  int degrees = 0;
  int count = 0;
  double log_norm = 0.0;

  Component(Vector mean_, const Matrix& scale, int degrees_)
      : mean(std::move(mean_)), L(scale.llt().matrixL()), degrees(degrees_) {
    const double k = static_cast<double>(mean.size());
    const double log_det_half = L.diagonal().array().log().sum();
    log_norm = -log_det_half - 0.5 * k * ln_2_pi;
    if (degrees > 0) {
      const double nu = degrees;
      log_norm = std::lgamma(0.5 * (nu + k)) - std::lgamma(0.5 * nu) - 0.5 * k * (std::log(nu) + ln_pi) - log_det_half;
    }
  }

  [[nodiscard]] double log_density(const Vector& eta) const {
    const double q = L.triangularView<Eigen::Lower>().solve(eta - mean).squaredNorm();
    if (degrees == 0) return log_norm - 0.5 * q;
    return log_norm - 0.5 * static_cast<double>(degrees + mean.size()) * std::log1p(q / degrees);
  }

  // Draw number s: a function of (seed, stream, s).
  [[nodiscard]] Vector draw(std::uint64_t seed, std::uint64_t stream, std::uint64_t s) const {
    const Rng normals{seed, 2 * stream};
    const Rng scales{seed, 2 * stream + 1};
    const auto k = static_cast<std::uint64_t>(mean.size());
    Vector z(mean.size());
    for (std::uint64_t j = 0; j < k; ++j) z[static_cast<Eigen::Index>(j)] = normals.normal(s * k + j);
    if (degrees > 0) z *= std::sqrt(degrees / scales.chi_square(s, degrees));
    return mean + L * z;
  }
};

// Shares to whole counts that add up: the rounding error is carried along.
void set_counts(std::vector<Component>& mixture, const std::vector<double>& shares, int draws) {
  double wanted = 0.0;
  int given = 0;
  for (std::size_t c = 0; c < mixture.size(); ++c) {
    wanted += shares[c] * draws;
    mixture[c].count = static_cast<int>(std::lround(wanted)) - given;
    given += mixture[c].count;
  }
}

double log_mixture(const std::vector<Component>& mixture, const Vector& eta, int draws) {
  std::vector<double> terms;
  for (const Component& c : mixture)
    if (c.count > 0) terms.push_back(std::log(static_cast<double>(c.count) / draws) + c.log_density(eta));
  return log_sum_exp(terms);
}

void set_weights(WeightedDraws& result, const std::vector<double>& log_weights) {
  const double total = log_sum_exp(log_weights);
  if (!std::isfinite(total)) {
    result.weights.resize(0);
    return;
  }
  const auto S = static_cast<Eigen::Index>(log_weights.size());
  result.weights.resize(S);
  for (Eigen::Index s = 0; s < S; ++s) result.weights[s] = std::exp(log_weights[static_cast<std::size_t>(s)] - total);
  result.weights /= result.weights.sum();
  result.ess = 1.0 / result.weights.squaredNorm();
  result.pareto_k = pareto_k(result.weights);
  result.log_mean_weight = total - std::log(static_cast<double>(S));
}

WeightedDraws draw_round(const OfvFunction& ofv, const std::vector<Component>& mixture, const ImportanceSettings& settings,
                         int round, const Progress& progress) {
  WeightedDraws result;
  const int S = settings.draws;
  result.draws.resize(mixture.front().mean.size(), S);
  std::vector<double> log_weights(static_cast<std::size_t>(S), nothing);
  int s = 0;
  for (std::size_t c = 0; c < mixture.size(); ++c) {
    const auto stream = 1 + 64 * static_cast<std::uint64_t>(round) + c;
    for (int i = 0; i < mixture[c].count; ++i, ++s) {
      const Vector eta = mixture[c].draw(settings.seed, stream, static_cast<std::uint64_t>(i));
      result.draws.col(s) = eta;
      if (const auto value = ofv(eta); value)
        log_weights[static_cast<std::size_t>(s)] = -0.5 * *value - log_mixture(mixture, eta, S);
      else
        ++result.failed;
      if (progress && s % 16 == 0) progress((round + static_cast<double>(s) / S) / (settings.max_adaptations + 1));
    }
  }
  set_weights(result, log_weights);
  return result;
}

// Mean and covariance of the weighted draws: wider the fewer they are, and a trace of the prior keeps the matrix regular.
Component fitted_component(const WeightedDraws& draws, const Matrix& omega) {
  const Vector mean = draws.draws * draws.weights;
  const Matrix centred = draws.draws.colwise() - mean;
  const Matrix cov = product(centred * draws.weights.asDiagonal(), centred.transpose());
  const double widening = 1.0 + static_cast<double>(mean.size() + 1) / draws.ess;
  return Component(mean, inflation * widening * cov + 1e-4 / draws.ess * omega, degrees);
}

}  // namespace

Matrix larger_covariance(const Matrix& A, const Matrix& B) {
  if (A.rows() == 0) return A;
  const RelativeModes modes = relative_modes(B, A).value();  // A is positive definite
  const Matrix LU = product(modes.L, modes.U);
  return product(LU * modes.values.cwiseMax(1.0).asDiagonal(), LU.transpose());
}

WeightedDraws importance_draws(const OfvFunction& ofv, const Matrix& omega, const std::vector<Hill>& hills,
                               const ImportanceSettings& settings, const Progress& progress) {
  std::vector<Component> mixture;
  std::vector<double> shares;
  for (const Hill& hill : hills) {
    mixture.emplace_back(hill.mode, inflation * hill.covariance, degrees);
    shares.push_back((1.0 - settings.prior_share) / static_cast<double>(hills.size()));
  }
  mixture.emplace_back(Vector::Zero(omega.rows()), omega, 0);
  shares.push_back(hills.empty() ? 1.0 : settings.prior_share);

  WeightedDraws best;
  for (int round = 0; round <= settings.max_adaptations; ++round) {
    set_counts(mixture, shares, settings.draws);
    WeightedDraws now = draw_round(ofv, mixture, settings, round, progress);
    if (round == 0 || now.ess > best.ess) best = std::move(now);
    best.rounds = round + 1;
    if (best.weights.size() == 0 || best.ess >= settings.enough * settings.draws) break;
    if (round == settings.max_adaptations) break;
    mixture.push_back(fitted_component(best, omega));
    for (std::size_t c = 0; c < shares.size(); ++c)
      if (c != hills.size()) shares[c] *= 0.5;  // the prior keeps its share
    shares.push_back(1.0 - std::accumulate(shares.begin(), shares.end(), 0.0));
  }
  if (progress) progress(1.0);
  return best;
}

WeightedDraws normal_draws(const Vector& mean, const Matrix& covariance, int draws, std::uint64_t seed) {
  const Component normal(mean, covariance, 0);
  WeightedDraws result;
  result.draws.resize(mean.size(), draws);
  for (int s = 0; s < draws; ++s) result.draws.col(s) = normal.draw(seed, 0, static_cast<std::uint64_t>(s));
  result.weights = Vector::Constant(draws, 1.0 / draws);
  result.ess = draws;
  return result;
}

double generalised_pareto_shape(const std::vector<double>& sorted) {
  const auto n = static_cast<double>(sorted.size());
  const double largest = sorted.back();
  const double quartile = sorted[static_cast<std::size_t>(std::floor(n / 4.0 + 0.5)) - 1];
  const int m = 30 + static_cast<int>(std::floor(std::sqrt(n)));
  // Profile likelihood of theta = -shape / scale on a grid, and its mean under the weights that it gives.
  const auto shape_at = [&](double theta) {
    double sum = 0.0;
    for (const double x : sorted) sum += std::log1p(-theta * x);
    return sum / n;
  };
  std::vector<double> theta, likelihood;
  for (int j = 1; j <= m; ++j) {
    const double value = 1.0 / largest + (1.0 - std::sqrt(m / (j - 0.5))) / (3.0 * quartile);
    const double shape = shape_at(value);
    if (shape == 0.0 || value == 0.0) continue;
    theta.push_back(value);
    likelihood.push_back(n * (std::log(-value / shape) - shape - 1.0));
  }
  const double total = log_sum_exp(likelihood);
  double mean = 0.0;
  for (std::size_t j = 0; j < theta.size(); ++j) mean += theta[j] * std::exp(likelihood[j] - total);
  return shape_at(mean);
}

std::optional<double> pareto_k(const Vector& weights) {
  std::vector<double> sorted(weights.data(), weights.data() + weights.size());
  std::sort(sorted.begin(), sorted.end());
  const auto S = static_cast<double>(sorted.size());
  const auto M = static_cast<std::size_t>(std::min(std::ceil(0.2 * S), std::ceil(3.0 * std::sqrt(S))));
  if (M < 5 || M + 1 > sorted.size()) return std::nullopt;
  const double threshold = sorted[sorted.size() - M - 1];
  std::vector<double> tail;
  for (std::size_t i = sorted.size() - M; i < sorted.size(); ++i)
    if (sorted[i] > threshold) tail.push_back(sorted[i] - threshold);
  if (tail.size() < 5 || !(tail.back() > 1e-12 * sorted.back())) return std::nullopt;  // equal weights have no tail
  const double shape = generalised_pareto_shape(tail);
  if (!std::isfinite(shape)) return std::nullopt;
  const auto n = static_cast<double>(tail.size());
  return (n * shape + 10.0 * 0.5) / (n + 10.0);  // the weak prior at 0.5 of the reference
}

}  // namespace titrate
