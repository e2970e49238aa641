// The weighted draws of one patient, or of a population, simulated under one schedule after another.
//
// What follows from a draw alone (its parameters, how a linear system moves with them) is kept with the draw, so that history,
// plans and the windows of their measures share it.

#pragma once

#include <memory>
#include <string>
#include <vector>

#include "infer/posterior.hpp"
#include "sim/individual.hpp"

namespace titrate {

class Drawn {
 public:
  // eta: k x S; `variant` of each draw, empty: all of the first.
  Drawn(const CompiledModel& model, Matrix eta, Vector weights, std::vector<int> variant);
  Drawn(const CompiledModel& model, const Posterior& posterior);

  [[nodiscard]] std::size_t size() const { return individual_.size(); }
  [[nodiscard]] double weight(std::size_t s) const { return weights_[static_cast<Eigen::Index>(s)]; }
  [[nodiscard]] std::size_t variant(std::size_t s) const { return static_cast<std::size_t>(variant_[s]); }
  // A draw that was taken again shares its patient with the draw before it.
  [[nodiscard]] bool repeats(std::size_t s) const { return s > 0 && individual_[s] == individual_[s - 1]; }
  [[nodiscard]] Individual& individual(std::size_t s) { return *individual_[s]; }

 private:
  Vector weights_;
  std::vector<int> variant_;
  std::vector<std::shared_ptr<Individual>> individual_;
};

// Values of every output (times x draws) and the weights, of sum 1, of the draws that have a prediction.
struct Ensemble {
  std::vector<Matrix> outputs;
  Vector weights;
  int failed = 0;
};

// One schedule per variant, all with the same extra times. An error when no draw has a prediction.
[[nodiscard]] Result<Ensemble> run_draws(const CompiledModel& model, const std::vector<BuiltSchedule>& built, Drawn& draws,
                                         const SimulateOptions& options);

[[nodiscard]] Diagnostic no_prediction(const std::string& why);

}  // namespace titrate
