#include "sim/rise.hpp"

#include <cmath>

#include "base/products.hpp"

namespace titrate {

namespace {

constexpr int n = rise_parts;
constexpr int deepest = 30;  // halvings: what is shorter than 1e-9 of a step is a touch

using Square = Eigen::Matrix<double, n + 1, n + 1>;
using Coefficients = std::array<double, n + 1>;

// From the values at k / n to the coefficients of B_i(x) = binomial(n, i) x^i (1 - x)^(n - i).
Square conversion() {
  Square at;
  for (int k = 0; k <= n; ++k) {
    const double x = static_cast<double>(k) / n;
    double binomial = 1.0;
    for (int i = 0; i <= n; ++i) {
      at(k, i) = binomial * std::pow(x, i) * std::pow(1.0 - x, n - i);
      binomial = binomial * (n - i) / (i + 1);
    }
  }
  return inverse(at);
}

Coefficients coefficients(const StepValues& values) {
  static const Square to_coefficients = conversion();
  const Eigen::Map<const Eigen::Matrix<double, n + 1, 1>> v(values.data());
  Coefficients b;
  Eigen::Map<Eigen::Matrix<double, n + 1, 1>>(b.data()) = to_coefficients * v;
  b.front() = values.front();
  b.back() = values.back();
  return b;
}

class Search {
 public:
  Search(bool above, const std::function<bool(double)>& confirmed) : above_(above), confirmed_(confirmed) {}

  // The first rise in [from, to], where the polynomial has these coefficients.
  std::optional<Rise> in(const Coefficients& b, double from, double to, int depth) {
    int changes = 0;
    for (std::size_t i = 1; i < b.size(); ++i) changes += (b[i] > 0.0) != (b[i - 1] > 0.0) ? 1 : 0;
    if (changes < 2 || depth == deepest) {
      if (above_ || !(b.back() > 0.0)) {
        above_ = b.back() > 0.0;
        return std::nullopt;
      }
      if (confirmed_(to)) return Rise{from, to};
      return std::nullopt;
    }
    Coefficients left, right = b;
    for (std::size_t i = 0; i < b.size(); ++i) {
      left[i] = right[0];
      for (std::size_t j = 0; j + 1 + i < b.size(); ++j) right[j] = 0.5 * (right[j] + right[j + 1]);
    }
    const double middle = 0.5 * (from + to);
    if (const auto found = in(left, from, middle, depth + 1)) return found;
    return in(right, middle, to, depth + 1);
  }

 private:
  bool above_;
  const std::function<bool(double)>& confirmed_;
};

}  // namespace

std::optional<Rise> first_rise(const StepValues& values, bool above, const std::function<bool(double)>& confirmed) {
  return Search(above, confirmed).in(coefficients(values), 0.0, 1.0, 0);
}

}  // namespace titrate
