// Each case is a patient: covariates, inputs, sessions and co-medication read as a request would write them, its regimen
// unrolled. States begin at 0 h or earlier. Values are read before a dose of the same time, windows are sampled densely and
// refined between the samples (sim/exposure). Areas are in the unit of the output times the model's unit of time.

#include "checks/worked_cases.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "base/text.hpp"
#include "request/request.hpp"
#include "response/response.hpp"
#include "sim/exposure.hpp"

namespace titrate {

Result<Patient> worked_patient(const CompiledModel& model, const WorkedCase& worked) {
  Diagnostics diagnostics;
  Reader reader(diagnostics);
  Patient patient;
  const std::string path = json::child(worked.path, "covariates");
  const Result<json::Value> stated = json::parse(worked.patient.empty() ? "{}" : worked.patient);
  if (!stated) return stated.diagnostics();
  json::Value covariates{json::Object{}};
  if (const json::Value* courses = stated->find("covariates")) covariates = *courses;
  for (const auto& [name, text] : worked.covariates) covariates.set(name, text);
  read_covariates(covariates, path, *model.model, reader, patient);
  check_covariates(model, patient, path, reader);
  for (const OtherDrug& other : read_inputs(*stated, worked.path, *model.model, reader, patient))
    reader.error("patient.drug_not_computed", other.path, "The model computes nothing of " + other.drug + ".",
                 "leave it out of the case");
  Result<std::vector<DosingEvent>> doses = worked_doses(*model.model, worked);
  append(diagnostics, doses.diagnostics());
  if (has_error(diagnostics) || !doses) return diagnostics;
  patient.doses = *doses;
  patient.now = 0.0;
  for (DosingEvent& dose : patient.doses) {
    dose.order = 1;
    patient.now = std::max(*patient.now, last_dose_time(dose));
  }
  return patient;
}

namespace {

// Gaps in h: Hermite errors below 1e-7 for half-lives over an hour; a short window is sampled more densely, since what it looks
// at is fast, and a long one at 3000 times or a few more.
constexpr double first_gap = 0.02, widest_gap = 2.0, least_gaps = 200.0, most_gaps = 3000.0;

// One course that serves all checks of a case.
struct Run {
  Patient patient;
  BuiltSchedule built;
  Vector eta;
  Course course;
  std::vector<std::vector<int>> rows;  // per check: rows of its samples
};

Vector eta_of(const CompiledModel& model, const WorkedCase& worked) {
  Vector eta = Vector::Zero(model.k);
  const std::vector<RandomEffect>& effects = model.model->random_effects;
  for (const auto& [name, value] : worked.eta)
    for (std::size_t j = 0; j < effects.size(); ++j)
      if (effects[j].name == name) eta[static_cast<Eigen::Index>(j)] = value;
  return eta;
}

std::vector<Sample> samples_of(const WorkedCase::Check& check, const std::vector<double>& edges) {
  if (check.output.empty()) return {};
  if (check.what == "value") return {Sample{check.time, before_all}};
  const double length = check.to - check.from;
  const double widest = std::max(std::min(widest_gap, length / least_gaps), length / most_gaps);
  return exposure_samples(Window{check.from, check.to}, edges, first_gap, widest);
}

Result<Run> run_case(const CompiledModel& model, const WorkedCase& worked) {
  Result<Patient> patient = worked_patient(model, worked);
  if (!patient) return patient.diagnostics();
  Run run;
  run.patient = *patient;
  const Result<BuiltSchedule> doses_alone = build_schedule(model, run.patient, {});
  if (!doses_alone) return doses_alone.diagnostics();
  const std::vector<double> edges = input_edges(model, doses_alone->schedule);
  std::vector<Sample> samples{Sample{0.0, before_all}};
  std::vector<std::size_t> begin{1};
  for (const WorkedCase::Check& check : worked.checks) {
    const std::vector<Sample> wanted = samples_of(check, edges);
    samples.insert(samples.end(), wanted.begin(), wanted.end());
    begin.push_back(samples.size());
  }
  Result<BuiltSchedule> built = build_schedule(model, run.patient, samples);
  if (!built) return built.diagnostics();
  run.built = *built;
  SimulateOptions options;
  const auto asks = [&](const char* what) {
    return std::any_of(worked.checks.begin(), worked.checks.end(), [&](const WorkedCase::Check& c) { return c.what == what; });
  };
  options.auc = asks("auc");
  options.slopes = options.auc || asks("max") || asks("min");
  if (worked.rtol) options.rtol = *worked.rtol;
  run.eta = eta_of(model, worked);
  run.course = simulate(model, run.built.schedule, run.eta, options);
  if (!run.course.ok)
    return Diagnostic{"model.worked_case_failed",
                      Severity::error,
                      worked.path,
                      std::nullopt,
                      "The case cannot be simulated: " + run.course.why,
                      ""};
  for (std::size_t i = 0; i + 1 < begin.size(); ++i)
    run.rows.emplace_back(run.built.sample_of_extra.begin() + static_cast<std::ptrdiff_t>(begin[i]),
                          run.built.sample_of_extra.begin() + static_cast<std::ptrdiff_t>(begin[i + 1]));
  return run;
}

std::string window_text(const WorkedCase::Check& check) { return to_text(check.from) + " to " + to_text(check.to) + " h"; }

std::optional<double> value_of_parameter(const CompiledModel& model, const Units& units, const Run& run,
                                         const std::string& parameter) {
  for (const auto& [name, value] : individual_parameters(model, run.built.schedule, run.eta, run.built.schedule.start))
    if (name == parameter) return value / units.individual.at(name).factor;
  return std::nullopt;
}

Eigen::Index output_of(const Model& model, const WorkedCase::Check& check) {
  Eigen::Index output = 0;
  while (model.outputs[static_cast<std::size_t>(output)].name != check.output) ++output;
  return output;
}

double value_of_output(const CompiledModel& model, const Run& run, const WorkedCase::Check& check, const std::vector<int>& rows) {
  const Eigen::Index output = output_of(*model.model, check);
  const Unit& unit = model.model->outputs[static_cast<std::size_t>(output)].unit;
  if (check.what == "value") return run.course.outputs(rows.front(), output) / unit.factor;
  const Curve curve = curve_of(run.course, run.built.schedule, rows, static_cast<int>(output));
  if (check.what == "auc")
    return (curve.auc.back() - curve.auc.front()) / (unit.factor * known_unit(model.model->time_unit).factor);
  return (check.what == "max" ? highest(curve) : lowest(curve)).value / unit.factor;
}

// What a check reads, in words, and its unit.
void describe(const Model& model, const Units& units, const WorkedCase::Check& check, WorkedCheck& result) {
  if (check.output.empty()) {
    const auto unit = units.individual.find(check.what);
    result.check = check.what;
    if (unit != units.individual.end()) result.unit = unit->second.text;
    return;
  }
  result.unit = model.outputs[static_cast<std::size_t>(output_of(model, check))].unit.text;
  if (check.what == "value") {
    result.check = check.output + " at " + to_text(check.time) + " h";
  } else if (check.what == "auc") {
    result.check = check.output + " area, " + window_text(check);
    result.unit += "*" + known_unit(model.time_unit).text;
  } else {
    result.check = check.output + (check.what == "max" ? " highest, " : " lowest, ") + window_text(check);
  }
}

WorkedCheck compare(const Model& model, const Units& units, const WorkedCase& worked, const WorkedCase::Check& check,
                    double got) {
  WorkedCheck result;
  result.label = worked.label;
  result.expected = check.expected;
  describe(model, units, check, result);
  result.tolerance = check.tolerance;
  result.got = got;
  const double scale = check.expected != 0.0 ? std::fabs(check.expected) : 1.0;
  result.relative = std::fabs(got - check.expected) / scale;
  result.ok = result.tolerance > 0.0 && result.relative <= result.tolerance;
  return result;
}

}  // namespace

Result<std::vector<double>> worked_values(const CompiledModel& model, const Units& units, const WorkedCase& worked) {
  const Result<Run> run = run_case(model, worked);
  if (!run) return run.diagnostics();
  std::vector<double> values;
  for (std::size_t i = 0; i < worked.checks.size(); ++i) {
    const WorkedCase::Check& check = worked.checks[i];
    const auto value = check.output.empty() ? value_of_parameter(model, units, *run, check.what)
                                            : value_of_output(model, *run, check, run->rows[i]);
    if (!value)
      return Diagnostic{"model.worked_case_failed",
                        Severity::error,
                        worked.path,
                        std::nullopt,
                        check.what + " changes with time: it has no value to read.",
                        "Read an output."};
    values.push_back(*value);
  }
  return Result<std::vector<double>>(std::move(values), run.diagnostics());
}

Result<std::vector<WorkedCheck>> run_worked_cases(const CompiledModel& model) {
  const Units units(*model.model);
  std::vector<WorkedCheck> results;
  Diagnostics diagnostics;
  for (const WorkedCase& worked : model.model->worked_cases) {
    const auto values = worked_values(model, units, worked);
    append(diagnostics, values.diagnostics());
    for (std::size_t i = 0; values && i < worked.checks.size(); ++i)
      results.push_back(compare(*model.model, units, worked, worked.checks[i], (*values)[i]));
  }
  if (has_error(diagnostics)) return diagnostics;
  return Result<std::vector<WorkedCheck>>(std::move(results), diagnostics);
}

}  // namespace titrate
