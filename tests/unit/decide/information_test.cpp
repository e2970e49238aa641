#include "decide/information.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "infer/fit.hpp"
#include "support/small_models.hpp"

using namespace titrate;

namespace {

// Two effects of variance 1 before, and what was left of them.
Information after(const Matrix& covariance) {
  Effects effects;
  effects.informed = 2;
  effects.names = {"eta_CL", "eta_V"};
  effects.omega = Matrix::Identity(2, 2);
  Posterior posterior;
  posterior.status = PosteriorStatus::converged;
  posterior.covariance = covariance;
  const auto information = information_of(Model{}, effects, posterior);
  REQUIRE(information);
  return *information;
}

Matrix symmetric(double a, double b, double both) {
  Matrix C(2, 2);
  C << a, both, both, b;
  return C;
}

// CL = 5 exp(eta_CL), V = 50 exp(eta_V), a bolus of 500 at 0; levels with 10 % error.
Information fitted(const std::vector<std::pair<double, double>>& levels) {
  support::SmallModel small;
  small.parameters = {{"TVCL", 5.0}, {"TVV", 50.0}};
  small.etas = {{"eta_CL", 0.09}, {"eta_V", 0.09}};
  small.individual = {{"CL", "TVCL * exp(eta_CL)"}, {"V", "TVV * exp(eta_V)"}};
  small.states = {{"A", "-CL / V * A"}};
  small.outputs = {{"C", "A / V"}};
  small.residual = "0.01 * prediction^2";
  small.entries = {support::into("A")};
  const Compiled model = support::compiled(small);
  Patient patient;
  DosingEvent dose;
  dose.amt = 500.0;
  dose.route = "dose";
  patient.doses = {dose};
  for (const auto& [time, dv] : levels) {
    Observation level;
    level.time = time;
    level.dv = dv;
    level.output = "C";
    level.order = 1;
    patient.observations.push_back(level);
  }
  const auto built = build_schedule(*model, patient, {});
  REQUIRE(built);
  const auto posterior = fit(model, patient, {});
  REQUIRE(posterior);
  const auto information = information_of(*model->model, built->schedule.effects, *posterior);
  REQUIRE(information);
  return *information;
}

}  // namespace

TEST_CASE("the information is what the posterior's inverse has gained on the prior's") {
  // Gains of 3 and 0 along the axes: variances 1 / 4 and 1.
  const Information one = after(symmetric(0.25, 1.0, 0.0));
  CHECK(one.rank == 1);
  CHECK(one.of == 2);
  CHECK(one.condition == doctest::Approx(4.0).epsilon(1e-12));
  CHECK(one.shrinkage[0] == doctest::Approx(0.25).epsilon(1e-12));
  CHECK(one.not_informed == std::vector<std::string>{"eta_V"});
  CHECK(one.together.empty());
  // The sum of both measured with variance v: C = I - J / (2 + v), correlation -1 / (1 + v).
  const double v = 0.02;
  const Information sum = after(symmetric(1.0 - 1.0 / (2.0 + v), 1.0 - 1.0 / (2.0 + v), -1.0 / (2.0 + v)));
  CHECK(sum.rank == 1);
  CHECK(sum.condition == doctest::Approx(1.0 + 2.0 / v).epsilon(1e-9));
  CHECK(sum.not_informed.empty());
  REQUIRE(sum.together.size() == 1);
  CHECK(sum.together[0].correlation == doctest::Approx(-1.0 / (1.0 + v)).epsilon(1e-12));
  CHECK(sum.words.find("eta_CL and eta_V are told by their sum only") == 0);
  const Information both = after(symmetric(0.1, 0.2, 0.0));
  CHECK(both.rank == 2);
  CHECK(both.words.empty());
  CHECK(information_cautions(both).empty());
}

TEST_CASE("a peak alone informs the volume, a late level alone tells only both together, two levels tell each") {
  const Information peak = fitted({{0.01, 10.0}});
  CHECK(peak.rank == 1);
  CHECK(peak.not_informed == std::vector<std::string>{"eta_CL"});
  CHECK(information_cautions(peak).front().id == "not_informed");
  const Information two = fitted({{0.01, 10.0}, {20.0, 1.35}});
  CHECK(two.rank == 2);
  CHECK(two.not_informed.empty());
  CHECK(two.words.empty());
  const Information slope = fitted({{20.0, 1.35}});
  CHECK(slope.rank == 1);
  CHECK(slope.together.size() == 1);
}

TEST_CASE("without a level there is nothing to say") {
  Posterior prior;
  prior.status = PosteriorStatus::no_data;
  prior.covariance = Matrix::Identity(2, 2);
  Effects effects;
  effects.informed = 2;
  effects.names = {"a", "b"};
  effects.omega = Matrix::Identity(2, 2);
  CHECK(!information_of(Model{}, effects, prior));
}

TEST_CASE("an effect is told by the label of the parameter that it acts on, and by its name where that is not one parameter") {
  Effects effects;
  effects.informed = 3;
  effects.names = {"eta_CL", "eta_V", "eta_V2"};
  effects.omega = Matrix::Identity(3, 3);
  Posterior posterior;
  posterior.status = PosteriorStatus::converged;
  posterior.covariance = Matrix::Identity(3, 3);
  Model model;
  model.individual = {{"CL", {}, {"5 * exp(eta_CL)", ""}, "Clearance"},
                      {"V", {}, {"50 * exp(eta_V)", ""}, "pH-trapped volume"},
                      {"V2", {}, {"40 * exp(eta_V2)", ""}, "Peripheral volume"},
                      {"Q", {}, {"3 * exp(0.5 * eta_V2)", ""}, "Exchange"}};
  const auto information = information_of(model, effects, posterior);
  REQUIRE(information);
  CHECK(information->not_informed == std::vector<std::string>{"eta_CL", "eta_V", "eta_V2"});
  CHECK(information->words == "The levels say next to nothing of clearance (eta_CL), pH-trapped volume (eta_V) and eta_V2.");
}
