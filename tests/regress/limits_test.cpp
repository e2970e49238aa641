// Requests that once hung, exhausted the memory or were answered as something else. Each must be refused in words, or end within
// its bound of work.

#include <doctest/doctest.h>

#include "base/json.hpp"
#include "base/work.hpp"
#include "engine.hpp"
#include "fuzz/small_files.hpp"

using namespace titrate;
using json::Value;

namespace {

Value parsed(const std::string& text) {
  auto value = json::parse(text);
  REQUIRE(value);
  return *value;
}

Value model(const char* text) { return parsed(text); }

// Two doses and a level by mouth; `change` is merged over the request.
Value request(const std::string& verb, const Value& file) {
  Value r;
  r.set("verb", verb);
  r.set("model", file);
  r.set("patient", parsed(R"({"covariates":{"WT":"70 kg"},"doses":[{"time":"0 h","amt":"100 mg","ii":"12 h","addl":2}],
                             "observations":[{"time":"11.5 h","dv":"0.9 mg/L"}],"now":"30 h"})"));
  return r;
}

Value answer(const Value& request, double most_work = 1e11) { return parsed(call(json::write(request), {}, most_work)); }

std::string first_code(const Value& answer) {
  for (const Value& d : answer.find("diagnostics")->array())
    if (d.find("severity")->string() == "error") return d.find("code")->string();
  return "none";
}

}  // namespace

TEST_CASE("an interval of nanoseconds is refused: its doses once overflowed the count and became no dose") {
  Value r = request("forecast", model(fuzz::oral_file));
  r.set("regimens", parsed(R"([{"amt":"1 mg","ii":"1e-9 h"}])"));
  CHECK(first_code(answer(r)) == "request.interval");
  Value given = request("fit", model(fuzz::oral_file));
  Value patient = *given.find("patient");
  patient.set("doses", parsed(R"([{"time":"0 h","amt":"100 mg","ii":"1e-300 h","ss":1}])"));
  given.set("patient", patient);
  CHECK(first_code(answer(given)) == "request.interval");
  Value grid = request("recommend", model(fuzz::oral_file));
  grid.set("candidates", parsed(R"({"doses":["100 mg"],"intervals":["1e-9 h"]})"));
  CHECK(first_code(answer(grid)) == "request.interval");
}

TEST_CASE("a steady state with thousands of infusions at once is a failure in words, not a loop without end") {
  Value r = parsed(R"({"verb":"simulate","times":["1 h"],"patient":{"covariates":{"WT":"70 kg","F":"90 mL/min"},
                      "doses":[{"time":"0 h","amt":"1 mg","dur":"5000 h","ii":"1 min","ss":1}],"observations":[]}})");
  r.set("model", model(fuzz::infused_file));
  const Value a = answer(r);
  CHECK(first_code(a) == "simulate.failed");
  CHECK(json::write(a).find("under way at once") != std::string::npos);
}

TEST_CASE("covariates that are computed from each other are followed once, not along every path") {
  Value file = model(fuzz::oral_file);
  Value covariates = *file.find("covariates");
  covariates.set("C0", parsed(R"({"label":"c","unit":"kg"})"));
  covariates.set("C1", parsed(R"({"label":"c","unit":"kg","from":"C0 + C0"})"));
  for (int i = 2; i < 70; ++i) {
    Value c = parsed(R"({"label":"c","unit":"kg"})");
    c.set("from", "C" + std::to_string(i - 1) + " + C" + std::to_string(i - 2));
    covariates.set("C" + std::to_string(i), c);
  }
  file.set("covariates", covariates);
  Value individual = *file.find("individual");
  Value CL;
  CL.set("value", "TVCL * (C69 / 70 [kg])^0.75 * exp(eta_CL)");
  CL.set("unit", "L/h");
  individual.set("CL", CL);
  file.set("individual", individual);
  Value r = request("simulate", file);
  r.set("times", parsed(R"(["1 h"])"));
  CHECK(first_code(answer(r)) == "patient.missing_covariate");
  Value patient = *r.find("patient");
  patient.set("covariates", parsed(R"({"C0":"1 kg"})"));
  r.set("patient", patient);
  CHECK(first_code(answer(r)) == "none");
}

TEST_CASE("a window of centuries in a worked case or a target is not understood") {
  Value file = model(fuzz::oral_file);
  Value worked = file.find("worked_cases")->array().front();
  worked.set("expect", parsed(R"({"Cc":{"auc 0 to 1000000000 h":1}})"));
  file.set("worked_cases", json::Array{worked});
  CHECK(first_code(answer(request("compile", file))) != "none");
  Value r = request("forecast", model(fuzz::oral_file));
  r.set("target", parsed(R"({"metric":"auc","of":"Cc","during":"0 to 1e9 h","low":"1 mg*h/L"})"));
  CHECK(first_code(answer(r)) != "none");
}

TEST_CASE("an object with thousands of keys gets one complaint") {
  Value many{json::Object{}};
  for (int i = 0; i < 5000; ++i) many.object().push_back({"k" + std::to_string(i), Value(1), {}});
  const Value a = answer(request("compile", many));
  CHECK(first_code(a) != "none");
  CHECK(a.find("diagnostics")->array().size() < 50);
}

TEST_CASE("a request that costs more than it may is refused, the same one with more is answered the same as ever") {
  Value r = request("fit", model(fuzz::oral_file));
  const Value whole = answer(r);
  CHECK(first_code(whole) == "none");
  Value settings;
  settings.set("seed", 2);
  r.set("settings", settings);  // not answered before: nothing is remembered
  const Value refused = answer(r, 1e5);
  CHECK(first_code(refused) == "request.too_much_work");
  CHECK(refused.find("result") == nullptr);
  CHECK(interrupted());  // a page takes a new engine then, one that goes on must be right all the same
  CHECK(first_code(answer(r)) == "none");
}

TEST_CASE("work is counted for the innermost account, and a closed account gives back to the one around it") {
  Work::spend(1e300);  // nobody counts
  Work outer(100.0);
  Work::spend(30.0);
  {
    Work inner(10.0);
    CHECK_THROWS_AS(Work::spend(11.0), OutOfWork);
  }
  CHECK(outer.left() == 70.0);
  CHECK_NOTHROW(Work::spend(70.0));
  CHECK_THROWS_AS(Work::spend(1.0), OutOfWork);
}
