// The two networks of 53 and 54 states against values that an independent program computed (scipy's LSODA and BDF): the worked
// cases of their model files, all solved at a relative tolerance of 1e-8.

#pragma once

#include <string>
#include <vector>

namespace titrate::support {

constexpr double network_rtol = 1e-8;   // that the solver is given
constexpr double network_limit = 2e-5;  // relative difference that passes

struct NetworkRow {
  std::string model, words;  // why it could not be compared
  std::size_t states = 0, checks = 0;
  double worst = 0.0;  // relative difference

  [[nodiscard]] bool passed() const { return words.empty() && checks > 0 && worst <= network_limit; }
};

[[nodiscard]] std::vector<NetworkRow> compare_networks(const std::string& models_folder);

}  // namespace titrate::support
