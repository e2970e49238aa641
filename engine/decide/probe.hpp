// One regimen prepared for one window: the schedule is built once for each variant of the patient, and every draw is simulated
// over that of its variant.

#pragma once

#include "decide/target.hpp"
#include "sim/simulation.hpp"

namespace titrate {

struct Probe {
  TargetWindow window;
  std::vector<BuiltSchedule> built;  // per variant; the window's samples are their extra ones
};

// What a probe is read for: anything, or the area over its window alone, which asks for no sample between the ends.
enum class ReadFor { anything, area };

[[nodiscard]] Result<Probe> make_probe(const Situation& situation, const std::optional<Regimen>& regimen,
                                       const TargetWindow& window, const CovariateFuture& future = {},
                                       ReadFor wanted = ReadFor::anything);
// No dose, for anything, at gaps of at most `widest`; read at these times of the window, too, and on both sides of each change of
// parameters.
[[nodiscard]] Result<Probe> make_probe_without_dose(const Situation& situation, const TargetWindow& window,
                                                    const CovariateFuture& future, const std::vector<double>& also,
                                                    double widest);

// Between two events a course is read at gaps that grow from the first to the widest, h (sim/exposure).
constexpr double first_gap = 0.25;
[[nodiscard]] double widest_gap(const Window& window);

// The curves of one output over a probe's window, of one draw after another.
class ProbeCurves {
 public:
  // `model` and `probe` must outlive this.
  ProbeCurves(const CompiledModel& model, const Probe& probe, int output, const SimulateOptions& options);

  // Of a draw of one variant, valid until the next one; null, and why, when the simulation fails. `history`: as of Simulation.
  [[nodiscard]] const Curve* of(Individual& individual, std::size_t variant, History* history = nullptr,
                                std::string* why = nullptr);

 private:
  const Probe* probe_;
  int output_;
  std::vector<Simulation> simulations_;  // one per variant
  Curve curve_;
};

}  // namespace titrate
