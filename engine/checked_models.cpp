// What the checks of each shipped model file gave, by the hash of the file: written by `npm run grades`, not by hand. A file that
// changes has another hash, and no results until the command has run again; a test repeats all of it.

#include <map>

#include "grading.hpp"

namespace titrate {

namespace {

// hash, { numbers in the worked cases, wrong ones, what each population check found }
// clang-format off
const std::map<std::string, CheckResults>& table() {
  static const std::map<std::string, CheckResults> results{
    // begin
    // end
  };
  return results;
}
// clang-format on

}  // namespace

std::optional<CheckResults> recorded_results(const std::string& hash) {
  const auto found = table().find(hash);
  if (found == table().end()) return std::nullopt;
  return found->second;
}

}  // namespace titrate
