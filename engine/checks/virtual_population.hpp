// The verb "population": virtual patients under one or several regimens, one number of each as percentiles and as the chance to
// lie within limits, for everybody and for subgroups, and their course over time.

#pragma once

#include <cstdint>
#include <vector>

#include "base/json.hpp"
#include "infer/posterior.hpp"
#include "model/compiled.hpp"
#include "model/definition_genotype.hpp"
#include "model/sampling.hpp"

namespace titrate {

struct PopulationSettings {
  std::uint64_t seed = 1;
  Progress progress;
};

// `asked` is the request's "population". Its patients are those that the seed counts: the same under every regimen, whatever
// else is asked for.
[[nodiscard]] Result<json::Value> population_value(const Compiled& model, const json::Value& asked,
                                                   const std::vector<FromGenotype>& genotypes, const ModelPopulation& own,
                                                   const PopulationSettings& settings);

}  // namespace titrate
