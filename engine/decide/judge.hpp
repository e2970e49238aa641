// Plans judged by the metric of a target in the draws of a posterior, each by its worst future.
//
// What a draw determines is computed once for all plans (sim/individual), what a plan determines once for all draws
// (sim/simulation), and what lies before the first planned dose is simulated once per draw (sim/history). Where the states are
// linear, the output is linear in them and doses act in proportion, all plans and futures of a draw are read by superposition
// (decide/superposed_plans).
//
// Where that is not so plan by plan, curves of regimens that differ in the amount alone may still lie on a line in each draw (a
// steady state, a metric of the whole curve): with part = (amount - least) / (most - least),
//
//   f = (1 - part) f_least + part f_most,      likewise slopes and areas,
//
// so that two simulations per draw serve a family of any size (decide/proportion). Else each plan is simulated. A draw that
// repeats the one before it (a model without random effects) is judged as that one was.

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "decide/probe.hpp"
#include "infer/posterior.hpp"

namespace titrate {

// A regimen, or no dose, and where its metric is read.
struct Question {
  std::optional<Regimen> regimen;
  TargetWindow window;
};

// One plan in all draws that have a prediction, under its worst future.
struct Judged {
  Chances chances;
  Vector weights, h, losses;
  Vector peak, trough;  // empty where extremes are not wanted
  std::vector<Eigen::Index> draws;
  std::size_t worst = 0;  // index of the future
  int failed = 0;         // draws without a prediction
};

struct Judging {
  const Situation& situation;
  const Posterior& posterior;
  const Aim& aim;
  SimulateOptions simulate;
  std::vector<CovariateFuture> futures;  // at least one
  Progress progress;                     // may be empty
  bool extremes = true;                  // peaks and troughs are wanted beside the metric
};

// In the order of the questions.
[[nodiscard]] Result<std::vector<Judged>> judge(const Judging& judging, const std::vector<Question>& questions,
                                                const std::vector<Eigen::Index>& draws);

}  // namespace titrate
