// The verb "population" against distributions that are known: CL of the small model is log-normal with a standard deviation of
// 0.3, a dose of 10 mg has the area 10 / CL.

#include <doctest/doctest.h>

#include <cmath>
#include <string>

#include "asking.hpp"

using namespace titrate;
using namespace titrate::door_tests;

namespace {

json::Value asked(const std::string& population, const std::string& more = "") {
  return ask(*json::parse(R"({"verb":"population","model":)" + std::string(model_text) + R"(,"population":)" + population +
                          (more.empty() ? "" : "," + more) + "}"));
}

// Of everybody under the first regimen.
template <class... Keys>
double everybody(const json::Value& response, const Keys&... keys) {
  return at(response, "result", "regimens", "0", "groups", "0", keys...).number();
}

const std::string clearances =
    R"({"covariates":{"WT":"70 kg"},"patients":4000,"of":"CL","at_least":"1 [L/h]","at_most":"1.2 [L/h]"})";

}  // namespace

TEST_CASE("a virtual population has the mean, the percentiles and the shares of the distribution that its etas have") {
  const json::Value response = asked(clearances);
  REQUIRE_MESSAGE(ok(response), complaints(response));
  CHECK(at(response, "result", "unit").string() == "L/h");
  CHECK(at(response, "result", "patients").number() == 4000);
  CHECK(everybody(response, "mean") == doctest::Approx(std::exp(0.045)).epsilon(0.01));
  CHECK(everybody(response, "percentiles", "p50") == doctest::Approx(1.0).epsilon(0.015));
  CHECK(everybody(response, "percentiles", "p95") == doctest::Approx(std::exp(0.3 * 1.6448536)).epsilon(0.03));
  CHECK(everybody(response, "percentiles", "p10") == doctest::Approx(std::exp(-0.3 * 1.2815516)).epsilon(0.03));
  // Above 1.2: 1 - Phi(ln 1.2 / 0.3) = 0.27168; below 1: one half.
  CHECK(everybody(response, "shares", "above") == doctest::Approx(0.27168).epsilon(0.06));
  CHECK(everybody(response, "shares", "below") == doctest::Approx(0.5).epsilon(0.04));
  CHECK(everybody(response, "shares", "within") + everybody(response, "shares", "below") +
            everybody(response, "shares", "above") ==
        doctest::Approx(1.0).epsilon(1e-12));
}

TEST_CASE("an area has the unit of the output times the model's unit of time, and doses may be per unit of a drawn covariate") {
  // 10 L whatever the weight: 0.1 mg/kg give 10 ng/mL per kg at once, for 50 to 90 kg.
  const json::Value response = asked(
      R"({"sampled":{"WT":{"median":70,"cv":"40 %","within":[50,90]}},"eta":{"eta_CL":0},"patients":50,"regimen":"0.1 mg once",
          "per":"WT","of":"Cc","each":"max 0 to 24 h","at_most":"900 [ng/mL]"})");
  REQUIRE_MESSAGE(ok(response), complaints(response));
  CHECK(at(response, "result", "unit").string() == "ng/mL");
  CHECK(everybody(response, "percentiles", "p95") <= 900.0 * (1.0 + 1e-9));
  CHECK(everybody(response, "percentiles", "p5") >= 500.0 * (1.0 - 1e-9));
  CHECK(everybody(response, "shares", "within") == 1.0);

  const json::Value area = asked(R"({"covariates":{"WT":70},"eta":{"eta_CL":0},"regimen":"10 mg once","of":"Cc",
                                     "each":"auc 0 to 10 h","at_least":"6 [mg*h/L]","patients":1})");
  REQUIRE_MESSAGE(ok(area), complaints(area));
  CHECK(everybody(area, "mean") == doctest::Approx(10000.0 * (1.0 - std::exp(-1.0)) / 24.0).epsilon(1e-9));  // ng*day/mL
  CHECK(at(area, "result", "unit").string() == "ng*day/mL");
  CHECK(everybody(area, "shares", "at_least") == doctest::Approx(250.0));
  CHECK(everybody(area, "shares", "within") == 1.0);
}

TEST_CASE("the seed decides whom the population holds") {
  const std::string first = json::write(at(asked(clearances), "result"));
  CHECK(json::write(at(asked(clearances, R"("settings":{"seed":1})"), "result")) == first);
  CHECK(json::write(at(asked(clearances, R"("settings":{"seed":2})"), "result")) != first);
}

TEST_CASE("what is wrong in a population is reported at its place") {
  CHECK(complaints(ask(request("population", "", ""))).find("request.missing") != std::string::npos);
  CHECK(complaints(asked("5")) == "model.wrong_kind /population");
  CHECK(complaints(asked(R"({"covariates":{"WT":70},"of":"Cx","each":"1 h"})")) == "model.unknown_name /population/of");
  CHECK(complaints(asked(R"({"covariates":{"WT":70},"of":"Cc","each":"1 h","at_most":"3 [L]"})")) ==
        "unit.mismatch /population/at_most");
  CHECK(complaints(asked(R"({"covariates":{"WT":70},"patients":0,"of":"CL"})")) == "model.bad_value /population/patients");
  CHECK(complaints(asked(R"({"of":"CL","published":3})")) == "model.unknown_key /population/published");
}

TEST_CASE("a parameter that changes with time has no value to read of a patient") {
  std::string text(model_text);
  const std::string effect = "exp(eta_CL)";
  const auto found = text.find(effect);
  REQUIRE(found != std::string::npos);
  text.insert(found, "(1 + t / 100 [h]) * ");
  const json::Value response = ask(*json::parse(R"({"verb":"population","model":)" + text +
                                                R"(,"population":{"covariates":{"WT":70},"patients":2,"of":"CL"}})"));
  CHECK(complaints(response) == "model.worked_case_failed /population");
}
