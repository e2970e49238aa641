#include "sim/readout.hpp"

namespace titrate {

namespace {

using Eigen::Index;

// The number of modes is known to the compiler: they stay in registers.
template <int n>
void follow(double* z_in, const double* f_in, const double* g_in, const double* c_in, double d, std::size_t count, double* out) {
  double z[n], f[n], g[n], c[n];
  for (int i = 0; i < n; ++i) z[i] = z_in[i], f[i] = f_in[i], g[i] = g_in[i], c[i] = c_in[i];
  for (std::size_t k = 0; k < count; ++k) {
    double sum = d;
    for (int i = 0; i < n; ++i) {
      z[i] = f[i] * z[i] + g[i];
      sum += c[i] * z[i];
    }
    out[k] = sum;
  }
  for (int i = 0; i < n; ++i) z_in[i] = z[i];
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
