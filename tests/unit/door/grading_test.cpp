// Population checks against distributions that are known, and the grades that follow from them.

#include "checks/grading.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <string>

#include "asking.hpp"

using namespace titrate;
using namespace titrate::door_tests;

namespace {

// The small model with one check; eta_CL has a standard deviation of 0.3.
std::string with_check(const std::string& check) {
  return replaced(
      model_text, "\"worked_cases\"",
      R"("population_checks": [{ "label": "made up", "covariates": { "WT": 70 }, "patients": 4000, "source": "made up", "why": "made up", )" +
          check + " }], \"worked_cases\"");
}

json::Value validate(const std::string& text) {
  json::Value asked;
  asked.set("verb", "validate");
  asked.set("model", *json::parse(text));
  return ask(asked);
}

double found(const std::string& check) {
  const json::Value response = validate(with_check(check));
  CAPTURE(complaints(response));
  REQUIRE(ok(response));
  return at(response, "result", "population_checks", "0", "got").number();
}

std::string grade(const std::string& text) { return at(validate(text), "result", "grade", "word").string(); }

const std::string level = R"("unit": "ng/mL", "drug_level": true)";
std::string of_level(const std::string& text) { return replaced(text, R"("unit": "ng/mL")", level); }

}  // namespace

TEST_CASE("a virtual population has the median, the mean and the shares of the distribution that its etas have") {
  // 4000 patients: a mean is good to 0.5 %, a share to 0.016 (two standard errors).
  CHECK(found(R"("of": "CL", "statistic": "median", "published": 1, "accepted": [0, 2])") == doctest::Approx(1.0).epsilon(0.015));
  CHECK(found(R"("of": "CL", "statistic": "mean", "published": 1, "accepted": [0, 2])") ==
        doctest::Approx(std::exp(0.045)).epsilon(0.01));
  // The smallest Cc up to 10 h, 1000 exp(-CL) ng/mL, is below 1000 / e^1.2 where CL is above 1.2: 1 - Phi(ln 1.2 / 0.3) =
  // 0.27168.
  CHECK(found(R"("regimen": "10 mg once", "of": "Cc", "each": "min 1 to 10 h", "statistic": "share below 301.194211912 [ng/mL]",
                 "published": 0.27, "accepted": [0, 1])") == doctest::Approx(0.27168).epsilon(0.06));
  CHECK(found(R"("regimen": "10 mg once", "of": "Cc", "each": "min 1 to 10 h", "statistic": "share above 301.194211912 [ng/mL]",
                 "published": 0.73, "accepted": [0, 1])") == doctest::Approx(0.72832).epsilon(0.023));
}

TEST_CASE("a share of areas has a limit in the unit of an area") {
  // The area under 1000 exp(-CL t / 10) ng/mL without end is 10000 / CL ng*h/mL: above 10000 where CL is below 1, the median.
  const std::string of_areas = R"("regimen": "10 mg once", "of": "Cc", "each": "auc 0 to 400 h", "published": 0.5,
                                  "accepted": [0, 1], "statistic": "share above 10000 )";
  CHECK(found(of_areas + R"([ng*h/mL]")") == doctest::Approx(0.5).epsilon(0.05));
  const json::Value refused = validate(with_check(of_areas + R"([ng/mL]")"));
  CHECK_FALSE(ok(refused));
}

TEST_CASE("a share at a time counts measured values") {
  // All predict 1000 / e ng/mL; the additive error of 500 brings a normal share Phi(-1) = 0.15866 below that minus 500.
  CHECK(found(R"("regimen": "10 mg once", "eta": { "eta_CL": 0 }, "of": "Cc", "each": "10 h",
                 "statistic": "share below -132.120558829 [ng/mL]", "published": 0.16, "accepted": [0, 1])") ==
        doctest::Approx(0.15866).epsilon(0.08));
}

TEST_CASE("doses per unit of a sampled covariate follow it, and the covariate keeps within its limits") {
  const std::string check = R"("regimen": "1 mg once", "per": "WT", "of": "Cc", "each": "max 0 to 24 h",
                               "statistic": "share above 7700 [ng/mL]", "published": 0.3, "accepted": [0, 1])";
  const std::string sampled = R"("sampled": { "WT": { "median": 70, "cv": "40 %", "within": [60, 80] } }, )";
  const std::string text = replaced(with_check(sampled + check), R"("covariates": { "WT": 70 }, )", "");
  const json::Value response = validate(text);
  CAPTURE(complaints(response));
  REQUIRE(ok(response));
  // A log-normal cut off at 60 and 80 kg: [Phi(a(80)) - Phi(a(77))] / [Phi(a(80)) - Phi(a(60))], a(x) = ln(x / 70) /
  // sqrt(ln 1.16).
  const double sd = std::sqrt(std::log(1.16));
  const auto phi = [&](double x) { return 0.5 * std::erfc(-std::log(x / 70.0) / sd / std::sqrt(2.0)); };
  CHECK(at(response, "result", "population_checks", "0", "got").number() ==
        doctest::Approx((phi(80.0) - phi(77.0)) / (phi(80.0) - phi(60.0))).epsilon(0.1));
}

const std::string passing = R"("regimen": "10 mg once", "of": "Cc", "each": "10 h", "statistic": "median", "published": 370,
                               "accepted": [330, 400])";
const std::string failing = replaced(passing, "[330, 400]", "[369, 371]");

TEST_CASE("a model of levels fits a patient when its sources say all, its numbers are reproduced and published levels are met") {
  const std::string text = of_level(with_check(passing));
  CHECK(grade(text) == "fits a patient");
  CHECK(grade(replaced(text, "367.879441171", "400")) == "teaching only");
  CHECK(grade(replaced(text, R"("variance": 0.09)", R"("variance": 0.09, "assumed": true)")) == "simulate only");
  CHECK(grade(replaced(text, R"(, "error": { "additive": "500 [ng/mL]", "read": "made up" })", "")) == "simulate only");
}

TEST_CASE("a model of levels that no published patients were compared with, or not all of whom it meets, can simulate only") {
  CHECK(grade(of_level(model_text)) == "simulate only");
  CHECK(grade(of_level(with_check(passing + R"(, "recalled": true)"))) == "simulate only");
  const std::string both = replaced(with_check(passing), "}], \"worked_cases\"",
                                    R"(}, { "label": "other", "covariates": { "WT": 70 }, "patients": 4000, "source": "made up",
                                        "why": "made up", )" +
                                        failing + "}], \"worked_cases\"");
  CHECK(grade(of_level(both)) == "simulate only");
  CHECK(grade(both) == "teaching only");  // an endpoint is met or it is not
}

TEST_CASE("an endpoint needs a population check that passed, and not against a number that was only recalled") {
  CHECK(grade(model_text) == "teaching only");
  CHECK(grade(with_check(passing)) == "fits a patient");
  CHECK(grade(with_check(passing + R"(, "recalled": true)")) == "teaching only");
  CHECK(grade(with_check(failing)) == "teaching only");
  CHECK(grade(of_level(with_check(failing))) == "teaching only");
}

TEST_CASE("the card of a file whose checks were never recorded is for teaching") {
  json::Value asked;
  asked.set("verb", "compile");
  asked.set("model", *json::parse(of_level(model_text)));
  const json::Value response = ask(asked);
  CHECK(at(response, "result", "grade", "word").string() == "teaching only");
  CHECK(at(response, "result", "grade", "because", "0").string() == "The checks of this very file have not been run.");
}

TEST_CASE("what is wrong in a model file has its line and its column") {
  const std::string file = "{ \"verb\": \"validate\", \"model\":\n" +
                           replaced(model_text, "TVCL * (WT / 70 [kg])", "TVCL * (WT / 70 [kg]) + TVV") + "}";
  const json::Value response = *json::parse(call(file));
  REQUIRE_FALSE(ok(response));
  const std::size_t line = 1 + static_cast<std::size_t>(at(response, "diagnostics", "0", "line").number()) - 2;
  std::size_t begin = file.find('\n') + 1;
  for (std::size_t i = 1; i < line; ++i) begin = file.find('\n', begin) + 1;
  const std::size_t column = static_cast<std::size_t>(at(response, "diagnostics", "0", "column").number());
  const std::string rest = file.substr(begin + column - 1);
  CAPTURE(rest.substr(0, 40));
  CHECK(file.substr(begin, file.find('\n', begin) - begin).find("TVCL * (WT / 70 [kg]) + TVV") != std::string::npos);
  CHECK(rest.find("TVV") < 40);
}
