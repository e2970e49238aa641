// Ranking of the regimens that can really be given, by expected loss over the posterior.
//
// Candidates are doses that the product's strengths allow, times intervals, times durations; rules remove some, and say why.
// The current regimen, the current regimen with its next dose held, and no dose are always shown. A held dose is judged in the
// window of the course that it interrupts: hours count from when the dose was due. It is left out at steady state, which does
// not know of one dose.
//
// The order is strictly that of the expected loss. All candidates share the draws, so differences of losses are paired and far
// surer than each loss's own Monte-Carlo error; only losses that are equal to 1e-9 of their size (a wide window: 0 and 0) are
// ties, and go to the smaller daily amount, then the longer interval. With unstable renal function each candidate is judged by
// its worst scenario.
//
// With many candidates, a first pass over a fifth of the draws (a tenth with three futures, at least 100) leaves out those that
// are worse than the best by more than four Monte-Carlo errors of the paired difference; every number that is reported comes
// from all draws.

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
  enum class Kind { current, hold, regimen, no_dose } kind = Kind::regimen;
  std::string label;
  std::optional<Regimen> regimen;
  Chances chances;
  Spread metric;
  Spread peak, trough;  // of the target's output; the trough is the nadir where the metric is one
  double daily = 0.0;   // amount per day, coherent set
  Unit daily_unit;      // of amounts; for writing
  std::string change;
  std::string worst;  // scenario id; empty when renal function is stable
  std::optional<double> time_to_90;
  std::vector<std::string> remarks;
};

struct Removed {
  std::string label;
  std::string why;
};

struct Recommendation {
  Aim aim;
  std::string loss;  // a sentence
  std::optional<Candidate> current;
  std::vector<Candidate>
      ranked;  // best first, the current regimen, holding a dose and no dose among them; empty when a stop forbids a ranking
  bool reachable = false;  // a candidate has P(in) >= 0.5
  std::string message;     // about reachability
  int tried = 0;           // candidates evaluated
  int compared = 0;        // of them, with all draws: the ranked ones
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
  std::vector<std::string> accepted;  // ids of cautions that a person accepted
  DrawSettings draws;
  Progress progress;
};

[[nodiscard]] Result<Recommendation> recommend(const Situation& situation, const Posterior& posterior,
                                               const RecommendOptions& options);

// The candidates alone, with what the rules removed: a function of model, product and grid.
struct CandidateSet {
  std::vector<Regimen> regimens;
  std::vector<Removed> removed;
};
[[nodiscard]] Result<CandidateSet> candidates(const Situation& situation, const std::optional<CandidateGrid>& grid);

}  // namespace titrate
