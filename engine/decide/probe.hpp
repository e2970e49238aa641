// One regimen prepared for one window: the schedule is built once for each variant of the patient, and every draw is simulated
// over that of its variant.

#pragma once

#include "decide/target.hpp"
#include "sim/individual.hpp"

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

// Values, slopes and areas of the window for one draw of one variant; nothing, and why, when the simulation fails.
[[nodiscard]] std::optional<Curve> curve_for(const CompiledModel& model, const Probe& probe, int output, Individual& individual,
                                             std::size_t variant, SimulateOptions options, std::string* why = nullptr);

}  // namespace titrate
