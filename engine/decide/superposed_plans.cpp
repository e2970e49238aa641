#include "decide/superposed_plans.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/stable_order.hpp"
#include "base/work.hpp"
#include "decide/proportion.hpp"

namespace titrate {

namespace {

bool same_dose(const ScheduledDose& a, const ScheduledDose& b) {
  return a.time == b.time && a.amt == b.amt && a.rate == b.rate && a.dur == b.dur && a.ii == b.ii && a.ss == b.ss &&
         a.route == b.route && a.order == b.order;
}

// Which doses a plan adds to none, if that is all that it does, and each adds in proportion to its amount.
std::optional<std::vector<char>> added_doses(const CompiledModel& model, const Schedule& none, const Schedule& plan) {
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

bool needs_the_whole_curve(Metric metric) {
  return metric == Metric::nadir || metric == Metric::nadir_time || metric == Metric::time_above;
}

}  // namespace

SuperposedPlans::SuperposedPlans(const Judging& judging, const std::vector<Question>& questions,
                                 const std::vector<PlanFamily>& families)
    : judging_(judging),
      model_(*judging.situation.model),
      questions_(questions),
      families_(families),
      peaks_(judging.extremes || judging.aim.metric == Metric::cmax),
      place_(families.size()),
      ends_{{0.0, 0.0}, {0.0, 0.0}, {}, {0.0, 0.0}} {}

std::optional<SuperposedPlans> SuperposedPlans::make(const Judging& judging, const std::vector<Question>& questions,
                                                     const std::vector<PlanFamily>& families) {
  if (needs_the_whole_curve(judging.aim.metric)) return std::nullopt;
  if (!exactly_linear(*judging.situation.model, judging.aim.output, judging.simulate)) return std::nullopt;
  SuperposedPlans all(judging, questions, families);
  const auto until = [&](std::size_t family) { return questions[families[family].questions.front()].window.window.to; };
  for (const std::size_t family :
       stable_order(families.size(), [&](std::size_t a, std::size_t b) { return until(a) > until(b); }))
    if (!all.add(family)) return std::nullopt;
  for (Group& group : all.groups_)
    if (!all.prepare(group)) return std::nullopt;
  return all;
}

double SuperposedPlans::amount(std::size_t question) const {
  return questions_[question].regimen ? questions_[question].regimen->amt : 0.0;
}

// The group that a family belongs to, or null where there is none yet and none can be made.
SuperposedPlans::Group* SuperposedPlans::group_of(const PlanFamily& family) {
  const TargetWindow& window = questions_[family.questions.front()].window;
  for (Group& group : groups_)
    if (group.future == family.future && group.window.window.from == window.window.from) return &group;
  auto none = make_probe(judging_.situation, std::nullopt, window, judging_.futures[family.future], ReadFor::area);
  if (!none) return nullptr;
  Group& group = groups_.emplace_back();
  group.future = family.future;
  group.window = window;
  group.none = std::make_unique<Probe>(std::move(*none));
  group.of_variant.resize(group.none->built.size());
  return &group;
}

bool SuperposedPlans::add(std::size_t family) {
  const PlanFamily& of = families_[family];
  const TargetWindow& window = questions_[of.questions.front()].window;
  if (window.steady_state || !(window.window.to > window.window.from)) return false;
  Group* const group = group_of(of);
  if (group == nullptr) return false;
  place_[family] = {static_cast<std::size_t>(group - groups_.data()), group->members.size()};
  const double most = amount(of.questions.back());
  for (const std::size_t q : of.questions)
    group->members.push_back({q, group->until.size(), most > 0.0 ? amount(q) / most : 0.0});
  group->until.push_back(window.window.to);
  return add_plan(*group, questions_[of.questions.back()]);
}

bool SuperposedPlans::add_plan(Group& group, const Question& most) {
  auto probe = make_probe(judging_.situation, most.regimen, group.window, judging_.futures[group.future], ReadFor::area);
  if (!probe) return false;
  for (std::size_t v = 0; v < probe->built.size(); ++v) {
    auto planned = added_doses(model_, group.none->built[v].schedule, probe->built[v].schedule);
    if (!planned) return false;
    group.of_variant[v].plans.push_back({std::move(probe->built[v].schedule), std::move(*planned)});
  }
  return true;
}

// When all plans are known: the course without a dose is read wherever one of them changes, and at each trough.
bool SuperposedPlans::prepare(Group& group) {
  std::vector<double> times;
  for (const OfVariant& of : group.of_variant)
    for (const Plan& plan : of.plans) {
      const auto edges = input_edges(model_, plan.schedule);
      times.insert(times.end(), edges.begin(), edges.end());
    }
  for (const Member& member : group.members)
    for (const double time : {window(member).trough_time, window(member).window.to}) times.push_back(time);
  const double widest = widest_gap({group.window.window.from, group.until.back()});
  auto none = make_probe_without_dose(judging_.situation, group.window, judging_.futures[group.future], times, widest);
  if (!none) return false;
  *group.none = std::move(*none);
  for (std::size_t v = 0; v < group.of_variant.size(); ++v) {
    const Schedule& schedule = group.none->built[v].schedule;
    group.of_variant[v].segments.emplace(model_, schedule, false);
    group.of_variant[v].added.emplace(model_, model_.with_auc, schedule, judging_.aim.output, group.window.window.from,
                                      group.until);
  }
  SimulateOptions options = judging_.simulate;
  options.auc = true;
  options.slopes = true;
  group.curves.emplace(model_, *group.none, judging_.aim.output, options);
  group.readings.resize(group.members.size());
  return true;
}

// The gaps for one individual and all whose lags, bioavailabilities and rates are the same.
bool SuperposedPlans::lay_out(const Group& group, OfVariant& of, const Curve& none) const {
  if (!of.segments->move_timeline(of.moved_by) && of.laid_out) return true;
  of.added->forget();
  for (std::size_t p = 0; p < of.plans.size(); ++p) {
    Failure failure;
    for (const Action& action : timeline(model_, of.plans[p].schedule, *of.segments, failure)) {
      using Kind = Action::Kind;
      if (action.kind == Kind::reset || of.plans[p].planned[action.index] == 0) continue;
      if (action.kind != Kind::bolus && action.kind != Kind::infusion_start && action.kind != Kind::infusion_end) return false;
      of.added->add(p, action);
    }
    if (failure.failed) return false;
  }
  std::vector<double> also = none.time;
  for (const Member& member : group.members) also.push_back(window(member).trough_time);
  of.added->lay_out(also, *of.segments);
  const auto begin = none.time.begin(), end = none.time.end();
  const auto side = [&](auto found, double time) {
    const bool sampled = found != end && *found == time;
    return Side{sampled ? std::optional(static_cast<std::size_t>(found - begin)) : std::nullopt, time};
  };
  of.sides.clear();
  for (std::size_t g = 0; g < of.added->gaps(); ++g) {
    const double from = of.added->begin(g), to = of.added->end(g);
    const auto after = std::upper_bound(begin, end, from);
    of.sides.push_back({side(after == begin ? after : after - 1, from), side(std::lower_bound(begin, end, to), to)});
  }
  of.ends.clear();
  const auto gap_until = [&](double time) {
    std::size_t gap = 0;
    while (gap + 1 < of.added->gaps() && of.added->end(gap) < time) ++gap;
    return gap;
  };
  for (const Member& member : group.members)
    of.ends.push_back({gap_until(window(member).trough_time), gap_until(window(member).window.to)});
  return of.laid_out = true;
}

void SuperposedPlans::read_without(const OfVariant& of, const Curve& none) {
  const auto point = [&](const Side& side) {
    return side.sample ? Point{none.value[*side.sample], none.slope[*side.sample]} : point_at(none, side.time);
  };
  without_.clear();
  for (std::size_t g = 0; g < of.sides.size(); ++g) {
    const Point begin = point(of.sides[g].begin), end = point(of.sides[g].end);
    const double third = (of.added->end(g) - of.added->begin(g)) / 3.0;  // a cubic stays below its values and these two points
    const double top = std::max({begin.value, end.value, begin.value + third * begin.slope, end.value - third * end.slope});
    without_.push_back({begin, end, top});
  }
}

bool SuperposedPlans::read(Individual& individual, std::size_t variant, History& history) {
  for (Group& group : groups_) {
    const Curve* const none = group.curves->of(individual, variant, &history);
    OfVariant& of = group.of_variant[variant];
    of.segments->set(individual);
    if (none == nullptr || !of.segments->ok() || !lay_out(group, of, *none)) return false;
    if (!of.added->set(individual, *of.segments)) return false;
    read_without(of, *none);
    if (peaks_) read_peaks(group, *of.added);
    for (std::size_t m = 0; m < group.members.size(); ++m) {
      const Member& member = group.members[m];
      const Window& over = window(member).window;
      Reading& reading = group.readings[m];
      const auto at_end = [&](std::size_t gap) {
        return without_[gap].end.value + member.share * of.added->ends(gap)[member.plan];
      };
      const bool at_begin = window(member).trough_time <= over.from;
      reading.trough =
          at_begin ? without_.front().begin.value + member.share * of.added->starts(0)[member.plan] : at_end(of.ends[m].trough);
      const double last = none->auc[*of.sides[of.ends[m].window].end.sample];  // a window ends at a sample
      const double area = last - none->auc.front() + member.share * of.added->area(member.plan);
      reading.metric = metric(over, reading, area, at_end(of.ends[m].window));
      if (!std::isfinite(reading.metric) || !std::isfinite(reading.trough) || !std::isfinite(reading.peak)) return false;
    }
  }
  return true;
}

double SuperposedPlans::metric(const Window& over, const Reading& reading, double area, double last) {
  switch (judging_.aim.metric) {
    case Metric::cmin:
      return reading.trough;
    case Metric::cmax:
      return reading.peak;
    case Metric::value_at:
      return last;
    default:
      ends_.time = {over.from, over.to};
      ends_.auc.back() = area;
      return metric_of(judging_.aim, ends_, reading.trough);
  }
}

void SuperposedPlans::read_peaks(Group& group, const AddedCourses& added) {
  Work::spend(4.0 * static_cast<double>(without_.size() * group.members.size()));
  for (Reading& reading : group.readings) reading.peak = -HUGE_VAL;
  std::size_t read = group.members.size();  // in a gap: members come by plan, and the first ones are read longest
  const auto still_read = [&](std::size_t gap) {
    while (read > 0 && group.members[read - 1].plan >= added.read_in(gap)) --read;
    return read;
  };
  for (std::size_t g = 0; g < without_.size(); ++g) {
    const double begin = without_[g].begin.value, end = without_[g].end.value;
    const double *const starts = added.starts(g), *const ends = added.ends(g);
    const std::size_t members = still_read(g);
    for (std::size_t m = 0; m < members; ++m) {
      const Member& member = group.members[m];
      const double first = begin + member.share * starts[member.plan], last = end + member.share * ends[member.plan];
      double& peak = group.readings[m].peak;
      if (first > peak) peak = first;
      if (last > peak) peak = last;
    }
  }
  read = group.members.size();
  for (std::size_t g = 0; g < without_.size(); ++g) {
    const double top = without_[g].top;
    const double* const tops = added.tops(g);
    const std::size_t members = still_read(g);
    for (std::size_t m = 0; m < members; ++m) {
      const Member& member = group.members[m];
      double& peak = group.readings[m].peak;
      if (top + member.share * tops[member.plan] > peak) peak = std::max(peak, highest_within(added, g, member));
    }
  }
}

double SuperposedPlans::highest_within(const AddedCourses& added, std::size_t gap, const Member& member) {
  const Without& none = without_[gap];
  const double h = added.end(gap) - added.begin(gap);
  const double begin = none.begin.value + member.share * added.starts(gap)[member.plan],
               end = none.end.value + member.share * added.ends(gap)[member.plan];
  // The slope of a cubic lies between those at its ends and this one.
  const double middle = 3.0 * (none.end.value - none.begin.value) / h - none.begin.slope - none.end.slope;
  const auto [least, most] = std::minmax({none.begin.slope, middle, none.end.slope});
  const AddedCourses::Range slopes = added.slopes(gap, member.plan);
  if (least + member.share * slopes.least >= 0.0 || most + member.share * slopes.most <= 0.0) return std::max(begin, end);
  gap_.time = {0.0, h};
  gap_.value = {none.begin.value, none.end.value};
  gap_.slope = {none.begin.slope, none.end.slope};
  within_.time.clear();
  within_.value.clear();
  within_.slope.clear();
  const auto add = [&](double passed) {
    const Point more = added.at(gap, member.plan, passed), less = point_at(gap_, passed);
    within_.time.push_back(passed);
    within_.value.push_back(less.value + member.share * more.value);
    within_.slope.push_back(less.slope + member.share * more.slope);
  };
  add(0.0);
  const double widest = widest_gap(window(member).window);
  double wide = std::min(first_gap, widest);
  for (double passed = wide; passed < h - 0.5 * wide; passed += wide) {
    add(passed);
    wide = std::min(1.5 * wide, widest);
  }
  add(h);
  return highest(within_).value;
}

}  // namespace titrate
