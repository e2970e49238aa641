#include "infer/map.hpp"

#include <algorithm>
#include <cmath>

#include "base/minimise.hpp"
#include "base/modes.hpp"
#include "base/products.hpp"
#include "base/rng.hpp"
#include "base/stable_order.hpp"

namespace titrate {

namespace {

constexpr std::uint64_t start_seed = 20260101;  // fixed: the mode must not depend on the seed of the draws
constexpr double distinct_sd = 1e-3;

Vector start_of(const Objective& objective, int s) {
  if (s == 0) return Vector::Zero(objective.k());
  const Rng rng{start_seed, static_cast<std::uint64_t>(s)};
  Vector z(objective.k());
  for (int j = 0; j < objective.k(); ++j) z[j] = rng.normal(static_cast<std::uint64_t>(j));
  const Matrix L = objective.omega().llt().matrixL();
  return L * z;
}

Vector prior_sd(const Objective& objective) { return objective.omega().diagonal().cwiseSqrt(); }

bool within(const Vector& eta, const Vector& sd, double bound) { return (eta.cwiseAbs().array() <= bound * sd.array()).all(); }

struct Found {
  Minimum minimum;
  Evaluation at;
  Matrix information;
  std::optional<Matrix> hessian;
  bool bound = false;
};

double distance_sd(const Vector& a, const Found& b) {
  const Vector d = a - b.minimum.x;
  return std::sqrt(std::max(0.0, d.dot(b.information * d)));
}

// The direction in which a stationary point is not a minimum, one posterior standard deviation long; nothing at a minimum.
std::optional<Vector> way_down(const Found& found) {
  if (!found.hessian) return std::nullopt;
  const auto modes = relative_modes(0.5 * *found.hessian, found.information);
  if (!modes || modes->values[0] > -1e-6) return std::nullopt;
  return Vector(modes->L.triangularView<Eigen::Lower>().transpose().solve(modes->U.col(0)));
}

struct Search {
  const Objective& objective;
  const MapSettings& settings;
  Vector sd;
  std::vector<Found> minima;    // converged, inside the bound, distinct
  std::optional<Found> lowest;  // of all searches, converged or not
  int evaluations = 0;
  std::string why;

  Vector tried;  // the last eta, and what was found there
  std::optional<Evaluation> there;

  // Null, and why, where the objective has no value.
  const Evaluation* evaluate(const Vector& eta) {
    if (!there || tried != eta) {
      if (!there) there.emplace();
      tried = eta;
      ++evaluations;
      if (!objective.evaluate(eta, *there, &why)) there.reset();
    }
    return there ? &*there : nullptr;
  }

  [[nodiscard]] std::optional<Found> search_from(const Vector& start) {
    const Evaluation* const first = evaluate(start);
    if (first == nullptr) return std::nullopt;
    const Matrix C = inverse(information(objective, *first));
    const auto function = [&](const Vector& eta) -> std::optional<ValueAndGradient> {
      if (!within(eta, sd, settings.bound_sd)) return std::nullopt;
      const Evaluation* const at = evaluate(eta);
      if (at == nullptr) return std::nullopt;
      return ValueAndGradient{at->ofv, at->gradient};
    };
    Found found;
    found.minimum = minimise(function, start, 0.5 * C);
    const Evaluation* const at = evaluate(found.minimum.x);
    if (at == nullptr) return std::nullopt;
    found.at = *at;
    found.information = information(objective, *at);
    found.bound = !within(found.minimum.x, sd, 0.99 * settings.bound_sd);
    return found;
  }

  // True when a minimum was reached. A stationary point that is none is left to both sides, once.
  bool explore(const Vector& start, bool may_leave) {
    auto found = search_from(start);
    if (!found) return false;
    if (!lowest || found->at.ofv < lowest->at.ofv) lowest = *found;
    if (!found->minimum.converged() || found->bound) return false;
    for (const Found& known : minima)
      if (distance_sd(found->minimum.x, known) <= distinct_sd) return true;
    found->hessian = hessian(objective, found->minimum.x, found->information);
    if (const auto down = way_down(*found)) {
      if (!may_leave) return false;
      const bool one = explore(found->minimum.x + 0.5 * *down, false);
      const bool other = explore(found->minimum.x - 0.5 * *down, false);
      return one || other;
    }
    minima.push_back(std::move(*found));
    return true;
  }
};

std::string count(int n, const char* one, const char* many) { return std::to_string(n) + " " + (n == 1 ? one : many); }

std::string describe(const Map& map) {
  std::string words = "converged from " + std::to_string(map.converged_starts) + " of " + count(map.starts, "start", "starts");
  const int others = static_cast<int>(map.modes.size()) - 1;
  if (others > 0) words += "; " + count(others, "other optimum", "other optima") + " with a higher objective";
  return words;
}

Map refuse(Map map, MapStatus status, std::string words) {
  map.status = status;
  map.words = std::move(words);
  map.modes.clear();
  map.at_mode = {};
  return map;
}

Map without_levels(const Objective& objective) {
  Map map;
  map.status = MapStatus::no_data;
  map.words = "no level is used: the prior is the answer";
  const Vector zero = Vector::Zero(objective.k());
  map.modes.push_back({zero, 0.0, objective.omega_inverse()});
  map.at_mode.gradient = zero;
  map.at_mode.a = map.at_mode.c = Matrix::Zero(0, objective.k());
  map.at_mode.f = map.at_mode.V = Vector::Zero(0);
  map.at_mode.expected = Matrix::Zero(objective.k(), objective.k());
  return map;
}

}  // namespace

Map find_map(const Objective& objective, const MapSettings& settings) {
  if (objective.levels() == 0) return without_levels(objective);
  Map map;
  map.starts = std::max(1, settings.starts);
  Search search{objective, settings, prior_sd(objective), {}, {}, 0, {}, {}, {}};
  for (int s = 0; s < map.starts; ++s)
    if (search.explore(start_of(objective, s), true)) ++map.converged_starts;
  map.evaluations = search.evaluations;
  auto& minima = search.minima;
  const auto& lowest = search.lowest;
  if (lowest) map.lowest_ofv = lowest->at.ofv;
  if (!lowest) return refuse(map, MapStatus::not_converged, "no prediction at any start: " + search.why);
  sort_stably(minima.begin(), minima.end(), [](const Found& a, const Found& b) { return a.at.ofv < b.at.ofv; });
  const bool beaten = minima.empty() || lowest->at.ofv < minima.front().at.ofv - 1e-3;
  if (beaten && lowest->bound)
    return refuse(map, MapStatus::at_bound,
                  "the best fit lies about " + std::to_string(static_cast<int>(settings.bound_sd)) +
                      " standard deviations from the population: the model and the levels do not belong together");
  if (beaten) return refuse(map, MapStatus::not_converged, "the search did not reach a minimum: " + lowest->minimum.words);

  for (const Found& found : minima) map.modes.push_back({found.minimum.x, found.at.ofv, found.information, found.hessian});
  map.at_mode = minima.front().at;
  const Vector& g = map.at_mode.gradient;
  map.gradient_norm = 0.5 * std::sqrt(std::max(0.0, g.dot(map.modes.front().information.llt().solve(g))));
  map.status = MapStatus::converged;
  map.words = describe(map);
  return map;
}

}  // namespace titrate
