// What the covariates are between any two moments at which one of them changes: the part of a schedule that is neither dose nor
// sample. Which of them are given, which are computed from others by the model's formulas, which continue after their last
// record; then the breaks, and for each segment between them the inputs of the equations.

#pragma once

#include <vector>

#include "base/result.hpp"
#include "model/compiled.hpp"
#include "patient/patient.hpp"
#include "sim/schedule.hpp"

namespace titrate {

// Sets breaks, inputs and occasions of a schedule whose doses, samples, start and effects stand. `records`: the dosing records
// that give something, from which daily amounts are counted.
void set_covariates(const CompiledModel& model, const Patient& patient, const std::vector<DosingEvent>& records,
                    Schedule& schedule, Diagnostics& problems);

}  // namespace titrate
