// An uncertain history at the door: amounts left from doses that nobody knows, and draw times that are not known well.

#include <doctest/doctest.h>

#include <cmath>

#include "unit/door/asking.hpp"

using namespace titrate;
using namespace titrate::door_tests;

namespace {

json::Value asked(const std::string& verb, const std::string& level, const std::string& more = "",
                  const std::string& amt = "10 mg") {
  return ask(request(verb, R"({"covariates":{"WT":"70 kg"},"doses":[{"time":"0 h","amt":")" + amt + R"("}],"observations":[)" +
                               level + R"(],"now":"12 h")" + more + "}"));
}

double number(const json::Value& response, const std::string& part, const std::string& index, const std::string& key) {
  return at(response, "result", part, index, key).number();
}

// Upper over lower end of the band at the end of history.
double width(const json::Value& forecast) {
  const json::Value& history = at(forecast, "result", "outputs", "Cc", "history");
  return at(history, "p95").array().back().number() / at(history, "p5").array().back().number();
}

const std::string left = R"(,"initial_amounts":[{"state":"central","amount":"10 mg","cv":"50 %"}])";

}  // namespace

TEST_CASE("an amount left from earlier doses adds to the prediction, is estimated, and widens what is known") {
  const std::string level = R"({"time":"10 h","dv":"900 ng/mL"})";  // 368 from the dose alone, as much from what was left
  const json::Value plain = asked("fit", level), transferred = asked("fit", level, left);
  REQUIRE_MESSAGE(ok(transferred), complaints(transferred));
  const double from_dose = 1000.0 * std::exp(-1.0);
  CHECK(number(plain, "levels", "0", "a_priori") == doctest::Approx(from_dose).epsilon(1e-6));
  CHECK(number(transferred, "levels", "0", "a_priori") == doctest::Approx(2.0 * from_dose).epsilon(1e-6));
  CHECK(at(transferred, "result", "eta", "1", "name").string() == "initial amount of central");
  CHECK(number(transferred, "initial_amounts", "0", "stated") == doctest::Approx(10.0));
  CHECK(number(transferred, "initial_amounts", "0", "individual") > 10.0);
  CHECK(number(transferred, "initial_amounts", "0", "individual") ==
        doctest::Approx(10.0 * std::exp(number(transferred, "eta", "1", "value"))));
  CHECK(at(plain, "result").find("initial_amounts") == nullptr);
  CHECK(width(asked("forecast", level, left)) > width(asked("forecast", level)));
}

TEST_CASE("a draw time that is not known well makes its level tell less") {
  const std::string exact = R"({"time":"10 h","dv":"900 ng/mL"})";
  const std::string vague = R"({"time":"10 h","dv":"900 ng/mL","time_error":"6 h"})";
  const json::Value sure = asked("fit", exact), unsure = asked("fit", vague);
  REQUIRE_MESSAGE(ok(unsure), complaints(unsure));
  CHECK(number(unsure, "levels", "0", "time_error") == doctest::Approx(0.25));  // results are in days
  CHECK(at(sure, "result", "levels", "0").find("time_error") == nullptr);
  CHECK(at(unsure, "result", "eta", "1", "name").string() == "draw time of level 1");
  CHECK(number(unsure, "eta", "1", "value") < 0.0);  // a high level was drawn early rather
  CHECK(number(unsure, "eta", "0", "sd") > number(sure, "eta", "0", "sd"));
  CHECK(std::abs(number(unsure, "eta", "0", "value")) < std::abs(number(sure, "eta", "0", "value")));
  // Where the level agrees with the prediction, and is exact compared with it, the bands differ by the uncertain time alone.
  const auto band = [](const std::string& error) {
    return width(asked("forecast", R"({"time":"10 h","dv":"36788 ng/mL")" + error + "}", "", "1000 mg"));
  };
  CHECK(band(R"(,"time_error":"1 h")") > 2.0 * band("") - 1.0);
}

TEST_CASE("an initial amount without its state, its size or its uncertainty is refused, and a state has one") {
  const auto complaint = [](const std::string& amounts) {
    return complaints(asked("fit", "", R"(,"initial_amounts":)" + amounts));
  };
  CHECK(complaint(R"([{"state":"central","amount":"10 mg"}])") == "request.missing /patient/initial_amounts/0/cv");
  CHECK(complaint(R"([{"state":"centre","amount":"10 mg","cv":"50 %"}])") ==
        "patient.unknown_state /patient/initial_amounts/0/state");
  CHECK(complaint(R"([{"state":"central","amount":"0 mg","cv":"50 %"}])") ==
        "patient.amount_not_positive /patient/initial_amounts/0/amount");
  CHECK(complaint(R"([{"state":"central","amount":"10 mg","cv":0}])") == "patient.bad_cv /patient/initial_amounts/0/cv");
  CHECK(complaint(R"([{"state":"central","amount":"10 L","cv":0.5}])") == "unit.mismatch /patient/initial_amounts/0/amount");
  CHECK(complaints(asked("fit", R"({"time":"10 h","dv":"900 ng/mL","time_error":"0 h"})")).find("/time_error") !=
        std::string::npos);
}
