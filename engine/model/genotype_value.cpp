#include "model/genotype_value.hpp"

#include <algorithm>

namespace titrate {

namespace {

std::optional<double> listed(const FromGenotype& from, const std::string& name) {
  for (const auto& [known, value] : from.values)
    if (known == name) return value;
  return std::nullopt;
}

}  // namespace

std::vector<std::string> unstudied_alleles(const FromGenotype& from, const Genotype& genotype) {
  std::vector<std::string> missing;
  for (const Haplotype& haplotype : genotype.haplotypes)
    for (const std::string& allele : haplotype.alleles)
      if (!from.alleles.empty() && std::find(from.alleles.begin(), from.alleles.end(), allele) == from.alleles.end() &&
          std::find(missing.begin(), missing.end(), allele) == missing.end())
        missing.push_back(allele);
  return missing;
}

std::optional<double> value_of_genotype(const FromGenotype& from, const Genotype& genotype, const std::string& phenotype,
                                        std::optional<double> score) {
  if (!genotype.not_covered.empty() || !unstudied_alleles(from, genotype).empty()) return std::nullopt;
  switch (from.by) {
    case FromGenotype::By::diplotype:
      return listed(from, genotype.diplotype);
    case FromGenotype::By::phenotype:
      return listed(from, phenotype);
    case FromGenotype::By::score:
      break;
  }
  return genotype.at_least ? std::nullopt : score;
}

}  // namespace titrate
