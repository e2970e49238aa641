// The weighted draws of one patient, or of a population, simulated under one schedule after another.
//
// One draw after another takes the place of the one before (sim/individual), so that a thousand of them ask the heap for what one
// needs.

#pragma once

#include <string>
#include <utility>
#include <vector>

#include "infer/posterior.hpp"
#include "sim/schedule.hpp"
#include "sim/simulate.hpp"

namespace titrate {

class Drawn {
 public:
  // eta: k x S; `variant` of each draw, empty: all of the first.
  Drawn(Matrix eta, Vector weights, std::vector<int> variant)
      : eta_(std::move(eta)), weights_(std::move(weights)), variant_(std::move(variant)) {}
  explicit Drawn(const Posterior& posterior) : Drawn(posterior.draws, posterior.weights, posterior.variant) {}

  [[nodiscard]] std::size_t size() const { return static_cast<std::size_t>(eta_.cols()); }
  [[nodiscard]] Vector eta(std::size_t s) const { return eta_.col(static_cast<Eigen::Index>(s)); }
  [[nodiscard]] double weight(std::size_t s) const { return weights_[static_cast<Eigen::Index>(s)]; }
  [[nodiscard]] std::size_t variant(std::size_t s) const { return variant_.empty() ? 0 : static_cast<std::size_t>(variant_[s]); }
  // A draw that was taken again is that of the draw before it.
  [[nodiscard]] bool repeats(std::size_t s) const;

 private:
  Matrix eta_;
  Vector weights_;
  std::vector<int> variant_;
};

// Values of every output (times x draws) and the weights, of sum 1, of the draws that have a prediction.
struct Ensemble {
  std::vector<Matrix> outputs;
  Vector weights;
  int failed = 0;
};

// One schedule per variant, all with the same extra times. An error when no draw has a prediction.
[[nodiscard]] Result<Ensemble> run_draws(const CompiledModel& model, const std::vector<BuiltSchedule>& built, const Drawn& draws,
                                         const SimulateOptions& options);

[[nodiscard]] Diagnostic no_prediction(const std::string& why);

}  // namespace titrate
