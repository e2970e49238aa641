// Kidney function from creatinine.
//
// Every formula divides each quantity by a unit first, so what it computes with are the bare numbers of its paper, and
// multiplies the result by the unit that the paper states. Creatinine is a mass per volume (mg/dL) in all of them; a molar
// value goes through creatinine_mass, with the one constant 88.4 umol/L per mg/dL that the whole engine uses.
//
// Results per 1.73 m2 are a volume per time and area: multiplied by a body surface they become mL/min, and a model that wants
// one kind refuses the other. Cockcroft-Gault is never indexed. `sex` is 0 for male and 1 for female.

#include "patient/formulas.hpp"

namespace titrate {

std::vector<CovariateFormula> renal_formulas() {
  return {
      {"creatinine_mass", {"creatinine"}, "creatinine / 88.4 [umol/L] * 1 [mg/dL]", "88.4 umol/L of creatinine is 1 mg/dL"},

      {"creatinine_molar", {"creatinine"}, "creatinine / 1 [mg/dL] * 88.4 [umol/L]", "88.4 umol/L of creatinine is 1 mg/dL"},

      {"cockcroft_gault",
       {"age", "weight", "creatinine", "sex"},
       "(140 - age / 1 [year]) * (weight / 1 [kg]) / (72 * (creatinine / 1 [mg/dL])) * if(sex == 1, 0.85, 1) * 1 [mL/min]",
       "Cockcroft DW, Gault MH. Nephron 1976;16:31-41; mL/min, with the weight that is given"},

      {"cockcroft_gault_ideal",
       {"age", "height", "creatinine", "sex"},
       "cockcroft_gault(age, ideal_body_weight(height, sex), creatinine, sex)",
       "Cockcroft-Gault with ideal body weight (Devine)"},

      {"cockcroft_gault_adjusted",
       {"age", "weight", "height", "creatinine", "sex"},
       "cockcroft_gault(age, adjusted_body_weight(weight, height, sex), creatinine, sex)",
       "Cockcroft-Gault with adjusted body weight (ideal plus 0.4 of the rest)"},

      // kappa is 0.7 (women) or 0.9 mg/dL (men), alpha -0.241 or -0.302; the slope changes at kappa.
      {"ckd_epi_2021_creatinine",
       {"age", "creatinine", "sex"},
       "142 * min(creatinine / if(sex == 1, 0.7 [mg/dL], 0.9 [mg/dL]), 1)^if(sex == 1, -0.241, -0.302)"
       " * max(creatinine / if(sex == 1, 0.7 [mg/dL], 0.9 [mg/dL]), 1)^(-1.2)"
       " * 0.9938^(age / 1 [year]) * if(sex == 1, 1.012, 1) * 1 [mL/min] / 1.73 [m^2]",
       "Inker LA et al. N Engl J Med 2021;385:1737-1749; mL/min per 1.73 m2"},

      {"mdrd",
       {"age", "creatinine", "sex"},
       "175 * (creatinine / 1 [mg/dL])^(-1.154) * (age / 1 [year])^(-0.203) * if(sex == 1, 0.742, 1) * 1 [mL/min] / 1.73 [m^2]",
       "Levey AS et al. Ann Intern Med 2006;145:247-254 (traceable creatinine, factor 175, no race term); mL/min per 1.73 m2"},

      {"bedside_schwartz",
       {"height", "creatinine"},
       "0.413 * (height / 1 [cm]) / (creatinine / 1 [mg/dL]) * 1 [mL/min] / 1.73 [m^2]",
       "Schwartz GJ et al. J Am Soc Nephrol 2009;20:629-637; children from 1 year; mL/min per 1.73 m2"},
  };
}

}  // namespace titrate
