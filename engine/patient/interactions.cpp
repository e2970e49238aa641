#include "patient/interactions.hpp"

#include <set>

namespace titrate {

namespace {

bool begins_with(const std::string& name, const std::string& drug) {
  return name.compare(0, drug.size(), drug) == 0 && (name.size() == drug.size() || name[drug.size()] == ' ');
}

}  // namespace

std::vector<Interaction> interactions_of(const std::string& drug) {
  std::vector<Interaction> found;
  for (const Interaction& pair : interactions())
    if (begins_with(drug, pair.drug)) found.push_back(pair);
  return found;
}

std::vector<std::string> interacting_drugs() {
  std::set<std::string> names;
  for (const Interaction& pair : interactions()) names.insert(pair.other);
  return {names.begin(), names.end()};
}

}  // namespace titrate
