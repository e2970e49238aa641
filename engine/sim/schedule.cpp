// Doses unrolled, covariates as values per segment, samples in order. See sim/schedule.hpp for the rules.

#include "sim/schedule.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/pointer.hpp"
#include "patient/cancelled.hpp"
#include "patient/same_times.hpp"
#include "sim/courses.hpp"

namespace titrate {

namespace {

bool same(const Position& a, const Position& b) { return a.time == b.time && a.order == b.order; }

}  // namespace

std::size_t segment_at(const Schedule& schedule, double time, int order) {
  return static_cast<std::size_t>(
      std::upper_bound(schedule.breaks.begin(), schedule.breaks.end(), Position{time, order}, before) - schedule.breaks.begin());
}

std::size_t segment_after(const Schedule& schedule, double time) { return segment_at(schedule, time, after_moment); }

Vector all_effects(const Schedule& schedule, const Vector& eta) {
  if (eta.size() == schedule.effects.size) return eta;
  Vector all = Vector::Zero(std::max<Eigen::Index>(schedule.effects.size, eta.size()));
  all.head(eta.size()) = eta;
  return all;
}

namespace {

constexpr std::size_t kMostDoses = 20000;
constexpr std::size_t kMostSamples = 200000;

class Builder {
 public:
  Builder(const CompiledModel& model, const Patient& patient)
      : aligned_(with_same_times(patient)),
        model_(model),
        patient_(aligned_ ? *aligned_ : patient),
        times_(record_times(patient_)) {}

  Result<BuiltSchedule> run(std::vector<Sample> extra) {
    doses();
    for (const ScheduledDose& dose : built_.schedule.doses) times_.push_back(dose.time);
    std::sort(times_.begin(), times_.end());
    for (Sample& sample : extra) sample.time = stated(sample.time);
    if (!has_error(problems_)) built_.schedule.effects = lay_out_effects(model_, patient_, built_.schedule.doses, problems_);
    samples(extra);
    if (!has_error(problems_)) covariates();
    if (has_error(problems_)) return problems_;
    built_.schedule.remarks = problems_;
    return std::move(built_);
  }

 private:
  void problem(std::string code, std::string path, std::string message, std::string hint) {
    problems_.push_back({std::move(code), Severity::error, std::move(path), std::nullopt, std::move(message), std::move(hint)});
  }
  void remark(std::string code, std::string path, std::string message) {
    problems_.push_back({std::move(code), Severity::warning, std::move(path), std::nullopt, std::move(message), ""});
  }

  // A computed time, or the time of a record that differs from it by rounding alone.
  double stated(double time) const {
    const double rounding = time_rounding(time);
    const auto found = std::lower_bound(times_.begin(), times_.end(), time - rounding);
    return found != times_.end() && *found <= time + rounding ? *found : time;
  }

  // Whether what is known is written as NONMEM's records are.
  bool by_records() const {
    const auto& rules = model_.model->covariates;
    return (patient_.occasions && patient_.occasions->over_time == Occasions::OverTime::next) ||
           std::any_of(rules.begin(), rules.end(), [](const Covariate& c) { return c.over_time == OverTime::next; });
  }

  void doses() {
    Schedule& s = built_.schedule;
    const bool lag_of_record = by_records();
    s.resets = patient_.resets;
    std::stable_sort(s.resets.begin(), s.resets.end(), [](const Reset& a, const Reset& b) { return a.time < b.time; });
    for (const DosingEvent& d : patient_.doses) {
      if (d.taken <= 0.0) continue;  // missed
      if (d.taken < 1.0) {
        problem("schedule.uncertain_dose", d.path, "A schedule either holds this dose or does not.", "");
        continue;
      }
      int route = -1;
      for (std::size_t r = 0; r < model_.routes.size(); ++r)
        if (model_.routes[r].name == d.route) route = static_cast<int>(r);
      if (route < 0) {
        problem("patient.unknown_route", d.path, "The model has no route '" + d.route + "'.", "");
        continue;
      }
      if (s.doses.size() + static_cast<std::size_t>(d.addl) > kMostDoses) {
        problem("schedule.too_many_doses", d.path, "More than 20000 doses.", "Shorten the course or use steady state.");
        return;
      }
      const Cancelled cut = cancelled(patient_, d);
      records_.push_back(d);
      for (int i = 0; i <= d.addl; ++i) {
        ScheduledDose dose;
        dose.time = i == 0 ? d.time : stated(d.time + i * d.ii);
        if (i > 0 && dose.time >= cut.from && records_.back().addl >= i) {
          records_.back().addl = i - 1;
          if (cut.by_steady_state)
            remark("patient.doses_replaced", d.path,
                   "A steady state that is stated later replaces what was given before: " + std::to_string(d.addl + 1 - i) +
                       " additional doses of this record are left out.");
        }
        if (i > 0 && dose.time > cut.from) break;  // at the very time it comes before the record that cancels
        dose.amt = d.amt;
        if (d.input == DosingEvent::Input::rate) dose.rate = d.rate;
        if (d.input == DosingEvent::Input::duration) dose.dur = d.dur;
        dose.ii = d.ii;
        dose.ss = i == 0 ? d.ss : 0;
        dose.route = route;
        dose.order = i == 0 ? d.order : additional;
        dose.lag_at = lag_of_record ? Position{d.time, d.order} : Position{dose.time, dose.order};
        s.doses.push_back(dose);
      }
    }
    std::stable_sort(s.doses.begin(), s.doses.end(), [](const ScheduledDose& a, const ScheduledDose& b) {
      return a.time != b.time ? a.time < b.time : a.order < b.order;
    });
    for (std::size_t i = 1; i < s.doses.size(); ++i)
      if (s.doses[i].ss == 1 && s.doses[i - 1].time == s.doses[i].time && s.doses[i - 1].order != additional)
        remark("patient.doses_replaced", "/patient/doses",
               "A steady state replaces the doses that are recorded before it at the same time; one that adds to them is of kind "
               "2.");
  }

  void samples(const std::vector<Sample>& extra) {
    struct Wanted {
      Sample sample;
      std::size_t from;
    };
    const std::size_t n_obs = patient_.observations.size();
    if (n_obs + extra.size() > kMostSamples) {
      problem("schedule.too_many_times", "", "More than 200000 times are asked for.", "Ask for fewer.");
      return;
    }
    std::vector<Wanted> wanted;
    const Effects& effects = built_.schedule.effects;
    for (std::size_t i = 0; i < n_obs; ++i) {
      const Observation& o = patient_.observations[i];
      // A level of order 0 is the trough before all that is given at its time, additional doses too.
      wanted.push_back({{o.time, o.order == additional ? before_all : o.order,
                         effects.shift_of_observation.empty() ? -1 : effects.shift_of_observation[i]},
                        i});
    }
    for (std::size_t i = 0; i < extra.size(); ++i) wanted.push_back({extra[i], n_obs + i});
    std::stable_sort(wanted.begin(), wanted.end(), [](const Wanted& a, const Wanted& b) {
      return a.sample.time != b.sample.time ? a.sample.time < b.sample.time : a.sample.order < b.sample.order;
    });
    std::vector<int> row(wanted.size());
    Schedule& s = built_.schedule;
    for (const Wanted& w : wanted) {
      // Equal wishes share a row.
      const bool shared = !s.samples.empty() && s.samples.back().time == w.sample.time &&
                          s.samples.back().order == w.sample.order && s.samples.back().shift == w.sample.shift;
      if (!shared) s.samples.push_back(w.sample);
      row[w.from] = static_cast<int>(s.samples.size()) - 1;
    }
    built_.sample_of_observation.assign(row.begin(), row.begin() + static_cast<std::ptrdiff_t>(n_obs));
    built_.sample_of_extra.assign(row.begin() + static_cast<std::ptrdiff_t>(n_obs), row.end());

    double start = std::numeric_limits<double>::infinity();
    if (!s.doses.empty()) start = std::min(start, s.doses.front().time);
    if (!s.samples.empty()) start = std::min(start, s.samples.front().time);
    if (!s.resets.empty()) start = std::min(start, s.resets.front().time);
    if (patient_.now) start = std::min(start, *patient_.now);  // of a patient without a record before
    for (const auto& [name, course] : patient_.inputs)
      if (!course.pieces.empty()) start = std::min(start, course.pieces.front().from);
    s.start = std::isfinite(start) ? start : 0.0;
  }

  double end() const {
    const Schedule& s = built_.schedule;
    double last = s.start;
    if (!s.samples.empty()) last = std::max(last, s.samples.back().time);
    return last;
  }

  // Which covariates are given, and which must be computed so that the equations have all they use.
  void covariates() {
    const auto& rules = model_.model->covariates;
    const std::size_t n = rules.size();
    courses_.assign(n, nullptr);
    computed_.assign(n, nullptr);
    needed_.assign(n, false);
    defaults_.resize(n);
    renewed_.assign(n, {});
    for (std::size_t c = 0; c < n; ++c) {
      if (rules[c].input) {
        defaults_[c] = course_of(rules[c]);
        courses_[c] = &defaults_[c];
        continue;
      }
      const auto given = patient_.covariates.find(rules[c].name);
      if (given != patient_.covariates.end() && !given->second.time.empty()) courses_[c] = &given->second;
    }
    find_available();
    for (const int c : model_.required) need(static_cast<std::size_t>(c));
    if (has_error(problems_)) return;
    set_breaks();
    fill_inputs();
  }

  // The pieces of an input and its rest between them, as a covariate that holds its last value.
  CovariateCourse course_of(const Covariate& rule) const {
    CovariateCourse course;
    const auto given = patient_.inputs.find(rule.name);
    const auto set = [&](double time, double value) {
      if (!course.time.empty() && course.time.back() == time) {
        course.value.back() = value;
        return;
      }
      course.time.push_back(time);
      course.value.push_back(value);
    };
    set(built_.schedule.start, rule.resting);
    if (given == patient_.inputs.end()) return course;
    for (const InputCourse::Piece& piece : given->second.pieces) {
      set(piece.from, piece.value);
      if (piece.to) set(*piece.to, rule.resting);
    }
    return course;
  }

  void need(std::size_t c) {
    if (needed_[c]) return;
    needed_[c] = true;
    const Covariate& rule = model_.model->covariates[c];
    if (rule.from_doses) {
      defaults_[c] = daily_amounts(built_.schedule.doses, records_, built_.schedule.start);
      courses_[c] = &defaults_[c];
      return;
    }
    if (courses_[c] != nullptr) {
      if (courses_[c]->time.size() > 1 && courses_[c]->time.front() > built_.schedule.start)
        remark("patient.covariate_starts_late", courses_[c]->path,
               rule.label + " (" + rule.name + ") is first known after the first record; its first value is used before.");
      write_continuation(c, rule);
      return;
    }
    for (const ComputedCovariate& computed : model_.computed)
      if (computed.covariate == static_cast<int>(c) && can_compute(computed)) {
        computed_[c] = &computed;
        for (const int other : computed.needs) need(static_cast<std::size_t>(other));
        return;
      }
    if (rule.when_unknown) {
      defaults_[c] = CovariateCourse{{built_.schedule.start}, {*rule.when_unknown}, ""};
      courses_[c] = &defaults_[c];
      remark("patient.covariate_defaulted", json::child("/patient/covariates", rule.name),
             rule.label + " (" + rule.name + ") is not known; the value that the source uses is taken.");
      return;
    }
    problem("patient.missing_covariate", json::child("/patient/covariates", rule.name),
            rule.label + " (" + rule.name + ") is missing.", hint_for(c, rule));
  }

  // A trend or a recovery, as further values.
  void write_continuation(std::size_t c, const Covariate& rule) {
    const CovariateCourse& course = *courses_[c];
    const std::string name = rule.label + " (" + rule.name + ")";
    if (rule.continues == Continues::trend && !course.held && !goes_on(rule, course))
      remark("patient.covariate_without_trend", course.path,
             name + " was recorded at one time only: no trend is seen, and it is held.");
    if (!goes_on(rule, course)) return;
    if (end() > course.time.back())
      remark("patient.covariate_continued", course.path,
             rule.continues == Continues::trend
                 ? name + " is taken to go on after its last value along the line through the last two."
                 : name + " is taken to recover after its last value.");
    defaults_[c] = continued(rule, course);
    courses_[c] = &defaults_[c];
  }

  // Which covariates are known or can be computed from known ones; `computed` stands in an order in which formulas may feed
  // formulas.
  void find_available() {
    const auto& rules = model_.model->covariates;
    available_.resize(rules.size());
    for (std::size_t c = 0; c < rules.size(); ++c) available_[c] = courses_[c] != nullptr || rules[c].when_unknown.has_value();
    for (const ComputedCovariate& computed : model_.computed)
      if (can_compute(computed)) available_[static_cast<std::size_t>(computed.covariate)] = true;
  }

  bool can_compute(const ComputedCovariate& computed) const {
    return std::all_of(computed.needs.begin(), computed.needs.end(),
                       [&](int c) { return available_[static_cast<std::size_t>(c)]; });
  }

  std::string hint_for(std::size_t c, const Covariate& rule) const {
    std::string hint = "Enter it in " + rule.unit.text + ".";
    if (!rule.choices.empty()) {
      hint = "Choose one of:";
      for (const auto& [word, value] : rule.choices) hint += " '" + word + "'";
      hint += ".";
    }
    for (const ComputedCovariate& computed : model_.computed) {
      if (computed.covariate != static_cast<int>(c)) continue;
      hint = "Enter it in " + rule.unit.text + ", or enter what it is computed from:";
      for (const int other : computed.needs) hint += " " + model_.model->covariates[static_cast<std::size_t>(other)].name;
      hint += ".";
    }
    return hint;
  }

  // Before a time, at it, and after it; between two records of one time where a course has both.
  void set_breaks() {
    Schedule& s = built_.schedule;
    std::vector<Position> places;
    const auto whole_moment = [&](double t) {
      places.push_back({t, first_of_moment});
      places.push_back({t, after_moment});
    };
    for (std::size_t c = 0; c < courses_.size(); ++c) {
      if (!needed_[c] || courses_[c] == nullptr) continue;
      const Covariate& rule = model_.model->covariates[c];
      const CovariateCourse& course = *courses_[c];
      if (course.time.size() > 1 || rule.over_time == OverTime::linear)
        for (std::size_t i = 0; i < course.time.size(); ++i) {
          whole_moment(course.time[i]);
          if (course.order.empty()) continue;
          places.push_back({course.time[i], course.order[i]});
          places.push_back({course.time[i], course.order[i] + 1});
        }
      if (rule.continues != Continues::advance || rule.over_time == OverTime::linear) continue;
      renewed_[c] = renewals(course, end());
      for (const double t : renewed_[c])
        if (t < end()) whole_moment(t);
    }
    for (const OccasionChange& change : s.effects.changes) places.push_back(change.at);
    std::sort(places.begin(), places.end(), before);
    places.erase(std::unique(places.begin(), places.end(), same), places.end());
    for (const Position& at : places)
      if (at.time <= end() || at.time <= s.start) s.breaks.push_back(at);
  }

  void fill_inputs() {
    Schedule& s = built_.schedule;
    const Position earliest{s.breaks.empty() ? s.start : std::nextafter(std::min(s.start, s.breaks.front().time), -1e300),
                            after_moment};
    for (std::size_t i = 0; i < s.breaks.size() + 1; ++i) {
      const Position at = i == 0 ? earliest : s.breaks[i - 1];
      s.inputs.push_back(inputs_at(at));
      s.occasion.push_back(s.effects.occasion_at(at));
    }
  }

  std::vector<double> inputs_at(const Position& at) {
    const auto& rules = model_.model->covariates;
    std::vector<double> value(rules.size(), 0.0);
    std::vector<double> inputs(static_cast<std::size_t>(model_.n_inputs), 0.0);
    for (std::size_t c = 0; c < rules.size(); ++c) {
      if (!needed_[c] || courses_[c] == nullptr) continue;
      const Line line = value_of(rules[c], *courses_[c], renewed_[c], at);
      value[c] = capped(c, line.intercept + line.slope * at.time);
      put(inputs, c, line.slope == 0.0 ? Line{value[c], 0.0} : line);
    }
    for (const ComputedCovariate& computed : model_.computed) {
      const auto c = static_cast<std::size_t>(computed.covariate);
      if (computed_[c] == nullptr) continue;
      double result = 0.0;
      titrate::run(computed.value, 0.0, static_cast<const double*>(nullptr), value.data(), &result, registers_);
      if (!std::isfinite(result)) {
        problem("patient.covariate_not_computable", json::child("/patient/covariates", rules[c].name),
                rules[c].label + " cannot be computed from what was entered.", "Check the values it is computed from.");
        return inputs;
      }
      value[c] = capped(c, result);
      put(inputs, c, {value[c], 0.0});
    }
    return inputs;
  }

  void put(std::vector<double>& inputs, std::size_t c, const Line& line) const {
    const auto at = static_cast<std::size_t>(model_.covariate_input[c]);
    inputs[at] = line.intercept;
    if (model_.model->covariates[c].over_time == OverTime::linear) inputs[at + 1] = line.slope;
  }

  double capped(std::size_t c, double value) {
    const Covariate& rule = model_.model->covariates[c];
    double result = value;
    if (rule.at_most) result = std::min(result, *rule.at_most);
    if (rule.at_least) result = std::max(result, *rule.at_least);
    if (result != value && std::find(capped_.begin(), capped_.end(), c) == capped_.end()) {
      capped_.push_back(c);
      remark("patient.covariate_capped", json::child("/patient/covariates", rule.name),
             rule.label + " (" + rule.name + ") lies beyond the limit that the model was built with; the limit is used.");
    }
    return result;
  }

  std::optional<Patient> aligned_;
  const CompiledModel& model_;
  const Patient& patient_;
  std::vector<double> times_;  // of records, then of their additional doses too; ascending
  Diagnostics problems_;
  BuiltSchedule built_;
  std::vector<DosingEvent> records_;  // that give something, without the doses that were cancelled
  std::vector<const CovariateCourse*> courses_;
  std::vector<const ComputedCovariate*> computed_;
  std::vector<bool> needed_, available_;
  std::vector<CovariateCourse> defaults_;
  std::vector<std::vector<double>> renewed_;  // of covariates that advance
  std::vector<std::size_t> capped_;
  std::vector<double> registers_;
};

}  // namespace

Result<BuiltSchedule> build_schedule(const CompiledModel& model, const Patient& patient, const std::vector<Sample>& extra) {
  return Builder(model, patient).run(extra);
}

}  // namespace titrate
