#include "decide/superposed_areas.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "decide/proportion.hpp"

namespace titrate {

namespace {

bool same_dose(const ScheduledDose& a, const ScheduledDose& b) {
  return a.time == b.time && a.amt == b.amt && a.rate == b.rate && a.dur == b.dur && a.ii == b.ii && a.ss == b.ss &&
         a.route == b.route && a.order == b.order;
}

// Which doses a plan adds to none, if that is all that it does, and each adds in proportion to its amount.
std::optional<std::vector<char>> added(const CompiledModel& model, const Schedule& none, const Schedule& plan) {
  if (!same_course_of_inputs(none, plan)) return std::nullopt;
  std::vector<char> planned;
  auto next = none.doses.begin();
  for (const ScheduledDose& dose : plan.doses) {
    const bool given = next != none.doses.end() && same_dose(*next, dose);
    if (given) ++next;
    planned.push_back(given ? 0 : 1);
    if (given) continue;
    const bool before_reset =
        std::any_of(plan.resets.begin(), plan.resets.end(), [&](const Reset& r) { return r.time >= dose.time; });
    if (dose.ss > 0 || before_reset || !acts_in_proportion(model, dose)) return std::nullopt;
  }
  if (next != none.doses.end()) return std::nullopt;
  return planned;
}

}  // namespace

std::optional<SuperposedAreas> SuperposedAreas::make(const Judging& judging, const std::vector<Question>& questions,
                                                     const std::vector<PlanFamily>& families) {
  if (!exactly_linear(*judging.situation.model, judging.aim.output, judging.simulate)) return std::nullopt;
  SuperposedAreas areas(judging, questions, families);
  for (std::size_t family = 0; family < families.size(); ++family)
    if (!areas.add(judging, family)) return std::nullopt;
  return areas;
}

double SuperposedAreas::amount(std::size_t question) const {
  return questions_[question].regimen ? questions_[question].regimen->amt : 0.0;
}

bool SuperposedAreas::add(const Judging& judging, std::size_t family) {
  const PlanFamily& of = families_[family];
  const TargetWindow& window = questions_[of.questions.front()].window;
  if (window.steady_state || !(window.window.to > window.window.from)) return false;
  const auto same_window = [&](const Group& group) {
    const Window& known = group.none->window.window;
    return group.future == of.future && known.from == window.window.from && known.to == window.window.to;
  };
  auto group = std::find_if(groups_.begin(), groups_.end(), same_window);
  if (group == groups_.end()) {
    auto none = make_probe(judging.situation, std::nullopt, window, judging.futures[of.future], ReadFor::area);
    if (!none) return false;
    group = groups_.emplace(groups_.end());
    group->future = of.future;
    group->none = std::make_unique<Probe>(std::move(*none));
    SimulateOptions options = judging.simulate;
    options.auc = true;
    group->curves.emplace(model_, *group->none, judging.aim.output, options);
    for (const BuiltSchedule& built : group->none->built)
      group->of_variant.push_back({Segments(model_, built.schedule, false),
                                   AreaWeights(model_, model_.with_auc, built.schedule, judging.aim.output, window.window),
                                   {},
                                   {},
                                   false});
  }
  place_.push_back({static_cast<std::size_t>(group - groups_.begin()), group->families.size()});
  group->families.push_back(family);
  return add_plan(judging, *group, family);
}

bool SuperposedAreas::add_plan(const Judging& judging, Group& group, std::size_t family) {
  const Question& most = questions_[families_[family].questions.back()];
  auto probe = make_probe(judging.situation, most.regimen, most.window, judging.futures[group.future], ReadFor::area);
  if (!probe) return false;
  for (std::size_t v = 0; v < probe->built.size(); ++v) {
    auto planned = added(model_, group.none->built[v].schedule, probe->built[v].schedule);
    if (!planned) return false;
    group.of_variant[v].plans.push_back({std::move(probe->built[v].schedule), std::move(*planned), {}});
  }
  return true;
}

// Which inputs each plan has, for one individual and all whose lags, bioavailabilities and rates are the same.
bool SuperposedAreas::lay_out(Weighing& weighing) {
  if (!weighing.segments.move_timeline(weighing.moved_by) && weighing.laid_out) return true;
  weighing.weights.forget();
  for (Plan& plan : weighing.plans) {
    plan.terms.clear();
    Failure failure;
    for (const Action& action : timeline(model_, plan.schedule, weighing.segments, failure)) {
      using Kind = Action::Kind;
      if (action.kind == Kind::reset || plan.planned[action.index] == 0) continue;
      const bool at_once = action.kind == Kind::bolus, begins = action.kind == Kind::infusion_start;
      if (!at_once && !begins && action.kind != Kind::infusion_end) return false;
      plan.terms.push_back(
          {weighing.weights.ask(action.state, action.time), at_once, at_once || begins ? action.amount : -action.amount});
    }
    if (failure.failed) return false;
  }
  weighing.weights.lay_out();
  return weighing.laid_out = true;
}

bool SuperposedAreas::read(Individual& individual, std::size_t variant, History& history) {
  for (Group& group : groups_) {
    const Curve* const none = group.curves->of(individual, variant, &history);
    Weighing& weighing = group.of_variant[variant];
    weighing.segments.set(individual);
    if (none == nullptr || !weighing.segments.ok() || !lay_out(weighing)) return false;
    if (!weighing.weights.set(individual, weighing.segments)) return false;
    group.without = none->auc.back() - none->auc.front();
    group.with_most.clear();
    for (const Plan& plan : weighing.plans) {
      double sum = 0.0;
      for (const Term& term : plan.terms)
        sum += term.amount * (term.at_once ? weighing.weights.at_once(term.input) : weighing.weights.per_time(term.input));
      if (!std::isfinite(sum)) return false;
      group.with_most.push_back(sum);
    }
  }
  return true;
}

double SuperposedAreas::area(std::size_t family, std::size_t question) const {
  const Place& place = place_[family];
  const Group& group = groups_[place.group];
  const double most = amount(families_[family].questions.back());
  const double share = most > 0.0 ? amount(question) / most : 0.0;
  return group.without + share * group.with_most[place.plan];
}

}  // namespace titrate
