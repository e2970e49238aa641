// The names of a list of named things, in its order: for diagnostics that say which words were meant.

#pragma once

#include <string>
#include <vector>

namespace titrate {

template <class Named>
[[nodiscard]] std::vector<std::string> names_of(const std::vector<Named>& all) {
  std::vector<std::string> names;
  for (const Named& one : all) names.push_back(one.name);
  return names;
}

}  // namespace titrate
