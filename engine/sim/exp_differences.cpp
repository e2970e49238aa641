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

}  // namespace titrate
