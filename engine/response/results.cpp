// Results of validate and simulate, and the covariates that every number rests on.

#include <algorithm>

#include "response/response.hpp"

namespace titrate {

namespace {

using json::Array;
using json::Value;

Eigen::Index at(std::size_t i) { return static_cast<Eigen::Index>(i); }

}  // namespace

// What the numbers rest on: the covariates of the equations, and the body surface that turns a product's doses into amounts.
json::Value covariates_value(const Situation& situation, const Schedule& schedule) {
  const CompiledModel& model = *situation.model;
  const double time = situation.now;
  const std::vector<double>& inputs = schedule.inputs[segment_at(schedule, time)];
  std::map<int, double> values;
  for (const int c : model.required) {
    const auto input = static_cast<std::size_t>(model.covariate_input[static_cast<std::size_t>(c)]);
    const bool linear = model.model->covariates[static_cast<std::size_t>(c)].over_time == OverTime::linear;
    values[c] = linear ? inputs[input] + inputs[input + 1] * time : inputs[input];
  }
  for (const Product& product : model.model->products)
    for (std::size_t c = 0; c < model.model->covariates.size(); ++c)
      if (product.per_area && model.model->covariates[c].name == product.area)
        if (const auto area = covariate_now(situation, product.area)) values.emplace(static_cast<int>(c), *area);
  Array array;
  for (const auto& entry : values) {
    const double value = entry.second;
    const Covariate& covariate = model.model->covariates[static_cast<std::size_t>(entry.first)];
    if (covariate.input) continue;
    const bool defaulted = std::any_of(schedule.remarks.begin(), schedule.remarks.end(), [&](const Diagnostic& d) {
      return d.code == "patient.covariate_defaulted" && d.path == json::child("/patient/covariates", covariate.name);
    });
    const bool unknown = std::any_of(situation.variants.unknown.begin(), situation.variants.unknown.end(),
                                     [&](const Unknown& u) { return u.name == covariate.name; });
    Value object;
    object.set("name", covariate.name);
    object.set("label", covariate.label);
    object.set("unit", covariate.unit.text);
    if (unknown) {
      object.set("source", "unknown");
      array.push_back(std::move(object));
      continue;
    }
    object.set("value", value / covariate.unit.factor);
    for (const auto& [word, number] : covariate.choices)
      if (number == value) object.set("word", word);
    const auto recorded = situation.recorded.covariates.find(covariate.name);
    const bool given = recorded != situation.recorded.covariates.end();
    object.set("source", given && recorded->second.path.rfind("/patient/genotypes/", 0) == 0 ? "genotype"
                         : given                                                             ? "given"
                         : defaulted                                                         ? "assumed_unknown"
                                                                                             : "computed");
    array.push_back(std::move(object));
  }
  return array;
}

json::Value simulation_value(const CompiledModel& model, const BuiltSchedule& built, const Course& course,
                             const Request& request) {
  const Model& written = *model.model;
  const Units units(written);
  Value outputs{json::Object{}};
  for (std::size_t j = 0; j < written.outputs.size(); ++j) {
    const Unit& unit = written.outputs[j].unit;
    Vector value(at(request.times.size())), auc(at(request.times.size()));
    for (std::size_t i = 0; i < request.times.size(); ++i) {
      const Eigen::Index row = built.sample_of_extra[i];
      value[at(i)] = course.outputs(row, at(j));
      auc[at(i)] = course.auc(row, at(j));
    }
    Value object;
    object.set("unit", unit.text);
    object.set("value", column(value, unit.factor));
    object.set("auc", column(auc, unit.factor * units.time.factor));
    outputs.set(written.outputs[j].name, std::move(object));
  }
  Array parameters;
  const double last = request.times.empty() ? built.schedule.start : request.times.back();
  for (const auto& [name, value] : individual_parameters(model, built.schedule, request.eta, last)) {
    const Unit& unit = units.individual.at(name);
    Value object;
    object.set("name", name);
    object.set("value", value / unit.factor);
    object.set("unit", unit.text);
    parameters.push_back(std::move(object));
  }
  Value eta{json::Object{}};
  for (std::size_t i = 0; i < written.random_effects.size(); ++i) eta.set(written.random_effects[i].name, request.eta[at(i)]);
  Value result;
  result.set("time", units.times(request.times));
  result.set("time_unit", written.time_unit);
  result.set("outputs", std::move(outputs));
  result.set("parameters", std::move(parameters));
  result.set("eta", std::move(eta));
  return result;
}

}  // namespace titrate
