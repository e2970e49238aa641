// The yardstick of `npm run bench`: straight-line C++ for the right side of a neutrophil model (Friberg 2002, 8 states), a
// million evaluations. Times of jobs are given as multiples of this one, so that runs on different machines can be compared.

#include <array>
#include <cmath>
#include <cstdio>

#include "bench/jobs.hpp"

namespace {

using State = std::array<double, 8>;

void rhs(const State& y, State& dy) {
  constexpr double CL = 35.7, V1 = 6.94, Q = 12.5, V2 = 225.0, ktr = 4.0 / 113.0, slope = 17.9, gamma = 0.196, base = 5.0;
  const double Cc = y[0] / V1;
  dy[0] = -(CL + Q) * Cc + Q / V2 * y[1];
  dy[1] = Q * Cc - Q / V2 * y[1];
  dy[2] = -y[2] / 35.5;
  dy[3] = ktr * y[3] * ((1.0 - slope * Cc) * std::pow(base / y[7], gamma) - 1.0);
  dy[4] = ktr * (y[3] - y[4]);
  dy[5] = ktr * (y[4] - y[5]);
  dy[6] = ktr * (y[5] - y[6]);
  dy[7] = ktr * (y[6] - y[7]) + y[2] / 35.5;
}

void a_million_evaluations() {
  State y{96, 0, 5.19, 5, 5, 5, 5, 5}, dy{};
  for (int i = 0; i < 1000000; ++i) {
    rhs(y, dy);
    for (std::size_t j = 0; j < y.size(); ++j) y[j] += 1e-4 * dy[j];
  }
  if (!(y[7] > 0.0)) std::printf("the kernel went wrong\n");  // and so it cannot be left out
}

}  // namespace

int main() {
  for (const double ms : titrate::bench::timed(a_million_evaluations)) std::printf("%.4f\n", ms);
}
