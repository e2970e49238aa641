#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "asking.hpp"

using namespace titrate;
using namespace titrate::door_tests;

namespace {
const char* const times = R"("times":["0 h","10 h","1 day"])";
const char* const two_levels =
    R"({"covariates":{"WT":"70 kg"},"doses":[{"time":"0 h","amt":"100 mg"}],"observations":[{"time":"5 h","dv":"5000 ng/mL"}],"now":"12 h"})";
}  // namespace

TEST_CASE("a simulation is written in the model's units: ng/mL, days, ng/mL*day") {
  const json::Value response = ask(
      request("simulate", R"({"covariates":{"WT":"70 kg"},"doses":[{"time":"0 h","amt":"10 mg"}],"observations":[]})", times));
  REQUIRE(ok(response));
  CHECK(at(response, "result", "time_unit").string() == "day");
  CHECK(at(response, "result", "time", "1").number() == doctest::Approx(10.0 / 24.0).epsilon(1e-14));
  CHECK(at(response, "result", "outputs", "Cc", "value", "1").number() ==
        doctest::Approx(1000.0 * std::exp(-1.0)).epsilon(1e-10));
  CHECK(at(response, "result", "outputs", "Cc", "auc", "1").number() ==
        doctest::Approx(10000.0 * (1.0 - std::exp(-1.0)) / 24.0).epsilon(1e-10));
  CHECK(at(response, "result", "parameters", "0", "value").number() == doctest::Approx(1.0).epsilon(1e-14));
  CHECK(at(response, "result", "parameters", "0", "unit").string() == "L/h");
}

TEST_CASE("units of the request change no answer: 0.01 g and 154.3 lb are 10 mg and 70 kg") {
  const json::Value a = ask(
      request("simulate", R"({"covariates":{"WT":"70 kg"},"doses":[{"time":"0 h","amt":"10 mg"}],"observations":[]})", times));
  const json::Value b =
      ask(request("simulate", R"({"covariates":{"WT":"70000 g"},"doses":[{"time":"0 min","amt":"0.01 g"}],"observations":[]})",
                  R"("times":["0 day","600 min","24 h"])"));
  REQUIRE(ok(b));
  for (const char* i : {"1", "2"})
    CHECK(at(b, "result", "outputs", "Cc", "value", i).number() ==
          doctest::Approx(at(a, "result", "outputs", "Cc", "value", i).number()).epsilon(1e-12));
}

TEST_CASE("a random effect that is not named is zero, and the answer says which were used") {
  const json::Value response = ask(request("simulate", "", std::string(times) + R"(,"eta":{"eta_CL":0.6931471805599453})"));
  REQUIRE(ok(response));
  CHECK(at(response, "result", "outputs", "Cc", "value", "1").number() ==
        doctest::Approx(1000.0 * std::exp(-2.0)).epsilon(1e-10));
  CHECK(at(response, "result", "eta", "eta_CL").number() == doctest::Approx(std::log(2.0)));
}

TEST_CASE("the same request gives the same bytes, whatever was asked before") {
  const std::string fit = json::write(request("fit", two_levels, R"("settings":{"draws":200})"));
  const std::string first = call(fit);
  (void)call(json::write(request("fit", two_levels, R"("settings":{"draws":300,"seed":5})")));
  (void)call("{}");
  CHECK(call(fit) == first);
}

TEST_CASE("a model can be named by the hash that an earlier response gave") {
  const json::Value full = ask(request("simulate", "", times));
  json::Value named = request("simulate", "", times);
  named.set("model", at(full, "model", "hash"));
  CHECK(json::write(ask(named)) == json::write(full));
  named.set("model", "ffffffffffffffff");
  CHECK(complaints(ask(named)) == "model.unknown_hash /model");
}

TEST_CASE("without a level the mode is eta = 0 exactly, and the posterior is the prior") {
  const json::Value response = ask(request("fit"));
  REQUIRE(ok(response));
  CHECK(at(response, "result", "status").string() == "no_data");
  CHECK(at(response, "result", "eta", "0", "value").number() == 0.0);
  CHECK(at(response, "result", "eta", "0", "posterior_over_prior_sd").number() == doctest::Approx(1.0).epsilon(1e-12));
}

TEST_CASE("the mode of a fit solves the equation of its objective") {
  // OFV'(eta) = 0:  2 (y - f) f CL t / (V sd^2) + 2 eta / omega = 0 with f = 10 exp(-CL t / V) mg/L, t = 5 h, y = 5 mg/L, sd =
  // 0.5 mg/L.
  const json::Value response = ask(request("fit", two_levels, R"("settings":{"draws":100})"));
  REQUIRE(ok(response));
  const double eta = at(response, "result", "eta", "0", "value").number();
  const double CL = std::exp(eta);
  const double f = 10.0 * std::exp(-CL * 0.5);
  CHECK(eta == doctest::Approx(0.26374).epsilon(1e-4));  // published check value of this very case
  CHECK(2.0 * (5.0 - f) * f * CL * 0.5 / 0.25 + 2.0 * eta / 0.09 == doctest::Approx(0.0).epsilon(1e-5));
  CHECK(at(response, "result", "levels", "0", "individual").number() == doctest::Approx(1000.0 * f).epsilon(1e-9));
  CHECK(at(response, "result", "levels", "0", "a_priori").number() == doctest::Approx(10000.0 * std::exp(-0.5)).epsilon(1e-9));
}

TEST_CASE("an excluded level is shown and moves nothing") {
  const std::string head =
      R"({"covariates":{"WT":"70 kg"},"doses":[{"time":"0 h","amt":"100 mg"}],"now":"12 h","observations":[{"time":"5 h","dv":"5000 ng/mL"})";
  const json::Value without = ask(request("fit", head + "]}", R"("settings":{"draws":100})"));
  const json::Value with =
      ask(request("fit", head + R"(,{"time":"6 h","dv":"90000 ng/mL","excluded":"line"}]})", R"("settings":{"draws":100})"));
  REQUIRE(ok(with));
  CHECK(at(with, "result", "eta", "0", "value").number() == at(without, "result", "eta", "0", "value").number());
  CHECK(at(with, "result", "levels").array().size() == 2);
  CHECK_FALSE(at(with, "result", "levels", "1", "used").boolean());
  CHECK(at(with, "result", "levels", "1", "why").string() == "line");
}

TEST_CASE("progress goes from nothing to all and never back") {
  std::vector<double> seen;
  (void)call(json::write(request("fit", two_levels, R"("settings":{"draws":150,"seed":77})")),
             [&](double part) { seen.push_back(part); });
  REQUIRE_FALSE(seen.empty());
  for (std::size_t i = 0; i < seen.size(); ++i) {
    CHECK(seen[i] >= (i == 0 ? 0.0 : seen[i - 1]));
    CHECK(seen[i] <= 1.0);
  }
}

TEST_CASE("no text makes the door throw, and every answer is an object that says whether it is good") {
  for (const std::string text :
       {"", "null", "[]", "{}", "{\"verb\":3}", "{\"verb\":\"fit\",\"model\":[]}", "\xff\xfe", "{\"verb\":\"fit\",\"model\":{}}",
        "{\"verb\":\"simulate\",\"model\":{\"covariates\":[]}}", "{\"verb\":\"fit\""}) {
    CAPTURE(text);
    const json::Value response = *json::parse(call(text));
    CHECK_FALSE(ok(response));
    CHECK_FALSE(at(response, "diagnostics").array().empty());
    CHECK(complaints(response).find("internal") == std::string::npos);
  }
}

TEST_CASE("complaints about a model file point into the request") {
  json::Value asked = request("compile");
  json::Value broken =
      *json::parse(R"json({"value":"TVCL * (WTT / 70 [kg]) * exp(eta_CL)","unit":"L/h","label":"Clearance"})json");
  json::Value changed = model();
  json::Value individual = *changed.find("individual");
  individual.set("CL", broken);
  changed.set("individual", individual);
  asked.set("model", changed);
  CHECK(complaints(ask(asked)).find("expr.unknown_name /model/individual/CL") != std::string::npos);
}

TEST_CASE("the objective is that of levels in the output's unit, as the source of a model fitted them") {
  const json::Value fit = at(ask(request("fit", two_levels)), "result");
  const double eta = at(fit, "eta", "0", "value").number();
  const double off = (5000.0 - at(fit, "levels", "0", "individual").number()) / 500.0;  // ng/mL
  const double ofv = std::log(500.0 * 500.0) + off * off + eta * eta / 0.09;
  CHECK(at(fit, "ofv").number() == doctest::Approx(ofv).epsilon(1e-9));
  const double posterior = at(fit, "covariance", "0", "0").number();
  CHECK(at(fit, "objective").number() == doctest::Approx(ofv + std::log(0.09 / posterior)).epsilon(1e-9));
}
