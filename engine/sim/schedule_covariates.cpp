// Covariates as values per segment. See sim/schedule_covariates.hpp.

#include "sim/schedule_covariates.hpp"

#include <algorithm>
#include <cmath>

#include "base/pointer.hpp"
#include "base/stable_order.hpp"
#include "sim/courses.hpp"

namespace titrate {

namespace {

bool same(const Position& a, const Position& b) { return a.time == b.time && a.order == b.order; }

class CovariateSegments {
 public:
  CovariateSegments(const CompiledModel& model, const Patient& patient, const std::vector<DosingEvent>& records,
                    Schedule& schedule, Diagnostics& problems)
      : model_(model), patient_(patient), records_(records), schedule_(schedule), problems_(problems) {}

  // Which covariates are given, and which must be computed so that the equations have all they use.
  void set() {
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

 private:
  void problem(std::string code, std::string path, std::string message, std::string hint) {
    problems_.push_back({std::move(code), Severity::error, std::move(path), std::nullopt, std::move(message), std::move(hint)});
  }
  void remark(std::string code, std::string path, std::string message) {
    problems_.push_back({std::move(code), Severity::warning, std::move(path), std::nullopt, std::move(message), ""});
  }

  double end() const {
    return schedule_.samples.empty() ? schedule_.start : std::max(schedule_.start, schedule_.samples.back().time);
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
    set(schedule_.start, rule.resting);
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
      defaults_[c] = daily_amounts(schedule_.doses, records_, schedule_.start);
      courses_[c] = &defaults_[c];
      return;
    }
    if (courses_[c] != nullptr) {
      if (courses_[c]->time.size() > 1 && courses_[c]->time.front() > schedule_.start)
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
      defaults_[c] = CovariateCourse{{schedule_.start}, {*rule.when_unknown}, ""};
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
    for (const OccasionChange& change : schedule_.effects.changes) places.push_back(change.at);
    sort_stably(places.begin(), places.end(), before);
    places.erase(std::unique(places.begin(), places.end(), same), places.end());
    for (const Position& at : places)
      if (at.time <= end() || at.time <= schedule_.start) schedule_.breaks.push_back(at);
  }

  void fill_inputs() {
    const Position earliest{schedule_.breaks.empty()
                                ? schedule_.start
                                : std::nextafter(std::min(schedule_.start, schedule_.breaks.front().time), -1e300),
                            after_moment};
    for (std::size_t i = 0; i < schedule_.breaks.size() + 1; ++i) {
      const Position at = i == 0 ? earliest : schedule_.breaks[i - 1];
      schedule_.inputs.push_back(inputs_at(at));
      schedule_.occasion.push_back(schedule_.effects.occasion_at(at));
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

  const CompiledModel& model_;
  const Patient& patient_;
  const std::vector<DosingEvent>& records_;
  Schedule& schedule_;
  Diagnostics& problems_;
  std::vector<const CovariateCourse*> courses_;
  std::vector<const ComputedCovariate*> computed_;
  std::vector<bool> needed_, available_;
  std::vector<CovariateCourse> defaults_;
  std::vector<std::vector<double>> renewed_;  // of covariates that advance
  std::vector<std::size_t> capped_;
  std::vector<double> registers_;
};

}  // namespace

void set_covariates(const CompiledModel& model, const Patient& patient, const std::vector<DosingEvent>& records,
                    Schedule& schedule, Diagnostics& problems) {
  CovariateSegments(model, patient, records, schedule, problems).set();
}

}  // namespace titrate
