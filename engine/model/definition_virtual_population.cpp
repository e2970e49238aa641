// Reading a request's "population"; what it may hold: models/README.md, Virtual populations.

#include <algorithm>
#include <cmath>

#include "model/definition_population.hpp"
#include "model/definition_sampling.hpp"
#include "model/regimen_text.hpp"

namespace titrate::definition {

namespace {

constexpr std::size_t most_regimens = 12, most_subgroups = 40;
constexpr double most_times = 500.0;

bool samples(const std::vector<Sampling>& sampled, const std::string& name) {
  return std::any_of(sampled.begin(), sampled.end(), [&](const Sampling& s) { return s.covariate == name; });
}

bool same_pair(const SampledCorrelation& a, const SampledCorrelation& b) {
  return (a.between[0] == b.between[0] && a.between[1] == b.between[1]) ||
         (a.between[0] == b.between[1] && a.between[1] == b.between[0]);
}

// A constant, or values over time.
bool is_given(const WorkedCase& common, const std::string& name) {
  if (common.covariates.count(name) > 0) return true;
  const auto patient = json::parse(common.patient);
  const json::Value* courses = patient ? patient->find("covariates") : nullptr;
  return courses != nullptr && courses->find(name) != nullptr;
}

// Covariates of the model file's own population that the request leaves open.
void add_own(const ModelPopulation& own, VirtualPopulation& to) {
  const std::vector<Sampling> stated = to.sampled;
  for (const Sampling& sampling : own.sampled)
    if (!is_given(to.common, sampling.covariate) && !samples(stated, sampling.covariate)) to.sampled.push_back(sampling);
}

// Pairs of which the request says nothing, where both are sampled.
void add_own_correlations(const ModelPopulation& own, VirtualPopulation& to) {
  const std::vector<SampledCorrelation> stated = to.correlations;
  for (const SampledCorrelation& pair : own.correlations) {
    const bool known = std::any_of(stated.begin(), stated.end(), [&](const SampledCorrelation& c) { return same_pair(c, pair); });
    if (!known && samples(to.sampled, pair.between[0]) && samples(to.sampled, pair.between[1])) to.correlations.push_back(pair);
  }
}

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += (text.empty() ? "" : "; ") + line;
  return text;
}

void add_regimen(Fields& fields, const std::vector<std::string>& lines, VirtualPopulation& to, Reading& reading) {
  VirtualRegimen regimen{fields.has("label") ? fields.text("label") : joined(lines), lines, fields.text("per")};
  const bool known = to.common.covariates.count(regimen.per) > 0 || samples(to.sampled, regimen.per);
  check_per(fields, known, regimen.per, reading);
  to.regimens.push_back(std::move(regimen));
}

void read_regimens(Fields& fields, VirtualPopulation& to, Reading& reading) {
  if (!fields.has("regimens")) return add_regimen(fields, to.common.regimen, to, reading);
  if (fields.has("regimen") || fields.has("per"))
    reading.error("model.bad_value", fields.at("regimens"), "\"regimens\" takes the place of \"regimen\" and \"per\".");
  each_element(fields.find("regimens"), fields.at("regimens"), reading, [&](const json::Value& value, const std::string& path) {
    Fields one(value, path, reading, {"label", "regimen", "per"});
    if (!value.is_object()) return;
    WorkedCase worked;
    read_setting(one, worked, reading);
    add_regimen(one, worked.regimen, to, reading);
  });
  if (to.regimens.empty() || to.regimens.size() > most_regimens)
    reading.error("model.bad_value", fields.at("regimens"), "A population is simulated under 1 to 12 regimens.");
}

void read_subgroups(Fields& fields, VirtualPopulation& to, Reading& reading) {
  each_element(fields.find("subgroups"), fields.at("subgroups"), reading, [&](const json::Value& value, const std::string& path) {
    Fields one(value, path, reading, {"label", "where"});
    if (!value.is_object()) return;
    Subgroup subgroup;
    subgroup.label = one.need_text("label", "\"clearance 30 to 60 mL/min\"");
    if (one.need("where", "{ \"CRCL\": { \"at_least\": 30, \"below\": 60 } }") != nullptr)
      subgroup.where = read_conditions(one, reading);
    to.subgroups.push_back(std::move(subgroup));
  });
  if (to.subgroups.size() > most_subgroups)
    reading.error("model.bad_value", fields.at("subgroups"), "There are 40 subgroups at most.");
}

// The course: from, to and every, in hours.
void read_times(Fields& outer, VirtualPopulation& to, Reading& reading) {
  const json::Value* value = outer.find("times");
  if (value == nullptr) return;
  Fields fields(*value, outer.at("times"), reading, {"from", "to", "every"});
  if (!value->is_object()) return;
  const auto hours = [&](const char* key) {
    const auto time = parse_hours(fields.need_text(key, "\"12 h\""));
    if (!time && fields.has(key))
      reading.error("model.bad_value", fields.at(key), "A time has a number and a unit.", "Write for instance \"12 h\".");
    return time;
  };
  const auto from = hours("from"), last = hours("to"), every = hours("every");
  if (!from || !last || !every) return;
  const double n = *every > 0.0 ? std::floor((*last - *from) / *every + 1e-9) + 1.0 : 0.0;
  if (!(n >= 1.0 && n <= most_times))
    return reading.error("model.bad_value", fields.path(), "A course has 1 to 500 times, the first one first.");
  if (to.common.checks.front().output.empty())
    return reading.error("model.bad_value", fields.path(), "A parameter has no course over time.");
  for (int i = 0; i < static_cast<int>(n); ++i) to.times.push_back(*from + i * *every);
}

// What is read of each, and the limits that it is held against.
void read_reading(Fields& fields, VirtualPopulation& to, Reading& reading) {
  WorkedCase::Check of_each;
  auto unit = read_of_each(fields, of_each, reading);
  to.common.checks.push_back(std::move(of_each));
  if (!unit) return;
  to.unit = *unit;
  if (const auto low = fields.quantity("at_least", *unit)) to.at_least = low->value / unit->factor;
  if (const auto high = fields.quantity("at_most", *unit)) to.at_most = high->value / unit->factor;
  if (to.at_least && to.at_most && !(*to.at_least < *to.at_most))
    reading.error("model.bad_value", fields.at("at_most"), "The upper limit lies above the lower one.");
}

}  // namespace

}  // namespace titrate::definition

namespace titrate {

Result<VirtualPopulation> read_virtual_population(const json::Value& value, const std::string& path, const Model& model,
                                                  const std::vector<FromGenotype>& genotypes, const ModelPopulation& own) {
  using namespace definition;
  Reading reading;
  reading.model = model;
  Fields fields(value, path, reading,
                {"covariates", "sampled", "correlations", "outside_studied", "where", "inputs", "dialysis", "co_medication",
                 "eta", "regimen", "regimens", "per", "patients", "of", "each", "at_least", "at_most", "subgroups", "times"});
  VirtualPopulation population;
  if (value.is_object()) {
    population.common.path = path;
    read_setting(fields, population.common, reading);
    population.sampled = read_samplings(fields, genotypes, reading);
    for (const Sampling& sampling : population.sampled)
      if (is_given(population.common, sampling.covariate))
        reading.error("model.duplicate_name", json::child(fields.at("sampled"), sampling.covariate),
                      sampling.covariate + " is both given and sampled.", "Leave one of them out.");
    add_own(own, population);
    population.correlations = read_sampled_correlations(fields, population.sampled, reading);
    add_own_correlations(own, population);
    population.where = read_conditions(fields, reading);
    population.within_studied = fields.word("outside_studied", {"redraw", "keep"}).value_or("redraw") == "redraw";
    population.patients = read_patients(fields, !reading.model.random_effects.empty() || !population.sampled.empty(), reading);
    read_reading(fields, population, reading);
    read_regimens(fields, population, reading);
    read_subgroups(fields, population, reading);
    read_times(fields, population, reading);
  }
  if (has_error(reading.diagnostics)) return reading.diagnostics;
  return Result<VirtualPopulation>(std::move(population), std::move(reading.diagnostics));
}

}  // namespace titrate
