#include "base/minimise.hpp"

#include <doctest/doctest.h>

#include <cmath>

using namespace titrate;

namespace {

std::optional<ValueAndGradient> rosenbrock(const Vector& x) {
  const double a = 1.0 - x[0], b = x[1] - x[0] * x[0];
  ValueAndGradient at{a * a + 100.0 * b * b, Vector(2)};
  at.gradient << -2.0 * a - 400.0 * x[0] * b, 200.0 * b;
  return at;
}

}  // namespace

TEST_CASE("the banana valley of Rosenbrock is followed to its lowest point (1, 1)") {
  const Minimum minimum = minimise(rosenbrock, Vector{{-1.2, 1.0}}, Matrix::Identity(2, 2));
  CHECK(minimum.converged());
  CHECK(std::abs(minimum.x[0] - 1.0) < 1e-8);
  CHECK(std::abs(minimum.x[1] - 1.0) < 1e-8);
}

TEST_CASE("a quadratic with its own inverse Hessian is solved by the first step") {
  const Matrix A{{4.0, 1.0}, {1.0, 3.0}};
  const Vector centre{{2.0, -5.0}};
  const auto quadratic = [&](const Vector& x) -> std::optional<ValueAndGradient> {
    const Vector d = x - centre;
    return ValueAndGradient{0.5 * d.dot(A * d) - 7.0, A * d};
  };
  const Minimum minimum = minimise(quadratic, Vector{{100.0, 80.0}}, A.inverse());
  CHECK(minimum.converged());
  CHECK(minimum.iterations <= 2);
  CHECK((minimum.x - centre).norm() < 1e-10);
  CHECK(minimum.f == doctest::Approx(-7.0));
}

TEST_CASE("a step into a region without values is shortened: x - ln x has its minimum at 1") {
  int outside = 0;
  const auto function = [&](const Vector& x) -> std::optional<ValueAndGradient> {
    if (x[0] <= 0.0) {
      ++outside;
      return std::nullopt;
    }
    return ValueAndGradient{x[0] - std::log(x[0]), Vector{{1.0 - 1.0 / x[0]}}};
  };
  const Minimum minimum = minimise(function, Vector{{5.0}}, 1000.0 * Matrix::Identity(1, 1));
  CHECK(outside > 0);
  CHECK(minimum.converged());
  CHECK(std::abs(minimum.x[0] - 1.0) < 1e-8);
}

TEST_CASE("without a value at the start the verdict says so") {
  const auto none = [](const Vector&) -> std::optional<ValueAndGradient> { return std::nullopt; };
  const Minimum minimum = minimise(none, Vector{{0.0}}, Matrix::Identity(1, 1));
  CHECK(minimum.verdict == MinimiseVerdict::no_value);
  CHECK_FALSE(minimum.converged());
}

TEST_CASE("a function that falls until its values end is not reported as converged") {
  const auto slope = [](const Vector& x) -> std::optional<ValueAndGradient> {
    if (x[0] > 3.0) return std::nullopt;
    return ValueAndGradient{-x[0], Vector{{-1.0}}};
  };
  const Minimum minimum = minimise(slope, Vector{{0.0}}, Matrix::Identity(1, 1));
  CHECK_FALSE(minimum.converged());
  CHECK(minimum.x[0] > 2.9);
}

TEST_CASE("noise in the last digits of the value does not stop the gradient from finding the minimum") {
  const auto noisy = [](const Vector& x) -> std::optional<ValueAndGradient> {
    const double d = x[0] - 0.3;
    const double noise = 1e-11 * std::sin(1e9 * x[0]);
    return ValueAndGradient{20.0 + d * d + d * d * d + noise, Vector{{2.0 * d + 3.0 * d * d}}};
  };
  const Minimum minimum = minimise(noisy, Vector{{0.0}}, 0.5 * Matrix::Identity(1, 1));
  CHECK(minimum.converged());
  CHECK(std::abs(minimum.x[0] - 0.3) < 1e-8);
}
