// The residual error of one measured level.
//
//   natural scale:  y = dv,     f = prediction,     V = variance of y at this prediction
//   log scale:      y = ln dv,  f = ln prediction,  V = variance of ln dv; needs prediction > 0 and dv > 0
//
// V and dV / d prediction come from the model's tape, which reads the prediction itself on either scale. Derivatives here are
// with respect to the prediction; the chain to eta is the objective's.

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "model/compiled.hpp"
#include "patient/patient.hpp"
#include "sim/schedule.hpp"

namespace titrate {

// A level of the patient bound to its row of the course, its output and its error model.
struct Measured {
  int observation = 0;  // index into Patient::observations
  int sample = 0;       // row of Schedule::samples
  int output = 0;
  const CompiledResidual* residual = nullptr;  // owned by the compiled model
  double dv = 0.0;
  double y = 0.0;    // dv, or ln dv on the log scale
  bool used = true;  // not excluded
};

// All levels, excluded ones too. An unknown output or assay, an output without an error model and a level that its scale
// cannot hold are errors, except for excluded levels, which are then left out.
[[nodiscard]] Result<std::vector<Measured>> bind_observations(const CompiledModel& model, const Patient& patient,
                                                              const BuiltSchedule& built);

// The error model that an assay asks for. With a single one, an observation need not name the assay.
[[nodiscard]] const CompiledResidual* find_residual(const std::vector<CompiledResidual>& among, const std::string& assay);

struct ResidualPoint {
  double f = 0.0;
  double df = 1.0;  // d f / d prediction
  double V = 0.0;
  double dV = 0.0;  // d V / d prediction
};

// Nothing, and why, when the prediction is not finite or not positive on the log scale, or V is not positive.
[[nodiscard]] std::optional<ResidualPoint> residual_at(const CompiledResidual& residual, double prediction,
                                                       std::string* why = nullptr);

}  // namespace titrate
