#include "sim/readout.hpp"

namespace titrate {

namespace {

// z after `count` steps z -> f z + g: two steps are one with f^2 and f g + g.
void go_on(double& z, double f, double g, std::size_t count) {
  for (; count > 0; count /= 2) {
    if (count % 2 == 1) z = f * z + g;
    g += f * g;
    f *= f;
  }
}

// A value waits for the one before it, so that several are followed side by side: lane l holds c z(t + (l + 1) h), and all of
// them go on by `lanes` steps at once, z(t + lanes h) = F z(t) + G. The number of modes is known to the compiler: they stay in
// registers.
constexpr std::size_t lanes = 4;

template <std::size_t n>
void follow(double* z, const double* f, const double* g, const double* c, double d, std::size_t count, double* out) {
  double lane[n][lanes], F[n], G[n];
  for (std::size_t i = 0; i < n; ++i) {
    F[i] = 1.0, G[i] = 0.0;
    for (std::size_t l = 0; l < lanes; ++l) {
      G[i] = f[i] * G[i] + g[i];
      F[i] *= f[i];
      lane[i][l] = c[i] * (F[i] * z[i] + G[i]);
    }
    G[i] *= c[i];
  }
  std::size_t k = 0;
  for (; k + lanes <= count; k += lanes)
    for (std::size_t l = 0; l < lanes; ++l) {
      double sum = d;
      for (std::size_t i = 0; i < n; ++i) {
        sum += lane[i][l];
        lane[i][l] = F[i] * lane[i][l] + G[i];
      }
      out[k + l] = sum;
    }
  for (std::size_t l = 0; k + l < count; ++l) {
    out[k + l] = d;
    for (std::size_t i = 0; i < n; ++i) out[k + l] += lane[i][l];
  }
  for (std::size_t i = 0; i < n; ++i) go_on(z[i], f[i], g[i], count);
}

}  // namespace

void follow_modes(Vector& z, const Vector& f, const Vector& g, const double* c, double d, std::size_t count, double* out) {
  switch (z.size()) {
    case 1:
      return follow<1>(z.data(), f.data(), g.data(), c, d, count, out);
    case 2:
      return follow<2>(z.data(), f.data(), g.data(), c, d, count, out);
    case 3:
      return follow<3>(z.data(), f.data(), g.data(), c, d, count, out);
    case 4:
      return follow<4>(z.data(), f.data(), g.data(), c, d, count, out);
    default:
      for (std::size_t k = 0; k < count; ++k) {
        z = f.cwiseProduct(z) + g;
        out[k] = Eigen::Map<const Vector>(c, z.size()).dot(z) + d;
      }
  }
}

}  // namespace titrate
