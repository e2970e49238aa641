// Counter-based random numbers: a pure function of (seed, stream, counter), so results do not depend on the order in which
// draws are made or on how many workers made them. The generator is Philox4x32-10 (Salmon et al. 2011, SC'11); normals come
// from the inverse distribution function (Wichura 1988, AS 241, PPND16), never from a std:: distribution.

#pragma once

#include <cstdint>

namespace titrate {

struct Rng {
  std::uint64_t seed = 1;
  std::uint64_t stream = 0;

  // In the open interval (0, 1), 53 bits.
  [[nodiscard]] double uniform(std::uint64_t counter) const;
  [[nodiscard]] double normal(std::uint64_t counter) const;
  // Chi-square with an integer number of degrees of freedom, from the normals counter*df ... counter*df + df - 1.
  [[nodiscard]] double chi_square(std::uint64_t counter, int degrees) const;
};

[[nodiscard]] double normal_quantile(double p);
[[nodiscard]] double normal_cdf(double x);
// ln Phi(x), accurate far into the lower tail: log_phi(-10) = -53.23129.
[[nodiscard]] double log_phi(double x);

}  // namespace titrate
