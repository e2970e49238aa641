// Whether what is read of a plan follows from its doses in proportion to their amounts: the states are linear, the output is
// linear in them, and a dose's amount decides neither when something happens nor how anything moves.

#pragma once

#include "decide/probe.hpp"

namespace titrate {

// The model's part: no plan is needed to say so.
[[nodiscard]] bool exactly_linear(const CompiledModel& model, int output, const SimulateOptions& options);

// A dose of twice the amount enters at the same times, twice as much at each.
[[nodiscard]] bool acts_in_proportion(const CompiledModel& model, const ScheduledDose& dose);

// Everything but doses is the same: start, samples, and parameters at all times.
[[nodiscard]] bool same_course_of_inputs(const Schedule& a, const Schedule& b);

// Whether the curves of all amounts between lie on the line through these two, to rounding.
[[nodiscard]] bool on_a_line(const CompiledModel& model, const Probe& least, const Probe& most, int output,
                             const SimulateOptions& options);

}  // namespace titrate
