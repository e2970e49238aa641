// Named structures, simulated: each against its exact solution or a second method.

#include <doctest/doctest.h>

#include <cmath>
#include <functional>

#include "support/near.hpp"
#include "support/quadrature.hpp"
#include "support/written_models.hpp"

using namespace titrate;
using namespace titrate::support;

namespace {

constexpr double CL = 4.0, V = 30.0, k = CL / V, amt = 300.0;

const std::string disposition = R"("parameters": {
  "CL": { "value": "4 [L/h]" }, "V": { "value": "30 [L]" }, "Q": { "value": "7 [L/h]" }, "V2": { "value": "55 [L]" },
  "ka": { "value": "0.8 [1/h]" }, "ks": { "value": "0.1 [1/h]" }, "Vmax": { "value": "10 [mg/h]" }, "Km": { "value": "2 [mg/L]" } },)";

std::string outputs(const std::vector<std::pair<std::string, std::string>>& list) {
  std::string text = "\"outputs\": {";
  for (const auto& [name, unit] : list)
    text += (text.back() == '{' ? " \"" : ", \"") + name + "_out\": { \"label\": \"y\", \"value\": \"" + name +
            "\", \"unit\": \"" + unit + "\" }";
  return text + " }";
}

const std::string into_central = R"("routes": { "dose": { "into": "central" } },)";
const std::string Cc = R"("derived": { "Cc": { "value": "central / V", "unit": "mg/L" } },)";

double lambert_W(double x) {
  double w = x < 3 ? x / (1 + x) : std::log(x) - std::log(std::log(x));
  for (int i = 0; i < 60; ++i) w -= (w * std::exp(w) - x) / (std::exp(w) * (w + 1));
  return w;
}

// exp(-k t) after a unit input with the gamma density of n stages of rate ktr.
double after_erlang(double t, int n, double ktr) {
  const double x = (ktr - k) * t;
  double term = 1.0, sum = 0.0;
  for (int i = 0; i < n; ++i) {
    sum += term;
    term *= x / (i + 1);
  }
  return std::pow(ktr / (ktr - k), n) * std::exp(-k * t) * (1.0 - std::exp(-x) * sum);
}

}  // namespace

TEST_CASE("an Erlang absorption is the convolution with a gamma density, and is solved exactly") {
  const auto model = compiled_from(disposition + R"("structure": { "one_compartment": { "CL": "CL", "V": "V" },
    "erlang_absorption": { "MTT": "4 [h]", "stages": 6 } }, "routes": { "dose": { "into": "depot" } },)" +
                                   Cc + outputs({{"Cc", "mg/L"}}));
  CHECK(model->states.linear);
  const std::vector<double> times{0.5, 2, 4, 9, 24};
  const Course course = course_of(model, {dose(0, amt)}, times);
  for (std::size_t i = 0; i < times.size(); ++i)
    CHECK(course.outputs(static_cast<Eigen::Index>(i), 0) == near(amt / V * after_erlang(times[i], 6, 1.5)));
}

TEST_CASE("two depots absorb a dose in parallel") {
  const auto model = compiled_from(disposition + R"("structure": { "one_compartment": { "CL": "CL", "V": "V" },
    "first_order_absorption": [ { "ka": "ka", "name": "fast" }, { "ka": "ks", "name": "slow" } ] },
    "routes": { "dose": { "into": [ { "state": "fast", "bioavailability": 0.3 }, { "state": "slow", "bioavailability": 0.7, "lag": "2 [h]" } ] } },)" +
                                   Cc + outputs({{"Cc", "mg/L"}}));
  CHECK(model->states.linear);
  const auto bateman = [](double ka, double t) { return t < 0 ? 0 : ka / (ka - k) * (std::exp(-k * t) - std::exp(-ka * t)); };
  const Course course = course_of(model, {dose(0, amt)}, {1, 5, 30});
  const double times[] = {1, 5, 30};
  for (int i = 0; i < 3; ++i)
    CHECK(course.outputs(i, 0) == near(amt / V * (0.3 * bateman(0.8, times[i]) + 0.7 * bateman(0.1, times[i] - 2))));
}

TEST_CASE("a bolus eliminated after Michaelis and Menten follows Lambert's function") {
  const auto model = compiled_from(disposition + R"("structure": { "one_compartment": { "V": "V" },
    "michaelis_menten": { "Vmax": "Vmax", "Km": "Km" } },)" +
                                   into_central + Cc + outputs({{"Cc", "mg/L"}}));
  CHECK_FALSE(model->states.linear);
  const std::vector<double> times{1, 10, 30, 45, 60};
  const Course course = course_of(model, {dose(0, amt)}, times);
  const double C0 = amt / V, Km = 2.0;
  for (std::size_t i = 0; i < times.size(); ++i) {
    const double exact = Km * lambert_W(C0 / Km * std::exp((C0 - 10.0 / V * times[i]) / Km));
    CHECK(course.outputs(static_cast<Eigen::Index>(i), 0) == near(exact, 1e-8));
  }
}

TEST_CASE("linear and saturable elimination together take the time that their integral says") {
  const auto model = compiled_from(disposition + R"("structure": { "one_compartment": { "CL": "CL", "V": "V" },
    "michaelis_menten": { "Vmax": "Vmax", "Km": "Km" } },)" +
                                   into_central + Cc + outputs({{"Cc", "mg/L"}}));
  const std::vector<double> times{1, 5, 12, 24};
  const Course course = course_of(model, {dose(0, amt)}, times);
  for (std::size_t i = 0; i < times.size(); ++i) {
    const double C = course.outputs(static_cast<Eigen::Index>(i), 0);
    const double t = integral([](double c) { return 1.0 / (k * c + 10.0 / V * c / (2.0 + c)); }, C, amt / V);
    CHECK(t == near(times[i], 1e-8));
  }
}

TEST_CASE("an effect compartment is a biexponential, solved exactly with the disposition") {
  const auto model = compiled_from(disposition + R"("structure": { "one_compartment": { "CL": "CL", "V": "V" },
    "effect_compartment": { "ke0": "0.5 [1/h]", "driven_by": "Cc" } },)" +
                                   into_central + Cc + outputs({{"effect", "mg/L"}}));
  CHECK(model->states.linear);
  const Course course = course_of(model, {dose(0, amt)}, {0.2, 3, 20});
  const double times[] = {0.2, 3, 20};
  for (int i = 0; i < 3; ++i)
    CHECK(course.outputs(i, 0) == near(amt / V * 0.5 / (0.5 - k) * (std::exp(-k * times[i]) - std::exp(-0.5 * times[i]))));
}

TEST_CASE("a metabolite is a biexponential in its own unit, and its peripheral compartment keeps what is formed") {
  const auto model = compiled_from(disposition + R"("structure": { "one_compartment": { "CL": "CL", "V": "V" },
    "metabolite": { "CL": "Q", "V": "V2", "fraction": "0.4 * 2 [umol/mg]", "unit": "umol" } },)" +
                                   into_central + outputs({{"metabolite", "umol"}}));
  CHECK(model->states.linear);
  const double km = 7.0 / 55.0;
  const Course course = course_of(model, {dose(0, amt)}, {1, 8, 40});
  const double times[] = {1, 8, 40};
  for (int i = 0; i < 3; ++i)
    CHECK(course.outputs(i, 0) == near(0.8 * amt * k / (km - k) * (std::exp(-k * times[i]) - std::exp(-km * times[i]))));
}

TEST_CASE("the four indirect responses follow their integrals, settle where they balance and return to the baseline") {
  const double kin = 9.0, kout = 0.3, most = 0.9, half = 2.0;
  for (const std::string type : {"I", "II", "III", "IV"}) {
    CAPTURE(type);
    const bool inhibits = type == "I" || type == "II", production = type == "I" || type == "III";
    const std::string effect = inhibits ? R"("Imax": 0.9, "IC50": "2 [mg/L]")" : R"("Emax": 0.9, "EC50": "2 [mg/L]")";
    const auto model = compiled_from(disposition + R"("structure": { "one_compartment": { "CL": "CL", "V": "V" },
      "indirect_response": { "type": ")" +
                                     type + R"(", "kin": "9 [1/h]", "kout": "0.3 [1/h]", )" + effect +
                                     R"(, "driven_by": "Cc" } },)" + into_central + Cc + outputs({{"response", "1"}}));
    const double sign = inhibits ? -1.0 : 1.0;
    const auto factor = [&](double C) { return 1.0 + sign * most * C / (half + C); };
    const Course course = course_of(model, {dose(0, amt)}, {0, 2, 15, 400});
    // R' = p(t) - l(t) R:  R = exp(-L(t)) (R0 + integral of p exp(L)), with L known in closed form.
    const auto C = [](double t) { return amt / V * std::exp(-k * t); };
    const auto L = [&](double t) {
      const double acted = sign * most / k * std::log((half + C(0)) / (half + C(t)));
      return kout * (production ? t : t + acted);
    };
    CHECK(course.outputs(0, 0) == near(kin / kout));
    for (const int i : {1, 2}) {
      const double t = i == 1 ? 2.0 : 15.0;
      const double gained =
          integral([&](double s) { return kin * (production ? factor(C(s)) : 1.0) * std::exp(L(s) - L(t)); }, 0, t);
      CHECK(course.outputs(i, 0) == near(kin / kout * std::exp(-L(t)) + gained, 1e-8));
    }
    CHECK(course.outputs(3, 0) == near(kin / kout, 1e-8));
    const Course held = course_of(model, {infused(0, 20.0 * 600, 600)}, {599});  // C = 20 / CL = 5 mg/L
    CHECK(held.outputs(0, 0) == near(production ? kin * factor(5.0) / kout : kin / (kout * factor(5.0)), 1e-7));
  }
}

TEST_CASE("a turnover with its production inhibited is the indirect response I") {
  const auto model = compiled_from(disposition + R"("structure": { "one_compartment": { "CL": "CL", "V": "V" },
    "indirect_response": { "type": "I", "kin": "9 [1/h]", "kout": "0.3 [1/h]", "Imax": 0.9, "IC50": "2 [mg/L]", "driven_by": "Cc" },
    "turnover": { "baseline": 30, "kout": "0.3 [1/h]", "production": "1 - 0.9 * Cc / (2 [mg/L] + Cc) * 1" } },)" +
                                   into_central + Cc + outputs({{"response", "1"}, {"turnover", "1"}}));
  const Course course = course_of(model, {dose(0, amt)}, {1, 5, 20});
  for (int i = 0; i < 3; ++i) CHECK(course.outputs(i, 0) == near(course.outputs(i, 1)));
}

TEST_CASE("the Friberg chain by name gives the same bits as its equations written out") {
  const std::string before =
      disposition +
      R"("individual": { "Circ0": { "value": "5 [1e9/L]", "unit": "1e9/L" }, "MTT": "90 [h]", "gamma": "0.16", "slope": "0.4 [L/mg]" },
    "structure": { "one_compartment": { "CL": "CL", "V": "V" })";
  const std::string after = into_central + Cc + outputs({{"circ", "1e9/L"}, {"prol", "1e9/L"}});
  const auto named = compiled_from(
      before + R"(, "friberg": { "baseline": "Circ0", "MTT": "MTT", "gamma": "gamma", "drug_effect": "slope * Cc" } },)" + after);
  const auto state = [](const std::string& name, const std::string& rate) {
    return "\"" + name + R"(": { "unit": "1e9/L", "initial": "Circ0", "derivative": ")" + rate + "\" }";
  };
  const auto written = compiled_from(before + "}, \"equations\": {" +
                                     state("prol", "4 / MTT * prol * (1 - slope * Cc) * (Circ0 / circ)^gamma - 4 / MTT * prol") +
                                     "," + state("transit_1", "4 / MTT * (prol - transit_1)") + "," +
                                     state("transit_2", "4 / MTT * (transit_1 - transit_2)") + "," +
                                     state("transit_3", "4 / MTT * (transit_2 - transit_3)") + "," +
                                     state("circ", "4 / MTT * transit_3 - 4 / MTT * circ") + "}," + after);
  const std::vector<double> times{24, 100, 200, 500};
  const Course a = course_of(named, {dose(0, amt)}, times), b = course_of(written, {dose(0, amt)}, times);
  CHECK((a.outputs.array() == b.outputs.array()).all());
  CHECK(a.outputs(2, 0) < 0.8 * 5e9);  // the drug acts at all
}

namespace {

std::string binding(const std::string& arguments) {
  return R"("parameters": { "CL": { "value": "0.01 [L/h]" }, "V": { "value": "3 [L]" }, "Q": { "value": "0.02 [L/h]" }, "V2": { "value": "2 [L]" } },
    "structure": { "two_compartments": { "CL": "CL", "V1": "V", "Q": "Q", "V2": "V2", "unit": "umol" }, "tmdd": { )" +
         arguments + R"(, "baseline": "0.01 [umol/L]" } },)" + into_central +
         outputs({{"C_free", "umol/L"}, {"C_total", "umol/L"}});
}

// Largest relative difference of free and total concentration after the first hour.
double apart(const Compiled& a, const Compiled& b) {
  const std::vector<double> times{1, 10, 50, 100, 200, 400};
  const std::vector<DosingEvent> doses{dose(0, 0.1), infused(60, 0.05, 5)};
  const Matrix x = course_of(a, doses, times).outputs, y = course_of(b, doses, times).outputs;
  return ((x - y).array() / y.array()).abs().maxCoeff();
}

// Full binding whose kon is large while Kss = (koff + kint) / kon = 0.002 umol/L is held.
std::string fast(double kon, const std::string& kdeg) {
  const std::string koff = std::to_string(0.002 * kon - 0.03);
  return binding(R"("form": "full", "kon": ")" + std::to_string(kon) + R"( [L/umol/h]", "koff": ")" + koff +
                 R"( [1/h]", "kint": "0.03 [1/h]", "kdeg": ")" + kdeg + R"( [1/h]")");
}

}  // namespace

TEST_CASE("the quasi-steady state is what full binding tends to when it is fast") {
  const auto qss = compiled_from(binding(R"("form": "qss", "Kss": "0.002 [umol/L]", "kint": "0.03 [1/h]", "kdeg": "0.1 [1/h]")"));
  const double near_by = apart(compiled_from(fast(1e4, "0.1")), qss), far = apart(compiled_from(fast(1e3, "0.1")), qss);
  CHECK(near_by < 1e-2);
  CHECK(far > 5 * near_by);  // the error falls as 1 / kon
}

TEST_CASE("Wagner's form is what full binding tends to when it is fast and the target is kept") {
  const auto wagner = compiled_from(binding(R"("form": "wagner", "Kss": "0.002 [umol/L]", "kint": "0.03 [1/h]")"));
  const double near_by = apart(compiled_from(fast(1e4, "0.03")), wagner), far = apart(compiled_from(fast(1e3, "0.03")), wagner);
  CHECK(near_by < 1e-2);
  CHECK(far > 5 * near_by);
  const auto qss =
      compiled_from(binding(R"("form": "qss", "Kss": "0.002 [umol/L]", "kint": "0.03 [1/h]", "kdeg": "0.03 [1/h]")"));
  CHECK(apart(wagner, qss) < 1e-7);
}

TEST_CASE("Wagner's equation for the free concentration holds along the course") {
  // dC/dt (1 + T Kss / (Kss + C)^2) = -(CL C + Q C - Q/V2 A2) / V - kint T C / (Kss + C), here without the second compartment.
  const auto model = compiled_from(R"("parameters": { "CL": { "value": "0.01 [L/h]" }, "V": { "value": "3 [L]" } },
    "structure": { "one_compartment": { "CL": "CL", "V": "V" },
      "tmdd": { "form": "wagner", "baseline": "0.5 [mg/L]", "Kss": "0.1 [mg/L]", "kint": "0.03 [1/h]" } },)" +
                                   into_central + outputs({{"C_free", "mg/L"}}));
  SimulateOptions options;
  options.slopes = true;
  const Course course = course_of(model, {dose(0, 6)}, {1, 40, 90}, options);
  for (int i = 0; i < 3; ++i) {
    const double C = course.outputs(i, 0), T = 0.5, Kss = 0.1;
    const double slope = -(0.01 / 3.0 * C + 0.03 * T * C / (Kss + C)) / (1 + T * Kss / ((Kss + C) * (Kss + C)));
    CHECK(course.slopes(i, 0) == near(slope, 1e-8));
  }
}

TEST_CASE("an induced enzyme raises the clearance to where infusion and elimination balance") {
  const auto model = compiled_from(disposition + R"("structure": { "one_compartment": { "CL": "CL", "V": "V" },
    "autoinduction": { "kenz": "0.02 [1/h]", "Emax": 2, "EC50": "3 [mg/L]", "driven_by": "Cc" } },)" +
                                   into_central + Cc + outputs({{"Cc", "mg/L"}, {"enzyme", "1"}}));
  const Course course = course_of(model, {infused(0, 20.0 * 3000, 3000)}, {2999});
  // 20 = 4 C (1 + 2 C / (3 + C)):  3 C^2 - 2 C - 15 = 0
  const double C = (2.0 + std::sqrt(4.0 + 180.0)) / 6.0;
  CHECK(course.outputs(0, 0) == near(C, 1e-8));
  CHECK(course.outputs(0, 1) == near(1 + 2 * C / (3 + C), 1e-8));
}

TEST_CASE("a clearance that changes with time is integrated along the course") {
  const auto model = compiled_from(disposition + R"("individual": { "CLt": "CL * (0.5 + 0.5 * exp(-t / 20 [h])) * 1" },
    "structure": { "one_compartment": { "CL": "CLt", "V": "V" } },)" +
                                   into_central + Cc + outputs({{"Cc", "mg/L"}}));
  const Course course = course_of(model, {dose(0, amt)}, {5, 50});
  for (const int i : {0, 1}) {
    const double t = i == 0 ? 5 : 50;
    CHECK(course.outputs(i, 0) == near(amt / V * std::exp(-k * (0.5 * t + 10 * (1 - std::exp(-t / 20)))), 1e-8));
  }
}

TEST_CASE("several drugs in one regimen go their own ways, each in its unit") {
  const auto model = compiled_from(disposition + R"("structure": {
      "one_compartment": [ { "CL": "CL", "V": "V", "name": "A" }, { "CL": "Q", "V": "V2", "unit": "umol", "name": "B" } ] },
    "routes": { "a": { "into": "A_central" }, "b": { "into": "B_central" } },)" +
                                   outputs({{"A_central", "mg"}, {"B_central", "umol"}}));
  CHECK(model->model->routes[1].amount_unit.text == "umol");
  const Course course = course_of(model, {dose(0, 100, "a"), dose(3, 50, "b"), infused(5, 40, 2, "a")}, {10});
  const double late = 40 / 2.0 / k * (std::exp(-3 * k) - std::exp(-5 * k));
  CHECK(course.outputs(0, 0) == near(100 * std::exp(-10 * k) + late));
  CHECK(course.outputs(0, 1) == near(50 * std::exp(-7 * 7.0 / 55)));
}

TEST_CASE("a drug may be given into any state") {
  const auto model =
      compiled_from(disposition + R"("structure": { "two_compartments": { "CL": "CL", "V1": "V", "Q": "Q", "V2": "V2" },
      "effect_compartment": { "ke0": "0.5 [1/h]", "driven_by": "central / V" } },
    "routes": { "dose": { "into": "peripheral" }, "site": { "into": "effect" } },)" +
                    outputs({{"peripheral", "mg"}, {"effect", "mg/L"}}));
  CHECK(model->model->routes[1].amount_unit.text == "mg/L");
  const Course course = course_of(model, {dose(0, 80), dose(100, 7, "site")}, {1e-9, 102});
  CHECK(course.outputs(0, 0) == near(80, 1e-8));
  const Course without = course_of(model, {dose(0, 80)}, {102});
  CHECK(course.outputs(1, 1) - without.outputs(0, 1) == near(7 * std::exp(-0.5 * 2)));
}
