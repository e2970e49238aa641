// Groups of rates against the exponential of a matrix of twice the size, and a chain against its closed form.

#include "sim/rate_groups.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <unsupported/Eigen/MatrixFunctions>
#include <vector>

#include "sim/exp_differences.hpp"

using namespace titrate;

namespace {

using Eigen::Index;

RateGroups groups_of(const Matrix& A) {
  std::vector<Index> row, column;
  for (Index i = 0; i < A.rows(); ++i)
    for (Index j = 0; j < A.cols(); ++j)
      if (A(i, j) != 0.0) {
        row.push_back(i);
        column.push_back(j);
      }
  return {A.rows(), row, column};
}

// Each rate of `chain` fills the next state; the last one exchanges with a store and fills an area.
Matrix network(const std::vector<double>& chain) {
  const auto m = static_cast<Index>(chain.size());
  Matrix A = Matrix::Zero(m + 2, m + 2);
  // The area first and the chain backwards: nothing depends on the order.
  const auto place = [m](Index i) { return m - i; };
  for (Index i = 0; i < m; ++i) {
    A(place(i), place(i)) = -chain[static_cast<std::size_t>(i)];
    if (i > 0) A(place(i), place(i - 1)) = chain[static_cast<std::size_t>(i - 1)];
  }
  A(place(m - 1), place(m - 1)) -= 0.5;
  A(m + 1, place(m - 1)) = 0.5;
  A(place(m - 1), m + 1) = 0.3;
  A(m + 1, m + 1) = -0.3;
  A(0, place(m - 1)) = 1.0;
  return A;
}

struct Moved {
  Matrix Phi, Psi, L;  // e^(A s), its integral, and its derivative in the direction of dA
};

Moved by_groups(const RateGroups& found, const Matrix& dA, double s) {
  const Index n = dA.rows();
  const Matrix &V = found.V(), &W = found.V_inverse();
  Matrix E = W * dA * V, X, f = Matrix::Zero(n, n), F = f, L = f;
  found.decouple(E, X);
  for (const RateGroups::Group& g : found.groups()) {
    std::vector<double> weight(static_cast<std::size_t>(2 * g.powers)), area(weight.size());
    exponential_powers(g.rate, s, 2 * g.powers, weight.data(), area.data());
    Matrix P = Matrix::Identity(g.size, g.size), D = Matrix::Zero(g.size, g.size);
    for (std::size_t q = 0; q < weight.size(); ++q) {
      f.block(g.first, g.first, g.size, g.size) += weight[q] * P;
      F.block(g.first, g.first, g.size, g.size) += area[q] * P;
      L.block(g.first, g.first, g.size, g.size) += weight[q] * D;
      D = (found.N(g) * D + E.block(g.first, g.first, g.size, g.size) * P).eval();
      P = (found.N(g) * P).eval();
    }
  }
  return {V * f * W, V * F * W, V * (L + X * f - f * X) * W};
}

Moved by_exponential(const Matrix& A, const Matrix& dA, double s) {
  const Index n = A.rows();
  Matrix X = Matrix::Zero(3 * n, 3 * n);  // [A dA 0; 0 A I; 0 0 0]
  X.topLeftCorner(n, n) = X.block(n, n, n, n) = A * s;
  X.block(0, n, n, n) = dA * s;
  X.block(n, 2 * n, n, n) = Matrix::Identity(n, n) * s;
  const Matrix eX = X.exp();
  return {eX.topLeftCorner(n, n), eX.block(n, 2 * n, n, n), eX.block(0, n, n, n)};
}

double apart(const Matrix& a, const Matrix& b) { return (a - b).cwiseAbs().maxCoeff() / (1e-3 + b.cwiseAbs().maxCoeff()); }

}  // namespace

TEST_CASE("chains whose rates lie together, or nearly, move as the exponential of their matrix does, with its derivative") {
  for (const double d : {0.0, 1e-14, 1e-12, 1e-9, 1e-6, 1e-4, 1e-3, 0.01, 0.05, 0.099, 0.101, 0.15, 0.3, 1.0})
    for (const std::vector<double>& chain : {std::vector<double>{2.0, 2.0 * (1 + d)},
                                             {2.0, 2.0 * (1 + d), 2.0},
                                             {2.0, 2.0 * (1 + d), 2.0 * (1 + 2 * d), 0.1},
                                             {0.7, 30.0, 30.0 * (1 + d), 30.0 * (1 - d / 2), 0.7 * (1 + d)},
                                             {2.0, 2.0, 2.0, 2.0, 2.0 * (1 + d)}}) {
      const Matrix A = network(chain);
      Matrix dA = A;
      for (Index i = 0; i < A.size(); ++i) dA.data()[i] *= std::sin(1.0 + static_cast<double>(i));
      RateGroups groups = groups_of(A);
      REQUIRE(groups.find(A));
      for (const double s : {1e-3, 0.1, 1.0, 4.0, 30.0, 500.0}) {
        const Moved one = by_groups(groups, dA, s), other = by_exponential(A, dA, s);
        INFO("apart " << d << ", a chain of " << chain.size() << ", after " << s);
        CHECK(apart(one.Phi, other.Phi) < 1e-10);
        CHECK(apart(one.Psi, other.Psi) < 1e-10);
        CHECK(apart(one.L, other.L) < 1e-8);
      }
    }
}

TEST_CASE("a chain of equal rates has one group, as many terms as states, and Erlang's course") {
  constexpr double k = 1.7;
  Matrix A = Matrix::Zero(6, 6);
  for (Index i = 0; i < 6; ++i) {
    A(i, i) = -k;
    if (i > 0) A(i, i - 1) = k;
  }
  RateGroups groups = groups_of(A);
  REQUIRE(groups.find(A));
  REQUIRE(groups.groups().size() == 1);
  CHECK(groups.groups().front().powers == 6);
  for (const double s : {0.01, 0.5, 3.0, 20.0}) {
    const Moved moved = by_groups(groups, Matrix::Zero(6, 6), s);
    double expected = std::exp(-k * s);
    for (Index i = 0; i < 6; ++i) {
      CHECK(moved.Phi(i, 0) == doctest::Approx(expected).epsilon(1e-13));
      expected *= k * s / static_cast<double>(i + 1);
    }
  }
}

TEST_CASE("what nothing leaves keeps its sum, and the area below it grows without end") {
  Matrix A(3, 3);
  A << -0.3, 0.2, 0.0, 0.3, -0.2, 0.0, 1.0, 0.0, 0.0;
  RateGroups groups = groups_of(A);
  REQUIRE(groups.find(A));
  const Moved moved = by_groups(groups, A, 1000.0), other = by_exponential(A, A, 1000.0);
  CHECK(moved.Phi(0, 0) + moved.Phi(1, 0) == doctest::Approx(1.0).epsilon(1e-13));
  CHECK(apart(moved.Phi, other.Phi) < 1e-11);
}

TEST_CASE("a rate by itself may grow") {
  Matrix A(2, 2);
  A << -0.2, 0.0, 0.2, 0.4;
  RateGroups groups = groups_of(A);
  REQUIRE(groups.find(A));
  for (const double s : {0.1, 1.0, 4.0, 6.0, 40.0}) {
    const Moved moved = by_groups(groups, A, s), other = by_exponential(A, A, s);
    CHECK(apart(moved.Phi, other.Phi) < 1e-11);
    CHECK(apart(moved.Psi, other.Psi) < 1e-11);
    CHECK(apart(moved.L, other.L) < 1e-11);
  }
}

TEST_CASE("rates that swing have no groups") {
  Matrix A(3, 3);
  A << -1.0, 0.0, 1.0, 1.0, -1.0, 0.0, 0.0, 1.0, -1.05;
  CHECK_FALSE(groups_of(A).find(A));
}
