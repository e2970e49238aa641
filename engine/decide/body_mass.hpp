// The body weight and the body mass index of a patient, for models that know a weight and a height.

#pragma once

#include <optional>

#include "decide/regimen.hpp"

namespace titrate {

// At `now`, in the coherent set; nothing where it is not known.
[[nodiscard]] std::optional<double> weight_of(const Situation& situation);

// kg/m2 at `now`, from a weight and a height that the model names in one of the usual ways; nothing where one is not known.
[[nodiscard]] std::optional<double> bmi_of(const Situation& situation);

}  // namespace titrate
