#include "base/rng.hpp"

#include <array>
#include <cmath>
#include <stdexcept>

namespace titrate {

namespace {

using Words = std::array<std::uint32_t, 4>;

// Ten rounds of Philox4x32: each multiplies two words of the counter and mixes the halves with the key.
Words philox(Words counter, std::uint32_t key0, std::uint32_t key1) {
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t p0 = std::uint64_t{0xD2511F53u} * counter[0];
    const std::uint64_t p1 = std::uint64_t{0xCD9E8D57u} * counter[2];
    counter = {static_cast<std::uint32_t>(p1 >> 32) ^ counter[1] ^ key0, static_cast<std::uint32_t>(p1),
               static_cast<std::uint32_t>(p0 >> 32) ^ counter[3] ^ key1, static_cast<std::uint32_t>(p0)};
    key0 += 0x9E3779B9u;
    key1 += 0xBB67AE85u;
  }
  return counter;
}

template <std::size_t N>
double polynomial(const std::array<double, N>& c, double x) {
  double sum = c[N - 1];
  for (std::size_t i = N - 1; i-- > 0;) sum = sum * x + c[i];
  return sum;
}

}  // namespace

// Odd multiples of 2^-53: never 0 nor 1, and symmetric about 1/2.
double Rng::uniform(std::uint64_t counter) const {
  const Words words = philox({static_cast<std::uint32_t>(counter), static_cast<std::uint32_t>(counter >> 32),
                              static_cast<std::uint32_t>(stream), static_cast<std::uint32_t>(stream >> 32)},
                             static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32));
  const std::uint64_t bits = (std::uint64_t{words[1]} << 32) | words[0];
  return static_cast<double>((bits >> 11) | 1u) * 0x1p-53;
}

double Rng::normal(std::uint64_t counter) const { return normal_quantile(uniform(counter)); }

double Rng::chi_square(std::uint64_t counter, int degrees) const {
  if (degrees < 1) throw std::domain_error("chi-square needs at least one degree of freedom");
  const auto df = static_cast<std::uint64_t>(degrees);
  double sum = 0.0;
  for (std::uint64_t i = 0; i < df; ++i) {
    const double z = normal(counter * df + i);
    sum += z * z;
  }
  return sum;
}

// AS 241: one rational approximation for the middle, two in r = sqrt(-ln p) for the tails.
double normal_quantile(double p) {
  if (!(p > 0.0 && p < 1.0)) throw std::domain_error("a normal quantile needs a probability between 0 and 1");
  const double q = p - 0.5;
  if (std::abs(q) <= 0.425) {
    const double r = 0.180625 - q * q;
    static constexpr std::array<double, 8> a{3.3871328727963666080e0, 1.3314166789178437745e2, 1.9715909503065514427e3,
                                             1.3731693765509461125e4, 4.5921953931549871457e4, 6.7265770927008700853e4,
                                             3.3430575583588128105e4, 2.5090809287301226727e3};
    static constexpr std::array<double, 8> b{1.0,
                                             4.2313330701600911252e1,
                                             6.8718700749205790830e2,
                                             5.3941960214247511077e3,
                                             2.1213794301586595867e4,
                                             3.9307895800092710610e4,
                                             2.8729085735721942674e4,
                                             5.2264952788528545610e3};
    return q * polynomial(a, r) / polynomial(b, r);
  }
  const double r = std::sqrt(-std::log(q < 0.0 ? p : 1.0 - p));
  double z = 0.0;
  if (r <= 5.0) {
    static constexpr std::array<double, 8> c{1.42343711074968357734e0,  4.63033784615654529590e0, 5.76949722146069140550e0,
                                             3.64784832476320460504e0,  1.27045825245236838258e0, 2.41780725177450611770e-1,
                                             2.27238449892691845833e-2, 7.74545014278341407640e-4};
    static constexpr std::array<double, 8> d{1.0,
                                             2.05319162663775882187e0,
                                             1.67638483018380384940e0,
                                             6.89767334985100004550e-1,
                                             1.48103976427480074590e-1,
                                             1.51986665636164571966e-2,
                                             5.47593808499534494600e-4,
                                             1.05075007164441684324e-9};
    z = polynomial(c, r - 1.6) / polynomial(d, r - 1.6);
  } else {
    static constexpr std::array<double, 8> e{6.65790464350110377720e0,  5.46378491116411436990e0,  1.78482653991729133580e0,
                                             2.96560571828504891230e-1, 2.65321895265761230930e-2, 1.24266094738807843860e-3,
                                             2.71155556874348757815e-5, 2.01033439929228813265e-7};
    static constexpr std::array<double, 8> f{1.0,
                                             5.99832206555887937690e-1,
                                             1.36929880922735805310e-1,
                                             1.48753612908506148525e-2,
                                             7.86869131145613259100e-4,
                                             1.84631831751005468180e-5,
                                             1.42151175831644588870e-7,
                                             2.04426310338993978564e-15};
    z = polynomial(e, r - 5.0) / polynomial(f, r - 5.0);
  }
  return q < 0.0 ? -z : z;
}

namespace {
constexpr double root_half = 0.70710678118654752440;        // sqrt(1/2)
constexpr double half_log_two_pi = 0.91893853320467274178;  // ln(2 pi) / 2
}  // namespace

double normal_cdf(double x) { return 0.5 * std::erfc(-x * root_half); }

double log_phi(double x) {
  if (x > 0.0) return std::log1p(-0.5 * std::erfc(x * root_half));
  if (x > -20.0) return std::log(0.5 * std::erfc(-x * root_half));
  // Phi(x) = phi(x) / |x| (1 - 1/x^2 + 3/x^4 - 15/x^6 + ...); at -20 the first term left out is below 1e-13.
  const double u = 1.0 / (x * x);
  const double correction = -u * (1.0 - 3.0 * u * (1.0 - 5.0 * u * (1.0 - 7.0 * u * (1.0 - 9.0 * u * (1.0 - 11.0 * u)))));
  return -0.5 * x * x - std::log(-x) - half_log_two_pi + std::log1p(correction);
}

}  // namespace titrate
