// The population checks of a model file: its dose in a virtual population, against what was published of real patients.

#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "model/compiled.hpp"

namespace titrate {

struct PopulationOutcome {
  std::string label;
  double got = 0.0;  // 4 digits: the same in every build
  bool ok = false;   // within what the file accepts
};

// One entry per check, in the order of the file. A patient who cannot be simulated is a diagnostic.
[[nodiscard]] Result<std::vector<PopulationOutcome>> run_population_checks(const Compiled& model);

[[nodiscard]] bool accepts(const PopulationCheck& check, double got);

}  // namespace titrate
