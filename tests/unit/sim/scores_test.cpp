// Ordered scores, simulated: the probabilities of the levels after every step against the product with the matrix by hand.

#include <doctest/doctest.h>

#include <cmath>

#include "support/near.hpp"
#include "support/written_models.hpp"

using namespace titrate;
using namespace titrate::support;

namespace {

// A score of three levels that the amount in the body moves up.
std::string scored(const std::string& to, const std::string& effects = "") {
  return effects + R"("structure": { "one_compartment": { "CL": "4 [L/h]", "V": "300 [L]" } },
    "scores": { "s": { "levels": ["0", "1", "3"], "step": "1 day", "start": [0.7, 0.3, 0], "to": )" +
         to + R"( } }, "routes": { "dose": { "into": "central" } },
    "outputs": { "s0": { "label": "0", "value": "s_0", "unit": "1" }, "s1": { "label": "1", "value": "s_1", "unit": "1" },
                 "s3": { "label": "3", "value": "s_3", "unit": "1" }, "mean": { "label": "mean", "value": "s", "unit": "1" },
                 "high": { "label": "3", "value": "s_at_least_3", "unit": "1" } })";
}

const std::string moves = R"({ "0": { "1": "0.1 + central / (central + 100 [mg]) * 0.5", "3": 0.02 },
    "1": { "0": 0.3, "3": "central / (central + 100 [mg]) * 0.2" }, "3": { "1": 0.4 } })";

}  // namespace

TEST_CASE("a score stands still between steps and is multiplied by the matrix of the moment at each") {
  const auto model = compiled_from(scored(moves));
  std::vector<double> times;
  for (int day = 0; day < 8; ++day) times.push_back(24.0 * day + 5);
  const Course course = course_of(model, {dose(0, 300), dose(60, 300)}, times);
  Vector p(3);
  p << 0.7, 0.3, 0.0;
  for (int day = 0; day < 8; ++day) {
    if (day > 0) {
      const double t = 24.0 * day;
      const double A = 300 * std::exp(-4.0 / 300 * t) + (t > 60 ? 300 * std::exp(-4.0 / 300 * (t - 60)) : 0.0);
      const double e = A / (A + 100), p01 = 0.1 + 0.5 * e, p13 = 0.2 * e;
      Matrix P(3, 3);
      P << 1 - p01 - 0.02, p01, 0.02, 0.3, 0.7 - p13, p13, 0.0, 0.4, 0.6;
      p = (p.transpose() * P).transpose().eval();
    }
    CAPTURE(day);
    for (int i = 0; i < 3; ++i) CHECK(course.outputs(day, i) == doctest::Approx(p(i)).epsilon(1e-8));
    CHECK(course.outputs(day, 3) == near(p(1) + 3 * p(2), 1e-8));
    CHECK(course.outputs(day, 4) == doctest::Approx(p(2)).epsilon(1e-8));
    CHECK(course.outputs.row(day).head(3).sum() == near(1.0, 1e-12));
  }
}

TEST_CASE("the probabilities of a score have exact sensitivities") {
  const std::string effects = R"("random_effects": { "eta_1": { "sd": 0.3 } },)";
  const auto model = compiled_from(scored(
      R"({ "0": { "1": "expit(-2 + eta_1 + central / 200 [mg]) * 1" },
          "1": { "3": "exp(eta_1) * central / (central + 100 [mg]) * 0.2" } })",
      effects));
  SimulateOptions options;
  options.sensitivities = true;
  const std::vector<double> times{5, 30, 80, 150};
  const Course course = course_of(model, {dose(0, 300)}, times, options, Vector::Constant(1, 0.1));
  const double h = 1e-3;
  const auto shifted = [&](double by) {
    return course_of(model, {dose(0, 300)}, times, {}, Vector::Constant(1, 0.1 + by)).outputs;
  };
  const Matrix difference = (8.0 * (shifted(h) - shifted(-h)) - (shifted(2 * h) - shifted(-2 * h))) / (12.0 * h);
  CHECK((difference - course.sens[0]).cwiseAbs().maxCoeff() < 1e-7);
}

TEST_CASE("a probability below 0 is a failure with its time") {
  const auto model = compiled_from(scored(R"({ "0": { "1": 0.6, "3": "central / (central + 100 [mg]) * 0.6" } })"));
  Patient patient;
  patient.doses = {dose(0, 0.001), dose(30, 3000)};
  const auto built = build_schedule(*model, patient, {{100.0, before_all}});
  REQUIRE(built);
  const Course course = simulate(*model, built->schedule, Vector(), {});
  CHECK_FALSE(course.ok);
  CHECK(course.at == doctest::Approx(48.0));  // the first step after the dose
  CHECK(course.why.find("s") != std::string::npos);
}
