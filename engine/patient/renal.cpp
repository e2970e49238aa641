// Kidney function from creatinine, from cystatin C, and from age alone.
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

      // The equation of 2012; of two constants for age in circulation, 0.996 (that of the paper) and 0.9962, the first.
      {"ckd_epi_2012_cystatin_c",
       {"age", "cystatin_c", "sex"},
       "133 * min(cystatin_c / 0.8 [mg/L], 1)^(-0.499) * max(cystatin_c / 0.8 [mg/L], 1)^(-1.328)"
       " * 0.996^(age / 1 [year]) * if(sex == 1, 0.932, 1) * 1 [mL/min] / 1.73 [m^2]",
       "Inker LA et al. N Engl J Med 2012;367:20-29; mL/min per 1.73 m2, 0.996 per year of age"},

      {"ckd_epi_2021_creatinine_cystatin_c",
       {"age", "creatinine", "cystatin_c", "sex"},
       "135 * min(creatinine / if(sex == 1, 0.7 [mg/dL], 0.9 [mg/dL]), 1)^if(sex == 1, -0.219, -0.144)"
       " * max(creatinine / if(sex == 1, 0.7 [mg/dL], 0.9 [mg/dL]), 1)^(-0.544)"
       " * min(cystatin_c / 0.8 [mg/L], 1)^(-0.323) * max(cystatin_c / 0.8 [mg/L], 1)^(-0.778)"
       " * 0.9961^(age / 1 [year]) * if(sex == 1, 0.963, 1) * 1 [mL/min] / 1.73 [m^2]",
       "Inker LA et al. N Engl J Med 2021;385:1737-1749; mL/min per 1.73 m2"},

      {"mdrd",
       {"age", "creatinine", "sex"},
       "175 * (creatinine / 1 [mg/dL])^(-1.154) * (age / 1 [year])^(-0.203) * if(sex == 1, 0.742, 1) * 1 [mL/min] / 1.73 [m^2]",
       "Levey AS et al. Ann Intern Med 2006;145:247-254 (traceable creatinine, factor 175, no race term); mL/min per 1.73 m2"},

      {"bedside_schwartz",
       {"height", "creatinine"},
       "0.413 * (height / 1 [cm]) / (creatinine / 1 [mg/dL]) * 1 [mL/min] / 1.73 [m^2]",
       "Schwartz GJ et al. J Am Soc Nephrol 2009;20:629-637; children from 1 year; mL/min per 1.73 m2"},

      // The part of adult filtration that has matured, by weeks since the last menstrual period; 0.5 at 47.7 weeks.
      {"renal_maturation",
       {"postmenstrual_age"},
       "(postmenstrual_age / 1 [week])^3.4 / (47.7^3.4 + (postmenstrual_age / 1 [week])^3.4)",
       "Rhodin MM et al. Pediatr Nephrol 2009;24:67-76"},

      {"gfr_by_maturation",
       {"weight", "postmenstrual_age"},
       "121.2 * (weight / 70 [kg])^0.75 * renal_maturation(postmenstrual_age) * 1 [mL/min]",
       "Rhodin MM et al. Pediatr Nephrol 2009;24:67-76; mL/min"},

      // What is filtered while creatinine changes: `clearance` belongs to the `baseline`, and creatinine rises by 1.5 mg/dL a day
      // when nothing is filtered. A faster rise gives 0: there is no steady state to speak of.
      {"kinetic_gfr",
       {"clearance", "baseline", "earlier", "later", "between"},
       "clearance * baseline / ((earlier + later) / 2) * max(1 - (later - earlier) / 1.5 [mg/dL] / (between / 1 [day]), 0)",
       "Chen S. J Am Soc Nephrol 2013;24:877-888; production of 1.5 mg/dL a day"},
  };
}

}  // namespace titrate
