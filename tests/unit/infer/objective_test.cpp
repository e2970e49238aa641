#include "infer/objective.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <functional>

#include "infer/laplace.hpp"
#include "unit/infer/problems.hpp"

using namespace titrate;
using namespace titrate::problems;

namespace {

Objective objective_of(const Compiled& model, const Patient& patient) {
  const auto built = build_schedule(*model, patient, {});
  REQUIRE(static_cast<bool>(built));
  const auto objective = Objective::make(model, patient, *built);
  REQUIRE(static_cast<bool>(objective));
  return *objective;
}

// One compartment with absorption, both error parts, three etas with a correlation.
Compiled oral_model(const Residual& residual) {
  return compiled({{{"CL", "4 * exp(eta_1)"}, {"V", "70 * exp(eta_2)"}, {"ka", "1 * exp(eta_3)"}},
                   {{"depot", "-ka * depot"}, {"central", "ka * depot - CL / V * central"}},
                   "central / V",
                   {residual},
                   Matrix{{0.2, 0.05, 0.0}, {0.05, 0.1, 0.0}, {0.0, 0.0, 0.4}}});
}

void check_gradient(const Objective& objective, const Vector& eta) {
  const auto at = objective.evaluate(eta);
  REQUIRE(at);
  for (Eigen::Index j = 0; j < eta.size(); ++j) {
    const double h = 1e-5;
    Vector up = eta, down = eta;
    up[j] += h;
    down[j] -= h;
    const double slope = (objective.evaluate(up)->ofv - objective.evaluate(down)->ofv) / (2.0 * h);
    CHECK(at->gradient[j] == doctest::Approx(slope).epsilon(1e-6));
  }
}

}  // namespace

TEST_CASE("the objective of one level is the formula written out") {
  const Objective objective = objective_of(bolus_model(), patient_with({{5.0, 5.0}}, 100.0));
  const double eta = 0.2;
  const double f = 10.0 * std::exp(-std::exp(eta) * 0.5), r = 5.0 - f;
  const auto at = objective.evaluate(Vector{{eta}});
  REQUIRE(at);
  CHECK(at->ofv == doctest::Approx(std::log(0.25) + r * r / 0.25 + eta * eta / 0.09).epsilon(1e-12));
  CHECK(*objective.value(Vector{{eta}}) == doctest::Approx(at->ofv).epsilon(1e-6));
  CHECK(at->f[0] == doctest::Approx(f).epsilon(1e-12));
  CHECK(at->a(0, 0) == doctest::Approx(-0.5 * std::exp(eta) * f).epsilon(1e-10));
  CHECK(at->c(0, 0) == 0.0);
  CHECK(objective.dropped_constant() == doctest::Approx(2.0 * std::log(2.0 * 3.14159265358979323846) + std::log(0.09)));
}

TEST_CASE("the gradient is the slope of the objective, for errors that depend on the prediction and on the logarithm") {
  const Patient patient = patient_with({{0.6, 23.7}, {4.3, 47.5}, {25.1, 29.6}}, 5000.0);
  const Vector eta{{0.3, -0.2, 0.4}};
  check_gradient(objective_of(oral_model(natural("4 + 0.05 * prediction^2")), patient), eta);
  check_gradient(objective_of(oral_model(logarithmic("0.05")), patient), eta);
  check_gradient(objective_of(oral_model(box_cox("0.05", 0.4)), patient), eta);
  check_gradient(objective_of(oral_model(heavy(natural("4 + 0.05 * prediction^2"), 4.0)), patient), eta);
}

TEST_CASE("a random effect of another shape stands for what its source writes, with exact derivatives") {
  const auto model_with = [](const std::function<void(RandomEffect&)>& change) {
    Model model = *bolus_model()->model;
    change(model.random_effects[0]);
    const auto result = compile(std::make_shared<const Model>(model));
    REQUIRE(static_cast<bool>(result));
    return *result;
  };
  const double eta = 0.7;
  const auto level_at = [&](const Compiled& model) {
    const Objective objective = objective_of(model, patient_with({{5.0, 5.0}}, 100.0));
    check_gradient(objective, Vector{{eta}});
    return (*objective.predictions(Vector{{eta}}, true))[0];
  };
  const auto level = [](double effect) { return 10.0 * std::exp(-std::exp(effect) * 0.5); };
  const double boxed = (std::pow(std::exp(eta), 0.6) - 1.0) / 0.6;
  CHECK(level_at(model_with([](RandomEffect& e) { e.box_cox = 0.6; })) == doctest::Approx(level(boxed)).epsilon(1e-12));
  const double nu = 4.0, e2 = eta * eta, e4 = e2 * e2, e6 = e4 * e2;
  const double tailed = eta * (1.0 + (e2 + 1.0) / (4.0 * nu) + (5.0 * e4 + 16.0 * e2 + 3.0) / (96.0 * nu * nu) +
                               (3.0 * e6 + 19.0 * e4 + 17.0 * e2 - 15.0) / (384.0 * nu * nu * nu));
  CHECK(level_at(model_with([&](RandomEffect& e) { e.student_t = nu; })) == doctest::Approx(level(tailed)).epsilon(1e-12));
}

TEST_CASE("a logit effect keeps a fraction between 0 and 1, however large eta is") {
  const Compiled model = compiled({{{"F", "1 / (1 + exp(-(log(0.7 / (1 - 0.7)) + eta_1)))"}},
                                   {{"still", "0"}},
                                   "F + 0 * still",
                                   {natural("0.01")},
                                   Matrix{{1.0}}});
  const Objective objective = objective_of(model, patient_with({{1.0, 0.5}}));
  CHECK((*objective.predictions(Vector{{0.0}}, true))[0] == doctest::Approx(0.7).epsilon(1e-14));
  CHECK((*objective.predictions(Vector{{9.0}}, true))[0] < 1.0);
  CHECK((*objective.predictions(Vector{{-9.0}}, true))[0] > 0.0);
  check_gradient(objective, Vector{{-0.8}});
}

TEST_CASE("the gradient is exact with levels below and above a limit among the others") {
  Patient patient = patient_with({{0.6, 23.7}, {4.3, 47.5}, {25.1, 29.6}}, 5000.0);
  patient.observations[0].censored = Censored::above;
  patient.observations[0].limit = 30.0;
  patient.observations[2].censored = Censored::below;
  patient.observations[2].limit = 15.0;
  const Vector eta{{0.3, -0.2, 0.4}};
  for (const Residual& residual : {natural("4 + 0.05 * prediction^2"), logarithmic("0.05")}) {
    const Objective objective = objective_of(oral_model(residual), patient);
    check_gradient(objective, eta);
    CHECK(*objective.value(eta) == doctest::Approx(objective.evaluate(eta)->ofv).epsilon(1e-8));
    // one density, two events
    const double constants = 4.0 * std::log(2.0 * 3.14159265358979323846) + objective.model().log_det_omega;
    CHECK(objective.dropped_constant() ==
          doctest::Approx(constants + (residual.log_scale ? 2.0 * std::log(47.5) : 0.0)).epsilon(1e-14));
  }
}

TEST_CASE("the information is Omega^-1 + aa'/V + cc'/2: a proportional error informs twice") {
  const Objective objective = objective_of(oral_model(natural("0.04 * prediction^2")), patient_with({{4.0, 50.0}}, 5000.0));
  const auto at = objective.evaluate(Vector::Zero(3));
  REQUIRE(at);
  const Vector relative = at->a.row(0).transpose() / at->f[0];  // d ln f / d eta; then V = 0.04 f^2 and c = 2 d ln f / d eta
  const Matrix expected = objective.model().omega.inverse() + relative * relative.transpose() * (1.0 / 0.04 + 2.0);
  CHECK((information(objective, *at) - expected).norm() < 1e-9 * expected.norm());
}

TEST_CASE("the logarithmic error adds the Jacobian to the evidence and not to the objective") {
  const Patient patient = patient_with({{4.0, 50.0}, {24.0, 20.0}}, 5000.0);
  const Objective natural_scale = objective_of(oral_model(natural("1")), patient);
  const Objective log_scale = objective_of(oral_model(logarithmic("1")), patient);
  CHECK(log_scale.dropped_constant() - natural_scale.dropped_constant() == doctest::Approx(2.0 * std::log(50.0 * 20.0)));
  const auto at = log_scale.evaluate(Vector::Zero(3));
  REQUIRE(at);
  const auto f = log_scale.predictions(Vector::Zero(3), true);
  REQUIRE(f);
  const double expected = std::pow(std::log(50.0 / (*f)[0]), 2) + std::pow(std::log(20.0 / (*f)[1]), 2);
  CHECK(at->ofv == doctest::Approx(expected).epsilon(1e-9));
}

TEST_CASE("where a prediction is zero and its error is on the logarithm there is no value, and a reason") {
  const Objective objective = objective_of(oral_model(logarithmic("0.05")), patient_with({{4.0, 50.0}}, 0.0));
  std::string why;
  CHECK_FALSE(objective.evaluate(Vector::Zero(3), &why));
  CHECK(why.find("not positive") != std::string::npos);
  CHECK_FALSE(objective.value(Vector::Zero(3)));
}

TEST_CASE("the weight of the prior leaves alone what is stated about this patient, such as the error of a draw time") {
  Patient patient = patient_with({{4.0, 50.0}}, 5000.0);
  patient.observations[0].sd_time = 0.25;
  const Compiled model = oral_model(natural("4"));
  const auto built = build_schedule(*model, patient, {});
  REQUIRE(static_cast<bool>(built));
  const auto objective = Objective::make(model, patient, *built, {}, 1e-7, 0.1);
  REQUIRE(static_cast<bool>(objective));
  REQUIRE(objective->k() == 4);
  CHECK(objective->weighted_omega()(0, 0) == doctest::Approx(2.0).epsilon(1e-14));
  CHECK(objective->weighted_omega()(3, 3) == 0.0625);
  CHECK((objective->weighted_omega() * objective->weighted_omega_inverse() - Matrix::Identity(4, 4)).norm() < 1e-12);
  CHECK(objective->log_det_weighted_omega() ==
        doctest::Approx(std::log(objective->weighted_omega().determinant())).epsilon(1e-12));
  check_gradient(*objective, Vector{{0.3, -0.2, 0.4, 0.1}});
}

TEST_CASE("excluded levels do not enter the objective") {
  Patient patient = patient_with({{4.0, 50.0}, {8.0, 1000.0}}, 5000.0);
  const Objective both = objective_of(oral_model(natural("4")), patient);
  patient.observations[1].excluded = true;
  const Objective one = objective_of(oral_model(natural("4")), patient);
  CHECK(both.levels() == 2);
  CHECK(one.levels() == 1);
  CHECK(one.measured().size() == 2);
  CHECK(both.evaluate(Vector::Zero(3))->ofv > one.evaluate(Vector::Zero(3))->ofv + 1000.0);
}

TEST_CASE("a level must name its assay when the error depends on it, and must have a positive value on the logarithm") {
  const Compiled two_assays = compiled(
      {{{"a", "3 + eta_1"}}, {{"still", "0"}}, "a + 0 * still", {natural("1", "FPIA"), natural("4", "LC-MS")}, Matrix{{0.5}}});
  Patient patient = patient_with({{1.0, 3.0}});
  const auto built = build_schedule(*two_assays, patient, {});
  REQUIRE(static_cast<bool>(built));
  const auto without = Objective::make(two_assays, patient, *built);
  REQUIRE_FALSE(static_cast<bool>(without));
  CHECK(without.diagnostics().front().code == "infer.unknown_assay");
  patient.observations[0].assay = "LC-MS";
  const auto with = Objective::make(two_assays, patient, *built);
  REQUIRE(static_cast<bool>(with));
  CHECK(with->evaluate(Vector::Zero(1))->V[0] == 4.0);

  const Compiled logs = oral_model(logarithmic("0.05"));
  const Patient zero = patient_with({{4.0, 0.0}}, 5000.0);
  const auto schedule = build_schedule(*logs, zero, {});
  REQUIRE(static_cast<bool>(schedule));
  const auto refused = Objective::make(logs, zero, *schedule);
  REQUIRE_FALSE(static_cast<bool>(refused));
  CHECK(refused.diagnostics().front().code == "infer.not_positive");
}
