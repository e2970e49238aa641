// "sampled", "correlations" and "where": how virtual patients differ and who of them is meant (model/sampling.hpp).
//
//   "sampled": { "sex": { "male": 0.53, "female": 0.47 }, "age": { "even": [20, 80] },
//                "HT": { "by": "sex", "male": { "mean": 176, "sd": 7, "within": [150, 205] }, "female": { ... } },
//                "WT": { "median": 79, "cv": "25 %" }, "CYP3A5": { "alleles": { "*1": 0.2, "*3": 0.8 } } },
//   "correlations": [ { "between": ["WT", "HT"], "correlation": 0.4 } ],
//   "where": { "CRCL": { "at_least": 30, "below": 60 }, "sex": "female" }
//
// Without "within" the limits are the range that the model studied, or else its plausible one. Shares of alleles become those of
// words by Hardy and Weinberg, p_i^2 and 2 p_i p_j, each diplotype as the model's "from_genotype" takes it; a log-normal with
// mean m and SD s has the median m / sqrt(1 + (s/m)^2).

#pragma once

#include <string>
#include <vector>

#include "model/definition_fields.hpp"
#include "model/definition_genotype.hpp"
#include "model/sampling.hpp"

namespace titrate::definition {

[[nodiscard]] std::vector<Sampling> read_samplings(Fields& fields, const std::vector<FromGenotype>& genotypes, Reading& reading);
// Checks that what is named is among `sampled`.
[[nodiscard]] std::vector<SampledCorrelation> read_sampled_correlations(Fields& fields, const std::vector<Sampling>& sampled,
                                                                        Reading& reading);
[[nodiscard]] std::vector<Condition> read_conditions(Fields& fields, Reading& reading);

// What is read of each patient: an output at a time or in a window, or an individual parameter. Gives the unit of its numbers.
[[nodiscard]] std::optional<Unit> read_of_each(Fields& fields, WorkedCase::Check& check, Reading& reading);
// `varies`: 300 when nothing is said, else one says it all.
[[nodiscard]] int read_patients(Fields& fields, bool varies, Reading& reading);
// The covariate that amounts are per unit of must be known.
void check_per(Fields& fields, bool known, const std::string& per, Reading& reading);

}  // namespace titrate::definition

namespace titrate {

// "population" of a model file, beside the model: the equations know nothing of it.
[[nodiscard]] Result<ModelPopulation> read_model_population(const json::Value& file, const Model& model,
                                                            const std::vector<FromGenotype>& genotypes);

}  // namespace titrate
