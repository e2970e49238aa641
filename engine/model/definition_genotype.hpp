// "from_genotype" of a covariate in a model file: which of its values a genotype stands for, as far as the source studied it; any
// other genotype is not covered by the model. The equations know nothing of genes: this is read beside the model, for the door.

#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/json.hpp"
#include "base/result.hpp"
#include "model/model.hpp"

namespace titrate {

struct FromGenotype {
  std::string covariate;
  std::string gene;
  enum class By { diplotype, phenotype, score } by = By::diplotype;
  std::vector<std::pair<std::string, double>> values;  // diplotype or phenotype -> value; empty by score
  std::vector<std::string> alleles;                    // that the source studied; empty: all that the rules cover
  std::string read;
};

// `model` is what the same file was read as.
[[nodiscard]] Result<std::vector<FromGenotype>> read_genotype_sources(const json::Value& file, const Model& model);

}  // namespace titrate
