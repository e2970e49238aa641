// Covariate calculators as formulas of the model language: typed, differentiated and compiled like any other expression.
// Each takes and returns quantities with units; `sex` is 0 for male and 1 for female.

#pragma once

#include <string>
#include <vector>

namespace titrate {

struct CovariateFormula {
  const char* name;
  std::vector<std::string> arguments;
  const char* text;
  const char* source;
};

[[nodiscard]] std::vector<CovariateFormula>
renal_formulas();  // patient/renal.cpp: cockcroft_gault(age, weight, creatinine, sex) ...
[[nodiscard]] std::vector<CovariateFormula>
body_formulas();  // patient/body.cpp: bsa_mosteller(weight, height), fat_free_mass(...) ...
[[nodiscard]] std::vector<CovariateFormula> blood_formulas();  // patient/blood.cpp: child_pugh(...), phenytoin_for_albumin(...)

}  // namespace titrate
