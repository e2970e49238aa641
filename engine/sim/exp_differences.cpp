#include "sim/exp_differences.hpp"

#include <algorithm>

namespace titrate {

namespace {

constexpr double together = 1.0;  // nodes no farther apart are summed as a series
constexpr int terms = 20;

// Nodes ascend.
template <std::size_t N>
double series(const std::array<double, N>& nodes) {
  const double c = 0.5 * (nodes.front() + nodes.back());
  std::array<double, N> h;  // h_k of the first 1, 2 ... N shifted nodes
  h.fill(1.0);
  double factorial = 1.0;
  for (std::size_t i = 2; i < N; ++i) factorial *= static_cast<double>(i);
  double sum = 1.0 / factorial;
  for (int k = 1; k <= terms; ++k) {
    factorial *= static_cast<double>(N - 1) + k;
    h[0] *= nodes[0] - c;
    for (std::size_t i = 1; i < N; ++i) h[i] = h[i - 1] + (nodes[i] - c) * h[i];
    sum += h[N - 1] / factorial;
  }
  return std::exp(c) * sum;
}

template <std::size_t N>
double ascending(const std::array<double, N>& nodes) {
  if constexpr (N == 1) {
    return std::exp(nodes[0]);
  } else {
    const double spread = nodes.back() - nodes.front();
    if (spread <= together) return series(nodes);
    std::array<double, N - 1> low, high;
    std::copy(nodes.begin(), nodes.end() - 1, low.begin());
    std::copy(nodes.begin() + 1, nodes.end(), high.begin());
    return (ascending(high) - ascending(low)) / spread;
  }
}

}  // namespace

template <std::size_t N>
double exp_difference(std::array<double, N> nodes) {
  std::sort(nodes.begin(), nodes.end());
  return ascending(nodes);
}

template double exp_difference<2>(std::array<double, 2>);
template double exp_difference<3>(std::array<double, 3>);
template double exp_difference<4>(std::array<double, 4>);

// The integral I_q = (f_q - I_(q-1)) / l cancels where -l s is small beside q; there I_(q-1) = f_q - l I_q, a sum, from the last
// one, which is a series of positive terms (the incomplete gamma function's). Where l is positive they alternate, but are few.
void exponential_powers(double l, double s, Eigen::Index count, double* f, double* integral) {
  f[0] = std::exp(l * s);
  for (Eigen::Index q = 1; q < count; ++q) f[q] = f[q - 1] * (s / static_cast<double>(q));
  if (integral == nullptr) return;
  const double y = -l * s;
  if (count == 1 || std::abs(y) >= static_cast<double>(count)) {
    integral[0] = l == 0.0 ? s : std::expm1(l * s) / l;
    for (Eigen::Index q = 1; q < count; ++q) integral[q] = (f[q] - integral[q - 1]) / l;
    return;
  }
  double term = f[count - 1] * s / static_cast<double>(count), sum = 0.0;
  for (double k = static_cast<double>(count + 1); sum + term != sum; ++k) {
    sum += term;
    term *= y / k;
  }
  integral[count - 1] = sum;
  for (Eigen::Index q = count - 1; q > 0; --q) integral[q - 1] = f[q] - l * integral[q];
}

}  // namespace titrate
