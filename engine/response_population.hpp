// What a model file says of its own population, for the card.

#pragma once

#include "base/json.hpp"
#include "model/sampling.hpp"

namespace titrate {

// One entry per covariate: what it is drawn from, in words, and where that was read.
[[nodiscard]] json::Value own_population_value(const Model& model, const ModelPopulation& population);

}  // namespace titrate
