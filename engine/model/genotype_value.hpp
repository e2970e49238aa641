// What a covariate of the model makes of a genotype: the word or the score that the file lists for it, as far as the source
// studied it.

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/definition_genotype.hpp"
#include "patient/genotype.hpp"

namespace titrate {

// Alleles of the genotype that the source did not study.
[[nodiscard]] std::vector<std::string> unstudied_alleles(const FromGenotype& from, const Genotype& genotype);
// Nothing where the model does not cover it. Phenotype and score are stated apart, since an inhibitor changes them.
[[nodiscard]] std::optional<double> value_of_genotype(const FromGenotype& from, const Genotype& genotype,
                                                      const std::string& phenotype, std::optional<double> score);

}  // namespace titrate
