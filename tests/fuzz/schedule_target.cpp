// Records of one patient, one a line:
//
//   m 0..4                          the model: lagged, flipped, saturable, stiff, kept (nothing is eliminated)
//   e x x                           random effects
//   d time amt [r rate | t hours] [i interval] [a additional] [s 0..2]
//   o time, x time, c time value    a level is wanted, a reset, a covariate
//
// Promised: a diagnostic, or a course that ends with values that are all finite, or a failure with its reason; the same values
// with and without sensitivities; where nothing is eliminated, what is there is what was given.

#include <algorithm>
#include <cmath>
#include <map>
#include <sstream>

#include "base/work.hpp"
#include "fuzz/targets.hpp"
#include "patient/same_times.hpp"
#include "sim/simulate.hpp"
#include "support/small_models.hpp"

namespace titrate::fuzz {

namespace {

using support::into;
using support::SmallModel;

constexpr double most_work = 2e6;  // many short courses find more than a few long ones
constexpr std::size_t most_records = 40;

Covariate weight(OverTime rule) {
  Covariate w;
  w.name = "W";
  w.over_time = rule;
  return w;
}

SmallModel lagged() {
  SmallModel m;
  m.parameters = {{"TVCL", 4.0}, {"TVV", 30.0}, {"TVka", 1.1}};
  m.etas = {{"eta_CL", 0.09}, {"eta_lag", 0.04}};
  m.covariates = {weight(OverTime::next)};
  m.individual = {{"CL", "TVCL * (W / 70) ^ 0.75 * exp(eta_CL)"}, {"lag", "0.4 * exp(eta_lag)"}, {"F", "W / (W + 10)"}};
  m.states = {{"depot", "-TVka * depot"}, {"central", "TVka * depot - CL / TVV * central"}};
  m.outputs = {{"Cc", "central / TVV"}};
  m.entries = {into("depot", "F", "lag")};
  return m;
}

// Two states that a dose enters, one of them late; a covariate joined by lines, in the equations.
SmallModel flipped() {
  SmallModel m = lagged();
  m.covariates = {weight(OverTime::linear)};
  m.individual = {{"lag", "3 * exp(eta_lag)"}};
  m.states = {{"depot", "-TVka * depot"}, {"central", "TVka * depot - TVCL * exp(eta_CL) * W / TVV * central"}};
  m.entries = {into("depot", "0.4", "lag"), into("central", "0.6")};
  return m;
}

SmallModel saturable() {
  SmallModel m = lagged();
  m.states = {{"depot", "-TVka * depot"}, {"central", "TVka * depot - 50 * CL * central / (100 + central)"}};
  return m;
}

SmallModel stiff() {
  SmallModel m = lagged();
  m.states = {{"depot", "-1e5 * (depot - central * central / 100)"},
              {"central", "1e5 * (depot - central * central / 100) - CL * central"}};
  m.entries = {into("central")};
  return m;
}

SmallModel kept() {
  SmallModel m;
  m.parameters = {{"TVka", 0.7}};
  m.etas = {{"eta_ka", 0.1}};
  m.states = {{"depot", "-TVka * exp(eta_ka) * depot"}, {"central", "TVka * exp(eta_ka) * depot"}};
  m.outputs = {{"all", "depot + central"}};
  m.entries = {into("depot")};
  return m;
}

constexpr std::size_t is_kept = 4;

const Compiled& model_of(std::size_t which) {
  static const std::vector<Compiled> all = {support::compiled(lagged()), support::compiled(flipped()),
                                            support::compiled(saturable()), support::compiled(stiff()),
                                            support::compiled(kept())};
  return all[which % all.size()];
}

struct Records {
  std::size_t model = 0;
  std::vector<double> eta;
  Patient patient;
};

// What the door lets through: finite, not beyond 1e12, nothing negative but times.
double limited(double x, double least, double most) {
  return std::isfinite(x) ? std::clamp(x, least, most) : std::max(least, 0.0);
}

double next_number(std::istringstream& line) {
  std::string word;
  line >> word;
  return std::strtod(word.c_str(), nullptr);
}

void read_dose(std::istringstream& line, int order, Patient& patient) {
  DosingEvent dose;
  dose.time = limited(next_number(line), -1e6, 1e6);
  dose.amt = limited(next_number(line), 0.0, 1e12);
  dose.order = order;
  dose.route = "dose";
  for (std::string word; line >> word;) {
    const double x = next_number(line);
    if (word == "r") dose.input = DosingEvent::Input::rate, dose.rate = limited(x, 1e-300, 1e12);
    if (word == "t") dose.input = DosingEvent::Input::duration, dose.dur = limited(x, 1e-300, 1e6);
    if (word == "i") dose.ii = limited(x, 1e-300, 1e6);
    if (word == "a") dose.addl = static_cast<int>(limited(x, 0.0, 2e9));
    if (word == "s") dose.ss = static_cast<int>(limited(x, 0.0, 2.0));
  }
  if (dose.ii <= 0.0) dose.addl = 0;
  if (dose.ii <= 0.0 && !(dose.amt == 0.0 && dose.rate > 0.0)) dose.ss = 0;
  if (dose.amt == 0.0 && (dose.rate <= 0.0 || dose.ss != 1)) return;
  patient.doses.push_back(dose);
}

Records read(const std::string& text) {
  Records records;
  std::map<double, double> covariate{{-1e6, 70.0}};
  std::istringstream in(text);
  int order = 0;
  for (std::string text_line; std::getline(in, text_line) && order < static_cast<int>(most_records);) {
    std::istringstream line(text_line);
    std::string kind;
    line >> kind;
    ++order;
    if (kind == "m") records.model = static_cast<std::size_t>(limited(next_number(line), 0.0, 1e3));
    if (kind == "e")
      for (int j = 0; j < 2; ++j) records.eta.push_back(limited(next_number(line), -20.0, 20.0));
    if (kind == "d") read_dose(line, order, records.patient);
    if (kind == "x") records.patient.resets.push_back({limited(next_number(line), -1e6, 1e6), order});
    if (kind == "o") {
      Observation wanted;
      wanted.time = limited(next_number(line), -1e6, 1e6);
      wanted.order = order;
      records.patient.observations.push_back(wanted);
    }
    if (kind == "c") {
      const double time = limited(next_number(line), -1e6, 1e6);
      covariate[time] = limited(next_number(line), 0.0, 1e9);
    }
  }
  CovariateCourse& course = records.patient.covariates["W"];
  for (const auto& [time, value] : covariate) {
    course.time.push_back(time);
    course.value.push_back(value);
  }
  return records;
}

// What has entered by `time`, where bioavailability is 1 and there are no resets and steady states.
double given(const Patient& patient, double time, int order) {
  double sum = 0.0;
  for (const DosingEvent& dose : patient.doses)
    for (int i = 0; i <= dose.addl; ++i) {
      const double at = dose.time + i * dose.ii;
      const bool same = std::abs(at - time) <= 2.0 * time_rounding(time);  // one time, but for rounding
      const bool before = same ? (i == 0 ? dose.order : additional) < order : at < time;
      if (!before) continue;
      const double length = dose.input == DosingEvent::Input::rate       ? dose.amt / dose.rate
                            : dose.input == DosingEvent::Input::duration ? dose.dur
                                                                         : 0.0;
      const bool under_way = length >= 1e-6 && length > time - at;  // shorter ones are given at once (sim/timeline)
      sum += under_way ? dose.amt * ((time - at) / length) : dose.amt;
    }
  return sum;
}

// An exponential of a matrix keeps about eps times its norm: `stiffest` is the largest rate that the etas make, per hour.
void check_sum(const Patient& patient, const BuiltSchedule& built, const Course& course, double stiffest) {
  const bool plain = patient.resets.empty() &&
                     std::all_of(patient.doses.begin(), patient.doses.end(), [](const DosingEvent& d) { return d.ss == 0; });
  if (!plain) return;
  constexpr double longest = 2e6;  // hours: times are within 1e6 of the origin
  const double tolerance = 1e-6 + 1e-15 * stiffest * longest;
  for (std::size_t i = 0; i < patient.observations.size(); ++i) {
    const Observation& wanted = patient.observations[i];
    const double expected = given(patient, wanted.time, wanted.order);
    const double got = course.outputs(built.sample_of_observation[i], 0);
    if (std::abs(got - expected) > tolerance * (1.0 + std::abs(expected)))
      throw Broken("given " + std::to_string(expected) + ", found " + std::to_string(got) + " at " + std::to_string(wanted.time));
  }
}

void check_finite(const Course& course) {
  if (!course.ok) {
    if (course.why.empty()) throw Broken("a course failed without a reason");
    return;
  }
  bool finite = course.outputs.allFinite();
  for (const Matrix& sens : course.sens) finite = finite && sens.allFinite();
  if (!finite) throw Broken("a course that succeeded holds a value that is no number");
}

}  // namespace

void run_schedule(const std::string& text) {
  const Records records = read(text);
  const CompiledModel& model = *model_of(records.model);
  try {
    const Work work(most_work);
    const auto built = build_schedule(model, records.patient, {});
    if (!built) {
      if (!has_error(built.diagnostics())) throw Broken("refused without an error");
      return;
    }
    Vector eta = Vector::Zero(model.k);
    for (std::size_t j = 0; j < records.eta.size() && j < static_cast<std::size_t>(model.k); ++j)
      eta[static_cast<Eigen::Index>(j)] = records.eta[j];
    SimulateOptions options;
    options.rtol = 1e-6;
    options.atol = 1e-9;
    const Course values = simulate(model, built->schedule, eta, options);
    check_finite(values);
    options.sensitivities = true;
    const Course with = simulate(model, built->schedule, eta, options);
    check_finite(with);
    if (!values.ok || !with.ok || values.outputs.size() == 0) return;
    if (records.model % 5 == is_kept) check_sum(records.patient, *built, values, std::exp(eta[0]));
    const double size = 1.0 + values.outputs.cwiseAbs().maxCoeff();
    if (model.states.linear && !((values.outputs - with.outputs).cwiseAbs().maxCoeff() <= 1e-9 * size))
      throw Broken("the values differ with sensitivities");
  } catch (const OutOfWork&) {
    return;
  }
}

}  // namespace titrate::fuzz
