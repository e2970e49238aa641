// Models written as files are, for tests of the model language: the sections that matter in JSON, the rest filled in.

#pragma once

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "model/compiled.hpp"
#include "model/definition.hpp"
#include "sim/simulate.hpp"
#include "support/records.hpp"

namespace titrate::support {

// `sections`: "parameters": { ... }, "structure": { ... }, ...
inline Result<Model> read_sections(const std::string& sections) {
  const auto tree = json::parse(R"({ "format": "titrate-model/1", "id": "written", "version": "1", "title": "Written for a test",
                       "drug": { "name": "drug" }, "source": { "citation": "nobody" }, "time_unit": "h",
                       "population": { "about": "invented" }, )" +
                                sections + "}");
  if (!tree) return tree.diagnostics();
  return read_model(*tree);
}

inline std::string all_of(const Diagnostics& diagnostics) {
  std::string text;
  for (const Diagnostic& d : diagnostics) text += d.code + " " + d.path + ": " + d.message + " " + d.hint + "\n";
  return text;
}

inline Model model_of(const std::string& sections) {
  const auto model = read_sections(sections);
  REQUIRE_MESSAGE(model, all_of(model.diagnostics()));
  return *model;
}

inline Compiled compiled_from(const std::string& sections) {
  const auto compiled = compile(std::make_shared<Model>(model_of(sections)));
  REQUIRE_MESSAGE(compiled, all_of(compiled.diagnostics()));
  return *compiled;
}

// The one complaint about such a model, whether reading or compiling finds it.
inline Diagnostic complaint_about(const std::string& sections) {
  const auto model = read_sections(sections);
  Diagnostics all = model.diagnostics();
  if (model) {
    const auto compiled = compile(std::make_shared<Model>(*model));
    CHECK(!compiled);
    all = compiled.diagnostics();
  }
  REQUIRE_MESSAGE(all.size() == 1, all_of(all));
  return all.front();
}

inline std::string derivative_of(const Model& model, const std::string& state) {
  for (const State& s : model.states)
    if (s.name == state) return s.derivative.text;
  return "no such state";
}

inline std::vector<std::string> states_of(const Model& model) {
  std::vector<std::string> names;
  for (const State& s : model.states) names.push_back(s.name);
  return names;
}

inline Course course_of(const Compiled& model, std::vector<DosingEvent> doses, const std::vector<double>& times,
                        SimulateOptions options = {}, Vector eta = {}) {
  Patient patient;
  patient.doses = std::move(doses);
  std::vector<Sample> samples;
  for (const double t : times) samples.push_back({t, before_all});
  const auto built = build_schedule(*model, patient, samples);
  REQUIRE_MESSAGE(built, all_of(built.diagnostics()));
  if (eta.size() == 0) eta = Vector::Zero(model->k);
  if (!model->states.linear && options.rtol > 1e-11) options.rtol = 1e-11;
  Course course = simulate(*model, built->schedule, eta, options);
  REQUIRE_MESSAGE(course.ok, course.why);
  return course;
}

}  // namespace titrate::support
