// One set of random effects and all that follows from it alone: the individual parameters under each set of inputs (the
// covariates of a segment, the kappas of its occasion), and how a linear system moves with them.
//
// A draw that is simulated under many plans is one Individual: plans share most of their segments, so parameters, rates and
// modes are computed once for each set of inputs and not once for each plan. The next draw may take the same place: it asks the
// heap for nothing where the one before stood.

#pragma once

#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "sim/simulate.hpp"
#include "sim/solve_linear.hpp"

namespace titrate {

class Individual {
 public:
  Individual(const CompiledModel& model, Vector eta) : model_(model), eta_(std::move(eta)) {}
  Individual(const Individual&) = delete;
  Individual& operator=(const Individual&) = delete;

  // All that was said of the effects so far no longer holds.
  void become(const Vector& eta) {
    eta_ = eta;
    ++version_;
  }

  struct Parameters {
    SegmentValues values;
    std::vector<double> events;  // of the `events` tape
    bool finite = true;
    int first_kappa = -1;
    bool derivatives = false;
    const std::vector<double>* key = nullptr;  // which begins with the inputs
  };

  [[nodiscard]] const Vector& eta() const { return eta_; }
  // `first_kappa`: column of the first kappa that acts, -1 for none. With `derivatives`, values and events hold them too.
  [[nodiscard]] Parameters& under(const std::vector<double>& inputs, int first_kappa, bool derivatives);
  // What `under` gave to an individual in the same place: for the effects as they are now.
  void renew(Parameters& known);
  // One solver for each of the model's systems and number of effects with sensitivities.
  [[nodiscard]] LinearSolver& linear(const System& system, int k);
  // All that is given out by reference stays where it is as long as this is held.
  [[nodiscard]] const std::shared_ptr<const void>& place() const { return place_; }

 private:
  struct Known {
    std::map<std::vector<double>, Parameters> parameters;  // by inputs, first_kappa and derivatives
    std::map<std::pair<const System*, int>, LinearSolver> linear;
  };

  const CompiledModel& model_;
  Vector eta_;
  std::uint64_t version_ = 1;
  std::shared_ptr<Known> known_ = std::make_shared<Known>();
  std::shared_ptr<const void> place_ = known_;
  std::vector<double> key_, inputs_, registers_;
};

// As for a single eta (sim/simulate).
[[nodiscard]] Course simulate(const CompiledModel& model, const Schedule& schedule, Individual& individual,
                              const SimulateOptions& options);

}  // namespace titrate
