// What laboratory values say of the liver and of binding: the Child-Pugh score, phenytoin at usual albumin.
//
// Ascites and encephalopathy are 0 for none, 1 for the milder and 2 for the severer class (encephalopathy 1-2 and 3-4). The
// limits of bilirubin are those for cirrhosis; cholestatic disease has others.

#include "patient/formulas.hpp"

namespace titrate {

std::vector<CovariateFormula> blood_formulas() {
  return {
      {"bilirubin_mass", {"bilirubin"}, "bilirubin / 17.1 [umol/L] * 1 [mg/dL]", "17.1 umol/L of bilirubin is 1 mg/dL"},

      // 5 to 6 is class A, 7 to 9 B, 10 to 15 C.
      {"child_pugh",
       {"bilirubin", "albumin", "inr", "ascites", "encephalopathy"},
       "if(bilirubin < 2 [mg/dL], 1, if(bilirubin <= 3 [mg/dL], 2, 3))"
       " + if(albumin > 3.5 [g/dL], 1, if(albumin >= 2.8 [g/dL], 2, 3))"
       " + if(inr < 1.7, 1, if(inr <= 2.3, 2, 3)) + (1 + ascites) + (1 + encephalopathy)",
       "Pugh RN et al. Br J Surg 1973;60:646-649, with INR"},

      // The total level that would have the same free one at an albumin of 4.5 g/dL. Imprecise: a measured free level is better.
      {"phenytoin_for_albumin",
       {"phenytoin", "albumin"},
       "phenytoin / (0.2 * (albumin / 1 [g/dL]) + 0.1)",
       "Sheiner-Tozer, as in the review Kiang TK, Ensom MH. Ann Pharmacother 2016;50:311-325"},

      {"phenytoin_for_albumin_uraemia",
       {"phenytoin", "albumin"},
       "phenytoin / (0.1 * (albumin / 1 [g/dL]) + 0.1)",
       "Sheiner-Tozer for a creatinine clearance below 20 mL/min"},
  };
}

}  // namespace titrate
