// What is read of each patient is what the model predicts, without residual error and without variability between occasions. A
// subgroup is the part of the population that fulfils its conditions; the same patients get every regimen, so that regimens
// differ by their doses and by nothing else. Percentiles are Hazen's (infer/quantiles.hpp), chances and their Monte-Carlo errors
// those of a ranking (decide/chances.cpp).

#include "checks/virtual_population.hpp"

#include <algorithm>
#include <cmath>

#include "checks/virtual_patients.hpp"
#include "checks/worked_cases.hpp"
#include "decide/target.hpp"
#include "infer/quantiles.hpp"
#include "model/definition_population.hpp"
#include "response/response.hpp"

namespace titrate {

namespace {

using json::Array;
using json::Value;

const std::vector<std::pair<const char*, double>> percentiles_of_numbers{{"p5", 0.05},  {"p10", 0.1}, {"p25", 0.25}, {"p50", 0.5},
                                                                         {"p75", 0.75}, {"p90", 0.9}, {"p95", 0.95}};
const std::vector<std::pair<const char*, double>> percentiles_of_courses{
    {"p5", 0.05}, {"p25", 0.25}, {"p50", 0.5}, {"p75", 0.75}, {"p95", 0.95}};

std::vector<double> levels_of(const std::vector<std::pair<const char*, double>>& percentiles) {
  std::vector<double> levels;
  for (const auto& [name, level] : percentiles) levels.push_back(level);
  return levels;
}

Vector equal_weights(Eigen::Index n) { return Vector::Constant(n, 1.0 / static_cast<double>(n)); }

using People = std::vector<Eigen::Index>;

// One regimen in all patients: what is read of each, and the course (times x patients).
struct Simulated {
  Vector read;
  Matrix course;
};

Value numbers_value(const Vector& values) {
  Value object;
  const std::vector<double> q = weighted_quantiles(values, equal_weights(values.size()), levels_of(percentiles_of_numbers));
  for (std::size_t i = 0; i < q.size(); ++i) object.set(percentiles_of_numbers[i].first, q[i]);
  return object;
}

Value shares_value(const Vector& values, const VirtualPopulation& population) {
  Target target;
  target.low = population.at_least;
  target.high = population.at_most;
  target.log_scale = false;
  const Chances found = chances(target, values, losses(target, values), equal_weights(values.size()));
  const auto n = static_cast<double>(values.size());
  const auto whole = [&](double share) { return std::round(share * n) / n; };  // a sum of many weights errs in its last digits
  Value object;
  if (population.at_least) object.set("at_least", *population.at_least);
  if (population.at_most) object.set("at_most", *population.at_most);
  object.set("below", whole(found.p_below));
  object.set("within", whole(found.p_in));
  object.set("above", whole(found.p_above));
  object.set("error", found.p_error);
  return object;
}

Value course_value(const Matrix& course) {
  const Matrix q = row_quantiles(course, equal_weights(course.cols()), levels_of(percentiles_of_courses));
  Value object;
  for (std::size_t i = 0; i < percentiles_of_courses.size(); ++i)
    object.set(percentiles_of_courses[i].first, column(q.col(static_cast<Eigen::Index>(i)), 1.0));
  return object;
}

Value group_value(const std::string& label, const People& people, const Simulated& all, const VirtualPopulation& population) {
  Value object;
  object.set("label", label);
  object.set("patients", people.size());
  if (people.empty()) return object;  // nothing is known of nobody
  const Vector read = all.read(people);
  object.set("mean", read.mean());
  object.set("percentiles", numbers_value(read));
  if (population.at_least || population.at_most) object.set("shares", shares_value(read, population));
  if (all.course.rows() > 0) object.set("course", course_value(all.course(Eigen::all, people)));
  return object;
}

// How a covariate came about.
Value source_value(const VirtualPopulation& population, const Covariate& covariate) {
  Value object;
  const auto sampling = std::find_if(population.sampled.begin(), population.sampled.end(),
                                     [&](const Sampling& s) { return s.covariate == covariate.name; });
  const auto& given = population.common.covariates;
  object.set("name", covariate.name);
  object.set("label", covariate.label);
  object.set("unit", covariate.unit.text);
  std::string read;
  if (sampling != population.sampled.end()) {
    object.set("source", sampling->read.empty() ? "sampled" : "model_file");
    read = sampling->read;
  } else if (given.count(covariate.name) > 0) {
    object.set("source", "given");
  } else if (!covariate.frequencies.empty()) {
    object.set("source", "model_file");
    read = covariate.frequencies_read;
  } else if (covariate.from) {
    object.set("source", "computed");
  } else {
    const auto courses = json::parse(population.common.patient);
    const Value* covariates = courses ? courses->find("covariates") : nullptr;
    object.set("source", covariates != nullptr && covariates->find(covariate.name) != nullptr ? "given" : "assumed_unknown");
  }
  if (!read.empty()) object.set("read", read);
  return object;
}

Array covariates_array(const Model& model, const VirtualPopulation& population, const std::vector<VirtualPatient>& patients) {
  Array array;
  for (const Covariate& covariate : model.covariates) {
    std::vector<double> values;
    for (const VirtualPatient& patient : patients)
      if (const auto found = patient.covariates.find(covariate.name); found != patient.covariates.end())
        values.push_back(found->second);
    if (covariate.input || values.size() != patients.size()) continue;
    Value object = source_value(population, covariate);
    if (covariate.choices.empty()) {
      const auto n = static_cast<Eigen::Index>(values.size());
      const Vector column = Eigen::Map<const Vector>(values.data(), n);
      const std::vector<double> q = weighted_quantiles(column, equal_weights(n), {0.05, 0.5, 0.95});
      object.set("p5", q[0]).set("p50", q[1]).set("p95", q[2]);
    } else {
      Value shares{json::Object{}};
      for (const auto& choice : covariate.choices)
        shares.set(choice.first, static_cast<double>(std::count(values.begin(), values.end(), choice.second)) /
                                     static_cast<double>(values.size()));
      object.set("shares", std::move(shares));
    }
    array.push_back(std::move(object));
  }
  return array;
}

// A covariate that follows from others and is drawn by itself all the same contradicts them: where all of them are known, or
// where one of them is drawn too and nothing says how the two go together.
Diagnostics contradictions(const CompiledModel& compiled, const VirtualPopulation& population) {
  const std::vector<Covariate>& covariates = compiled.model->covariates;
  const auto sampled = [&](const std::string& name) {
    return std::any_of(population.sampled.begin(), population.sampled.end(),
                       [&](const Sampling& s) { return s.covariate == name; });
  };
  const auto correlated = [&](const std::string& a, const std::string& b) {
    return std::any_of(population.correlations.begin(), population.correlations.end(), [&](const SampledCorrelation& pair) {
      return (pair.between[0] == a && pair.between[1] == b) || (pair.between[0] == b && pair.between[1] == a);
    });
  };
  Diagnostics found;
  for (const ComputedCovariate& computed : compiled.computed) {
    const std::string& name = covariates[static_cast<std::size_t>(computed.covariate)].name;
    if (!sampled(name)) continue;
    bool all_known = true, apart = false;
    std::vector<std::string> from;
    for (const int need : computed.needs) {
      const std::string& other = covariates[static_cast<std::size_t>(need)].name;
      from.push_back(other);
      all_known = all_known && (sampled(other) || population.common.covariates.count(other) > 0);
      apart = apart || (sampled(other) && !correlated(name, other));
    }
    if (all_known || apart)
      found.push_back({"population.derived", Severity::error, json::child("/population/sampled", name), std::nullopt,
                       name + " is computed from " + list_of(from) + ": drawn by itself it would contradict them.",
                       "leave it out; or leave one of the others open, and state its correlation with those that are sampled"});
  }
  return found;
}

Result<std::vector<VirtualPatient>> draw_all(const Compiled& model, const VirtualPopulation& population, std::uint64_t seed) {
  const auto draw = VirtualPatientDraw::of(
      model, {population.common, population.sampled, population.correlations, population.where, population.within_studied});
  if (!draw) return draw.diagnostics();
  std::vector<VirtualPatient> patients;
  for (int i = 0; i < population.patients; ++i) {
    auto patient = draw->draw(Rng{seed, static_cast<std::uint64_t>(i)});
    if (!patient) return patient.diagnostics();
    patients.push_back(std::move(*patient));
  }
  return patients;
}

Result<Simulated> simulate_all(const Compiled& model, const VirtualPopulation& population, const VirtualRegimen& regimen,
                               const std::vector<VirtualPatient>& patients, const Progress& progress) {
  const Units units(*model->model);
  const auto n = static_cast<Eigen::Index>(patients.size()), times = static_cast<Eigen::Index>(population.times.size());
  Simulated all{Vector(n), Matrix(times, n)};
  std::vector<WorkedCase::Check> checks{population.common.checks.front()};
  for (const double time : population.times) {
    checks.push_back(checks.front());
    checks.back().what = "value";
    checks.back().time = time;
  }
  for (Eigen::Index i = 0; i < n; ++i) {
    const VirtualPatient& patient = patients[static_cast<std::size_t>(i)];
    WorkedCase worked = patient.worked;
    worked.regimen = regimen.lines;
    if (!regimen.per.empty()) worked.amount_factor = patient.covariates.at(regimen.per);
    worked.checks = checks;
    const auto values = worked_values(*model, units, worked);
    if (!values) return values.diagnostics();
    all.read[i] = values->front();
    all.course.col(i) = Eigen::Map<const Vector>(values->data() + 1, times);
    if (progress && i % 16 == 0) progress(static_cast<double>(i) / static_cast<double>(n));
  }
  return all;
}

People members(const Model& model, const std::vector<VirtualPatient>& patients, const Subgroup& subgroup) {
  People people;
  for (std::size_t i = 0; i < patients.size(); ++i)
    if (std::all_of(subgroup.where.begin(), subgroup.where.end(),
                    [&](const Condition& condition) { return fulfils(model, patients[i], condition); }))
      people.push_back(static_cast<Eigen::Index>(i));
  return people;
}

}  // namespace

Result<Value> population_value(const Compiled& compiled, const Value& asked, const std::vector<FromGenotype>& genotypes,
                               const ModelPopulation& own, const PopulationSettings& settings) {
  const Model& model = *compiled->model;
  const auto population = read_virtual_population(asked, "/population", model, genotypes, own);
  if (!population) return population.diagnostics();
  if (const Diagnostics found = contradictions(*compiled, *population); !found.empty()) return found;
  const auto patients = draw_all(compiled, *population, settings.seed);
  if (!patients) return patients.diagnostics();
  std::vector<Subgroup> groups{{"all", {}}};
  groups.insert(groups.end(), population->subgroups.begin(), population->subgroups.end());
  std::vector<People> people;
  for (const Subgroup& group : groups) people.push_back(members(model, *patients, group));

  int draws = 0;
  for (const VirtualPatient& patient : *patients) draws += patient.draws;
  Value result;
  const WorkedCase::Check& read = population->common.checks.front();
  result.set("of", read.output.empty() ? read.what : read.output);
  result.set("unit", population->unit.text);
  result.set("patients", population->patients);
  result.set("draws", draws);
  result.set("acceptance", static_cast<double>(population->patients) / draws);
  result.set("covariates", covariates_array(model, *population, *patients));
  if (!population->times.empty()) {
    result.set("time", Units(model).times(population->times));
    result.set("time_unit", model.time_unit);
    const auto output =
        std::find_if(model.outputs.begin(), model.outputs.end(), [&](const Output& o) { return o.name == read.output; });
    result.set("course_unit", output->unit.text);
  }
  Array regimens;
  const auto count = static_cast<double>(population->regimens.size());
  for (std::size_t r = 0; r < population->regimens.size(); ++r) {
    const VirtualRegimen& regimen = population->regimens[r];
    const auto all = simulate_all(compiled, *population, regimen, *patients, [&](double part) {
      if (settings.progress) settings.progress((static_cast<double>(r) + part) / count);
    });
    if (!all) return all.diagnostics();
    Value object;
    object.set("label", regimen.label);
    Array found;
    for (std::size_t g = 0; g < groups.size(); ++g) found.push_back(group_value(groups[g].label, people[g], *all, *population));
    object.set("groups", std::move(found));
    regimens.push_back(std::move(object));
  }
  result.set("regimens", std::move(regimens));
  return Result<Value>(std::move(result), population.diagnostics());
}

}  // namespace titrate
