// data.csv of a neutral case: NONMEM's records as patients.
//
// Records of one time keep their sequence as `order`. Evid 0 is a level, 1 a dose, 2 a change of covariates alone, 3 a reset, 4 a
// reset and a dose. A record that gives nothing (no amount, no steady state) only changes covariates.

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "support/neutral_case.hpp"

namespace titrate::support {

namespace {

class Records {
 public:
  Records(const Model& model, const Table& data, const std::map<std::string, std::string>& output_of,
          const std::optional<NeutralOccasions>& occasions)
      : model_(model), data_(data), output_of_(output_of), occasions_(occasions) {
    for (const char* column : {"ID", "TIME", "EVID", "AMT", "CMT", "DV"})
      if (!data.has(column)) throw std::runtime_error(std::string("data.csv has no column ") + column);
    for (const Covariate& covariate : model.covariates)
      if (!data.has(covariate.name)) throw std::runtime_error("data.csv has no column " + covariate.name);
  }

  std::vector<NeutralSubject> run() {
    for (const Row& row : data_.rows) {
      row_ = &row;
      if (subjects_.empty() || subjects_.back().id != row.at("ID")) begin(row.at("ID"));
      const double time = field("TIME");
      if (time < last_time_) bad("records are not in order of time");
      last_time_ = time;
      read(subjects_.back().patient, time);
      ++order_;
    }
    for (NeutralSubject& subject : subjects_) simplify(subject.patient);
    return std::move(subjects_);
  }

 private:
  [[noreturn]] void bad(const std::string& what) const {
    throw std::runtime_error("data.csv, ID " + row_->at("ID") + ", TIME " + row_->at("TIME") + ": " + what);
  }

  void begin(const std::string& id) {
    for (const NeutralSubject& known : subjects_)
      if (known.id == id) bad("the subject comes twice");
    subjects_.push_back({id, {}});
    order_ = 1;
    last_time_ = -INFINITY;
  }

  double field(const char* name) const { return row_->count(name) ? number(row_->at(name)) : 0.0; }
  int whole(const char* name, int least, int most) const {
    const double x = field(name);
    if (x != std::floor(x) || x < least || x > most) bad(std::string(name) + " is " + row_->at(name));
    return static_cast<int>(x);
  }

  void read(Patient& patient, double time) {
    covariates(patient, time);
    occasion(patient, time);
    const int evid = whole("EVID", 0, 4);
    if (evid == 3 || evid == 4) patient.resets.push_back({time, order_});
    if (evid == 1 || evid == 4) dose(patient, time);
    if (evid == 0) level(patient, time);
    // States begin at the first record, whatever it is.
    if (patient.doses.empty() && patient.observations.empty() && patient.resets.empty()) patient.resets.push_back({time, order_});
  }

  void covariates(Patient& patient, double time) const {
    for (const Covariate& covariate : model_.covariates) {
      const std::string& value = row_->at(covariate.name);
      if (missing(value)) continue;
      CovariateCourse& course = patient.covariates[covariate.name];
      course.time.push_back(time);
      course.value.push_back(number(value));
      course.order.push_back(order_);
    }
  }

  void occasion(Patient& patient, double time) const {
    if (!occasions_) return;
    if (!patient.occasions) {
      patient.occasions.emplace();
      patient.occasions->count = static_cast<int>(occasions_->values.size());
      patient.occasions->over_time =
          occasions_->over_time == OverTime::next ? Occasions::OverTime::next : Occasions::OverTime::last;
    }
    int which = 1;
    if (row_->count(occasions_->column)) {
      const auto& values = occasions_->values;
      const auto found = std::find(values.begin(), values.end(), number(row_->at(occasions_->column)));
      which = found == values.end() ? 0 : static_cast<int>(found - values.begin()) + 1;
    } else if (occasions_->values.size() != 1) {
      bad("the case has several occasions and no column " + occasions_->column);
    }
    patient.occasions->time.push_back(time);
    patient.occasions->order.push_back(order_);
    patient.occasions->number.push_back(which);
  }

  void dose(Patient& patient, double time) const {
    DosingEvent dose;
    dose.time = time;
    dose.amt = field("AMT");
    dose.ii = field("II");
    dose.addl = whole("ADDL", 0, 1000000);
    dose.ss = whole("SS", 0, 2);
    dose.order = order_;
    dose.route = "cmt" + row_->at("CMT");
    const double rate = field("RATE");
    if (rate > 0.0) {
      dose.input = DosingEvent::Input::rate;
      dose.rate = rate;
    } else if (rate == -1.0 || rate == -2.0) {
      dose.route += rate == -1.0 ? "_rate" : "_duration";
    } else if (rate < 0.0) {
      bad("RATE is " + row_->at("RATE"));
    }
    if (dose.amt < 0.0) bad("a negative amount");
    const bool constant_infusion = dose.amt == 0.0 && dose.ss > 0 && dose.ii == 0.0 && rate != -2.0;
    if (dose.amt == 0.0 && !constant_infusion) {
      if (dose.ss > 0) bad("a steady state of nothing");
      return;
    }
    if (dose.ii <= 0.0 && (dose.addl > 0 || (dose.ss > 0 && !constant_infusion))) bad("II is missing");
    const bool known =
        std::any_of(model_.routes.begin(), model_.routes.end(), [&](const Route& r) { return r.name == dose.route; });
    if (!known) bad("the case has no dosing for " + dose.route);
    patient.doses.push_back(dose);
  }

  void level(Patient& patient, double time) const {
    Observation level;
    level.time = time;
    level.order = order_;
    const auto output = output_of_.find(row_->at("CMT"));
    if (output == output_of_.end()) bad("the case has no output for CMT " + row_->at("CMT"));
    level.output = output->second;
    const bool log_scale = std::any_of(model_.outputs.begin(), model_.outputs.end(),
                                       [&](const Output& o) { return o.name == level.output && o.residuals.front().log_scale; });
    if (field("MDV") == 1.0) {  // wanted, but not a level
      level.excluded = true;
      level.why = "missing";
      level.dv = 1.0;  // not used: any value that both scales can hold
    } else if (field("BLQ") == 1.0) {
      if (!row_->count("LLOQ") || missing(row_->at("LLOQ"))) bad("a level below quantification without LLOQ");
      level.censored = Censored::below;
      level.limit = field("LLOQ");
      level.dv = level.limit;
    } else if (log_scale && row_->count("LDV") && !missing(row_->at("LDV"))) {
      level.dv = std::exp(field("LDV"));
      if (!missing(row_->at("DV")) && std::abs(std::log(field("DV")) - field("LDV")) > 1e-6) bad("LDV is not ln DV");
    } else if (missing(row_->at("DV"))) {
      bad("a level without value, and MDV is not 1");
    } else {
      level.dv = field("DV");
    }
    patient.observations.push_back(level);
  }

  // Where records of one time never differ, times are enough; a value that never changes is one value.
  static void simplify(Patient& patient) {
    for (auto& [name, course] : patient.covariates) {
      const auto& v = course.value;
      if (std::all_of(v.begin(), v.end(), [&](double x) { return x == v.front(); })) {
        course.time.resize(1);
        course.value.resize(1);
        course.order.clear();
        continue;
      }
      bool differ = false;
      for (std::size_t i = 1; i < v.size(); ++i) differ = differ || (course.time[i] == course.time[i - 1] && v[i] != v[i - 1]);
      if (differ) continue;
      CovariateCourse plain;
      for (std::size_t i = 0; i < v.size(); ++i) {
        if (i > 0 && course.time[i] == course.time[i - 1]) continue;
        plain.time.push_back(course.time[i]);
        plain.value.push_back(v[i]);
      }
      course = plain;
    }
  }

  const Model& model_;
  const Table& data_;
  const std::map<std::string, std::string>& output_of_;
  const std::optional<NeutralOccasions>& occasions_;
  std::vector<NeutralSubject> subjects_;
  const Row* row_ = nullptr;
  int order_ = 0;
  double last_time_ = 0.0;
};

}  // namespace

std::vector<NeutralSubject> read_neutral_records(const Model& model, const Table& data,
                                                 const std::map<std::string, std::string>& output_of,
                                                 const std::optional<NeutralOccasions>& occasions) {
  return Records(model, data, output_of, occasions).run();
}

}  // namespace titrate::support
