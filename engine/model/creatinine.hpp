// Serum creatinine among the covariates of a model: laboratories report it as a mass (mg/dL) or as a substance (umol/L), people
// mistake one for the other, and its rise or fall is what shows that a kidney's function is changing.

#pragma once

#include "model/model.hpp"

namespace titrate {

// By its unit and its name (SCR..., CREAT...) or label.
[[nodiscard]] bool is_creatinine(const Covariate& covariate);

// How many of the coherent set's units are 1 mg/dL of this creatinine.
[[nodiscard]] double creatinine_mg_per_dL(const Covariate& covariate);

// 1 mg/dL is 88.4 umol/L (patient/renal.cpp has the same number in its formulas).
inline constexpr double creatinine_umol_per_L_of_mg_per_dL = 88.4;

}  // namespace titrate
