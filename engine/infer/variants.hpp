// A patient of whom something is not known is one of several definite ones: a variant.
//
// What may be unknown, each independent of the others a priori:
//   - a covariate whose choices have frequencies in the model, when the patient does not give it (a genotype);
//   - a subpopulation of the model (a hidden covariate: NONMEM's $MIXTURE), unless the request states it;
//   - a dose that was taken with a probability between 0 and 1.
// The variants are the product of these; their probabilities are products, choices of probability 0 are left out. Levels change
// the probabilities by Bayes' rule (infer/mixture). Without anything unknown there is one variant, the patient as given.

#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "model/compiled.hpp"
#include "patient/patient.hpp"

namespace titrate {

inline constexpr std::size_t most_variants = 64;

// One thing that is not known.
struct Unknown {
  enum class Kind { covariate, subpopulation, dose } kind = Kind::covariate;
  std::string name;   // of the covariate; empty for a dose
  std::string label;  // "CYP3A5 genotype", "dose at 24 h"
  std::string path;   // in the request
  std::vector<std::string> words;
  std::vector<double> probabilities;  // a priori, of the words; they sum to 1
};

struct Variant {
  Patient patient;
  double probability = 1.0;  // a priori
  std::string label;         // "CYP3A5 genotype: expresser, dose at 24 h: taken"
  std::vector<int> choice;   // the word of each unknown thing
};

struct Variants {
  std::vector<Unknown> unknown;
  std::vector<Variant> all;
  std::size_t typical = 0;  // the most probable a priori, the first of equals

  [[nodiscard]] std::size_t size() const { return all.size(); }
};

// An error when there are more than `most_variants`.
[[nodiscard]] Result<Variants> variants_of(const CompiledModel& model, const Patient& patient);

// Probabilities of the words of unknown thing `u`, from those of the variants.
[[nodiscard]] std::vector<double> marginal(const Variants& variants, std::size_t u, const std::vector<double>& probabilities);

// The variant of each of n draws when variant v is due a share of them: in a sequence whose every stretch, and every n-th member,
// holds the shares about right (multiples of the golden ratio, from a start that the seed fixes).
[[nodiscard]] std::vector<int> allot(const std::vector<double>& shares, int n, std::uint64_t seed);

}  // namespace titrate
