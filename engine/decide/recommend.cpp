#include "decide/recommend.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/stable_order.hpp"
#include "decide/judge.hpp"
#include "decide/words.hpp"

namespace titrate {

namespace {

constexpr std::size_t few_candidates = 12;  // no first pass for so few; and so many always pass it
constexpr Eigen::Index fewest_first = 100;  // draws of the first pass
constexpr double equal_losses = 1e-9;       // relative
constexpr double on_the_limit = 1e-6;       // likewise

// One plan: a regimen, or no dose.
struct Plan {
  Candidate::Kind kind = Candidate::Kind::regimen;
  std::optional<Regimen> regimen;
};

struct Verdict : Judged {
  Plan plan;
  TargetWindow window;
};

class Ranking {
 public:
  Ranking(const Situation& situation, const Posterior& posterior, const RecommendOptions& options)
      : situation_(situation),
        model_(*situation.model),
        posterior_(posterior),
        options_(options),
        aim_(options.aim),
        simulate_(draw_options(options.draws)),
        leading_(as_variant(situation, posterior.leading)) {}

  Result<Recommendation> run() {
    result_.aim = aim_;
    result_.loss = describe_loss(aim_.target);
    result_.draws = static_cast<int>(posterior_.draws.cols());
    result_.ess = posterior_.ess;
    gather_cautions();
    if (!posterior_.ok()) {
      result_.message = "Nothing is ranked: there is no fit. " + posterior_.words;
      return std::move(result_);
    }
    const Instability renal = renal_instability(situation_);
    result_.scenarios = renal.scenarios;
    auto set = candidates(situation_, options_.grid);
    if (!set) return set.diagnostics();
    result_.removed = set->removed;
    merge(result_.cautions, hold_cautions(situation_, posterior_, simulate_));
    const bool stopped = stops(result_.cautions, options_.accepted);
    std::vector<Plan> plans{{Candidate::Kind::no_dose, std::nullopt}};
    add_current(plans);
    if (!stopped)
      for (const Regimen& regimen : set->regimens) add(plans, regimen);
    if (!rank(plans)) return problems_;
    if (stopped || decided()) withhold();
    conclude(stopped);
    return std::move(result_);
  }

 private:
  void gather_cautions() {
    for (const Cautions& some : {rule_cautions(situation_), service_cautions(situation_), posterior_cautions(model_, posterior_),
                                 renal_cautions(situation_)})
      merge(result_.cautions, some);
  }

  void add_current(std::vector<Plan>& plans) const {
    if (!situation_.current) return;
    plans.push_back({Candidate::Kind::current, situation_.current});
    if (situation_.current->ii <= 0.0 || aim_.during.kind == During::Kind::steady_state) return;
    Plan held{Candidate::Kind::hold, situation_.current};
    held.regimen->start = situation_.due + held.regimen->ii;
    plans.push_back(std::move(held));
  }

  // The current regimen is not repeated.
  void add(std::vector<Plan>& plans, const Regimen& regimen) const {
    const auto near = [](double a, double b) { return std::abs(a - b) <= 1e-9 * (1.0 + std::abs(a)); };
    for (Plan& plan : plans) {
      if (plan.kind != Candidate::Kind::current || plan.regimen->doses) continue;
      const Regimen& current = *plan.regimen;
      if (near(current.amt, regimen.amt) && near(current.ii, regimen.ii) && near(current.dur, regimen.dur) &&
          current.route == regimen.route) {
        for (Plan& same : plans)
          if (same.kind == Candidate::Kind::current || same.kind == Candidate::Kind::hold)
            same.regimen->per_area = regimen.per_area;
        return;
      }
    }
    plans.push_back({Candidate::Kind::regimen, regimen});
  }

  std::vector<Eigen::Index> draws(bool first_pass) const {
    std::vector<Eigen::Index> chosen;
    const Eigen::Index S = posterior_.draws.cols();
    const Eigen::Index share = result_.scenarios.empty() ? 5 : 10;  // three futures cost three times as much
    const Eigen::Index stride = first_pass ? std::max<Eigen::Index>(1, S / std::max(S / share, fewest_first)) : 1;
    for (Eigen::Index s = 0; s < S; s += stride)
      if (posterior_.weights[s] > 0.0) chosen.push_back(s);
    return chosen;
  }

  std::optional<std::vector<Verdict>> judge_all(const std::vector<Plan>& plans, bool first_pass, double from, double to) {
    std::vector<Question> questions;
    for (const Plan& plan : plans) {
      const bool held = plan.kind == Candidate::Kind::hold;
      const TargetWindow window = resolve(leading_, aim_, plan.regimen, options_.horizon, posterior_.mode,
                                          held ? std::optional<double>(situation_.due) : std::nullopt);
      questions.push_back({plan.regimen, window});
    }
    Judging judging{situation_, posterior_, aim_, simulate_, {}, {}, !first_pass};
    for (const Scenario& scenario : result_.scenarios) judging.futures.push_back(scenario.future);
    if (judging.futures.empty()) judging.futures.emplace_back();
    if (options_.progress) judging.progress = [&](double part) { options_.progress(from + (to - from) * part); };
    auto judged = judge(judging, questions, draws(first_pass));
    if (!judged) {
      problems_ = judged.diagnostics();
      return std::nullopt;
    }
    std::vector<Verdict> all;
    for (std::size_t i = 0; i < plans.size(); ++i) all.push_back({std::move((*judged)[i]), plans[i], questions[i].window});
    return all;
  }

  // Difference of expected losses with its Monte-Carlo error, over the draws that both have.
  static std::pair<double, double> difference(const Verdict& a, const Verdict& b) {
    std::vector<double> d, w;
    double sum = 0.0, mean = 0.0;
    for (std::size_t i = 0, j = 0; i < a.draws.size() && j < b.draws.size();) {
      if (a.draws[i] < b.draws[j]) {
        ++i;
      } else if (b.draws[j] < a.draws[i]) {
        ++j;
      } else {
        const auto ia = static_cast<Eigen::Index>(i++), ib = static_cast<Eigen::Index>(j++);
        d.push_back(a.losses[ia] - b.losses[ib]);
        w.push_back(a.weights[ia]);
        sum += w.back();
        mean += w.back() * d.back();
      }
    }
    if (sum <= 0.0) return {a.chances.loss - b.chances.loss, 0.0};
    mean /= sum;
    double variance = 0.0;
    for (std::size_t i = 0; i < d.size(); ++i) variance += w[i] * w[i] * (d[i] - mean) * (d[i] - mean) / (sum * sum);
    return {mean, std::sqrt(variance)};
  }

  static bool loses_less(const Verdict& a, const Verdict& b) { return a.chances.loss < b.chances.loss; }

  // By expected loss; equal ones by the smaller daily amount, then the longer interval.
  static void sort(std::vector<Verdict>& all) {
    sort_stably(all.begin(), all.end(), loses_less);
    for (std::size_t begin = 0; begin < all.size();) {
      std::size_t end = begin + 1;
      while (end < all.size() && all[end].chances.loss <= all[begin].chances.loss * (1.0 + equal_losses)) ++end;
      sort_stably(all.begin() + static_cast<std::ptrdiff_t>(begin), all.begin() + static_cast<std::ptrdiff_t>(end),
                  [](const Verdict& a, const Verdict& b) {
                    const double da = daily_amount(a.plan.regimen), db = daily_amount(b.plan.regimen);
                    if (std::abs(da - db) > 1e-9 * (da + db)) return da < db;
                    const double ia = a.plan.regimen ? a.plan.regimen->ii : 0.0, ib = b.plan.regimen ? b.plan.regimen->ii : 0.0;
                    return ia > ib;
                  });
      begin = end;
    }
  }

  bool rank(std::vector<Plan> plans) {
    result_.tried = static_cast<int>(plans.size());
    const bool two_passes = plans.size() > few_candidates && draws(true).size() < draws(false).size();
    if (two_passes) {
      auto first = judge_all(plans, true, 0.0, 0.5);
      if (!first) return false;
      sort_stably(first->begin(), first->end(), loses_less);
      plans.clear();
      for (std::size_t i = 0; i < first->size(); ++i) {
        const auto [mean, error] = difference((*first)[i], first->front());
        const bool always = (*first)[i].plan.kind != Candidate::Kind::regimen;
        if (always || i < few_candidates || mean <= 4.0 * error) plans.push_back((*first)[i].plan);
      }
    }
    result_.compared = static_cast<int>(plans.size());
    auto all = judge_all(plans, false, two_passes ? 0.5 : 0.0, 1.0);
    if (!all) return false;
    sort(*all);
    for (const Verdict& judged : *all) {
      result_.ranked.push_back(describe(judged));
      if (judged.plan.kind == Candidate::Kind::current) result_.current = result_.ranked.back();
      if (!judged.window.withheld.empty()) withheld(judged.window);
      over_ = std::max(over_, judged.window.window.to);
    }
    return true;
  }

  Candidate describe(const Verdict& j) const {
    const Model& model = *model_.model;
    const Unit output = model.outputs[static_cast<std::size_t>(aim_.output)].unit;
    Candidate c;
    c.kind = j.plan.kind;
    c.regimen = j.plan.regimen;
    const bool held = c.kind == Candidate::Kind::hold;
    c.label = (held ? "hold one dose, then " : "") + label(model, c.regimen);
    c.chances = j.chances;
    c.metric = spread(j.h, j.weights, aim_.target.unit);
    c.peak = spread(j.peak, j.weights, output);
    c.trough = spread(j.trough, j.weights, output);
    c.daily = daily_amount(c.regimen);
    c.daily_unit = model.routes.empty() ? Unit{} : model.routes.front().amount_unit;
    for (const Route& route : model.routes)
      if (c.regimen && route.name == c.regimen->route) c.daily_unit = route.amount_unit;
    c.change = held ? "the next dose " + hours_words(c.regimen->ii) + " later, then the same as now"
                    : change(situation_.current, c.regimen);
    if (!result_.scenarios.empty()) c.worst = result_.scenarios[j.worst].id;
    c.time_to_90 = j.window.time_to_90;
    if (c.time_to_90)
      c.remarks.push_back("90 % of the steady state is reached after " + hours_words(std::round(*c.time_to_90)) + ".");
    if (!j.window.whole.empty()) c.remarks.push_back(j.window.whole + ".");
    if (c.kind != Candidate::Kind::hold) accumulation_remark(c);
    if (held) c.remarks.push_back("The window of the target counts from when the held dose was due.");
    if (held && *c.regimen->start >= j.window.window.to)
      c.remarks.push_back("No dose falls in it: its numbers are those of no dose.");
    if (j.failed > 0) c.remarks.push_back(std::to_string(j.failed) + " draws have no prediction and are left out.");
    if (c.kind == Candidate::Kind::current || held) rule_remarks(c);
    return c;
  }

  // A target of the first days says nothing of what a regimen comes to when it goes on: drugs accumulate where they leave slowly.
  void accumulation_remark(Candidate& c) const {
    if (aim_.metric != Metric::auc24 || aim_.during.kind == During::Kind::steady_state) return;
    if (!c.regimen || c.regimen->doses || !model_.states.linear) return;
    const auto later = steady_auc24(leading_, *c.regimen, aim_.output, posterior_.mode);
    if (!later) return;
    const Target& target = aim_.target;
    const bool above = target.high && *later > *target.high * (1.0 + on_the_limit);
    const bool below = target.low && *later < *target.low * (1.0 - on_the_limit);
    if (above || below)
      c.remarks.push_back("If it goes on, AUC24 settles at about " + in_unit(*later, aim_.target.unit) + ", " +
                          (above ? "above" : "below") + " the target.");
  }

  // The current regimen is shown even when a rule would remove it.
  void rule_remarks(Candidate& c) const {
    for (const std::string& broken : broken_rules(situation_, *c.regimen)) c.remarks.push_back(broken);
  }

  void withheld(const TargetWindow& window) {
    merge(result_.cautions,
          {{"steady_state_withheld", Caution::Grade::warn, "The target at steady state is not used: " + window.withheld + ".",
            "A figure at steady state says little about a course that ends before it.",
            "The last planned interval is used in its place. Choose a target over the first days, or a longer horizon.", "",
            false}});
  }

  // A target at a time that is over before the next dose is due: every plan gives the same.
  bool decided() const {
    const bool counts = aim_.during.kind == During::Kind::after_first_dose || aim_.during.kind == During::Kind::after_last_dose;
    return counts && over_ <= situation_.due;
  }

  void withhold() {
    result_.ranked.clear();
    result_.compared = 0;
    result_.tried = 0;
  }

  void conclude(bool stopped) {
    for (const Candidate& c : result_.ranked) result_.reachable = result_.reachable || c.chances.p_in >= 0.5;
    if (stopped) {
      result_.message = "Nothing is ranked: see what stops it.";
      return;
    }
    if (decided()) {
      result_.message =
          "Nothing is ranked: the time of this target is over before the next dose, so no plan changes it. Choose "
          "another target.";
      return;
    }
    const std::string left_out = result_.compared < result_.tried ? " " + std::to_string(result_.tried - result_.compared) +
                                                                        " of " + std::to_string(result_.tried) +
                                                                        " were clearly worse in a first pass and are not listed."
                                                                  : "";
    result_.message =
        (result_.reachable ? std::string("At least one candidate reaches the target in half of the draws or more.")
                           : "No candidate reaches the target in half of the draws: the list shows the least bad.") +
        left_out;
    if (result_.reachable) return;
    merge(result_.cautions,
          {{"target_not_reachable", Caution::Grade::warn, "No candidate is likely to reach the target.",
            "Even the best of them reaches it in less than half of the draws.",
            "Question the target, the intervals and doses that were compared, and the levels; measure again.", "", false}});
  }

  const Situation& situation_;
  const CompiledModel& model_;
  const Posterior& posterior_;
  const RecommendOptions& options_;
  const Aim& aim_;
  SimulateOptions simulate_;
  Situation leading_;  // the patient that the mode belongs to
  Recommendation result_;
  double over_ = -std::numeric_limits<double>::infinity();  // when the last window that was judged ends
  Diagnostics problems_;
};

}  // namespace

Result<Recommendation> recommend(const Situation& situation, const Posterior& posterior, const RecommendOptions& options) {
  return Ranking(situation, posterior, options).run();
}

}  // namespace titrate
