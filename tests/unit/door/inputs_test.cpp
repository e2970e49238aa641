// Inputs that the schedule sets, through the door: pieces, dialysis sessions and co-medication, against the exact solution of
// exponential decay piece by piece.

#include <doctest/doctest.h>

#include <cmath>
#include <string>

#include "asking.hpp"

using namespace titrate;
using namespace titrate::door_tests;

namespace {

// CL = 1 L/h, V = 10 L, and what the inputs add: a session's clearance, twice the body's own clearance under rifampicin.
std::string dialysed() {
  std::string text = model_text;
  const auto put = [&](const std::string& before, const std::string& more) { text.insert(text.find(before), more); };
  put("\"parameters\"", R"("inputs": { "CL_session": { "label": "Session", "unit": "L/h", "resting": 0, "plausible": [0, 30] },
      "induced": { "label": "Induction", "unit": "1", "resting": "1" } },
    "dialysis": { "input": "CL_session", "modalities": { "high_flux": { "label": "High flux", "clearance": "6 [L/h]" },
      "crrt": { "label": "Continuous", "of_effluent": 0.8 } } },
    "co_medication": { "rifampicin": { "label": "Rifampicin", "input": "induced", "value": 2 } },
    )");
  const std::string CL = "TVCL * (WT / 70 [kg]) * exp(eta_CL)";
  return text.replace(text.find(CL), CL.size(), "TVCL * induced * exp(eta_CL) + CL_session");
}

// 10 mg at 0 h and what `more` says of the patient; levels at 5, 10, 20 and 30 h.
json::Value asked(const std::string& more) {
  return *json::parse(R"({"verb":"simulate","model":)" + dialysed() +
                      R"(,"patient":{"covariates":{},"doses":[{"time":"0 h","amt":"10 mg"}],"observations":[])" +
                      (more.empty() ? "" : "," + more) + R"(},"times":["5 h","10 h","20 h","30 h"]})");
}

// Levels in ng/mL after so many hours at each rate constant.
double left(double at_01, double at_02, double at_07) { return 1000.0 * std::exp(-0.1 * at_01 - 0.2 * at_02 - 0.7 * at_07); }

void holds(const std::string& more, const std::vector<double>& expected) {
  CAPTURE(more);
  const json::Value response = ask(asked(more));
  CAPTURE(complaints(response));
  REQUIRE(ok(response));
  for (std::size_t i = 0; i < expected.size(); ++i)
    CHECK(at(response, "result", "outputs", "Cc", "value", std::to_string(i)).number() ==
          doctest::Approx(expected[i]).epsilon(1e-9));
}

void refuses(const std::string& more, const std::string& complaint) {
  CAPTURE(more);
  const json::Value response = ask(asked(more));
  CHECK_FALSE(ok(response));
  CHECK(complaints(response).find(complaint) != std::string::npos);
  CAPTURE(complaints(response));
}

}  // namespace

TEST_CASE("an input rests outside of its pieces") {
  holds("", {left(5, 0, 0), left(10, 0, 0), left(20, 0, 0), left(30, 0, 0)});
  holds(R"("inputs":{"induced":[{"from":"5 h","to":"15 h","value":2}]})",
        {left(5, 0, 0), left(5, 5, 0), left(10, 10, 0), left(20, 10, 0)});
  // Until further notice, and until the next piece.
  holds(R"("inputs":{"induced":[{"from":"20 h","value":"1"},{"from":"5 h","value":"2"}]})",
        {left(5, 0, 0), left(5, 5, 0), left(5, 15, 0), left(15, 15, 0)});
}

TEST_CASE("a session clears while it lasts, by its modality, its own clearance or its effluent") {
  const std::vector<double> four_hours{left(5, 0, 0), left(6, 0, 4), left(16, 0, 4), left(26, 0, 4)};
  holds(R"("dialysis":[{"start":"5 h","length":"4 h","modality":"high_flux"}])", four_hours);
  holds(R"("dialysis":[{"start":"5 h","length":"240 min","clearance":"100 mL/min"}])", four_hours);
  holds(R"("dialysis":[{"start":"5 h","length":"4 h","modality":"crrt","effluent":"7.5 L/h"}])", four_hours);
  holds(R"("dialysis":[{"start":"20 h","modality":"crrt","effluent":"7.5 L/h"}])",
        {left(5, 0, 0), left(10, 0, 0), left(20, 0, 0), left(20, 0, 10)});
}

TEST_CASE("a co-medication acts from its start to its stop") {
  holds(R"("co_medication":[{"drug":"rifampicin","start":"0 h","stop":"10 h"}])",
        {left(0, 5, 0), left(0, 10, 0), left(10, 10, 0), left(20, 10, 0)});
  holds(R"("co_medication":[{"drug":"rifampicin","start":"-24 h"}])", {left(0, 5, 0), left(0, 10, 0), left(0, 20, 0)});
}

TEST_CASE("a fit and a forecast see sessions, and a steady state does not go through one") {
  json::Value request = asked(R"("dialysis":[{"start":"5 h","length":"4 h","modality":"high_flux"}],"now":"30 h")");
  request.set("verb", "forecast");
  request.set("horizon", "10 h");
  const json::Value response = ask(request);
  CAPTURE(complaints(response));
  REQUIRE(ok(response));
  const json::Value& time = at(response, "result", "time");
  const json::Value& mode = at(response, "result", "outputs", "Cc", "mode");
  bool seen = false;
  for (std::size_t i = 0; i < time.array().size(); ++i)
    if (std::fabs(time.array()[i].number() - 30.0 / 24.0) < 1e-9) {
      seen = true;
      CHECK(mode.array()[i].number() == doctest::Approx(left(26, 0, 4)).epsilon(1e-6));
    }
  CHECK(seen);
}

TEST_CASE("what names no input, contradicts itself or leaves something open is refused at its place") {
  refuses(R"("inputs":{"inducd":[]})", "patient.unknown_input /patient/inputs/inducd");
  refuses(R"("inputs":{"induced":[{"from":"5 h","to":"4 h","value":2}]})", "patient.piece_order /patient/inputs/induced/0/to");
  refuses(R"("inputs":{"CL_session":[{"from":"5 h","value":"31 L/h"}]})",
          "patient.implausible /patient/inputs/CL_session/0/value");
  refuses(R"("inputs":{"induced":[{"from":"5 h","to":"9 h","value":2},{"from":"8 h","value":3}]})",
          "patient.pieces_overlap /patient/inputs/induced/1");
  refuses(
      R"("inputs":{"CL_session":[{"from":"5 h","to":"9 h","value":"2 L/h"}]},"dialysis":[{"start":"6 h","length":"4 h","modality":"high_flux"}])",
      "patient.pieces_overlap /patient/dialysis/0");
  refuses(R"("dialysis":[{"start":"5 h","modality":"high_flux"}])", "request.missing /patient/dialysis/0");
  refuses(R"("dialysis":[{"start":"5 h","length":"4 h"}])", "request.missing /patient/dialysis/0/clearance");
  refuses(R"("dialysis":[{"start":"5 h","length":"4 h","modality":"crrt"}])", "request.missing /patient/dialysis/0");
  refuses(R"("dialysis":[{"start":"5 h","length":"4 h","modality":"low_flux"}])",
          "patient.unknown_modality /patient/dialysis/0/modality");
  refuses(R"("co_medication":[{"drug":"rifampicine","start":"0 h"}])", "patient.unknown_drug /patient/co_medication/0/drug");
  json::Value covariate = asked("");
  json::Value patient = *covariate.find("patient");
  patient.set("covariates", *json::parse(R"({"induced":2})"));
  covariate.set("patient", patient);
  CHECK(complaints(ask(covariate)).find("patient.unknown_covariate /patient/covariates/induced") != std::string::npos);
}

TEST_CASE("a model without sessions refuses them, but for an empty list") {
  const std::string before = R"("covariates":{"WT":"70 kg"},"doses":[{"time":"0 h","amt":"10 mg"}],"observations":[])";
  const auto response = [&](const std::string& more) {
    return ask(request("simulate", "{" + before + "," + more + "}", R"("times":["1 h"])"));
  };
  CHECK(complaints(response(R"("dialysis":[{"start":"5 h","length":"4 h"}])")) == "patient.no_dialysis /patient/dialysis");
  CHECK(ok(response(R"("dialysis":[],"co_medication":[])")));
}

TEST_CASE("the card lists inputs, modalities and co-medication apart from the covariates") {
  const json::Value response = ask(*json::parse(R"({"verb":"compile","model":)" + dialysed() + "}"));
  CAPTURE(complaints(response));
  REQUIRE(ok(response));
  CHECK(at(response, "result", "covariates").array().size() == 4);
  CHECK(at(response, "result", "inputs").array().size() == 2);
  CHECK(at(response, "result", "dialysis", "modalities", "0", "clearance").number() == doctest::Approx(6.0));
  CHECK(at(response, "result", "co_medication", "0", "value").number() == 2.0);
}
