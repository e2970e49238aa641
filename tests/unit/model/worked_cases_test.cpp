// Every number that a shipped model file promises, simulated: typical parameters, levels, extremes and areas of its worked cases.
// The expected values come from the sources' public transcriptions or from a second program, never from this engine.

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>

#include "model/definition.hpp"
#include "model/regimen_text.hpp"
#include "sim/simulate.hpp"

#ifndef TITRATE_MODELS_DIR
#define TITRATE_MODELS_DIR "models"
#endif

using namespace titrate;

namespace {

std::string messages(const Diagnostics& diagnostics) {
  std::string text;
  for (const Diagnostic& d : diagnostics) text += d.code + " " + d.path + ": " + d.message + "\n";
  return text;
}

std::shared_ptr<const Model> shipped(const std::string& id) {
  std::ifstream file(std::string(TITRATE_MODELS_DIR) + "/" + id + ".json", std::ios::binary);
  if (!file) return nullptr;
  std::stringstream text;
  text << file.rdbuf();
  const auto tree = json::parse(text.str());
  REQUIRE(tree);
  const auto model = read_model(*tree);
  REQUIRE_MESSAGE(model, messages(model.diagnostics()));
  return std::make_shared<const Model>(*model);
}

double covariate_value(const Model& model, const std::string& name, const std::string& written) {
  for (const Covariate& covariate : model.covariates) {
    if (covariate.name != name) continue;
    for (const auto& [word, number] : covariate.choices)
      if (word == written) return number;
    const auto quantity = parse_quantity(written, covariate.unit, name);
    REQUIRE(quantity);
    return quantity->value;
  }
  FAIL("no covariate " << name);
  return 0.0;
}

Patient patient_of(const Model& model, const WorkedCase& worked) {
  Patient patient;
  for (const auto& [name, written] : worked.covariates)
    patient.covariates[name] = {{0.0}, {covariate_value(model, name, written)}, name};
  const auto regimen = parse_regimen(worked.regimen);
  REQUIRE(regimen);
  DosingEvent dose;
  dose.amt = regimen->amt.value;
  if (regimen->dur > 0.0) {
    dose.input = DosingEvent::Input::duration;
    dose.dur = regimen->dur;
  }
  dose.ii = regimen->ii;
  dose.addl = regimen->n - 1;
  dose.ss = regimen->steady_state ? 1 : 0;
  dose.route = model.routes.front().name;
  patient.doses.push_back(dose);
  return patient;
}

// Times at which a check needs values: its own, or a grid fine enough for an extreme (it errs by the square of the step).
std::vector<double> times_of(const WorkedCase::Check& check) {
  if (check.what == "value") return {check.time};
  if (check.what == "auc") return {check.from, check.to};
  std::vector<double> times;
  const int steps = static_cast<int>(std::lround((check.to - check.from) * 4.0));
  for (int i = 0; i <= steps; ++i) times.push_back(check.from + (check.to - check.from) * i / steps);
  return times;
}

double found(const WorkedCase::Check& check, const CompiledModel& compiled, const Patient& patient) {
  const Vector eta = Vector::Zero(compiled.k);
  const std::vector<double> times = check.output.empty() ? std::vector<double>{0.0} : times_of(check);
  std::vector<Sample> samples;
  for (const double time : times) samples.push_back(Sample{time});
  const auto built = build_schedule(compiled, patient, samples);
  REQUIRE_MESSAGE(built, messages(built.diagnostics()));
  if (check.output.empty()) {
    double factor = 1.0;
    for (const Intermediate& parameter : compiled.model->individual)
      if (parameter.name == check.what && parameter.unit) factor = parameter.unit->factor;
    for (const auto& [name, value] : individual_parameters(compiled, built->schedule, eta, 0.0))
      if (name == check.what) return value / factor;
    FAIL("no parameter " << check.what);
  }
  SimulateOptions options;
  options.auc = check.what == "auc";
  const Course course = simulate(compiled, built->schedule, eta, options);
  REQUIRE_MESSAGE(course.ok, course.why);
  Eigen::Index column = 0;
  while (compiled.model->outputs[static_cast<std::size_t>(column)].name != check.output) ++column;
  const double factor = compiled.model->outputs[static_cast<std::size_t>(column)].unit.factor;
  const auto at = [&](std::size_t i) { return static_cast<Eigen::Index>(built->sample_of_extra[i]); };
  if (check.what == "auc") return (course.auc(at(1), column) - course.auc(at(0), column)) / factor;
  double value = course.outputs(at(0), column);
  for (std::size_t i = 1; i < times.size(); ++i) {
    const double y = course.outputs(at(i), column);
    value = check.what == "max" ? std::max(value, y) : std::min(value, y);
  }
  return value / factor;
}

void run_worked_cases(const std::string& id) {
  const auto model = shipped(id);
  if (!model) {
    std::printf("SKIPPED worked cases of %s: no file system here\n", id.c_str());
    return;
  }
  const auto compiled = compile(model);
  REQUIRE_MESSAGE(compiled, messages(compiled.diagnostics()));
  for (const WorkedCase& worked : model->worked_cases) {
    CAPTURE(worked.label);
    const Patient patient = patient_of(*model, worked);
    for (const WorkedCase::Check& check : worked.checks) {
      CAPTURE(check.output);
      CAPTURE(check.what);
      CAPTURE(check.time);
      const double value = found(check, **compiled, patient);
      CAPTURE(value);
      CHECK(std::abs(value - check.expected) <= check.tolerance * std::abs(check.expected));
    }
  }
}

}  // namespace

// Alphabetical, one a line.
TEST_CASE("every shipped model gives the parameters, levels, extremes and areas of its worked cases") {
  for (const char* id : {
           "amikacin_delattre2010",
           "busulfan_paci2012",
           "carboplatin_ekhart2008",
           "cefepime_jonckheere2020",
           "ciclosporin_umpierrez2021",
           "digoxin_jelliffe2014",
           "docetaxel_neutropenia_kloft2006",
           "docetaxel_neutropenia_ozawa2007",
           "everolimus_dewit2016",
           "heparin_alsallami2016",
           "imatinib_gotta2012",
           "infliximab_fasanmade2009",
           "levetiracetam_bilbaomeseguer2021",
           "linezolid_taubert2016",
           "meropenem_li2006",
           "methotrexate_taylor2020",
           "methotrexate_taylor2026",
           "mycophenolate_wang2022",
           "phenytoin_yukawa1990",
           "piperacillin_klastrup2020",
           "tacrolimus_andrews2019",
           "tacrolimus_monchaud2012",
           "tacrolimus_woillard2011",
           "theophylline_yano1993",
           "tobramycin_hennig2013",
           "vancomycin_adane2015",
           "vancomycin_colin2019",
           "vancomycin_goti2018",
           "vancomycin_roberts2011",
           "vancomycin_thomson2009",
           "vedolizumab_rosario2015",
           "voriconazole_friberg2012",
       }) {
    CAPTURE(id);
    run_worked_cases(id);
  }
}

TEST_CASE(
    "creatinine clearance of the vancomycin model follows the erratum: a floor of 1 mg/dL over 65 years, a cap of 150 mL/min") {
  const auto model = shipped("vancomycin_goti2018");
  if (!model) {
    std::printf("SKIPPED creatinine clearance of vancomycin_goti2018: no file system here\n");
    return;
  }
  const auto compiled = compile(model);
  REQUIRE_MESSAGE(compiled, messages(compiled.diagnostics()));
  const auto clearance = [&](const std::string& age, const std::string& creatinine) {
    WorkedCase worked;
    worked.regimen = "1000 mg over 1 h once";
    worked.covariates = {{"WT", "72 kg"}, {"age", age}, {"SCR", creatinine}, {"sex", "male"}, {"DIAL", "no"}};
    const WorkedCase::Check check{"", "CL", 0.0, 0.0, 0.0, 0.0, 0.0};
    return found(check, **compiled, patient_of(*model, worked));
  };
  // At 72 kg Cockcroft-Gault is (140 - age) / creatinine; CL = 4.5 (CRCL / 120)^0.8.
  const auto CL = [](double CRCL) { return 4.5 * std::pow(CRCL / 120.0, 0.8); };
  CHECK(clearance("70 year", "0.5 mg/dL") == doctest::Approx(CL(70.0)).epsilon(1e-9));
  CHECK(clearance("65 year", "0.6 mg/dL") == doctest::Approx(CL(125.0)).epsilon(1e-9));
  CHECK(clearance("40 year", "0.5 mg/dL") == doctest::Approx(CL(150.0)).epsilon(1e-9));
  CHECK(clearance("70 year", "2 mg/dL") == doctest::Approx(CL(35.0)).epsilon(1e-9));
}
