// The one definition of prediction: states and outputs of a compiled model over a schedule for one eta, with exact
// sensitivities when asked. It serves fit, forecast, exposure and design.
//
// Shapes: rows are schedule.samples. `outputs` (samples x m), `slopes` = d output / d t on the side of
// the event that the sample's order says (before_all: from the left, after_all: from the right; samples x m), `auc` integral of
// each output from schedule.start (samples x m), `sens[j]` = d outputs / d eta_j (samples x m).

#pragma once

#include <string>
#include <vector>

#include "base/linalg.hpp"
#include "sim/schedule.hpp"

namespace titrate {

enum class Solver { automatic, exact, dopri5, rosenbrock };  // automatic: exact, or steps that suit (sim/solve_stepping)

struct SimulateOptions {
  bool sensitivities = false;
  bool auc = false;
  bool slopes = false;
  Solver solver = Solver::automatic;  // exact on a model that is not linear is refused
  double rtol = 1e-9;
  double atol = 1e-12;  // in units of each state
  int max_steps = 200000;
};

struct Course {
  bool ok = false;
  std::string why;  // not ok: what failed
  double at = 0.0;  // not ok: when
  Matrix outputs, slopes, auc;
  std::vector<Matrix> sens;
};

[[nodiscard]] Course simulate(const CompiledModel& model, const Schedule& schedule, const Vector& eta,
                              const SimulateOptions& options = {});

// Individual parameters by name in the segment that holds at `time`.
[[nodiscard]] std::vector<std::pair<std::string, double>> individual_parameters(const CompiledModel& model,
                                                                                const Schedule& schedule, const Vector& eta,
                                                                                double time);

}  // namespace titrate
