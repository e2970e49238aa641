// One regimen prepared for one window: the schedule is built once and every draw is simulated over it.

#pragma once

#include "decide/target.hpp"

namespace titrate {

struct Probe {
  TargetWindow window;
  BuiltSchedule built;  // the window's samples are its extra ones
};

[[nodiscard]] Result<Probe> make_probe(const Situation& situation, const std::optional<Regimen>& regimen,
                                       const TargetWindow& window, const CovariateFuture& future = {});

// Values, slopes and areas of the window for one eta; nothing, and why, when the simulation fails.
[[nodiscard]] std::optional<Curve> curve_for(const CompiledModel& model, const Probe& probe, int output, const Vector& eta,
                                             SimulateOptions options, std::string* why = nullptr);

}  // namespace titrate
