// The pairs, each with what was measured, in whom, and where it was read: abstracts of the trials, or labels as others print
// them. Ratios are with the other drug to without it. Numbers that were not read are not here.

#include "patient/interactions.hpp"

namespace titrate {

namespace {

constexpr bool raises = true, lowers = false;

const char* const everolimus_label = "Certican, prescribing information, drug interactions (read)";
const char* const isavuconazole_label = "isavuconazole, European summary of product characteristics, 4.5, as quoted by others";
const char* const busulfan_label = "Busulfan injection, prescribing information, 7.1 and 7.2 (read)";
const char* const digoxin_trial =
    "Interaction between digoxin and calcium antagonists and antiarrhythmic drugs, trial in 36 healthy men (abstract read)";
const char* const lithium_review = "Pharmaceuticals 2023;16:74, Table 1 (read)";
const char* const tocilizumab_label =
    "Tocilizumab, prescribing information, and Schmitt C et al. Clin Pharmacol Ther 2011;89:735-740 (read)";
const char* const tocilizumab_effect =
    "it ends the suppression of CYP enzymes by interleukin-6; AUC times 0.43 of another drug, simvastatin, in 12 patients with "
    "rheumatoid arthritis";
const char* const cytokine_release =
    "computed by this library's il6_cyp_suppression_willemin2024 for a typical adult and a peak of 167 pg/mL";
const char* const levothyroxine_review = "Systematic review of what disturbs levothyroxine, PMC10295503 (abstract read)";
const char* const warfarin_metabolites = "Cheng S et al. Drug Metab Dispos 2022;50:1302-1311 (abstract read)";

}  // namespace

const std::vector<Interaction>& interactions() {
  static const std::vector<Interaction> all{
      // --- immunosuppressants -------------------------------------------------------------------------------------------
      {"tacrolimus", "voriconazole", raises, "level per dose times 2.4, in 25 patients from 0.7 to 7.9 times",
       "Mori T et al. 2012, oral voriconazole after stem cell transplantation (abstract read)"},
      {"tacrolimus", "ketoconazole", raises, "oral bioavailability 30 instead of 14 %, clearance hardly changed, in 6 volunteers",
       "Clin Pharmacol Ther 1997;62:41-49 (abstract read)"},
      {"tacrolimus", "isavuconazole", raises, "AUC times 2.25", isavuconazole_label},
      {"tacrolimus", "ritonavir", raises, "AUC times 57 with a regimen that holds it, in 12 volunteers",
       "Badri P et al. 2015, as a public table of interactions quotes it"},
      {"tacrolimus", "diltiazem", raises, "a trough of 12.9 ng/mL rose to 55 in three days, in one patient",
       "Diltiazem increases tacrolimus concentrations: Hebert MF, Lam AY. Ann Pharmacother 1999;33:680-682 (abstract read; "
       "volume and pages recalled)"},
      {"tacrolimus", "St John's wort", lowers, "AUC times 0.42 for the same dose, in 10 kidney recipients",
       "Nephrol Dial Transplant 2003;18:819 (abstract read)"},
      {"tacrolimus", "rifampicin", lowers, "clearance times 1.47 and oral bioavailability 7 instead of 14 %, in 6 volunteers",
       "Hebert MF et al. J Clin Pharmacol 1999;39:91-96 (abstract read)"},
      {"tacrolimus", "cytokine release (interleukin-6)", raises,
       "activity of CYP3A4 falls to 0.75 of the usual, on the third day", cytokine_release},
      {"ciclosporin", "cytokine release (interleukin-6)", raises,
       "activity of CYP3A4 falls to 0.75 of the usual, on the third day", cytokine_release},
      {"ciclosporin", "tocilizumab", lowers, tocilizumab_effect, tocilizumab_label},
      {"ciclosporin", "voriconazole", raises, "AUC times 1.7", "Table 3 of a review of voriconazole, PMC1661660 (read)"},
      {"ciclosporin", "isavuconazole", raises, "AUC times 1.29", isavuconazole_label},
      {"ciclosporin", "HIV protease inhibitor", raises, "AUC times 3, and a dose 85 % smaller after two years, in 18 recipients",
       "Frassetto L et al., HIV-infected liver and kidney recipients (abstract read)"},
      {"ciclosporin", "St John's wort", lowers,
       "AUC times 0.55 (95 % CI 0.46 to 0.63) with a preparation rich in hyperforin against a poor one, in 10 kidney recipients",
       "Mai I et al. Clin Pharmacol Ther 2004;76:330-340 (abstract read)"},
      {"ciclosporin", "rifampicin", lowers,
       "AUC times 0.25, in 4 kidney recipients; oral bioavailability 10 instead of 27 %, in 6 volunteers",
       "Shon JH et al., kidney recipients with tuberculosis; Hebert MF et al. Clin Pharmacol Ther 1992;52:453-457 (abstracts "
       "read)"},
      {"everolimus", "ketoconazole", raises, "AUC times 15", everolimus_label},
      {"everolimus", "erythromycin", raises, "AUC times 4.4", everolimus_label},
      {"everolimus", "ciclosporin", raises, "AUC times 2.7, from 1.5 to 4.7", everolimus_label},
      {"everolimus", "rifampicin", lowers, "AUC times 0.37", everolimus_label},
      {"mycophenolic acid", "isavuconazole", raises, "AUC times 1.35", isavuconazole_label},
      {"mycophenolic acid", "colestyramine", lowers, "AUC times 0.6, in 12 volunteers",
       "Mycophenolate mofetil, prescribing information, as a pharmacy reference prints it"},
      {"mycophenolic acid", "rifampicin", lowers, "AUC times 0.83 (95 % CI 0.70 to 0.95), in 8 kidney recipients",
       "Naesens M et al. Clin Pharmacol Ther 2006;80:509-521 (abstract read)"},
      // --- anti-infectives ----------------------------------------------------------------------------------------------
      {"voriconazole", "phenytoin", lowers, "AUC times 0.31 (90 % CI 0.24 to 0.40), in volunteers",
       "Purkins L et al. Br J Clin Pharmacol 2003;56 Suppl 1:37-44 (abstract read)"},
      {"voriconazole", "efavirenz", lowers, "AUC times 0.2 (90 % CI 0.16 to 0.25) with 400 mg of efavirenz a day, in volunteers",
       "Trial in 34 healthy men, as an interaction database reports it: Liu P et al. J Clin Pharmacol 2008;48:73-84 (recalled)"},
      {"voriconazole", "St John's wort", lowers, "AUC times 0.41 after two weeks, in 17 volunteers",
       "Rengelshausen J et al. Clin Pharmacol Ther 2005;78:25-33, as a reference work reports it"},
      {"linezolid", "rifampicin", lowers, "AUC times 0.68, in 16 volunteers; troughs of patients about halved",
       "Unexpected effect of rifampin on the pharmacokinetics of linezolid; doi:10.3389/fphar.2023.1260535 (abstracts read)"},
      // --- heart and lung -----------------------------------------------------------------------------------------------
      {"digoxin", "amiodarone", raises, "level times 2.0, in 28 patients; clearance times 0.71; it goes on for months",
       "J Am Coll Cardiol 1984, doi:10.1016/S0735-1097(84)80327-7; Cardiovasc Drugs Ther 1989;3:25-28 (abstracts read)"},
      {"digoxin", "quinidine", raises, "level times 2.2", digoxin_trial},
      {"digoxin", "verapamil", raises, "level times 1.7, in 49 patients; more with a larger dose",
       "The influence of verapamil on serum digoxin concentration (abstract read)"},
      {"digoxin", "propafenone", raises, "level times 1.4", digoxin_trial},
      {"digoxin", "clarithromycin", raises, "AUC times 1.7 by mouth, times 1.2 after an injection, in 12 volunteers",
       "Rengelshausen J et al. Br J Clin Pharmacol 2003;56:32-38 (abstract read)"},
      {"theophylline", "fluvoxamine", raises, "clearance times 0.38 in volunteers, times 0.88 in severe cirrhosis",
       "Trial in 30 people, as an interaction reference reports it: Orlando R et al. Clin Pharmacol Ther 2006;79:489-499 "
       "(recalled)"},
      {"theophylline", "ciprofloxacin", raises, "clearance times 0.76 in 6 volunteers, one of them far more",
       "Trial of enoxacin and ciprofloxacin with aminophylline, Korea 1991 (abstract read)"},
      {"theophylline", "tobacco smoke", lowers,
       "clearance times 1.6 in 28 healthy adults, times 2.2 in another study, and for months after stopping",
       "Influence of cigarette-smoking and sex on theophylline disposition; Clin Pharmacol Ther 1976;19:546-551 (abstracts "
       "read)"},
      {"theophylline", "tocilizumab", lowers, tocilizumab_effect, tocilizumab_label},
      {"warfarin", "cytokine release (interleukin-6)", raises, "activity of CYP2C9 falls to 0.87 of the usual, on the fourth day",
       cytokine_release},
      {"warfarin", "tocilizumab", lowers, tocilizumab_effect, tocilizumab_label},
      {"warfarin", "fluconazole", raises, "clearance of S-warfarin by CYP2C9 times 0.26", warfarin_metabolites},
      {"warfarin", "voriconazole", raises, "largest prothrombin time up by 93 %", "Voriconazole, prescribing information (read)"},
      {"warfarin", "amiodarone", raises,
       "clearance times 0.45 in 30 patients; the dose needed fell by 44 % until the seventh week, in 43",
       "Almog S et al. Eur J Clin Pharmacol 1985; Sanoski CA et al. Chest 2002;121:19-23 (abstracts read)"},
      {"warfarin", "rifampicin", lowers, "clearance of S-warfarin by CYP2C9 times 1.8, by other ways more", warfarin_metabolites},
      // --- nervous system -----------------------------------------------------------------------------------------------
      {"phenytoin", "voriconazole", raises, "AUC times 1.81 (90 % CI 1.56 to 2.10), in volunteers",
       "Purkins L et al. Br J Clin Pharmacol 2003;56 Suppl 1:37-44 (abstract read)"},
      {"phenytoin", "tocilizumab", lowers, tocilizumab_effect, tocilizumab_label},
      {"lithium", "ibuprofen", raises, "lowest level times 1.15, renal clearance times 0.81, very different between people",
       "Ibuprofen, prescribing information, as quoted by others; J Clin Psychopharmacol 1990;10:350-354 (abstract read)"},
      {"lithium", "thiazide diuretic", raises, "renal clearance falls; no number was read", lithium_review},
      {"lithium", "ACE inhibitor", raises, "renal clearance falls; no number was read", lithium_review},
      {"lithium", "sartan", raises, "renal clearance falls; no number was read", lithium_review},
      {"lithium", "theophylline", lowers, "renal clearance rises; no number was read", lithium_review},
      {"midazolam", "isavuconazole", raises, "AUC times 2.0", isavuconazole_label},
      {"midazolam", "ketoconazole", raises, "AUC times 10 to 15 by mouth, in 9 volunteers",
       "Olkkola KT et al. Clin Pharmacol Ther 1994;55:481-485 (abstract read)"},
      {"midazolam", "itraconazole", raises,
       "AUC times 7 by mouth after six days, clearance times 0.31 of an injection, in 12 volunteers",
       "Anesth Analg 1996;82:511-516 (abstract read)"},
      {"midazolam", "fluconazole", raises, "AUC times 3.6 by mouth, clearance times 0.49 of an injection, in 12 volunteers",
       "Anesth Analg 1996;82:511-516 (abstract read)"},
      // --- hormones ------------------------------------------------------------------------------------------------------
      {"levothyroxine", "calcium", lowers, "20 to 25 % less is absorbed when taken together, in 8 volunteers",
       "Zamfirescu I et al. Thyroid 2011;21:483-486 (abstract read)"},
      {"levothyroxine", "iron", lowers, "less is absorbed; no number was read", levothyroxine_review},
      {"levothyroxine", "bile acid sequestrant", lowers, "less is absorbed; no number was read", levothyroxine_review},
      {"levothyroxine", "proton pump inhibitor", lowers, "less is absorbed; no number was read", levothyroxine_review},
      // --- cancer -------------------------------------------------------------------------------------------------------
      {"busulfan", "itraconazole", raises, "clearance times 0.8, in 13 patients; none with fluconazole",
       "Buggia I et al. Anticancer Res 1996;16:2083-2088 (abstract read)"},
      {"busulfan", "metronidazole", raises, "clearance falls by more than with itraconazole", busulfan_label},
      {"busulfan", "deferasirox", raises, "clearance falls; no number was read", busulfan_label},
      {"busulfan", "paracetamol", raises, "clearance may fall when it is given within 72 h before", busulfan_label},
      {"busulfan", "phenytoin", lowers, "clearance times 1.15 or more", busulfan_label},
      {"docetaxel", "ketoconazole", raises, "clearance times 0.51, AUC per dose times 2.2",
       "Docetaxel, prescribing information, drug interactions (read)"},
      {"imatinib", "ketoconazole", raises, "AUC times 1.4, in 14 volunteers",
       "Dutreix C et al. Cancer Chemother Pharmacol 2004;54:290-294 (abstract read)"},
      {"imatinib", "rifampicin", lowers, "AUC times 0.26 (90 % CI 0.24 to 0.29), in 14 volunteers",
       "Bolton AE et al. Cancer Chemother Pharmacol 2004;53:102-106 (abstract read)"},
      {"imatinib", "St John's wort", lowers, "AUC times 0.70, in 12 volunteers",
       "Frye RF et al. Clin Pharmacol Ther 2004;76:323-329 (abstract read)"},
      {"sunitinib", "ketoconazole", raises, "AUC of drug and metabolite times 1.51, in volunteers",
       "Sunitinib, prescribing information (read)"},
      {"sunitinib", "rifampicin", lowers, "AUC of drug and metabolite times 0.54, in volunteers",
       "Sunitinib, prescribing information (read)"},
      {"methotrexate", "proton pump inhibitor", raises,
       "odds of a delayed elimination times 2.65 (95 % CI 1.03 to 6.82) in one study, no difference in another",
       "Suzuki K et al. Br J Clin Pharmacol 2009 Jan, 44-49; Reeves DJ et al. Br J Clin Pharmacol 2014;78:565-571 (abstracts "
       "read)"},
      // --- antibodies ---------------------------------------------------------------------------------------------------
      {"adalimumab", "methotrexate", raises,
       "clearance times 0.71 after one dose, times 0.56 after several, in rheumatoid arthritis",
       "Adalimumab, prescribing information of 2006, as quoted by others"},
      {"infliximab", "azathioprine", raises,
       "levels are higher, and antibodies rarer: 8 instead of 36 % of those with the lowest levels",
       "Colombel JF et al. Clin Gastroenterol Hepatol 2018, 206 patients with Crohn's disease (abstract read)"},
  };
  return all;
}

}  // namespace titrate
