// What the checks of each shipped model file gave, by the hash of the file: written by `npm run grades`, not by hand. A file that
// changes has another hash, and no results until the command has run again; a test repeats all of it.

#include "grading.hpp"

namespace titrate {

std::optional<CheckResults> recorded_results(const std::string&) { return std::nullopt; }

}  // namespace titrate
