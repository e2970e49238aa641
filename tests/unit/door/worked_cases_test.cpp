#include <doctest/doctest.h>

#include <string>

#include "asking.hpp"

using namespace titrate;
using namespace titrate::door_tests;

namespace {

json::Value validate(std::string text) {
  json::Value asked;
  asked.set("verb", "validate");
  asked.set("model", *json::parse(text));
  return ask(asked);
}
}  // namespace

TEST_CASE("worked cases are computed: values before a dose, extremes between samples, areas per unit of time, parameters") {
  const json::Value response = validate(model_text);
  CAPTURE(complaints(response));
  REQUIRE(ok(response));
  const json::Array& checks = at(response, "result", "worked_cases").array();
  REQUIRE(checks.size() == 4);
  for (const json::Value& check : checks) {
    CAPTURE(at(check, "check").string());
    CHECK(at(check, "ok").boolean());
    CHECK(at(check, "relative").number() < 1e-8);
  }
}

TEST_CASE("a worked case with another number fails") {
  const json::Value response = validate(replaced(model_text, "367.879441171", "367.9"));
  REQUIRE(ok(response));
  CHECK(at(response, "result", "worked_cases", "0", "ok").boolean());  // 6e-5, within the tolerance of 1e-4
  CHECK_FALSE(at(validate(replaced(model_text, "367.879441171", "368.0")), "result", "worked_cases", "0", "ok").boolean());
}

TEST_CASE("a worked case that names another drug needs a model that computes it") {
  const std::string named = R"("co_medication": [{ "drug": "rifampicin", "start": "0 h" }], "regimen": "10 mg once")";
  const json::Value response = validate(replaced(model_text, R"("regimen": "10 mg once")", named));
  CHECK(complaints(response) == "patient.drug_not_computed /model/worked_cases/0/co_medication/0");
}

TEST_CASE("a steady state in a worked case is the limit of many doses") {
  // peak of 10 mg every 10 h: 1000 / (1 - exp(-1)) ng/mL
  const std::string text = replaced(replaced(model_text, "10 mg once", "10 mg every 10 h at steady state"),
                                    "\"max 0 to 24 h\": 1000", "\"max 0 to 9 h\": 1581.976706869");
  const json::Value response = validate(text);
  CAPTURE(complaints(response));
  REQUIRE(ok(response));
  CHECK(at(response, "result", "worked_cases", "1", "relative").number() < 1e-8);
}
