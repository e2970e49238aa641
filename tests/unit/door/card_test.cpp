// What compile and validate tell about a model and a patient, for the person who has to judge them.

#include <doctest/doctest.h>

#include <string>

#include "asking.hpp"

using namespace titrate;
using namespace titrate::door_tests;

namespace {

json::Value with(const std::string& verb, const std::string& from, const std::string& to, const std::string& patient = "") {
  return *json::parse(R"({"verb":")" + verb + R"(","model":)" + replaced(model_text, from, to) +
                      (patient.empty() ? "" : R"(,"patient":)" + patient) + "}");
}

}  // namespace

TEST_CASE("the card says where a clinician looks for the model") {
  const json::Value response =
      ask(with("compile", R"("version": "1",)", R"("version": "1", "class": ["drug monitoring", "tests"],)"));
  REQUIRE(ok(response));
  CHECK(at(response, "result", "class", "0").string() == "drug monitoring");
  CHECK(at(response, "result", "class", "1").string() == "tests");
  CHECK(complaints(ask(with("compile", R"("version": "1",)", R"("version": "1", "class": [1],)"))) ==
        "model.wrong_kind /model/class/0");
}

TEST_CASE("the card says between which values a covariate is kept") {
  const json::Value response = ask(with("compile", R"("studied": [40, 100],)", R"("at_least": "40 kg", "at_most": "120000 g",)"));
  REQUIRE(ok(response));
  CHECK(at(response, "result", "covariates", "0", "at_least").number() == doctest::Approx(40.0));
  CHECK(at(response, "result", "covariates", "0", "at_most").number() == doctest::Approx(120.0));
}

TEST_CASE("the card writes covariances between effects as correlations") {
  const std::string effects = R"("random_effects": { "eta_CL": { "variance": 0.09, "read": "made up" } },)";
  const json::Value response =
      ask(with("compile", effects, R"("random_effects": { "eta_CL": { "variance": 0.09 }, "eta_V": { "variance": 0.04 } },
      "correlations": [ { "between": ["eta_CL", "eta_V"], "covariance": 0.03 } ],)"));
  CAPTURE(complaints(response));
  REQUIRE(ok(response));
  REQUIRE(at(response, "result", "correlations").array().size() == 1);
  CHECK(at(response, "result", "correlations", "0", "between", "1").string() == "eta_V");
  CHECK(at(response, "result", "correlations", "0", "correlation").number() == doctest::Approx(0.5));
  CHECK(at(ask(request("compile")), "result", "correlations").array().empty());
}

TEST_CASE("the card says how sure the source is of a number, and nothing where it was not read to say") {
  const json::Value response =
      ask(with("compile", R"("label": "Clearance", "read": "made up" })",
               R"("label": "Clearance", "uncertainty": { "se": "0.1 [L/h]", "read": "table 2" }, "read": "made up" })"));
  REQUIRE_MESSAGE(ok(response), complaints(response));
  CHECK(at(response, "result", "parameters", "0", "uncertainty").string() == "SE 0.1 L/h (table 2)");
  CHECK(at(response, "result", "parameters", "1", "uncertainty").string().empty());
  CHECK(at(response, "result", "random_effects", "0", "uncertainty").string().empty());
  CHECK(at(response, "result", "outputs", "0", "residuals", "0", "uncertainty").string().empty());
}

TEST_CASE("the card says what a population check simulates, and what came out only where that was recorded") {
  const json::Value response = ask(with("compile", R"("worked_cases")", R"("population_checks": [ { "label": "made up",
      "sampled": { "WT": { "median": 70, "cv": "40 %", "within": [60, 80] } }, "eta": { "eta_CL": 0 }, "patients": 50,
      "regimen": "1 mg once", "per": "WT", "of": "Cc", "each": "max 0 to 48 h", "statistic": "share above 7700 [ng/mL]",
      "published": 0.3, "accepted": [0, 1], "source": "made up", "why": "made up" } ], "worked_cases")"));
  REQUIRE_MESSAGE(ok(response), complaints(response));
  const json::Value& check = at(response, "result", "population_checks", "0");
  CHECK(at(check, "of").string() == "highest Cc from 0 h to 2 days");
  CHECK(at(check, "statistic").string() == "share above 7700 ng/mL");
  CHECK(at(check, "simulated").string() == "1 mg once, per WT; eta_CL 0; WT 70 (CV 40 %, 60 to 80)");
  CHECK(check.find("got") == nullptr);
  CHECK(check.find("ok") == nullptr);
}

TEST_CASE("the body surface that doses go by is listed among what was used, though no equation reads it") {
  const std::string WT = R"("covariates": {)";
  const std::string text = R"json("products": [ { "name": "testin", "route": "iv", "per_area": "BSA", "step": "5 mg/m^2",
      "smallest": "5 mg/m^2", "largest": "10 mg/m^2", "intervals": ["24 h"],
      "durations": ["1 h"], "round_to": "1 mg", "source": "made up" } ],
    "covariates": { "HT": { "label": "Height", "unit": "cm" },
      "BSA": { "label": "Body surface area", "unit": "m^2", "from": "bsa_mosteller(WT, HT)" },)json";
  const json::Value response = ask(with("validate", WT, text, R"({"covariates":{"WT":"80 kg","HT":"180 cm"},
      "doses":[{"time":"0 h","amt":"10 mg"}],"observations":[]})"));
  CAPTURE(complaints(response));
  REQUIRE(ok(response));
  const json::Array& listed = at(response, "result", "covariates").array();
  REQUIRE(listed.size() == 2);
  CHECK(at(listed[0], "name").string() == "BSA");
  CHECK(at(listed[0], "value").number() == doctest::Approx(2.0));  // sqrt(80 * 180 / 3600)
  CHECK(at(listed[0], "source").string() == "computed");
  CHECK(at(listed[1], "name").string() == "WT");
}
