#include "infer/correlation.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <functional>

#include "infer/fit.hpp"
#include "infer/laplace.hpp"
#include "unit/infer/problems.hpp"

using namespace titrate;
using namespace titrate::problems;

namespace {

const double ln_2_pi = std::log(2.0 * std::acos(-1.0));

// y = 3 + 2 eta_1 + t eta_2 by two assays of variances 0.25 and 0.16, changed as a test needs.
Compiled two_assays(const std::function<void(Model&)>& change) {
  Model model = *straight_line_model()->model;
  model.outputs[0].residuals = {natural("0.25", "A"), natural("0.16", "B")};
  change(model);
  const auto result = compile(std::make_shared<const Model>(model));
  REQUIRE(static_cast<bool>(result));
  return *result;
}

ResidualCorrelation between(const std::string& a, const std::string& b, double correlation) {
  ResidualCorrelation stated;
  stated.between[0] = {"y", a};
  stated.between[1] = {"y", b};
  stated.correlation = correlation;
  return stated;
}

Patient measured_by(const std::vector<std::pair<double, double>>& levels, const std::vector<std::string>& assays) {
  Patient patient = patient_with(levels);
  for (std::size_t i = 0; i < assays.size(); ++i) patient.observations[i].assay = assays[i];
  return patient;
}

Result<Objective> objective_of(const Compiled& model, const Patient& patient) {
  const auto built = build_schedule(*model, patient, {});
  REQUIRE(static_cast<bool>(built));
  return Objective::make(model, patient, *built);
}

// The exact posterior for residuals with covariance R: levels ~ Normal(3, J Omega J' + R).
void check_exact(const Compiled& model, const Patient& patient, const Matrix& R) {
  const Matrix& omega = model->omega;
  const auto n = static_cast<Eigen::Index>(patient.observations.size());
  Matrix J(n, 2);
  Vector r(n);
  for (Eigen::Index i = 0; i < n; ++i) {
    const Observation& level = patient.observations[static_cast<std::size_t>(i)];
    J.row(i) << 2.0, level.time;
    r[i] = level.dv - 3.0;
  }
  const Matrix marginal = J * omega * J.transpose() + R;
  const Matrix C = (omega.inverse() + J.transpose() * R.inverse() * J).inverse();
  const auto posterior = fit(model, patient);
  REQUIRE(static_cast<bool>(posterior));
  CHECK((posterior->mode - C * J.transpose() * R.inverse() * r).norm() < 1e-8);
  CHECK((posterior->covariance - C).norm() < 1e-10);
  const auto objective = objective_of(model, patient);
  const auto shape = laplace(*objective, {posterior->mode, posterior->ofv, C.inverse()});
  REQUIRE(shape);
  const double evidence =
      -0.5 * (static_cast<double>(n) * ln_2_pi + std::log(marginal.determinant()) + r.dot(marginal.inverse() * r));
  CHECK(shape->log_evidence == doctest::Approx(evidence).epsilon(1e-7));
}

}  // namespace

TEST_CASE("two assays of one sample with correlated errors have the exact posterior and evidence") {
  const Compiled model = two_assays([](Model& m) { m.residual_correlations = {between("A", "B", 0.7)}; });
  Matrix R = Matrix::Zero(3, 3);
  R.diagonal() << 0.25, 0.16, 0.25;
  R(0, 1) = R(1, 0) = 0.7 * 0.5 * 0.4;
  check_exact(model, measured_by({{1.0, 4.5}, {1.0, 4.0}, {4.0, 4.2}}, {"A", "B", "A"}), R);
}

TEST_CASE("errors correlated over time have the exact posterior and evidence") {
  const Compiled model = two_assays([](Model& m) { m.outputs[0].autocorrelation = 3.0; });
  const std::vector<std::pair<double, double>> levels{{1.0, 4.5}, {2.5, 4.0}, {7.0, 4.2}};
  Matrix R(3, 3);
  for (Eigen::Index i = 0; i < 3; ++i)
    for (Eigen::Index j = 0; j < 3; ++j)
      R(i, j) =
          0.25 *
          std::pow(0.5, std::abs(levels[static_cast<std::size_t>(i)].first - levels[static_cast<std::size_t>(j)].first) / 3.0);
  check_exact(model, measured_by(levels, {"A", "A", "A"}), R);
}

TEST_CASE(
    "with errors that grow with the prediction the correlated objective, its gradient and its information are the general ones") {
  const Compiled model = two_assays([](Model& m) {
    m.outputs[0].residuals = {natural("0.04 * prediction^2", "A"), natural("0.1 + 0.01 * prediction^2", "B")};
    m.outputs[0].autocorrelation = 4.0;
    m.residual_correlations = {between("A", "B", 0.6)};
  });
  const auto objective = objective_of(model, measured_by({{1.0, 4.5}, {1.0, 4.0}, {4.0, 4.2}, {6.0, 3.0}}, {"A", "B", "A", "B"}));
  REQUIRE(static_cast<bool>(objective));
  Matrix C = Matrix::Identity(4, 4);
  const double t[] = {1.0, 1.0, 4.0, 6.0};
  for (int i = 0; i < 4; ++i)
    for (int j = 0; j < 4; ++j)
      if (i != j) C(i, j) = t[i] == t[j] ? 0.6 : std::pow(0.5, std::abs(t[i] - t[j]) / 4.0);
  const Vector y{{4.5, 4.0, 4.2, 3.0}};
  const auto R_at = [&](const Vector& eta) {
    Matrix R(4, 4);
    Vector sd(4);
    for (int i = 0; i < 4; ++i) {
      const double f = 3.0 + 2.0 * eta[0] + t[i] * eta[1];
      sd[i] = i % 2 == 0 ? 0.2 * f : std::sqrt(0.1 + 0.01 * f * f);
    }
    return Matrix(sd.asDiagonal() * C * sd.asDiagonal());
  };
  const Vector eta{{0.2, -0.1}};
  const auto at = objective->evaluate(eta);
  REQUIRE(at);
  const Matrix R = R_at(eta);
  Matrix J(4, 2);
  for (int i = 0; i < 4; ++i) J.row(i) << 2.0, t[i];
  const Vector r = y - (Vector::Constant(4, 3.0) + J * eta);
  const Matrix omega_inverse = model->omega.inverse();
  CHECK(at->ofv ==
        doctest::Approx(std::log(R.determinant()) + r.dot(R.inverse() * r) + eta.dot(omega_inverse * eta)).epsilon(1e-12));
  CHECK(*objective->value(eta) == doctest::Approx(at->ofv).epsilon(1e-12));
  Matrix expected = omega_inverse + J.transpose() * R.inverse() * J;
  std::vector<Matrix> dR;
  for (int j = 0; j < 2; ++j) {
    Vector up = eta, down = eta;
    up[j] += 1e-5;
    down[j] -= 1e-5;
    dR.push_back(R.inverse() * (R_at(up) - R_at(down)) / 2e-5);
    CHECK(at->gradient[j] ==
          doctest::Approx((objective->evaluate(up)->ofv - objective->evaluate(down)->ofv) / 2e-5).epsilon(1e-7));
  }
  for (int i = 0; i < 2; ++i)
    for (int j = 0; j < 2; ++j)
      expected(i, j) += 0.5 * (dR[static_cast<std::size_t>(i)] * dR[static_cast<std::size_t>(j)]).trace();
  CHECK((information(*objective, *at) - expected).norm() < 1e-8 * expected.norm());
}

TEST_CASE("correlations that vanish change nothing, and excluded levels take no part in them") {
  const std::vector<std::pair<double, double>> levels{{1.0, 4.5}, {1.0, 4.0}, {400.0, 4.2}};
  Patient patient = measured_by(levels, {"A", "B", "A"});
  const Compiled plain = two_assays([](Model&) {});
  const Compiled faint = two_assays([](Model& m) { m.residual_correlations = {between("A", "B", 1e-17)}; });
  const Vector eta{{0.2, -0.1}};
  const auto a = objective_of(plain, patient)->evaluate(eta), b = objective_of(faint, patient)->evaluate(eta);
  CHECK(b->ofv == doctest::Approx(a->ofv).epsilon(1e-15));
  CHECK((b->gradient - a->gradient).norm() <= 1e-14 * a->gradient.norm());
  CHECK((b->expected - a->expected).norm() <= 1e-14 * a->expected.norm());

  const Compiled strong = two_assays([](Model& m) { m.residual_correlations = {between("A", "B", 0.7)}; });
  patient.observations[1].excluded = true;
  CHECK(objective_of(strong, patient)->evaluate(eta)->ofv == objective_of(plain, patient)->evaluate(eta)->ofv);
}

TEST_CASE("levels that cannot stand in a correlated group are refused with a reason") {
  const auto code = [](const Compiled& model, const Patient& patient) {
    const auto objective = objective_of(model, patient);
    REQUIRE_FALSE(static_cast<bool>(objective));
    return objective.diagnostics().front().code;
  };
  const Compiled over_time = two_assays([](Model& m) { m.outputs[0].autocorrelation = 3.0; });
  Patient patient = measured_by({{1.0, 4.5}, {2.0, 4.0}}, {"A", "B"});
  patient.observations[1].censored = Censored::below;
  patient.observations[1].limit = 4.0;
  CHECK(code(over_time, patient) == "infer.censored_correlated");
  CHECK(code(over_time, measured_by({{1.0, 4.5}, {1.0, 4.0}}, {"A", "B"})) == "infer.same_time");
  const Compiled impossible = two_assays([](Model& m) {
    m.outputs[0].residuals.push_back(natural("1", "C"));
    m.residual_correlations = {between("A", "B", 0.9), between("B", "C", 0.9), between("A", "C", -0.9)};
  });
  CHECK(code(impossible, measured_by({{1.0, 4.5}, {1.0, 4.0}, {1.0, 4.0}}, {"A", "B", "C"})) == "infer.correlation");
}
