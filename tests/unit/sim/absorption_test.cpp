// Absorption without states of its own, simulated: each against its exact solution, or a quadrature.

#include <doctest/doctest.h>

#include <cmath>
#include <functional>

#include "support/quadrature.hpp"
#include "unit/sim/one_depot.hpp"

using namespace titrate;
using namespace titrate::support;
using namespace titrate::one_depot;

namespace {

// Concentration after a unit amount at constant rate over D.
double after_zero_order(double t, double D) {
  return (1 - std::exp(-k * std::min(t, D))) / (k * D) * std::exp(-k * std::max(t - D, 0.0)) / V;
}

const std::vector<double> times{0.3, 1.5, 4, 9, 24};

std::vector<double> each(const std::function<double(double)>& f) {
  std::vector<double> values;
  for (const double t : times) values.push_back(f(t));
  return values;
}

}  // namespace

TEST_CASE("a zero-order absorption of modelled duration or rate is an infusion of that length") {
  const auto expected = each([](double t) { return amt * after_zero_order(t, 2.5); });
  check_all(levels(with_route(R"({ "into": "central", "duration": "2.5 [h]" })"), {dose(0, amt)}, times), expected, 1e-9);
  check_all(levels(with_route(R"({ "into": "central", "zero_order": "2.5 [h]" })"), {dose(0, amt)}, times), expected, 1e-9);
  check_all(levels(with_route(R"({ "into": "central", "rate": "120 [mg/h]" })"), {dose(0, amt)}, times), expected, 1e-9);
}

TEST_CASE("a duration into the depot is zero-order and then first-order absorption") {
  const auto model = with_route(R"({ "into": "depot", "duration": "2.5 [h]", "lag": "0.2 [h]" })");
  check_all(levels(model, {dose(0, amt)}, times), each([](double t) {
              const double until = std::min(t - 0.2, 2.5);
              return amt / 2.5 * integral([&](double s) { return after_depot(t - 0.2 - s); }, 0, until);
            }),
            1e-9);
}

TEST_CASE("two entries absorb the parts of a dose in parallel, by zero and by first order") {
  const auto model = with_route(R"({ "into": [ { "state": "depot", "bioavailability": "F1" },
    { "state": "central", "bioavailability": "1 - F1", "duration": "2.5 [h]" } ] })",
                                R"("individual": { "F1": "0.3" },)");
  CHECK(model->states.linear);
  check_all(levels(model, {dose(0, amt)}, times),
            each([](double t) { return amt * (0.3 * after_depot(t) + 0.7 * after_zero_order(t, 2.5)); }), 1e-9);
}

TEST_CASE("estimated lags, durations and logit bioavailabilities have exact sensitivities") {
  check_sensitivities(R"({ "into": [
    { "state": "depot", "bioavailability": "F1", "duration": "D1" },
    { "state": "central", "bioavailability": "1 - F1", "duration": "D2", "lag": "tlag" } ] })",
                      R"("individual": { "D1": "exp(eta_1) * 3 [h]", "D2": "exp(eta_2) * 2.5 [h]",
    "F1": "expit(0.4 + eta_3) * 1", "tlag": "exp(eta_4) * 0.4 [h]" },)",
                      times);
}

TEST_CASE("the mean of a logit-normal bioavailability is not that of its median") {
  // E[expit(m + eta)], eta ~ N(0, w^2), by quadrature of simulated areas against quadrature of the function itself.
  const auto model = with_route(R"({ "into": "central", "bioavailability": "expit(1 + eta_F) * 1" })", "",
                                R"("random_effects": { "eta_F": { "variance": 1.44 } },)");
  SimulateOptions options;
  options.auc = true;
  const double w = 1.2, root_two_pi = std::sqrt(2 * std::acos(-1.0));
  double mean = 0.0;
  const double step = 0.1 * w;  // trapezoids converge exponentially for such an integrand
  for (int i = -80; i <= 80; ++i) {
    const double eta = i * step;
    const double area = course_of(model, {dose(0, amt)}, {2000}, options, Vector::Constant(1, eta)).auc(0, 0);
    mean += step * std::exp(-0.5 * eta * eta / (w * w)) / (w * root_two_pi) * area * 4.0 / amt;
  }
  const double exact =
      integral([&](double x) { return std::exp(-0.5 * x * x) / root_two_pi / (1 + std::exp(-1 - w * x)); }, -9, 9);
  CHECK(mean == near(exact, 1e-9));
  CHECK(mean < 0.69);  // expit(1) = 0.731
}
