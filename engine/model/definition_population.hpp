// A virtual population as a request asks for one: in the language of the population checks of a model file, without what was
// published.

#pragma once

#include <optional>
#include <string>

#include "base/json.hpp"
#include "model/model.hpp"

namespace titrate {

struct VirtualPopulation {
  PopulationCheck drawn;                    // of which statistic and published number mean nothing
  Unit unit;                                // of what is read of each patient
  std::optional<double> at_least, at_most;  // in this unit
};

[[nodiscard]] Result<VirtualPopulation> read_virtual_population(const json::Value& value, const std::string& path,
                                                                const Model& model);

}  // namespace titrate
