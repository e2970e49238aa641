// How the patients of a virtual population differ: what each covariate is drawn from, what goes together, and who is meant.
//
// A draw is u in (0, 1) turned into a value by the inverse distribution function of what is stated, cut off at its limits. The u
// of correlated covariates come from one normal vector z with the stated correlations, u = Phi(z): a Gaussian copula, which keeps
// every stated distribution as it is. For two log-normal covariates whose limits are wide the correlation is that of their
// logarithms; for two even ones Pearson's is 6/pi asin(rho/2).

#pragma once

#include <string>
#include <utility>
#include <vector>

#include "model/model.hpp"

namespace titrate {

// Of one covariate, in its unit.
struct Distribution {
  enum class Shape { log_normal, even, shares } shape = Shape::log_normal;
  double median = 1.0, sd_log = 0.0;                   // log-normal, before it is cut off
  Range within;                                        // log-normal, even
  std::vector<std::pair<std::string, double>> shares;  // of words, in the order as written; they sum to 1
};

struct Sampling {
  std::string covariate;
  std::string by;                                           // a covariate whose word decides which distribution holds
  std::vector<std::pair<std::string, Distribution>> words;  // without `by` just one, of the empty word
  std::string read;                                         // place in the model's source; empty: as the request states
};

// Of the normal vector behind the draws.
struct SampledCorrelation {
  std::string between[2];
  double correlation = 0.0;
};

// What a model file says of its own population.
struct ModelPopulation {
  std::vector<Sampling> sampled;
  std::vector<SampledCorrelation> correlations;
};

// A number from `at_least` up to and without `below`, in the covariate's unit, or one of some words.
struct Condition {
  std::string covariate;  // or "bmi"
  std::optional<double> at_least, below;
  std::vector<std::string> words;
};

struct Subgroup {
  std::string label;
  std::vector<Condition> where;  // all of them
};

}  // namespace titrate
