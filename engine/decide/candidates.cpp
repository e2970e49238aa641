// The regimens that the product and the rules allow; see decide/recommend.hpp.

#include <algorithm>
#include <cmath>

#include "decide/recommend.hpp"
#include "decide/words.hpp"

namespace titrate {

namespace {

constexpr std::size_t most_candidates = 2000;
constexpr double tiny = 1e-9;
// The step rule of infusion times, where a product states a fastest rate but no times of its own.
const std::vector<double> usual_durations{1.0, 1.5, 2.0, 2.5, 3.0, 4.0};

struct Dose {
  double amt;
  std::optional<double> per_area;
};

Diagnostic wrong(const char* code, std::string message, std::string hint) {
  return {code, Severity::error, "/candidates", std::nullopt, std::move(message), std::move(hint)};
}

// The first product of the route that fits the patient, or of any where none is said: one that is meant for one choice of a
// covariate (a formulation) needs it.
const Product* product_for(const Situation& situation, const std::string& route) {
  for (const Product& product : situation.model->model->products) {
    if (!route.empty() && product.route != route) continue;
    if (product.only_with && covariate_now(situation, product.only_with->covariate) != product.only_with->value) continue;
    return &product;
  }
  return nullptr;
}

// Multiples of the step from the smallest to the largest; per area, each times the patient's area and rounded.
Result<std::vector<Dose>> doses_of(const Situation& situation, const Product& product) {
  std::vector<Dose> doses;
  std::optional<double> area;
  if (product.per_area) {
    area = covariate_now(situation, product.area);
    if (!area)
      return wrong("recommend.no_area", "Doses of " + product.name + " go by " + product.area + ", which is not known.",
                   "Enter it.");
  }
  if (product.step <= 0.0) return wrong("recommend.no_step", "The product " + product.name + " has no dose step.", "");
  const double first = std::ceil(product.smallest / product.step - tiny),
               last = std::floor(product.largest / product.step + tiny);
  if (last - first > static_cast<double>(most_candidates))
    return wrong("recommend.too_many", "The product allows too many doses.", "Name the doses to compare.");
  for (double i = first; i <= last; i += 1.0) {
    const double size = i * product.step;
    if (!area) {
      doses.push_back({size, std::nullopt});
      continue;
    }
    double amt = size * *area;
    if (product.round_to > 0.0) amt = product.round_to * std::round(amt / product.round_to);
    doses.push_back({amt, size});
  }
  return doses;
}

// The infusion times to try for one amount. Where nobody named them, the shortest that respects the fastest rate.
std::vector<double> durations_for(const std::vector<double>& stated, const std::optional<double>& fastest, double amt,
                                  bool try_all) {
  std::vector<double> from = stated;
  if (from.empty() && !fastest) return {0.0};
  if (from.empty()) from = usual_durations;
  std::sort(from.begin(), from.end());
  std::vector<double> allowed;
  for (const double dur : from)
    if (!fastest || dur <= 0.0 || amt / dur <= *fastest * (1.0 + tiny)) allowed.push_back(dur);
  if (!try_all && fastest && allowed.size() > 1) allowed.resize(1);
  return allowed;
}

std::optional<std::string> forbidden(const Model& model, const Regimen& regimen) {
  const double daily = most_in_a_day(regimen);
  for (const Rule& rule : model.rules) {
    if (rule.kind == Rule::Kind::largest_single && regimen.amt > rule.limit * (1.0 + tiny)) return rule.message;
    if (rule.kind == Rule::Kind::largest_daily && daily > rule.limit * (1.0 + tiny)) return rule.message;
  }
  return std::nullopt;
}

}  // namespace

Result<CandidateSet> candidates(const Situation& situation, const std::optional<CandidateGrid>& stated) {
  const Model& model = *situation.model->model;
  const CandidateGrid grid = stated.value_or(CandidateGrid{});
  const Product* product = grid.route.empty() && situation.current ? product_for(situation, situation.current->route) : nullptr;
  if (product == nullptr) product = product_for(situation, grid.route);
  if (product == nullptr && (grid.doses.empty() || grid.intervals.empty()))
    return wrong("recommend.no_product",
                 "The model names no product for this route and patient, so doses and intervals to compare are not known.",
                 "Give candidates with doses and intervals.");
  std::vector<Dose> doses;
  for (const double amt : grid.doses) doses.push_back({amt, std::nullopt});
  if (doses.empty()) {
    auto allowed = doses_of(situation, *product);
    if (!allowed) return allowed.diagnostics();
    doses = std::move(*allowed);
  }
  const auto& intervals = grid.intervals.empty() ? product->intervals : grid.intervals;
  const std::vector<double> durations = !grid.durations.empty() ? grid.durations
                                        : product != nullptr    ? product->durations
                                                                : std::vector<double>{};
  std::string route = !grid.route.empty() ? grid.route : product != nullptr ? product->route : model.routes.front().name;
  if (intervals.empty())
    return wrong("recommend.no_interval", "No interval is known to compare.", "Give candidates with intervals.");

  const std::optional<double> fastest = product != nullptr ? fastest_rate(situation, *product) : std::nullopt;
  CandidateSet set;
  for (const Dose& dose : doses) {
    const auto lengths = durations_for(durations, fastest, dose.amt, !grid.durations.empty());
    for (const double ii : intervals) {
      Regimen regimen;
      regimen.amt = dose.amt;
      regimen.per_area = dose.per_area;
      regimen.ii = ii;
      regimen.route = route;
      if (lengths.empty()) set.removed.push_back({label(model, regimen), "no infusion time respects the fastest rate"});
      for (const double dur : lengths) {
        regimen.dur = dur;
        if (dur > ii * (1.0 + tiny)) {  // as long as the interval: a continuous infusion
          set.removed.push_back({label(model, regimen), "the infusion would not end before the next one"});
        } else if (const auto why = forbidden(model, regimen)) {
          set.removed.push_back({label(model, regimen), *why});
        } else {
          set.regimens.push_back(regimen);
        }
      }
    }
  }
  if (set.regimens.size() > most_candidates)
    return wrong("recommend.too_many", std::to_string(set.regimens.size()) + " candidates are too many.",
                 "Name fewer doses or intervals.");
  return set;
}

}  // namespace titrate
