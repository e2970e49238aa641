// Doses unrolled and samples in order; sim/schedule_covariates sets the rest. See sim/schedule.hpp for the rules.

#include "sim/schedule.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/stable_order.hpp"
#include "patient/cancelled.hpp"
#include "patient/same_times.hpp"
#include "sim/courses.hpp"
#include "sim/schedule_covariates.hpp"

namespace titrate {

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
    if (!has_error(problems_)) set_covariates(model_, patient_, records_, built_.schedule, problems_);
    if (has_error(problems_)) return problems_;
    built_.schedule.remarks = problems_;
    return std::move(built_);
  }

 private:
  void problem(const char* code, std::string path, std::string message, std::string hint) {
    problems_.push_back({code, Severity::error, std::move(path), std::nullopt, std::move(message), std::move(hint)});
  }
  void remark(const char* code, std::string path, std::string message) {
    problems_.push_back({code, Severity::warning, std::move(path), std::nullopt, std::move(message), ""});
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
    sort_stably(s.resets.begin(), s.resets.end(), [](const Reset& a, const Reset& b) { return a.time < b.time; });
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
    sort_stably(s.doses.begin(), s.doses.end(), [](const ScheduledDose& a, const ScheduledDose& b) {
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
    sort_stably(wanted.begin(), wanted.end(), [](const Wanted& a, const Wanted& b) {
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

  std::optional<Patient> aligned_;
  const CompiledModel& model_;
  const Patient& patient_;
  std::vector<double> times_;  // of records, then of their additional doses too; ascending
  Diagnostics problems_;
  BuiltSchedule built_;
  std::vector<DosingEvent> records_;  // that give something, without the doses that were cancelled
};

}  // namespace

Result<BuiltSchedule> build_schedule(const CompiledModel& model, const Patient& patient, const std::vector<Sample>& extra) {
  return Builder(model, patient).run(extra);
}

}  // namespace titrate
