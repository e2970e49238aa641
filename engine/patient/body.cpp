// Body size: surface, ideal and adjusted weight, body mass index, fat-free mass.
//
// The formulas hold for weight in kg and height in cm (BMI: m): each quantity is divided by its unit, so that the numbers are
// those of the paper. They differ by a few per cent from one another; a model names the one that it was estimated with.
// `sex` is 0 for male and 1 for female.

#include "patient/formulas.hpp"

namespace titrate {

std::vector<CovariateFormula> body_formulas() {
  return {
      {"bsa_mosteller",
       {"weight", "height"},
       "sqrt((weight / 1 [kg]) * (height / 1 [cm]) / 3600) * 1 [m^2]",
       "Mosteller RD. N Engl J Med 1987;317:1098"},

      {"bsa_dubois",
       {"weight", "height"},
       "0.007184 * (weight / 1 [kg])^0.425 * (height / 1 [cm])^0.725 * 1 [m^2]",
       "DuBois D, DuBois EF. Arch Intern Med 1916;17:863-871"},

      {"bsa_haycock",
       {"weight", "height"},
       "0.024265 * (weight / 1 [kg])^0.5378 * (height / 1 [cm])^0.3964 * 1 [m^2]",
       "Haycock GB et al. J Pediatr 1978;93:62-66"},

      {"bmi", {"weight", "height"}, "weight / height^2", "body mass index"},

      // 2.3 kg for each inch over 5 feet; below 152.4 cm the line is extrapolated.
      {"ideal_body_weight",
       {"height", "sex"},
       "(if(sex == 1, 45.5, 50) + 2.3 * (height / 2.54 [cm] - 60)) * 1 [kg]",
       "Devine BJ. Drug Intell Clin Pharm 1974;8:650-655; extrapolated below 152.4 cm"},

      {"adjusted_body_weight",
       {"weight", "height", "sex"},
       "partly_adjusted_body_weight(weight, height, sex, 0.4)",
       "ideal body weight plus 0.4 of the difference to the total weight"},

      {"partly_adjusted_body_weight",
       {"weight", "height", "sex", "part"},
       "ideal_body_weight(height, sex) + part * (weight - ideal_body_weight(height, sex))",
       "ideal body weight plus a stated part of the difference to the total weight"},

      {"fat_free_mass",
       {"weight", "height", "sex"},
       "9270 * weight / (if(sex == 1, 8780, 6680) + if(sex == 1, 244, 216) * (bmi(weight, height) / 1 [kg/m^2]))",
       "Janmahasatian S et al. Clin Pharmacokinet 2005;44:1051-1065"},

      {"fat_free_mass_of_age",
       {"weight", "height", "age", "sex"},
       "if(sex == 1, 1.11 - 0.11 / (1 + (age / 7.1 [year])^(-1.1)), 0.88 + 0.12 / (1 + (age / 13.4 [year])^(-12.7)))"
       " * fat_free_mass(weight, height, sex)",
       "Al-Sallami HS et al. Clin Pharmacokinet 2015;54:1169-1178; built from 3 years on, adults as after Janmahasatian"},
  };
}

}  // namespace titrate
