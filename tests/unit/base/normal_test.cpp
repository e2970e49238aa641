#include "base/normal.hpp"

#include <doctest/doctest.h>

#include <cmath>

using namespace titrate;

TEST_CASE("the normal distribution read between grid points is that of the error function") {
  for (double z = -9.5; z < 9.5; z += 0.00317) {
    const NormalAt at = normal_at(z);
    CHECK(std::abs(at.cdf - 0.5 * std::erfc(-z / std::sqrt(2.0))) < 1e-13);
    CHECK(std::abs(at.density - std::exp(-0.5 * z * z) / std::sqrt(2.0 * 3.14159265358979323846)) < 1e-12);
  }
}
