// Bands over weighted draws: of the prediction itself, and of what a measurement would show.

#pragma once

#include "decide/forecast.hpp"

namespace titrate {

// One row of `values` per time, one column per draw; the weights sum to 1.
// A measurement's error is that of `residual`; nullptr: the output's first one.
[[nodiscard]] Bands bands_of(const CompiledModel& model, int output, const Matrix& values, const Vector& weights,
                             const CompiledResidual* residual = nullptr);

}  // namespace titrate
