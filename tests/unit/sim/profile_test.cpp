// Doses that enter along a density, simulated: against equal chains of stages and convolutions.

#include <doctest/doctest.h>

#include <cmath>
#include <functional>

#include "support/quadrature.hpp"
#include "unit/sim/one_depot.hpp"

using namespace titrate;
using namespace titrate::support;
using namespace titrate::one_depot;

namespace {

// Concentration after a unit amount into the central compartment at time 0.
double after_bolus(double t) { return t < 0 ? 0.0 : std::exp(-k * t) / V; }

double convolved(const std::function<double(double)>& density, const std::function<double(double)>& response, double t) {
  return amt * integral([&](double s) { return density(s) * response(t - s); }, 0, t, 4000);
}

double transit(double t, double n, double MTT) {
  const double ktr = (n + 1) / MTT;
  return ktr * std::exp(n * std::log(ktr * t) - ktr * t - std::lgamma(n + 1));
}

const std::vector<double> times{0.3, 1.5, 4, 9, 24};

std::vector<double> each(const std::function<double(double)>& f) {
  std::vector<double> values;
  for (const double t : times) values.push_back(f(t));
  return values;
}

}  // namespace

TEST_CASE("a transit absorption with a whole number is the equal chain of stages") {
  const auto profile = with_route(R"({ "into": "central", "transit": { "n": 4, "MTT": "3 [h]" } })", "", "",
                                  R"("one_compartment": { "CL": "4 [L/h]", "V": "30 [L]" })");
  const auto chain = with_route(
      R"({ "into": "depot" })", "", "",
      R"("one_compartment": { "CL": "4 [L/h]", "V": "30 [L]" }, "erlang_absorption": { "stages": 5, "MTT": "3 [h]" })");
  const std::vector<DosingEvent> doses{dose(0, amt), dose(3, 200), dose(12, amt)};
  check_all(levels(profile, doses, times), levels(chain, doses, times), 1e-8);
  const auto with_ka = with_route(R"({ "into": "depot", "transit": { "n": 4, "MTT": "3 [h]" } })");
  const auto chain_ka = with_route(
      R"({ "into": "depot" })", "", "",
      R"("one_compartment": { "CL": "4 [L/h]", "V": "30 [L]" }, "erlang_absorption": { "stages": 5, "MTT": "3 [h]", "ka": "0.8 [1/h]" })");
  check_all(levels(with_ka, doses, times), levels(chain_ka, doses, times), 1e-8);
}

TEST_CASE("a transit absorption takes any number of stages, few or very many") {
  for (const double n : {0.0, 0.4, 7.3, 60.5, 250.0}) {
    CAPTURE(n);
    const auto model = with_route(R"({ "into": "depot", "transit": { "n": )" + std::to_string(n) + R"(, "MTT": "3 [h]" } })");
    check_all(levels(model, {dose(0, amt)}, {2.8, 4, 9}),
              {convolved([&](double s) { return transit(s, n, 3); }, after_depot, 2.8),
               convolved([&](double s) { return transit(s, n, 3); }, after_depot, 4),
               convolved([&](double s) { return transit(s, n, 3); }, after_depot, 9)},
              n > 0 && n < 1 ? 1e-5 : 1e-7);  // the convolution's own error where the density has a corner at 0
  }
}

TEST_CASE("inverse Gaussian and Weibull absorption are the convolutions with their densities") {
  const auto inverse = with_route(R"({ "into": "central", "inverse_gaussian": { "MAT": "4 [h]", "CV2": 0.5 } })");
  const double pi = std::acos(-1.0);
  const auto f = [&](double s) {
    return std::sqrt(4 / (2 * pi * 0.5 * s * s * s)) * std::exp(-(s - 4) * (s - 4) / (2 * 0.5 * 4 * s));
  };
  check_all(levels(inverse, {dose(0, amt)}, times), each([&](double t) { return convolved(f, after_bolus, t); }), 1e-7);
  const auto weibull = with_route(R"({ "into": "central", "weibull": { "scale": "4 [h]", "shape": 1.7 } })");
  const auto w = [](double s) { return 1.7 / 4 * std::pow(s / 4, 0.7) * std::exp(-std::pow(s / 4, 1.7)); };
  check_all(levels(weibull, {dose(0, amt)}, times), each([&](double t) { return convolved(w, after_bolus, t); }), 1e-6);
}

TEST_CASE("what enters along any density that adds up to 1 is the dose") {
  for (const std::string absorption :
       {R"("transit": { "n": 5, "MTT": "3 [h]" })", R"("inverse_gaussian": { "MAT": "4 [h]", "CV2": 0.5 })",
        R"("weibull": { "scale": "4 [h]", "shape": 1.7 })", R"("profile": "exp(-tad / 2 [h]) * tad / 4 [h^2]")"}) {
    CAPTURE(absorption);
    SimulateOptions options;
    options.auc = true;
    const auto model = with_route("{ \"into\": \"central\", " + absorption + " }");
    CHECK(course_of(model, {dose(0, amt)}, {400}, options).auc(0, 0) == near(amt / 4.0, 1e-7));
  }
}

TEST_CASE("a Weibull absorption of small shape, whose density is infinite at first, loses nothing of the dose") {
  for (const double shape : {0.2, 0.3, 0.6}) {
    CAPTURE(shape);
    const auto model =
        with_route(R"({ "into": "central", "weibull": { "scale": "4 [h]", "shape": )" + std::to_string(shape) + " } }", "", "",
                   R"("one_compartment": { "CL": "1e-9 [L/h]", "V": "30 [L]" })");
    check_all(levels(model, {dose(0, amt)}, times),
              each([&](double t) { return amt / V * -std::expm1(-std::pow(t / 4, shape)); }), shape < 0.25 ? 2e-5 : 1e-7);
  }
  check_sensitivities(R"({ "into": "central", "bioavailability": "F1", "weibull": { "scale": "MTT", "shape": "n" } })",
                      R"("individual": { "n": "exp(eta_1) * 0.5", "MTT": "exp(eta_2) * 3 [h]", "F1": "expit(0.4 + eta_3) * 1",
    "unused": "exp(eta_4) * 1" },)",
                      times);
}

TEST_CASE("estimated transit numbers and times have exact sensitivities") {
  check_sensitivities(R"({ "into": [
    { "state": "depot", "bioavailability": "F1", "transit": { "n": "n", "MTT": "MTT" } },
    { "state": "central", "bioavailability": "1 - F1", "duration": "D", "lag": "tlag" } ] })",
                      R"("individual": { "n": "exp(eta_1) * 4", "MTT": "exp(eta_2) * 3 [h]",
"D": "exp(eta_2) * 2.5 [h]",
    "F1": "expit(0.4 + eta_3) * 1", "tlag": "exp(eta_4) * 0.4 [h]" },)",
                      times);
}

TEST_CASE("a nonlinear model takes a profile as a linear one does") {
  const auto slow = compiled_from(R"("structure": { "one_compartment": { "V": "30 [L]", "ka": "0.8 [1/h]" },
    "michaelis_menten": { "Vmax": "4e5 [mg/h]", "Km": "1e5 [mg/L]" } },
    "routes": { "dose": { "into": "depot", "transit": { "n": 3, "MTT": "2 [h]" } } },
    "outputs": { "Cc": { "label": "y", "value": "central / 30 [L]", "unit": "mg/L" } })");
  const auto linear = with_route(R"({ "into": "depot", "transit": { "n": 3, "MTT": "2 [h]" } })");
  check_all(levels(slow, {dose(0, amt)}, times), levels(linear, {dose(0, amt)}, times), 2e-4);  // C / Km is 1e-4
}

TEST_CASE("a Weibull absorption that begins infinitely fast is the whole dose all the same") {
  const auto weibull = with_route(R"({ "into": "central", "weibull": { "scale": "4 [h]", "shape": 0.6 } })");
  // With v = (tad / 4)^0.6 the density is exp(-v).
  check_all(levels(weibull, {dose(0, amt)}, times), each([](double t) {
              return amt * integral([&](double v) { return std::exp(-v) * after_bolus(t - 4 * std::pow(v, 1 / 0.6)); }, 0,
                                    std::pow(t / 4, 0.6), 4000);
            }),
            1e-6);
}

TEST_CASE("doses along a density go on entering after a steady-state record, as in a long course") {
  for (const std::string lag : {"1 [h]", "8 [h]"}) {  // shorter and longer than the interval
    CAPTURE(lag);
    const auto model = with_route(
        R"({ "into": "central", "lag": "exp(eta_1) * )" + lag + R"(", "transit": { "n": 3, "MTT": "exp(eta_2) * 9 [h]" } })", "",
        R"("random_effects": { "eta_1": { "sd": 0.3 }, "eta_2": { "sd": 0.3 } },)");
    DosingEvent steady = dose(0, amt), course = dose(-1200, amt);
    steady.ss = 1;
    steady.ii = course.ii = 6;
    course.addl = 200;
    SimulateOptions options;
    options.sensitivities = true;
    Vector eta(2);
    eta << 0.05, -0.1;
    const Course a = course_of(model, {steady}, times, options, eta), b = course_of(model, {course}, times, options, eta);
    CHECK((a.outputs - b.outputs).cwiseAbs().maxCoeff() < 1e-7 * b.outputs.maxCoeff());
    for (std::size_t j = 0; j < 2; ++j)
      CHECK((a.sens[j] - b.sens[j]).cwiseAbs().maxCoeff() < 1e-6 * b.sens[j].cwiseAbs().maxCoeff());
  }
}

TEST_CASE("a density that does not fade has no steady state, and says so") {
  const auto model = with_route(R"({ "into": "central", "profile": "2 [h] / (tad + 2 [h])^2" })");
  DosingEvent steady = dose(3, amt);
  steady.ss = 1;
  steady.ii = 6;
  Patient patient;
  patient.doses = {steady};
  const auto built = build_schedule(*model, patient, {{6.0, before_all}});
  REQUIRE(built);
  const Course course = simulate(*model, built->schedule, Vector());
  CHECK(!course.ok);
  CHECK(course.at == 3.0);
}
