// What changes in the middle of a course: a co-medication that induces an enzyme and stops, another route, another formulation,
// an infusion that is interrupted; each against its closed form.

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "support/near.hpp"
#include "support/written_models.hpp"

using namespace titrate;
using namespace titrate::support;

namespace {

constexpr double V = 30.0, k = 4.0 / V;

Course run(const Compiled& model, const Patient& patient, const std::vector<double>& times) {
  std::vector<Sample> samples;
  for (const double t : times) samples.push_back({t, before_all});
  const auto built = build_schedule(*model, patient, samples);
  REQUIRE_MESSAGE(built, all_of(built.diagnostics()));
  SimulateOptions options;
  options.rtol = 1e-11;
  Course course = simulate(*model, built->schedule, Vector::Zero(model->k), options);
  REQUIRE_MESSAGE(course.ok, course.why);
  return course;
}

const std::string Cc = R"("outputs": { "Cc": { "label": "y", "value": "central / 30 [L]", "unit": "mg/L" } })";

// Amount in the central compartment a time after a dose into a depot that empties at ka.
double absorbed(double t, double ka) { return ka / (ka - k) * (std::exp(-k * t) - std::exp(-ka * t)); }

// After an infusion of rate 1 from 0 to D.
double after_infusion(double t, double D) {
  return t <= 0.0 ? 0.0 : (std::exp(-k * (t - std::min(t, D))) - std::exp(-k * t)) / k;
}

}  // namespace

TEST_CASE("a co-medication that induces an enzyme acts late when it starts and goes on when it stops, by the enzyme's turnover") {
  const auto model = compiled_from(R"("inputs": { "inducer": { "label": "Inducer", "unit": "1", "resting": 0 } },
    "structure": { "one_compartment": { "CL": "4 [L/h] * enzyme", "V": "30 [L]" } },
    "equations": { "enzyme": { "unit": "1", "initial": "1", "derivative": "(1 + inducer - enzyme) * 0.05 [1/h]"
}
},
    "routes": { "dose": { "into": "central" } },)" +
                                   Cc);
  Patient patient;
  patient.doses = {dose(0, 300)};
  patient.inputs["inducer"].pieces = {{10.0, 40.0, 1.5, ""}};
  // The integral of the enzyme: 1 and 1.5 (1 - exp(-0.05 (t - 10))) more while it is taken, which then decays.
  const auto integral = [](double t) {
    const double on = std::clamp(t - 10, 0.0, 30.0), off = std::max(t - 40, 0.0), a = 0.05;
    const double at_stop = 1.5 * (1 - std::exp(-a * 30));
    return t + 1.5 * (on - (1 - std::exp(-a * on)) / a) + at_stop * (1 - std::exp(-a * off)) / a;
  };
  const std::vector<double> times{5, 10, 20, 40, 60};
  const Course course = run(model, patient, times);
  for (std::size_t i = 0; i < times.size(); ++i)
    CHECK(course.outputs(static_cast<Eigen::Index>(i), 0) == near(300 / V * std::exp(-k * integral(times[i])), 1e-8));
}

TEST_CASE("from an infusion to tablets, and from one formulation to another that absorbs differently, in one course") {
  const auto model = compiled_from(R"("covariates": { "form": { "label": "Formulation", "choices": { "quick": 0, "slow": 1 } } },
    "individual": { "ka": "if(form == 1, 0.3 [1/h], 1.1 [1/h]) * 1", "F": "if(form == 1, 0.5, 0.7) * 1" },
    "structure": { "one_compartment": { "CL": "4 [L/h]", "V": "30 [L]", "ka": "ka" } },
    "routes": { "iv": { "into": "central" }, "oral": { "into": "depot", "bioavailability": "F" } },)" +
                                   Cc);
  Patient patient;
  patient.doses = {infused(0, 200, 2, "iv"), dose(12, 400, "oral"), dose(24, 400, "oral")};
  patient.covariates["form"] = {{0, 24}, {0, 1}, ""};
  const Course course = run(model, patient, {1, 6, 13, 20, 25, 40});
  const auto iv = [](double t) { return 100 * after_infusion(t, 2); };
  const auto quick = [&](double t) { return iv(t) + 280 * absorbed(t - 12, 1.1); };
  // What the quick one has left in the gut is taken up as slowly as the slow one from then on.
  const auto slow = [&](double t) {
    return quick(24) * std::exp(-k * (t - 24)) + (280 * std::exp(-1.1 * 12) + 200) * absorbed(t - 24, 0.3);
  };
  const std::vector<double> expected{iv(1), iv(6), quick(13), quick(20), slow(25), slow(40)};
  for (std::size_t i = 0; i < expected.size(); ++i)
    CHECK(course.outputs(static_cast<Eigen::Index>(i), 0) == near(expected[i] / V, 1e-8));
}

TEST_CASE("an infusion that is interrupted is two, and a series that is interrupted two series") {
  const auto model = compiled_from(R"("structure": { "one_compartment": { "CL": "4 [L/h]", "V": "30 [L]" } },
    "routes": { "dose": { "into": "central" } },)" +
                                   Cc);
  Patient patient;
  DosingEvent before = infused(24, 30, 1), after = infused(72, 30, 1);
  before.ii = after.ii = 8;
  before.addl = after.addl = 2;
  patient.doses = {infused(0, 40, 4), infused(7, 60, 6), before, after};
  const Course course = run(model, patient, {3, 5.5, 9, 20, 41.5, 70, 90});
  const std::vector<double> times{3, 5.5, 9, 20, 41.5, 70, 90};
  for (std::size_t i = 0; i < times.size(); ++i) {
    const double t = times[i];
    double sum = 10 * (after_infusion(t, 4) + after_infusion(t - 7, 6));
    for (const double begin : {24, 32, 40, 72, 80, 88}) sum += 30 * after_infusion(t - begin, 1);
    CHECK(course.outputs(static_cast<Eigen::Index>(i), 0) == near(sum / V));
  }
}
