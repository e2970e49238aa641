// How fast an infusion of a product may run in one patient: by the product, and by the body weight.

#include <algorithm>

#include "decide/body_mass.hpp"

namespace titrate {

std::optional<double> fastest_rate(const Situation& situation, const Product& product) {
  std::optional<double> fastest;
  if (product.fastest_rate > 0.0) fastest = product.fastest_rate;
  const auto weight = weight_of(situation);
  if (product.fastest_rate_by_weight > 0.0 && weight) {
    const double by_weight = product.fastest_rate_by_weight * *weight;
    fastest = std::min(fastest.value_or(by_weight), by_weight);
  }
  return fastest;
}

}  // namespace titrate
