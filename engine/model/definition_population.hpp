// A virtual population as a request asks for one: in the language of the population checks of a model file, without what was
// published; with several regimens, subgroups and a course over time.

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "model/definition_genotype.hpp"
#include "model/model.hpp"
#include "model/sampling.hpp"

namespace titrate {

struct VirtualRegimen {
  std::string label;
  std::vector<std::string> lines;
  std::string per;  // amounts are per unit of this covariate; empty: as written
};

struct VirtualPopulation {
  WorkedCase common;  // what all have in common; its only check is what is read of each
  std::vector<Sampling> sampled;
  std::vector<SampledCorrelation> correlations;
  std::vector<Condition> where;  // who does not fulfil it is drawn again
  bool within_studied = true;    // so is who lies outside what the model studied
  int patients = 1;
  std::vector<VirtualRegimen> regimens;     // at least one, perhaps of no dose
  Unit unit;                                // of what is read of each patient
  std::optional<double> at_least, at_most;  // in this unit
  std::vector<Subgroup> subgroups;
  std::vector<double> times;  // h; of the course, none when it is not asked for
};

// `own` is what the model file says of its population: used for the covariates that the request leaves open.
[[nodiscard]] Result<VirtualPopulation> read_virtual_population(const json::Value& value, const std::string& path,
                                                                const Model& model, const std::vector<FromGenotype>& genotypes,
                                                                const ModelPopulation& own);

}  // namespace titrate
