#include <doctest/doctest.h>

#include <cmath>

#include "asking.hpp"

using namespace titrate;
using namespace titrate::door_tests;

namespace {

std::string person(const std::string& covariates, const std::string& doses = R"({"time":"0 h","amt":"10 mg"})",
                   const std::string& levels = "") {
  return R"({"covariates":{)" + covariates + R"(},"doses":[)" + doses + R"(],"observations":[)" + levels + "]}";
}
std::string complaint(const std::string& patient) { return complaints(ask(request("validate", patient))); }
const json::Value& first(const json::Value& response) { return at(response, "diagnostics", "0"); }

}  // namespace

TEST_CASE("everything wrong with a patient is said at once") {
  CHECK(complaint(person(R"("wt":"70 kg")", R"({"time":"08:00","amt":"10"})", R"({"time":"1 h","dv":"1 mg"})")) ==
        "patient.unknown_covariate /patient/covariates/wt; patient.missing_covariate /patient/covariates/WT; time.clock "
        "/patient/doses/0/time; "
        "unit.missing /patient/doses/0/amt; unit.mismatch /patient/observations/0/dv");
}

TEST_CASE("a covariate that no equation uses may be missing, one that is given is checked all the same") {
  CHECK(complaint(person(R"("WT":"70 kg")")) == "");
  CHECK(complaint(person(R"("WT":"70 kg","age":"400 year")")) == "patient.implausible /patient/covariates/age");
}

TEST_CASE("creatinine is read in both units by 88.4, and the conversion is printed") {
  const json::Value response = ask(request("validate", person(R"("WT":"70 kg","SCR":"176.8 umol/L")")));
  REQUIRE(ok(response));
  CHECK(at(first(response), "code").string() == "patient.creatinine_converted");
  CHECK(at(first(response), "severity").string() == "note");
  CHECK(at(first(response), "message").string().find("2 mg/dL") != std::string::npos);
}

TEST_CASE("a number outside the plausible range comes with the unit that was probably meant") {
  const auto hint = [](const std::string& covariates) {
    return at(first(ask(request("validate", person(covariates)))), "hint").string();
  };
  CHECK(hint(R"("WT":"400 kg")").find("400 lb") != std::string::npos);
  CHECK(hint(R"("WT":"70000 kg")").find("70000 g") != std::string::npos);
  CHECK(hint(R"("WT":"70 kg","SCR":"88 mg/dL")").find("88 umol/L") != std::string::npos);
  CHECK(hint(R"("WT":"70 kg","SCR":"-1 mg/dL")") == "check the number and its unit");
}

TEST_CASE("a dose of another substance than the molar mass belongs to is not converted by it, a level is") {
  json::Value asked =
      request("validate", person(R"("WT":"70 kg")", R"({"time":"0 h","amt":"10 umol"})", R"({"time":"5 h","dv":"0.8 nmol/mL"})"));
  asked.set("model", *json::parse(replaced(model_text, R"("label": "Intravenous", )",
                                           R"("label": "Intravenous", "substance": "ester", )")));
  CHECK(complaints(ask(asked)) == "unit.mismatch /patient/doses/0/amt; request.converted /patient/observations/0/dv");
}

TEST_CASE("a hint about another dimension says what to do, and never offers the same number in the other unit") {
  const json::Value response = ask(request("validate", person(R"("WT":"70 kg")", R"({"time":"0 h","amt":"10 mg/m^2"})")));
  CHECK(at(first(response), "code").string() == "unit.mismatch");
  CHECK(at(first(response), "hint").string() == "this is per body surface: multiply by the surface in m2, and give it in mg");
  const json::Value hours = ask(request("validate", person(R"("WT":"70 h")")));
  CHECK(at(first(hours), "hint").string() == "give it in kg");
}

TEST_CASE("the share of a window above a limit is asked for in per cent or as a fraction") {
  const auto answer = [](const std::string& low) {
    return ask(request(
        "forecast", R"({"covariates":{"WT":"70 kg"},"doses":[{"time":"0 h","amt":"10 mg"}],"now":"24 h","observations":[]})",
        R"("horizon":"24 h","settings":{"draws":50},"target":{"metric":"time_above","of":"Cc","during":"24 to 48 h","limit":"50 ng/mL","low":)" +
            low + R"(},"regimens":[{"amt":"10 mg","ii":"12 h","start":"24 h"}])"));
  };
  const json::Value percent = answer(R"("60 %")"), fraction = answer(R"("0.6")"), hours = answer(R"("14.4 h")");
  CAPTURE(complaints(fraction));
  REQUIRE(ok(percent));
  REQUIRE(ok(fraction));
  REQUIRE(ok(hours));
  const double p = at(percent, "result", "regimens", "0", "target", "p_in").number();
  CHECK(at(fraction, "result", "regimens", "0", "target", "p_in").number() == p);
  CHECK(at(hours, "result", "regimens", "0", "target", "p_in").number() == p);
}

TEST_CASE("mass and substance are converted by the model's molar mass, with a note") {
  // 10 umol of 500 g/mol are 5 mg: half of the level after 10 mg.
  const auto value = [](const std::string& amt) {
    return at(ask(request("simulate", person(R"("WT":"70 kg")", R"({"time":"0 h","amt":")" + amt + "\"}"), R"("times":["1 h"])")),
              "result", "outputs", "Cc", "value", "0")
        .number();
  };
  CHECK(value("10 umol") == doctest::Approx(value("5 mg")).epsilon(1e-12));
  CHECK(complaint(person(R"("WT":"70 kg")", R"({"time":"0 h","amt":"10 umol"})")) == "request.converted /patient/doses/0/amt");
}

TEST_CASE("a level below a limit is fitted by its probability, under a key of its own and in any unit") {
  const std::string dose = R"({"time":"0 h","amt":"10 mg"})";
  const auto fit = [&](const std::string& result) {
    return ask(
        request("fit", person(R"("WT":"70 kg")", dose, R"({"time":"20 h",)" + result + "}"), R"("settings":{"draws":50})"));
  };
  const json::Value below = fit(R"("below":"0.1 mg/L")");
  REQUIRE(ok(below));
  const json::Value& level = at(below, "result", "levels", "0");
  CHECK(at(level, "censored").string() == "below");
  CHECK(at(level, "dv").number() == doctest::Approx(100.0));  // ng/mL
  CHECK(level.find("residual_sd") == nullptr);
  CHECK(at(level, "probability").number() > 0.1);
  CHECK(at(level, "words").string().find("to be expected in") == 0);
  CHECK(at(below, "result", "eta", "0", "value").number() > 0.0);
  CHECK(at(fit(R"("above":"0.2 umol/L")"), "result", "levels", "0", "dv").number() == doctest::Approx(100.0));  // 500 g/mol

  CHECK(complaints(fit(R"("dv":"<0.1 mg/L")")) == "patient.bound_as_level /patient/observations/0/dv");
  CHECK(complaints(fit(R"("below":"< 0.1 mg/L")")) == "patient.bound_as_level /patient/observations/0/below");
  CHECK(complaints(fit(R"("below":"0.1 mg/L","dv":"0.1 mg/L")")) == "patient.two_results /patient/observations/0/below");
  CHECK(complaints(fit(R"("below":"0 mg/L")")) == "patient.limit_not_positive /patient/observations/0/below");
  CHECK(complaints(fit(R"("assay":"")")).find("request.missing /patient/observations/0/dv") == 0);
}

TEST_CASE("a level beyond the limits of quantification of the source is used as typed, with a remark") {
  std::string text = model_text;
  const std::string key = R"("unit": "ng/mL", )";
  text.replace(text.find(key), key.size(), key + R"("lloq": "50 [ng/mL]", "uloq": "2 [mg/L]", )");
  const auto remarks = [&](const std::string& dv) {
    const json::Value response = ask(*json::parse(
        R"({"verb":"fit","settings":{"draws":50},"model":)" + text + R"(,"patient":)" +
        person(R"("WT":"70 kg")", R"({"time":"0 h","amt":"10 mg"})", R"({"time":"20 h","dv":")" + dv + "\"}") + "}"));
    CHECK(ok(response));
    return complaints(response);
  };
  CHECK(remarks("49 ng/mL") == "patient.below_lloq /patient/observations/0/dv");
  CHECK(remarks("50 ng/mL") == "");
  CHECK(remarks("2001 ng/mL") == "patient.above_uloq /patient/observations/0/dv");
}

TEST_CASE("records may come in any order") {
  const std::string early = R"({"time":"0 h","amt":"10 mg"})", late = R"({"time":"12 h","amt":"20 mg","dur":"1 h"})";
  const auto answer = [](const std::string& doses) {
    const json::Value response = ask(request("simulate", person(R"("WT":"70 kg")", doses), R"("times":["1 h","13 h","20 h"])"));
    return json::write(at(response, "result"));
  };
  CHECK(answer(early + "," + late) == answer(late + "," + early));
}

TEST_CASE("a level at the time of a dose is the one before it, unless it says that it was drawn after") {
  const std::string doses = R"({"time":"0 h","amt":"100 mg","ii":"10 h","addl":1})";
  const auto predicted = [&](const std::string& level) {
    return at(ask(request("fit", person(R"("WT":"70 kg")", doses, level), R"("settings":{"draws":50})")), "result", "levels", "0",
              "a_priori")
        .number();
  };
  CHECK(predicted(R"({"time":"10 h","dv":"4000 ng/mL"})") == doctest::Approx(10000.0 * std::exp(-1.0)).epsilon(1e-9));
  CHECK(predicted(R"({"time":"10 h","dv":"14000 ng/mL","after_dose":true})") ==
        doctest::Approx(10000.0 * (1.0 + std::exp(-1.0))).epsilon(1e-9));
}

TEST_CASE("doses past the limit are refused, at the limit they are not") {
  const auto with = [](const std::string& addl) {
    return complaint(person(R"("WT":"70 kg")", R"({"time":"0 h","amt":"10 mg","ii":"1 h","addl":)" + addl + "}"));
  };
  CHECK(with("1999") == "");
  CHECK(with("2000") == "request.size /patient/doses");
}

TEST_CASE("a constant infusion to steady state needs no interval") {
  const json::Value response = ask(request(
      "simulate", person(R"("WT":"70 kg")", R"({"time":"0 h","amt":"0 mg","rate":"2 mg/h","ss":1})"), R"("times":["0.001 h"])"));
  CAPTURE(complaints(response));
  REQUIRE(ok(response));
  CHECK(at(response, "result", "outputs", "Cc", "value", "0").number() ==
        doctest::Approx(2000.0 * std::exp(-0.0001)).epsilon(1e-9));  // rate / CL, then off
}

TEST_CASE("what the fit uses is listed: given, computed, or assumed because it is unknown") {
  json::Value changed = model();
  json::Value individual = *changed.find("individual");
  individual.set(
      "CL", *json::parse(R"json({"value":"TVCL * (RF / 100 [mL/min]) * exp(eta_CL)","unit":"L/h","label":"Clearance"})json"));
  changed.set("individual", individual);
  json::Value asked = request("validate", person(R"("WT":"72 kg","age":"40 year")"));
  asked.set("model", changed);
  const json::Value response = ask(asked);
  REQUIRE(ok(response));
  const json::Value& used = at(response, "result", "covariates");
  REQUIRE(used.array().size() == 1);
  CHECK(at(used, "0", "value").number() == doctest::Approx(100.0).epsilon(1e-6));  // (140 - 40) 72 / (72 * 1)
  CHECK(at(used, "0", "source").string() == "computed");
}

TEST_CASE("a level of an output without measurement error is shown when it is excluded, and refused otherwise") {
  json::Value changed = model();
  json::Value outputs = *changed.find("outputs");
  outputs.set("amount", *json::parse(R"json({"label":"Amount in the body","matrix":"body","value":"central","unit":"mg"})json"));
  changed.set("outputs", outputs);
  const auto fitted = [&](const std::string& more) {
    json::Value asked = request("fit",
                                person(R"("WT":"70 kg")", R"({"time":"0 h","amt":"100 mg"})",
                                       R"({"time":"10 h","dv":"30 mg","output":"amount")" + more + "}"),
                                R"("settings":{"draws":50})");
    asked.set("model", changed);
    return ask(asked);
  };
  CHECK(complaints(fitted("")) == "patient.no_residual_error /patient/observations/0/output");
  const json::Value shown = fitted(R"(,"excluded":"computed, not measured")");
  REQUIRE(ok(shown));
  CHECK(at(shown, "result", "levels", "0", "a_priori").number() == doctest::Approx(100.0 * std::exp(-1.0)).epsilon(1e-9));
  CHECK(at(shown, "result", "levels", "0", "unit").string() == "mg");
}

TEST_CASE("a simulation follows doses after now, a fit says that they are plans") {
  const std::string doses = R"({"time":"0 h","amt":"10 mg"},{"time":"10 h","amt":"10 mg"})";
  const std::string patient = R"({"covariates":{"WT":"70 kg"},"doses":[)" + doses + R"(],"observations":[],"now":"5 h"})";
  const json::Value simulated = ask(request("simulate", patient, R"("times":["20 h"])"));
  CHECK(complaints(simulated) == "");
  CHECK(at(simulated, "result", "outputs", "Cc", "value", "0").number() ==
        doctest::Approx(1000.0 * (std::exp(-2.0) + std::exp(-1.0))).epsilon(1e-9));
  CHECK(complaints(ask(request("fit", patient, R"("settings":{"draws":50})"))) == "patient.dose_after_now /patient/doses/1/time");
}

TEST_CASE("the current regimen does not start before now: its doses before now would be in neither history nor plan") {
  const auto asked = [](const std::string& start) {
    return complaints(ask(request("forecast",
                                  R"({"covariates":{"WT":"70 kg"},"doses":[{"time":"0 h","amt":"10 mg"}],"observations":[],
      "now":"48 h","current":{"amt":"10 mg","ii":"12 h","start":")" +
                                      start + R"("}})",
                                  R"("horizon":"24 h")")));
  };
  CHECK(asked("30 h") == "request.start_before_now /patient/current/start");
  CHECK(asked("2 day") == "");
}

TEST_CASE("a dose far from what the product allows is pointed at: g for mg, ug for mg") {
  const auto asked = [](const std::string& amt) {
    json::Value whole = request("validate", person(R"("WT":"70 kg")", R"({"time":"0 h","amt":")" + amt + R"("})"));
    json::Value changed = at(whole, "model");
    changed.set(
        "products",
        *json::parse(
            R"([{"name":"testin","route":"iv","step":"5 mg","smallest":"5 mg","largest":"20 mg","intervals":["12 h"],"source":"made up"}])"));
    whole.set("model", changed);
    return complaints(ask(whole));
  };
  CHECK(asked("10 mg") == "");
  CHECK(asked("60 mg") == "");
  CHECK(asked("10 g") == "patient.dose_unusual /patient/doses/0/amt");
  CHECK(asked("10 ug") == "patient.dose_unusual /patient/doses/0/amt");
}
