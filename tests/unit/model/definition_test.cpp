// Reading model files: what a good file becomes, and that each kind of mistake is reported where it stands.

#include "model/definition.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <sstream>
#include <string>

#ifndef TITRATE_MODELS_DIR
#define TITRATE_MODELS_DIR "models"
#endif

using namespace titrate;

namespace {

const std::string good = R"json({
  "format": "titrate-model/1",
  "id": "one", "version": "1", "title": "One compartment", "drug": { "name": "drug", "molar_mass": "500 g/mol" },
  "source": { "citation": "nobody", "doi": "" }, "time_unit": "h", "population": { "n": 12, "about": "invented" },
  "covariates": {
    "WT": { "label": "Body weight", "unit": "kg", "studied": [40, 120], "plausible": [20, 300] },
    "age": { "label": "Age", "unit": "year", "continues": "advance" },
    "SEX": { "label": "Sex", "choices": { "male": 0, "female": 1 }, "when_unknown": "male" }
  },
  "parameters": { "TVCL": { "value": "4 [L/h]" }, "TVV": { "value": "3e4 mL" }, "pow": { "value": 0.75 } },
  "random_effects": {
    "eta_CL": { "cv": "30 %", "convert": "exact" },
    "eta_V": { "sd": 0.2 }
  },
  "correlations": [ { "between": ["eta_CL", "eta_V"], "correlation": 0.5 } ],
  "individual": {
    "CL": "TVCL * (WT / 70 [kg])^pow * exp(eta_CL)",
    "V": { "value": "TVV * exp(eta_V)", "unit": "L" }
  },
  "structure": { "one_compartment": { "CL": "CL", "V": "V" } },
  "equations": { "effect": { "unit": "1", "initial": "1", "derivative": "0.1 [1/h] * (1 - effect)" } },
  "routes": { "iv": { "into": [ { "state": "central" }, { "state": "effect", "sets_to": "0" } ], "infusion": true, "bolus": false } },
  "outputs": { "Cc": { "label": "Plasma", "value": "central / V", "unit": "mg/L",
    "error": { "proportional": "20 %", "additive": "500 [ug/L]", "combined": "variances" } } },
  "targets": [ { "id": "auc", "metric": "auc24", "of": "Cc", "during": "24 to 48 h", "window": ["400 [mg*h/L]", "600 [mg*h/L]"], "source": "nobody" } ],
  "products": [ { "name": "bag", "route": "iv", "step": "50 mg", "smallest": "50 mg", "largest": "1 g", "intervals": ["12 h", "1 day"], "durations": ["30 min"], "fastest_rate": "1 g/h", "source": "nobody" } ],
  "rules": [ { "largest_daily": "2 g", "message": "too much", "source": "nobody" } ],
  "serves": [ { "who": "pregnancy", "status": "not studied" } ],
  "worked_cases": [ { "label": "typical", "covariates": { "WT": 70, "SEX": "male" }, "regimen": "100 mg over 1 h every 12 h, 3 doses",
    "expect": { "Cc": { "1 h": 3.1, "max 0 to 1 day": 4, "auc 0 to 24 h": 40 }, "parameters": { "CL": 4 } } } ],
  "caveats": ["invented"], "notes": [ { "title": "a", "text": "b" } ]
})json";

// `good` with one piece of text replaced; the piece must be there.
std::string with(const std::string& from, const std::string& to, std::string text = good) {
  const std::size_t at = text.find(from);
  REQUIRE_MESSAGE(at != std::string::npos, from);
  return text.replace(at, from.size(), to);
}

Result<Model> read(const std::string& text, const ReadOptions& options = {}) {
  const auto tree = json::parse(text);
  if (!tree) return tree.diagnostics();
  return read_model(*tree, options);
}

Model read_good(const std::string& text) {
  const auto model = read(text);
  for (const Diagnostic& d : model.diagnostics()) MESSAGE(d.path << ": " << d.message << " " << d.hint);
  REQUIRE(model);
  return *model;
}

// The only complaint about this text.
Diagnostic complaint(const std::string& text) {
  const auto model = read(text);
  CHECK(!model);
  std::string all;
  for (const Diagnostic& d : model.diagnostics()) all += d.path + ": " + d.message + "\n";
  CAPTURE(all);
  REQUIRE(model.diagnostics().size() == 1);
  CHECK(!model.diagnostics()[0].message.empty());
  return model.diagnostics()[0];
}

bool refused(const std::string& text, const std::string& code, const std::string& path) {
  const Diagnostic d = complaint(text);
  CHECK(d.code == code);
  CHECK(d.path == path);
  return d.code == code && d.path == path;
}

// One of several complaints: later parts miss what an earlier mistake took away.
bool among(const std::string& text, const std::string& code, const std::string& path) {
  const auto model = read(text);
  const Diagnostics& all = model.diagnostics();
  return !model && std::any_of(all.begin(), all.end(), [&](const Diagnostic& d) { return d.code == code && d.path == path; });
}

}  // namespace

TEST_CASE("a good file becomes a model in the coherent set") {
  const Model model = read_good(good);
  CHECK(model.id == "one");
  CHECK(*model.molar_mass == doctest::Approx(0.5));
  CHECK(model.parameters[1].value == doctest::Approx(30.0));
  CHECK(model.covariates[0].studied->low == doctest::Approx(40e6));
  CHECK(model.covariates[1].continues == Continues::advance);
  CHECK(*model.covariates[2].when_unknown == 0.0);
  CHECK(model.structure == "one compartment");
  REQUIRE(model.states.size() == 2);
  CHECK(model.states[0].derivative.text == "-(CL / V) * central");
  CHECK(*model.targets[0].low == doctest::Approx(400.0));
  CHECK(model.products[0].largest == doctest::Approx(1000.0));
  CHECK(model.products[0].intervals == std::vector<double>{12.0, 24.0});
  CHECK(model.products[0].durations[0] == doctest::Approx(0.5));
  CHECK(model.rules[0].limit == doctest::Approx(2000.0));
}

TEST_CASE("variability becomes variances of eta, each conversion as stated") {
  const Model exact = read_good(good);
  const double v = std::log(1.0 + 0.3 * 0.3);
  CHECK(exact.random_effects[0].variance == doctest::Approx(v).epsilon(1e-14));
  CHECK(exact.random_effects[0].written == "cv 30 % (exact)");
  CHECK(exact.random_effects[1].variance == doctest::Approx(0.04).epsilon(1e-14));
  CHECK(exact.omega(0, 1) == doctest::Approx(0.5 * std::sqrt(v) * 0.2).epsilon(1e-14));
  CHECK(exact.omega(0, 1) == exact.omega(1, 0));
  CHECK(read_good(with("\"exact\"", "\"squared\"")).random_effects[0].variance == doctest::Approx(0.09).epsilon(1e-14));
  CHECK(read_good(with("\"correlation\": 0.5", "\"covariance\": 0.02")).omega(1, 0) == 0.02);
}

TEST_CASE("how sure the source is of a number is kept in its own words, in one way and in the unit of the number") {
  const auto of_CL = [](const std::string& uncertainty) {
    return with("\"4 [L/h]\"", "\"4 [L/h]\", \"uncertainty\": " + uncertainty);
  };
  const auto words = [&](const std::string& uncertainty) { return read_good(of_CL(uncertainty)).parameters[0].uncertainty; };
  CHECK(read_good(good).parameters[0].uncertainty.empty());
  CHECK(words("{ \"rse\": \"12 %\" }") == "RSE 12 %");
  CHECK(words("{ \"se\": \"400 [mL/h]\", \"read\": \"table 3\" }") == "SE 400 mL/h (table 3)");
  CHECK(words("{ \"ci95\": [\"3500 [mL/h]\", \"4.6 [L/h]\"] }") == "95 % interval 3500 mL/h to 4.6 L/h");
  CHECK(words("{ \"fixed\": true }") == "fixed, not estimated");

  const std::string place = "/parameters/TVCL/uncertainty";
  CHECK(refused(of_CL("{ \"rse\": \"12 %\", \"fixed\": true }"), "model.bad_value", place));
  CHECK(refused(of_CL("{ \"read\": \"table 3\" }"), "model.bad_value", place));
  CHECK(refused(of_CL("{ \"rse\": 45 }"), "model.bad_value", place + "/rse"));
  CHECK(refused(of_CL("{ \"se\": \"0.4 [L]\" }"), "unit.mismatch", place + "/se"));
  CHECK(refused(of_CL("{ \"se\": \"0 [L/h]\" }"), "model.bad_value", place + "/se"));
  CHECK(refused(of_CL("{ \"ci95\": [\"4.1 [L/h]\", \"5 [L/h]\"] }"), "model.bad_value", place + "/ci95"));
  CHECK(refused(of_CL("{ \"ci95\": [\"3 [L/h]\"] }"), "model.wrong_kind", place + "/ci95"));
}

TEST_CASE("random effects, their correlations and the parts of a residual error have uncertainties of their own") {
  CHECK(read_good(with("\"sd\": 0.2", "\"sd\": 0.2, \"uncertainty\": { \"ci95\": [0.1, 0.3] }")).random_effects[1].uncertainty ==
        "95 % interval 0.1 to 0.3");
  const Model correlated = read_good(
      with("\"correlation\": 0.5", "\"correlation\": 0.5, \"uncertainty\": { \"rse\": \"50 %\" }, \"read\": \"table 2\""));
  REQUIRE(correlated.correlations.size() == 1);
  CHECK(correlated.correlations[0].between[1] == "eta_V");
  CHECK(correlated.correlations[0].correlation == doctest::Approx(0.5).epsilon(1e-14));
  CHECK(correlated.correlations[0].uncertainty == "RSE 50 %");
  CHECK(correlated.correlations[0].read == "table 2");

  const auto of_error = [](const std::string& parts) {
    return with("\"combined\": \"variances\"", "\"combined\": \"variances\", \"uncertainty\": " + parts);
  };
  CHECK(read_good(of_error("{ \"proportional\": { \"rse\": \"9 %\" }, \"additive\": { \"fixed\": true } }"))
            .outputs[0]
            .residuals[0]
            .uncertainty == "proportional RSE 9 %, additive fixed, not estimated");
  CHECK(refused(of_error("{ \"log_additive\": { \"rse\": \"9 %\" } }"), "model.unknown_name",
                "/outputs/Cc/error/uncertainty/log_additive"));
}

TEST_CASE("a residual error keeps the units in which it was written") {
  const Model variances = read_good(good);
  CHECK(variances.outputs[0].residuals[0].variance.text == "(20 [%] * prediction)^2 + (500 [ug/L])^2");
  CHECK(read_good(with("\"variances\"", "\"sds\"")).outputs[0].residuals[0].variance.text ==
        "(20 [%] * prediction + 500 [ug/L])^2");
  const std::string error = "{ \"proportional\": \"20 %\", \"additive\": \"500 [ug/L]\", \"combined\": \"variances\" }";
  const Model logarithmic = read_good(with(error, "{ \"log_additive\": 0.3 }"));
  CHECK(logarithmic.outputs[0].residuals[0].log_scale);
  CHECK(logarithmic.outputs[0].residuals[0].variance.text == "(0.3)^2");
  const Model assays =
      read_good(with(error, "{ \"by_assay\": { \"A\": { \"proportional\": 0.1 }, \"B\": { \"additive\": \"1 [mg/L]\" } } }"));
  REQUIRE(assays.outputs[0].residuals.size() == 2);
  CHECK(assays.outputs[0].residuals[0].assay == "A");
  CHECK(assays.outputs[0].residuals[1].variance.text == "(1 [mg/L])^2");
}

TEST_CASE("a residual error may grow with a power, have a t distribution, or be additive on a Box-Cox scale") {
  const std::string error = "{ \"proportional\": \"20 %\", \"additive\": \"500 [ug/L]\", \"combined\": \"variances\" }";
  const auto first = [&](const std::string& text) { return read_good(with(error, text)).outputs[0].residuals[0]; };
  CHECK(first("{ \"power\": { \"sd\": \"300 [ug/L]\", \"exponent\": 0.8 } }").variance.text ==
        "(300 [ug/L] * (prediction / 1 [mg/L])^0.8)^2");
  CHECK(
      first(
          "{ \"power\": { \"sd\": \"0.3 [mg/L]\", \"exponent\": 0.8 }, \"additive\": \"1 [mg/L]\", \"combined\": \"variances\" }")
          .variance.text == "(0.3 [mg/L] * (prediction / 1 [mg/L])^0.8)^2 + (1 [mg/L])^2");
  const Residual heavy = first("{ \"log_additive\": 0.3, \"student_t\": 4 }");
  CHECK(heavy.log_scale);
  CHECK(*heavy.student_t == 4.0);
  CHECK(heavy.written.find("4 degrees of freedom") != std::string::npos);
  const Residual box_cox = first("{ \"box_cox\": { \"lambda\": 0.5, \"sd\": 0.2 } }");
  CHECK(*box_cox.box_cox == 0.5);
  CHECK(box_cox.variance.text == "(0.2)^2");

  const auto wrong = [&](const std::string& text, const char* code, const std::string& path) {
    CHECK(refused(with(error, text), code, "/outputs/Cc/error" + path));
  };
  wrong("{ \"proportional\": 0.2, \"student_t\": 0.5 }", "model.bad_value", "/student_t");
  wrong("{ \"box_cox\": { \"lambda\": 0, \"sd\": 0.2 } }", "model.bad_value", "/box_cox/lambda");
  wrong("{ \"box_cox\": { \"lambda\": 0.5, \"sd\": 0.2 }, \"variance\": \"1\" }", "model.bad_value", "");
  wrong("{ \"power\": { \"sd\": \"0.3 [mg/L]\" } }", "model.missing", "/power");
  wrong("{ \"power\": { \"sd\": \"0.3 [mg/L]\", \"exponent\": 0 } }", "model.bad_value", "/power/exponent");
  wrong("{ \"power\": { \"sd\": \"0.3 [mg/L]\", \"exponent\": 1 }, \"proportional\": 0.1 }", "model.bad_value", "/power");
}

TEST_CASE("errors may be correlated over time and between outputs and assays, but not those with a t distribution") {
  const std::string error = "{ \"proportional\": \"20 %\", \"additive\": \"500 [ug/L]\", \"combined\": \"variances\" }";
  const std::string assays = "{ \"by_assay\": { \"A\": { \"proportional\": 0.1 }, \"B\": { \"additive\": \"1 [mg/L]\" } } }";
  CHECK(*read_good(with(error, error + ", \"autocorrelation\": { \"half_life\": \"30 [min]\" }")).outputs[0].autocorrelation ==
        0.5);
  const auto pair = [&](const std::string& between, const std::string& correlation) {
    std::string text = with(error, assays);
    const std::string key = "\"caveats\"";
    text.replace(text.find(key), key.size(),
                 "\"residual_correlations\": [{ \"between\": [" + between + "], \"correlation\": " + correlation +
                     ", \"read\": \"made up\" }], " + key);
    return text;
  };
  const std::string sides = "{ \"output\": \"Cc\", \"assay\": \"A\" }, { \"output\": \"Cc\", \"assay\": \"B\" }";
  const Model model = read_good(pair(sides, "0.4"));
  REQUIRE(model.residual_correlations.size() == 1);
  CHECK(model.residual_correlations[0].between[1].assay == "B");
  CHECK(model.residual_correlations[0].correlation == 0.4);
  CHECK(refused(pair(sides, "1"), "model.bad_value", "/residual_correlations/0/correlation"));
  CHECK(refused(pair("\"Cc\", \"Cx\"", "0.4"), "model.unknown_name", "/residual_correlations/0/between/1"));
  CHECK(refused(pair("\"Cc\", { \"output\": \"Cc\", \"assay\": \"C\" }", "0.4"), "model.unknown_name",
                "/residual_correlations/0/between/1/assay"));
  CHECK(refused(with(error, "{ \"proportional\": 0.2, \"student_t\": 4 }, \"autocorrelation\": { \"half_life\": \"1 [h]\" }"),
                "model.bad_value", "/outputs/Cc/autocorrelation"));
}

TEST_CASE("a random effect may have another shape than the normal one, stated once and within reason") {
  const Model model = read_good(with("\"sd\": 0.2", "\"sd\": 0.2, \"box_cox\": -0.3"));
  CHECK(*model.random_effects[1].box_cox == -0.3);
  CHECK(model.random_effects[1].written == "sd 0.2, Box-Cox with lambda -0.3");
  CHECK(*read_good(with("\"sd\": 0.2", "\"sd\": 0.2, \"student_t\": 5")).random_effects[1].student_t == 5.0);
  CHECK(refused(with("\"sd\": 0.2", "\"sd\": 0.2, \"box_cox\": 0"), "model.bad_value", "/random_effects/eta_V/box_cox"));
  CHECK(refused(with("\"sd\": 0.2", "\"sd\": 0.2, \"student_t\": 0.9"), "model.bad_value", "/random_effects/eta_V/student_t"));
  CHECK(refused(with("\"sd\": 0.2", "\"sd\": 0.2, \"student_t\": 5, \"box_cox\": 1"), "model.bad_value",
                "/random_effects/eta_V/student_t"));
}

TEST_CASE("named structures expand to ordinary equations that conserve what they exchange") {
  const std::string one = "\"one_compartment\": { \"CL\": \"CL\", \"V\": \"V\" }";
  const Model oral = read_good(with(one, "\"one_compartment\": { \"CL\": \"CL\", \"V\": \"V\", \"ka\": \"0.8 [1/h]\" }"));
  CHECK(oral.states[0].name == "depot");
  CHECK(oral.states[1].derivative.text == "-(CL / V) * central + 0.8 [1/h] * depot");
  CHECK(oral.structure == "one compartment, first-order absorption");
  const Model two =
      read_good(with(one, "\"two_compartments\": { \"CL\": \"CL\", \"V1\": \"V\", \"Q\": \"TVCL\", \"V2\": \"TVV\" }"));
  CHECK(two.states[0].derivative.text == "-(CL / V) * central - (TVCL / V) * central + (TVCL / TVV) * peripheral");
  CHECK(two.states[1].derivative.text == "(TVCL / V) * central - (TVCL / TVV) * peripheral");
  const Model three = read_good(with(one,
                                     "\"three_compartments\": { \"CL\": \"CL\", \"V1\": \"V\", \"Q\": \"TVCL\", \"V2\": \"TVV\", "
                                     "\"Q2\": \"CL\", \"V3\": \"V\" }"));
  REQUIRE(three.states.size() == 4);
  CHECK(three.states[2].name == "peripheral_2");
  CHECK(three.states[2].derivative.text == "(CL / V) * central - (CL / V) * peripheral_2");
}

TEST_CASE("a dose may add to one state and set another") {
  const Model model = read_good(good);
  REQUIRE(model.routes[0].entries.size() == 2);
  CHECK(!model.routes[0].entries[0].sets_to);
  CHECK(model.routes[0].entries[0].bioavailability.text == "1");
  CHECK(model.routes[0].entries[1].sets_to->text == "0");
  CHECK(model.routes[0].amount_unit.text == "mg");
  CHECK(refused(with("{ \"state\": \"central\" }", "{ \"state\": \"central\", \"sets_to\": \"1 [mg]\" }"), "model.bad_value",
                "/routes/iv/into"));
}

TEST_CASE("worked cases keep what they expect, with a bare number in the covariate's unit") {
  const WorkedCase worked = read_good(good).worked_cases[0];
  CHECK(worked.covariates.at("WT") == "70 [kg]");
  CHECK(worked.covariates.at("SEX") == "male");
  REQUIRE(worked.checks.size() == 4);
  CHECK(worked.checks[0].what == "value");
  CHECK(worked.checks[0].time == 1.0);
  CHECK(worked.checks[1].what == "max");
  CHECK(worked.checks[1].to == 24.0);
  CHECK(worked.checks[2].what == "auc");
  CHECK(worked.checks[3].output.empty());
  CHECK(worked.checks[3].what == "CL");
}

TEST_CASE("another format is refused before anything else") {
  CHECK(refused(with("titrate-model/1", "titrate-model/9"), "model.format", "/format"));
  CHECK(refused("[1, 2]", "model.wrong_kind", ""));
}

TEST_CASE("unknown keys are errors that name the nearest key") {
  const Diagnostic near = complaint(with("\"studied\"", "\"studed\""));
  CHECK(near.code == "model.unknown_key");
  CHECK(near.path == "/covariates/WT/studed");
  CHECK(near.hint == "Did you mean \"studied\"?");
  const Diagnostic mixed = complaint(with("\"plausible\"", "\"Plausible\""));
  CHECK(mixed.code == "model.unknown_key");
  CHECK(mixed.hint == "Keys keep their case: write \"plausible\".");
  CHECK(refused(with("\"caveats\"", "\"remarks\""), "model.unknown_key", "/remarks"));
}

TEST_CASE("missing keys and kinds are errors at their place") {
  CHECK(refused(with("\"title\": \"One compartment\", ", ""), "model.missing", ""));
  CHECK(refused(with("\"label\": \"Age\", ", ""), "model.missing", "/covariates/age"));
  CHECK(refused(with("\"title\": \"One compartment\"", "\"title\": 5"), "model.wrong_kind", "/title"));
  CHECK(refused(with("[\"invented\"]", "\"invented\""), "model.wrong_kind", "/caveats"));
  CHECK(refused(with("\"infusion\": true", "\"infusion\": \"yes\""), "model.wrong_kind", "/routes/iv/infusion"));
}

TEST_CASE("a name is used once, whatever its case, and is no word of the language") {
  CHECK(refused(with("\"pow\": {", "\"WT\": {"), "model.duplicate_name", "/parameters/WT"));
  CHECK(refused(with("\"pow\": {", "\"wt\": {"), "model.mixed_case", "/parameters/wt"));
  CHECK(refused(with("\"pow\": {", "\"exp\": {"), "model.bad_name", "/parameters/exp"));
  CHECK(refused(with("\"pow\": {", "\"2x\": {"), "model.bad_name", "/parameters/2x"));
  CHECK(refused(with("\"effect\": {", "\"central\": {", with("\"effect\", \"sets_to\"", "\"central\", \"sets_to\"")),
                "model.duplicate_name", "/equations/central"));
  CHECK(!read(with("\"WT\": {", "\"WT\": {}, \"WT\": {")));
}

TEST_CASE("every number with a dimension needs its unit") {
  CHECK(refused(with("\"unit\": \"kg\", ", ""), "model.missing_unit", "/covariates/WT"));
  CHECK(among(with("\"unit\": \"mg/L\",", ""), "model.missing_unit", "/outputs/Cc"));
  CHECK(refused(with("\"1 g\"", "1000"), "model.missing_unit", "/products/0/largest"));
  CHECK(refused(with("\"1 g\"", "\"1000\""), "unit.missing", "/products/0/largest"));
  CHECK(refused(with("\"1 g\"", "\"1 L\""), "unit.mismatch", "/products/0/largest"));
  CHECK(refused(with("\"500 [ug/L]\"", "0.5"), "model.missing_unit", "/outputs/Cc/error/additive"));
  CHECK(refused(with("\"500 [ug/L]\"", "\"0.5 [mg]\""), "unit.mismatch", "/outputs/Cc/error/additive"));
  CHECK(refused(with("\"600 [mg*h/L]\"", "\"600 [mg/L]\""), "unit.mismatch", "/targets/0/window/1"));
  CHECK(refused(with("\"4 [L/h]\"", "\"4 [L/hh]\""), "unit.unknown", "/parameters/TVCL/value"));
}

TEST_CASE("a bare cv is refused, and variability is stated once") {
  CHECK(refused(with(", \"convert\": \"exact\"", ""), "model.bare_cv", "/random_effects/eta_CL"));
  CHECK(refused(with("\"sd\": 0.2", "\"sd\": 0.2, \"variance\": 0.04"), "model.missing", "/random_effects/eta_V"));
  CHECK(refused(with("\"sd\": 0.2", ""), "model.missing", "/random_effects/eta_V"));
  CHECK(refused(with("\"sd\": 0.2", "\"sd\": 0"), "model.bad_value", "/random_effects/eta_V/sd"));
  CHECK(refused(with("\"sd\": 0.2", "\"sd\": \"0.2 [L]\""), "unit.mismatch", "/random_effects/eta_V/sd"));
}

TEST_CASE("a cv without its percent sign is taken for a slip") {
  CHECK(refused(with("\"30 %\"", "30"), "model.bad_value", "/random_effects/eta_CL/cv"));
  CHECK(refused(with("\"sd\": 0.2", "\"sd\": 1e200"), "model.bad_value", "/random_effects/eta_V/sd"));
}

TEST_CASE("a file of endless lists is refused before it is read") {
  std::string list = "\"caveats\": [\"a\"";
  for (int i = 0; i < 1000; ++i) list += ",\"a\"";
  CHECK(refused(with("\"caveats\": [\"invented\"", list), "model.too_large", "/caveats"));
}

TEST_CASE("values of the wrong kind anywhere are reported and never crash") {
  for (const char* section :
       {"covariates", "parameters", "random_effects", "correlations", "individual", "structure", "equations", "routes", "outputs",
        "targets", "products", "rules", "serves", "worked_cases", "caveats", "notes", "drug", "source", "population"}) {
    for (const char* value :
         {"null", "5", "\"x\"", "[]", "[5]", "[[]]", "{}", "{\"a\": 5}", "{\"a\": null}", "{\"a\": [1]}", "[{}]"}) {
      const std::string key = "\"" + std::string(section) + "\":";
      const std::string text = with(key, key + " " + value + ", \"later_" + section + "\":");
      CAPTURE(section);
      CAPTURE(value);
      CHECK(!read(text));  // at the least, the renamed section is unknown
    }
  }
}

TEST_CASE("omega must be positive definite") {
  CHECK(refused(with("\"correlation\": 0.5", "\"covariance\": 0.2"), "model.omega", "/correlations"));
  CHECK(refused(with("\"correlation\": 0.5", "\"correlation\": 1"), "model.bad_value", "/correlations/0/correlation"));
  const Diagnostic unknown = complaint(with("[\"eta_CL\", \"eta_V\"]", "[\"eta_CL\", \"eta_v\"]"));
  CHECK(unknown.code == "model.unknown_name");
  CHECK(unknown.path == "/correlations/0/between/1");
  CHECK(unknown.hint == "Did you mean \"eta_V\"?");
}

TEST_CASE("a residual with both parts says how they combine") {
  CHECK(refused(with(", \"combined\": \"variances\"", ""), "model.missing", "/outputs/Cc/error"));
  CHECK(refused(with("\"variances\"", "\"sum\""), "model.bad_value", "/outputs/Cc/error/combined"));
  const auto limits = [](const std::string& keys) {
    return with("\"value\": \"central / V\",", "\"value\": \"central / V\"," + keys);
  };
  CHECK(*read_good(limits("\"lloq\": \"100 [ug/L]\",")).outputs[0].lloq == 0.1);
  CHECK(refused(limits("\"lloq\": \"0 [mg/L]\","), "model.bad_value", "/outputs/Cc/lloq"));
  CHECK(refused(limits("\"lloq\": \"2 [mg/L]\", \"uloq\": \"1 [mg/L]\","), "model.bad_value", "/outputs/Cc/uloq"));
  CHECK(refused(with("\"proportional\": \"20 %\", ", ""), "model.bad_value", "/outputs/Cc/error/combined"));
  CHECK(refused(with("\"proportional\": \"20 %\", \"additive\": \"500 [ug/L]\", \"combined\": \"variances\"", ""),
                "model.missing", "/outputs/Cc/error"));
}

TEST_CASE("names that point elsewhere must exist") {
  CHECK(among(with("\"V\": \"V\" }", "\"V\": \"V9\" }"), "model.unknown_name", "/structure/one_compartment/V"));
  CHECK(refused(with("\"state\": \"effect\"", "\"state\": \"efect\""), "model.unknown_name", "/routes/iv/into/1/state"));
  CHECK(refused(with("\"of\": \"Cc\"", "\"of\": \"CC\""), "model.unknown_name", "/targets/0/of"));
  CHECK(refused(with("\"route\": \"iv\"", "\"route\": \"oral\""), "model.unknown_name", "/products/0/route"));
  CHECK(refused(with("\"fastest_rate\": \"1 g/h\"", "\"only_with\": { \"covariate\": \"SEX\", \"choice\": \"man\" }"),
                "model.unknown_name", "/products/0/only_with/choice"));
  CHECK(refused(with("{ \"WT\": 70,", "{ \"WEIGHT\": 70,"), "model.unknown_name", "/worked_cases/0/covariates/WEIGHT"));
  CHECK(refused(with("\"SEX\": \"male\" }, \"regimen\"", "\"SEX\": \"man\" }, \"regimen\""), "model.unknown_name",
                "/worked_cases/0/covariates/SEX"));
  CHECK(refused(with("\"when_unknown\": \"male\"", "\"when_unknown\": \"other\""), "model.unknown_name",
                "/covariates/SEX/when_unknown"));
  CHECK(refused(with("\"parameters\": { \"CL\": 4 }", "\"parameters\": { \"Cl\": 4 }"), "model.unknown_name",
                "/worked_cases/0/expect/parameters/Cl"));
  CHECK(refused(with("{ \"largest_daily\": \"2 g\"", "{ \"contraindication\": { \"covariate\": \"SEX\", \"choice\": \"x\" }"),
                "model.unknown_name", "/rules/0/contraindication/choice"));
}

TEST_CASE("values that contradict themselves are errors") {
  CHECK(refused(with("[40, 120]", "[120, 40]"), "model.bad_value", "/covariates/WT/studied"));
  CHECK(refused(with("[40, 120]", "[10, 120]"), "model.bad_value", "/covariates/WT/plausible"));
  CHECK(refused(with("\"unit\": \"kg\",", "\"unit\": \"kg\", \"continues\": \"advance\","), "model.bad_value",
                "/covariates/WT/continues"));
  CHECK(refused(with("\"female\": 1", "\"female\": 0"), "model.bad_value", "/covariates/SEX/choices/female"));
  CHECK(refused(with("\"24 to 48 h\"", "\"48 to 24 h\""), "model.bad_value", "/targets/0/during"));
  CHECK(refused(with("\"400 [mg*h/L]\"", "\"700 [mg*h/L]\""), "model.bad_value", "/targets/0/window"));
  CHECK(refused(with("\"smallest\": \"50 mg\"", "\"smallest\": \"2 g\""), "model.bad_value", "/products/0/smallest"));
  CHECK(refused(with("\"12 h\", \"1 day\"", "\"1 day\", \"12 h\""), "model.bad_value", "/products/0/intervals/1"));
  CHECK(refused(with("100 mg over 1 h every", "100 mg every"), "model.bad_value", "/worked_cases/0/regimen"));
  CHECK(refused(with("100 mg over 1 h every 12 h, 3 doses", "100 mg over 1 h every 12 h"), "model.bad_regimen",
                "/worked_cases/0/regimen"));
  CHECK(refused(with("\"1 h\": 3.1", "\"one hour\": 3.1"), "model.bad_value", "/worked_cases/0/expect/Cc/one hour"));
}

TEST_CASE("an expression that cannot be read is reported with the bytes at fault") {
  const Diagnostic d = complaint(with("TVCL * (WT / 70 [kg])^pow", "TVCL * (WT / 70 [kg]^pow"));
  CHECK(d.path == "/individual/CL");
  REQUIRE(d.span);
  CHECK(d.span->end <= std::string("TVCL * (WT / 70 [kg]^pow * exp(eta_CL)").size());
}

TEST_CASE("a model without checked units is for foreign cases only") {
  const std::string text = with("\"time_unit\"", "\"units\": \"unchecked\", \"time_unit\"");
  CHECK(refused(text, "model.unchecked_units", "/units"));
  const auto model = read(text, {true});
  for (const Diagnostic& d : model.diagnostics()) MESSAGE(d.path << ": " << d.message);
  REQUIRE(model);
  CHECK(model->unchecked_units);
}

TEST_CASE("what a later version does is refused in a clear sentence") {
  const std::vector<std::pair<std::string, std::string>> later{
      {with("\"caveats\"", "\"initial_uncertainty\": {}, \"caveats\""), "/initial_uncertainty"},
      {with("\"largest_daily\"", "\"largest_cumulative\""), "/rules/0/largest_cumulative"},
  };
  for (const auto& later_use : later) {
    const std::string& path = later_use.second;
    CAPTURE(path);
    const Diagnostic d = complaint(later_use.first);
    CHECK(d.code == "model.not_yet");
    CHECK(d.path == path);
    CHECK(d.message.find("does not have") != std::string::npos);
  }
}

TEST_CASE("events are read with their condition or interval, and set states only") {
  const Model model = read_good(
      with("\"caveats\"",
           "\"events\": [{ \"name\": \"refill\", \"when\": \"central < 1 [mg]\", \"set\": { \"central\": \"5 [mg]\" "
           "} }, { \"name\": \"meal\", \"every\": \"8 [h]\", \"set\": { \"central\": \"2 * central\" } }], \"caveats\""));
  REQUIRE(model.events.size() == 2);
  CHECK(model.events[0].when.text == "central < 1 [mg]");
  CHECK_FALSE(model.events[0].every);
  CHECK(model.events[1].every);
  CHECK(model.events[1].set.front().first == "central");
  const Diagnostic d = complaint(
      with("\"caveats\"", "\"events\": [{ \"name\": \"x\", \"every\": \"8 [h]\", \"set\": { \"CL\": \"5\" } }], \"caveats\""));
  CHECK(d.code == "model.unknown_state");
  CHECK(d.path == "/events/0/set/CL");
  const Diagnostic neither =
      complaint(with("\"caveats\"", "\"events\": [{ \"name\": \"x\", \"set\": { \"central\": \"5 [mg]\" } }], \"caveats\""));
  CHECK(neither.code == "model.missing");
}

TEST_CASE("inputs, sessions and co-medication are read, and what they set must be an input") {
  const std::string inputs =
      "\"inputs\": { \"CLd\": { \"label\": \"Session\", \"unit\": \"mL/min\", \"resting\": 0 }, \"dark\": { \"label\": \"Dark\", "
      "\"unit\": \"1\", \"resting\": 1, \"plausible\": [0, 1] } }, \"dialysis\": { \"input\": \"CLd\", \"modalities\": { "
      "\"high\": { "
      "\"label\": \"High flux\", \"clearance\": \"100 mL/min\" }, \"crrt\": { \"label\": \"Continuous\", \"of_effluent\": 0.8 } "
      "} }, "
      "\"co_medication\": { \"rifampicin\": { \"label\": \"Rifampicin\", \"input\": \"dark\", \"value\": 0.5 } }, \"caveats\"";
  const std::string text = with("\"caveats\"", inputs);
  const Model model = read_good(text);
  REQUIRE(model.covariates.size() == 5);
  CHECK(model.covariates[3].input);
  CHECK(model.covariates[3].resting == 0.0);
  CHECK(model.covariates[4].resting == 1.0);
  REQUIRE(model.dialysis);
  CHECK(model.dialysis->input == "CLd");
  CHECK(*model.dialysis->modalities[0].clearance == doctest::Approx(6.0));
  CHECK(*model.dialysis->modalities[1].of_effluent == 0.8);
  REQUIRE(model.co_medication.size() == 1);
  CHECK(model.co_medication[0].input == "dark");
  CHECK(model.co_medication[0].value == 0.5);
  CHECK(refused(with("\"input\": \"CLd\"", "\"input\": \"WT\"", text), "model.unknown_name", "/dialysis/input"));
  CHECK(refused(with("\"input\": \"CLd\"", "\"input\": \"dark\"", text), "unit.mismatch", "/dialysis/input"));
  CHECK(refused(with("\"of_effluent\": 0.8", "\"of_effluent\": 0.8, \"clearance\": \"1 L/h\"", text), "model.missing",
                "/dialysis/modalities/crrt"));
  CHECK(refused(with("\"resting\": 1,", "", text), "model.missing", "/inputs/dark"));
  CHECK(among(with("\"dark\": { \"label\"", "\"WT\": { \"label\"", text), "model.duplicate_name", "/inputs/WT"));
}

TEST_CASE("a worked case may give several courses of doses, change things over time, and say why it is loose") {
  const std::string regimen = "\"100 mg over 1 h every 12 h, 3 doses\"";
  const Model model = read_good(with(
      regimen,
      "[\"iv: 100 mg over 1 h once at 2 days\", \"50 mg over 1 h every 12 h, 3 doses from 6 h\"], \"eta\": { \"eta_V\": 0.5 }, "
      "\"rtol\": 1e-8, \"tolerance\": 0.01, \"why\": \"printed with two digits\""));
  const WorkedCase& worked = model.worked_cases[0];
  REQUIRE(worked.regimen.size() == 2);
  CHECK(worked.eta[0].first == "eta_V");
  CHECK(worked.eta[0].second == 0.5);
  CHECK(*worked.rtol == 1e-8);
  CHECK(worked.checks[0].tolerance == 0.01);
  CHECK(read_good(with("\"regimen\": " + regimen + ",", "")).worked_cases[0].regimen.empty());
  const Model one = read_good(with("3.1", "{ \"value\": 3.1, \"tolerance\": 0.002, \"why\": \"sampled\" }"));
  CHECK(one.worked_cases[0].checks[0].tolerance == 0.002);
  CHECK(one.worked_cases[0].checks[1].tolerance == 1e-4);
  CHECK(refused(with("3.1", "{ \"value\": 3.1, \"tolerance\": 0.002 }"), "model.missing", "/worked_cases/0/expect/Cc/1 h"));
  CHECK(refused(with(regimen, "\"oral: 100 mg over 1 h once\""), "model.unknown_name", "/worked_cases/0/regimen"));
  CHECK(refused(with(regimen, "[\"100 mg once\"]"), "model.bad_value", "/worked_cases/0/regimen/0"));
  CHECK(refused(with(regimen, regimen + ", \"eta\": { \"eta_Q\": 1 }"), "model.unknown_name", "/worked_cases/0/eta/eta_Q"));
}

TEST_CASE("variability between occasions is read with its variance and what it acts on") {
  const Model model = read_good(with("\"individual\"",
                                     "\"inter_occasion\": { \"kappa_CL\": { \"on\": \"CL\", \"cv\": \"13.6 %\", \"convert\": "
                                     "\"exact\", \"occasion\": \"each level\" } }, \"individual\""));
  REQUIRE(model.occasion_effects.size() == 1);
  CHECK(model.occasion_effects[0].on == "CL");
  CHECK(model.occasion_effects[0].variance == doctest::Approx(std::log1p(0.136 * 0.136)).epsilon(1e-14));
  CHECK(model.pi(0, 0) == model.occasion_effects[0].variance);
  CHECK(model.random_effects.size() == 2);
}

TEST_CASE("everything that is wrong is reported at once") {
  std::string text = with("\"studied\"", "\"studed\"");
  text = with(", \"convert\": \"exact\"", "", text);
  text = with("\"1 g\"", "1000", text);
  text = with("\"of\": \"Cc\"", "\"of\": \"Cx\"", text);
  const auto model = read(text);
  CHECK(!model);
  std::string codes;
  for (const Diagnostic& d : model.diagnostics()) codes += d.code + " ";
  CHECK(codes == "model.unknown_key model.bare_cv model.unknown_name model.missing_unit ");
}

TEST_CASE("the shipped models read without a complaint") {
  for (const char* id :
       {"vancomycin_goti2018", "tacrolimus_andrews2019", "docetaxel_neutropenia_ozawa2007", "docetaxel_neutropenia_kloft2006"}) {
    const std::string name = id;
    CAPTURE(name);
    std::ifstream file(std::string(TITRATE_MODELS_DIR) + "/" + name + ".json", std::ios::binary);
    if (!file) {
      std::printf("SKIPPED shipped model %s: no file system here\n", id);
      continue;
    }
    std::stringstream text;
    text << file.rdbuf();
    const Model model = read_good(text.str());
    CHECK(model.id == id);
    CHECK(!model.worked_cases.empty());
    CHECK(!model.targets.empty());
    CHECK(!model.doi.empty());
    for (const Parameter& parameter : model.parameters) CHECK_MESSAGE(!parameter.read.empty(), parameter.name);
    for (const Service& service : model.serves) CHECK(!service.who.empty());
  }
}
