#include "infer/importance.hpp"

#include <doctest/doctest.h>

#include <cmath>

using namespace titrate;

namespace {

constexpr double pi = 3.14159265358979323846;

double mean_of(const WeightedDraws& d, int row) { return d.draws.row(row).dot(d.weights); }

double covariance_of(const WeightedDraws& d, int i, int j) {
  const Vector a = d.draws.row(i).transpose().array() - mean_of(d, i), b = d.draws.row(j).transpose().array() - mean_of(d, j);
  return a.cwiseProduct(b).dot(d.weights);
}

}  // namespace

TEST_CASE("the shape of a generalised Pareto sample is found, for light and heavy tails") {
  for (const double shape : {-0.2, 0.3, 0.7, 1.0}) {
    std::vector<double> sample;
    const int n = 2000;
    for (int i = 1; i <= n; ++i) sample.push_back((std::pow(1.0 - (i - 0.5) / n, -shape) - 1.0) / shape);
    CHECK(generalised_pareto_shape(sample) == doctest::Approx(shape).epsilon(0.05).scale(1.0));
  }
}

TEST_CASE("k-hat of weights with a Pareto tail of shape 0.7 is 0.7, and equal weights have none") {
  const int S = 40000;
  Vector w(S);
  for (int i = 0; i < S; ++i) w[i] = std::pow(1.0 - (i + 0.5) / S, -0.7);
  w /= w.sum();
  const auto k = pareto_k(w);
  REQUIRE(k);
  CHECK(std::abs(*k - 0.7) < 0.05);
  CHECK_FALSE(pareto_k(Vector::Constant(1000, 1e-3)));
}

TEST_CASE("a normal posterior keeps its mean, covariance and evidence under a displaced proposal") {
  const Matrix omega{{0.5, 0.1}, {0.1, 0.3}};
  const Matrix A{{2.0, 0.5}, {0.5, 4.0}};  // information of the data about eta, whose best value is m
  const Vector m{{0.8, -0.4}};
  const Matrix omega_inverse = omega.inverse();
  const auto ofv = [&](const Vector& eta) -> std::optional<double> {
    return (eta - m).dot(A * (eta - m)) + eta.dot(omega_inverse * eta);
  };
  const Matrix C = (omega_inverse + A).inverse();
  const Vector mode = C * A * m;
  const double least = *ofv(mode);

  ImportanceSettings settings;
  settings.draws = 20000;
  const auto draws = importance_draws(ofv, omega, {{mode + Vector{{0.1, 0.1}}, 1.5 * C}}, settings);
  CHECK(draws.failed == 0);
  CHECK(draws.weights.sum() == doctest::Approx(1.0));
  CHECK(draws.ess > 10000.0);
  CHECK(*draws.pareto_k < 0.5);
  for (int i = 0; i < 2; ++i) {
    CHECK(std::abs(mean_of(draws, i) - mode[i]) < 4.0 * std::sqrt(C(i, i) / draws.ess));
    for (int j = 0; j <= i; ++j) CHECK(std::abs(covariance_of(draws, i, j) - C(i, j)) < 0.05 * std::sqrt(C(i, i) * C(j, j)));
  }
  // integral of exp(-OFV/2) = exp(-least/2) (2 pi)^(k/2) sqrt(det C)
  const double exact = -0.5 * least + std::log(2.0 * pi) + 0.5 * std::log(C.determinant());
  CHECK(std::abs(draws.log_mean_weight - exact) < 0.02);
}

TEST_CASE("two hills both carry their share, when both are known") {
  const double s = 0.5;
  const auto ofv = [&](const Vector& eta) -> std::optional<double> {
    const double left = std::exp(-0.5 * std::pow((eta[0] + 3.0) / s, 2)),
                 right = std::exp(-0.5 * std::pow((eta[0] - 3.0) / s, 2));
    return -2.0 * std::log(0.25 * left + 0.75 * right);
  };
  const Matrix width{{s * s}};
  ImportanceSettings settings;
  settings.draws = 8000;
  const auto draws = importance_draws(ofv, Matrix{{4.0}}, {{Vector{{3.0}}, width}, {Vector{{-3.0}}, width}}, settings);
  double left = 0.0;
  for (int i = 0; i < settings.draws; ++i)
    if (draws.draws(0, i) < 0.0) left += draws.weights[i];
  CHECK(std::abs(left - 0.25) < 0.02);
}

TEST_CASE("a proposal far too narrow is widened by adaptation") {
  const auto ofv = [](const Vector& eta) -> std::optional<double> { return eta.squaredNorm() / 0.01; };  // sd 0.1
  const Matrix wide = 25.0 * Matrix::Identity(3, 3);
  ImportanceSettings settings;
  settings.draws = 2000;
  settings.max_adaptations = 0;
  const auto once = importance_draws(ofv, wide, {{Vector::Constant(3, 0.3), 4.0 * Matrix::Identity(3, 3)}}, settings);
  settings.max_adaptations = 2;
  const auto adapted = importance_draws(ofv, wide, {{Vector::Constant(3, 0.3), 4.0 * Matrix::Identity(3, 3)}}, settings);
  CHECK(once.ess < 20.0);
  CHECK(adapted.ess > 200.0);
  CHECK(adapted.rounds > 1);
}

TEST_CASE("draws without a value weigh nothing and are counted: the mean of half a normal is sqrt(2 / pi)") {
  const auto half = [](const Vector& eta) -> std::optional<double> {
    if (eta[0] < 0.0) return std::nullopt;
    return eta[0] * eta[0];
  };
  ImportanceSettings settings;
  settings.draws = 20000;
  const auto draws = importance_draws(half, Matrix{{1.0}}, {{Vector{{0.5}}, Matrix{{1.0}}}}, settings);
  CHECK(draws.failed > 0);
  CHECK(std::abs(mean_of(draws, 0) - std::sqrt(2.0 / pi)) < 0.03);
  const auto none =
      importance_draws([](const Vector&) -> std::optional<double> { return std::nullopt; }, Matrix{{1.0}}, {}, settings);
  CHECK(none.failed == settings.draws);
  CHECK(none.weights.size() == 0);
}

TEST_CASE("the same seed gives the same draws, another seed gives others") {
  const auto ofv = [](const Vector& eta) -> std::optional<double> { return eta.squaredNorm(); };
  ImportanceSettings settings;
  settings.draws = 200;
  const auto draw = [&] { return importance_draws(ofv, Matrix{{1.0}}, {{Vector{{0.0}}, Matrix{{1.0}}}}, settings); };
  const auto first = draw(), again = draw();
  CHECK(first.draws == again.draws);
  CHECK(first.weights == again.weights);
  settings.seed = 2;
  CHECK_FALSE(first.draws == draw().draws);
}

TEST_CASE("the larger of two covariances covers both") {
  const Matrix A{{1.0, 0.9}, {0.9, 1.0}}, B{{1.0, -0.9}, {-0.9, 1.0}};
  const Matrix both = larger_covariance(A, B);
  CHECK((both - A).eval().selfadjointView<Eigen::Lower>().eigenvalues().minCoeff() > -1e-12);
  CHECK((both - B).eval().selfadjointView<Eigen::Lower>().eigenvalues().minCoeff() > -1e-12);
  CHECK((larger_covariance(A, 0.5 * A) - A).norm() < 1e-12);
}
