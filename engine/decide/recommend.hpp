// Ranking of the regimens that can really be given, by expected loss over the posterior.
//
// Candidates are doses that the product's strengths allow, times intervals, times durations; rules remove some, and say why.
// The current regimen and no dose are always shown. Equal losses (within the Monte-Carlo error) are ordered by the smaller
// daily amount, then the longer interval. With unstable renal function each candidate is judged by its worst scenario.
//
// For a linear model and a fixed time pattern, an output that is linear in the states is affine in the amount:
// f(amt) = f(a) + (amt - a) (f(b) - f(a)) / (b - a). Two simulations then serve every amount; a third one in the first draws
// checks this, and where it does not hold every amount is simulated.

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "decide/cautions.hpp"
#include "decide/forecast.hpp"

namespace titrate {

struct CandidateGrid {
  std::vector<double> doses, intervals, durations;  // empty: the product's
  std::string route;                                // empty: the product's
};

struct Candidate {
  enum class Kind { current, regimen, no_dose } kind = Kind::regimen;
  std::string label;
  std::optional<Regimen> regimen;
  Chances chances;
  Spread metric;
  Spread peak, trough;     // of the target's output; the trough is the nadir where the metric is one
  double daily = 0.0;      // amount per day, coherent set
  Unit daily_unit;         // of amounts; for writing
  std::string change;
  std::string worst;       // scenario id; empty when renal function is stable
  std::optional<double> time_to_90;
  std::vector<std::string> remarks;
};

struct Removed {
  std::string label;
  std::string why;
};

struct Recommendation {
  Aim aim;
  std::string loss;                  // a sentence
  std::optional<Candidate> current;
  std::vector<Candidate> ranked;     // no dose among them; empty when a stop caution forbids a ranking
  bool reachable = false;            // a candidate has P(in) >= 0.5
  std::string message;               // about reachability
  int tried = 0;
  std::vector<Removed> removed;
  std::vector<Scenario> scenarios;
  int draws = 0;
  double ess = 0.0;
  Cautions cautions;
};

struct RecommendOptions {
  Aim aim;
  Horizon horizon;
  std::optional<CandidateGrid> grid;
  std::vector<std::string> accepted; // ids of cautions that a person accepted
  DrawSettings draws;
  Progress progress;
};

[[nodiscard]] Result<Recommendation> recommend(const Situation& situation, const Posterior& posterior, const RecommendOptions& options);

// The candidates alone, with what the rules removed: a function of model, product and grid.
struct CandidateSet {
  std::vector<Regimen> regimens;
  std::vector<Removed> removed;
};
[[nodiscard]] Result<CandidateSet> candidates(const Situation& situation, const std::optional<CandidateGrid>& grid);

}  // namespace titrate
