#include "infer/fit.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "infer/laplace.hpp"
#include "unit/infer/problems.hpp"

using namespace titrate;
using namespace titrate::problems;

namespace {

const std::vector<std::pair<double, double>> three_levels = {{1.0, 4.5}, {2.0, 5.0}, {4.0, 4.0}};

Posterior fitted(const Compiled& model, const Patient& patient, const FitSettings& settings = {}) {
  const auto posterior = fit(model, patient, settings);
  for (const auto& diagnostic : posterior.diagnostics()) MESSAGE(diagnostic.message);
  REQUIRE(static_cast<bool>(posterior));
  return *posterior;
}

double place(const Posterior& posterior, double x) {  // of x among the first eta's draws
  double below = 0.0;
  for (Eigen::Index s = 0; s < posterior.weights.size(); ++s)
    if (posterior.draws(0, s) < x) below += posterior.weights[s];
  return below;
}

}  // namespace

TEST_CASE("the check case of a one-compartment bolus has its mode at 0.26374 and OFV -0.42716") {
  const Posterior posterior = fitted(bolus_model(), patient_with({{5.0, 5.0}}, 100.0));
  REQUIRE(posterior.status == PosteriorStatus::converged);
  CHECK(std::abs(posterior.mode[0] - 0.26374) < 6e-6);
  CHECK(std::abs(posterior.ofv - -0.42716) < 6e-6);
  CHECK(posterior.gradient_norm < 1e-8);
  CHECK(posterior.converged_starts == posterior.starts);
}

TEST_CASE("the weight of the prior multiplies its quadratic form: the modes and objectives of the check case") {
  const double expected[][3] = {{1.0, 0.26374, -0.42716}, {0.1, 0.31923, -1.27044}, {0.01, 0.32588, -1.37447}};
  for (const auto& [weight, mode, ofv] : expected) {
    FitSettings settings;
    settings.prior_weight = weight;
    const Posterior posterior = fitted(bolus_model(), patient_with({{5.0, 5.0}}, 100.0), settings);
    REQUIRE(posterior.status == PosteriorStatus::converged);
    CHECK(std::abs(posterior.mode[0] - mode) < 6e-6);
    CHECK(std::abs(posterior.ofv - ofv) < 6e-6);
    CHECK(posterior.prior_weight == weight);
  }
}

TEST_CASE("a weighted prior is a prior of Omega / lambda: mode, covariance, objective, evidence and draws") {
  Model wide = *straight_line_model()->model;
  wide.omega /= 0.2;
  const auto wider = compile(std::make_shared<const Model>(wide));
  REQUIRE(static_cast<bool>(wider));
  FitSettings settings;
  settings.draws = 4000;
  const Posterior stated = fitted(*wider, patient_with(three_levels), settings);
  settings.prior_weight = 0.2;
  const Posterior weighted = fitted(straight_line_model(), patient_with(three_levels), settings);
  CHECK((weighted.mode - stated.mode).norm() < 1e-8);
  CHECK((weighted.covariance - stated.covariance).norm() < 1e-12);
  CHECK(weighted.objective == doctest::Approx(stated.objective).epsilon(1e-10));
  CHECK(std::abs(weighted.log_evidence - stated.log_evidence) < 0.03);
  const auto mean = [](const Posterior& p) { return Vector(p.draws * p.weights); };
  CHECK((mean(weighted) - mean(stated)).norm() < 0.03);
  CHECK(*weighted.levels[0].percentile != doctest::Approx(*stated.levels[0].percentile));  // a priori stays the model's own
  settings.prior_weight = 0.2;
  const Posterior without = fitted(straight_line_model(), patient_with({}), settings);
  CHECK(without.covariance == straight_line_model()->omega);
}

TEST_CASE("on a straight line Laplace, importance sampling and the exact posterior agree") {
  const Straight truth = exact(three_levels);
  FitSettings settings;
  settings.draws = 20000;
  const Posterior posterior = fitted(straight_line_model(), patient_with(three_levels), settings);
  REQUIRE(posterior.ok());
  CHECK((posterior.mode - truth.mean).norm() < 1e-8);
  CHECK((posterior.covariance - truth.covariance).norm() < 1e-10);
  REQUIRE(posterior.hessian_covariance);
  CHECK((*posterior.hessian_covariance - truth.covariance).norm() < 1e-6);
  CHECK(std::abs(posterior.log_evidence - truth.log_evidence) < 0.02);

  const Vector mean = posterior.draws * posterior.weights;
  const Matrix centred = posterior.draws.colwise() - mean;
  const Matrix covariance = centred * posterior.weights.asDiagonal() * centred.transpose();
  for (int i = 0; i < 2; ++i) {
    CHECK(std::abs(mean[i] - truth.mean[i]) < 4.0 * std::sqrt(truth.covariance(i, i) / posterior.ess));
    CHECK(covariance(i, i) == doctest::Approx(truth.covariance(i, i)).epsilon(0.05));
  }
  const double sd = std::sqrt(truth.covariance(0, 0));
  CHECK(std::abs(place(posterior, truth.mean[0] - 1.6448536 * sd) - 0.05) < 0.01);
  CHECK(std::abs(place(posterior, truth.mean[0] + 1.6448536 * sd) - 0.95) < 0.01);
}

TEST_CASE("Laplace's evidence of a straight line is exact") {
  const Compiled model = straight_line_model();
  const Patient patient = patient_with(three_levels);
  const auto built = build_schedule(*model, patient, {});
  REQUIRE(static_cast<bool>(built));
  const auto objective = Objective::make(model, patient, *built);
  REQUIRE(static_cast<bool>(objective));
  const Map map = find_map(*objective);
  REQUIRE(map.ok());
  const auto shape = laplace(*objective, map.modes.front());
  REQUIRE(shape);
  CHECK(shape->log_evidence == doctest::Approx(exact(three_levels).log_evidence).epsilon(1e-7));
  CHECK(shape->objective == doctest::Approx(map.modes.front().ofv + std::log(0.14) - std::log(shape->covariance.determinant())));
}

TEST_CASE("without levels the mode is zero and the draws are the prior's, equally weighted") {
  FitSettings settings;
  settings.draws = 4000;
  const Posterior posterior = fitted(straight_line_model(), patient_with({}), settings);
  CHECK(posterior.status == PosteriorStatus::no_data);
  CHECK(posterior.mode == Vector::Zero(2));
  CHECK(posterior.weights.minCoeff() == posterior.weights.maxCoeff());
  CHECK(posterior.ess == doctest::Approx(4000.0));
  const Matrix covariance = posterior.draws * posterior.draws.transpose() / 4000.0;
  CHECK(covariance(0, 0) == doctest::Approx(0.5).epsilon(0.1));
  CHECK(std::abs(covariance(0, 1) - 0.1) < 0.04);
}

TEST_CASE("a level excluded from the fit changes nothing but is still compared") {
  Patient patient = patient_with(three_levels);
  const Posterior before = fitted(straight_line_model(), patient);
  patient.observations.push_back(level(3.0, 100.0));
  patient.observations.back().excluded = true;
  const Posterior after = fitted(straight_line_model(), patient);
  CHECK(after.draws == before.draws);
  REQUIRE(after.levels.size() == 4);
  CHECK_FALSE(after.levels[3].used);
  CHECK(*after.levels[3].residual_sd > 50.0);
  CHECK(*after.levels[3].percentile > 99.9);
}

TEST_CASE("the percentile of a level is its place in the a priori predictive distribution") {
  // at t = 2: y ~ Normal(3, 4 * 0.5 + 2 * 2 * 2 * 0.1 + 4 * 0.3 + 0.25)
  FitSettings settings;
  settings.prior_draws = 4000;
  const double sd = std::sqrt(4.0 * 0.5 + 8.0 * 0.1 + 4.0 * 0.3 + 0.25);
  const Posterior posterior = fitted(straight_line_model(), patient_with({{2.0, 3.0 + 1.2815516 * sd}}), settings);
  REQUIRE(posterior.levels.size() == 1);
  CHECK(posterior.levels[0].a_priori == doctest::Approx(3.0));
  CHECK(posterior.levels[0].V == doctest::Approx(0.25));
  CHECK(std::abs(*posterior.levels[0].percentile - 90.0) < 2.0);
  CHECK(*posterior.levels[0].residual_sd ==
        doctest::Approx((posterior.levels[0].dv - posterior.levels[0].prediction) / 0.5).epsilon(1e-9));
}

TEST_CASE("two ways to explain a level are both found and both drawn: y = eta^2") {
  const Compiled model =
      compiled({{{"a", "eta_1 * eta_1"}}, {{"still", "0"}}, "a + 0 * still", {natural("0.01")}, Matrix{{1.0}}});
  FitSettings settings;
  settings.starts = 8;
  settings.draws = 4000;
  const Posterior posterior = fitted(model, patient_with({{1.0, 1.0}}), settings);
  REQUIRE(posterior.status == PosteriorStatus::converged);
  CHECK(posterior.other_optima == 1);
  CHECK(std::abs(place(posterior, 0.0) - 0.5) < 0.05);
}

TEST_CASE("a level that only an absurd patient could have is refused without numbers") {
  const Compiled model = compiled({{{"a", "eta_1"}}, {{"still", "0"}}, "a + 0 * still", {natural("0.0001")}, Matrix{{0.01}}});
  const Posterior posterior = fitted(model, patient_with({{1.0, 500.0}}));
  CHECK(posterior.status == PosteriorStatus::at_bound);
  CHECK(posterior.draws.size() == 0);
  CHECK(posterior.mode.size() == 0);
  CHECK_FALSE(posterior.words.empty());
}

TEST_CASE("a model without a prediction is refused, not fitted") {
  const Compiled model =
      compiled({{{"a", "3 + eta_1"}}, {{"still", "0"}}, "a + 0 * still", {natural("0 * prediction")}, Matrix{{0.5}}});
  const Posterior posterior = fitted(model, patient_with({{1.0, 3.0}}));
  CHECK(posterior.status == PosteriorStatus::not_converged);
  CHECK(posterior.words.find("variance") != std::string::npos);
  CHECK(posterior.weights.size() == 0);
}

TEST_CASE("progress rises from 0 to 1 and the draws do not depend on whether it is watched") {
  double last = 0.0;
  bool rising = true;
  const auto watched = fit(straight_line_model(), patient_with(three_levels), {}, [&](double part) {
    rising = rising && part >= last;
    last = part;
  });
  REQUIRE(static_cast<bool>(watched));
  CHECK(rising);
  CHECK(last == 1.0);
  CHECK(watched->draws == fitted(straight_line_model(), patient_with(three_levels)).draws);
}

TEST_CASE("a level where the a priori median lies is at 50 %: prior draws come in mirrored pairs") {
  const Posterior posterior = fitted(straight_line_model(), patient_with({{2.0, 3.0}}), FitSettings{});
  REQUIRE(posterior.levels.size() == 1);
  CHECK(*posterior.levels[0].percentile == doctest::Approx(50.0).epsilon(1e-9));
}
