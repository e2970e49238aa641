// Every number that a shipped model file promises, simulated: typical parameters, levels, extremes and areas of its worked cases.
// The expected values come from the sources' public transcriptions or from a second program, never from this engine.

#include "checks/worked_cases.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdio>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>

#include "model/definition.hpp"

#ifndef TITRATE_MODELS_DIR
#define TITRATE_MODELS_DIR "models"
#endif

using namespace titrate;

namespace {

std::string messages(const Diagnostics& diagnostics) {
  std::string text;
  for (const Diagnostic& d : diagnostics) text += d.code + " " + d.path + ": " + d.message + "\n";
  return text;
}

std::shared_ptr<const Model> shipped(const std::string& id) {
  std::ifstream file(std::string(TITRATE_MODELS_DIR) + "/" + id + ".json", std::ios::binary);
  if (!file) return nullptr;
  std::stringstream text;
  text << file.rdbuf();
  const auto tree = json::parse(text.str());
  REQUIRE(tree);
  const auto model = read_model(*tree);
  REQUIRE_MESSAGE(model, messages(model.diagnostics()));
  return std::make_shared<const Model>(*model);
}

void run_worked_cases(const std::string& id) {
  const auto model = shipped(id);
  if (!model) {
    std::printf("SKIPPED worked cases of %s: no file system here\n", id.c_str());
    return;
  }
  const auto compiled = compile(model);
  REQUIRE_MESSAGE(compiled, messages(compiled.diagnostics()));
  const auto checks = run_worked_cases(**compiled);
  REQUIRE_MESSAGE(checks, messages(checks.diagnostics()));
  CHECK(!checks->empty());
  for (const WorkedCheck& check : *checks) {
    CAPTURE(check.label);
    CAPTURE(check.check);
    CAPTURE(check.got);
    CAPTURE(check.expected);
    CHECK(check.ok);
  }
}

}  // namespace

// Alphabetical, one a line.
TEST_CASE("every shipped model gives the parameters, levels, extremes and areas of its worked cases") {
  for (const char* id : {
           "adalimumab_nader2017",
           "amikacin_delattre2010",
           "axicel_phenotype_qsp_muellerschoell2021",
           "bone_mineral",
           "busulfan_mccune2014",
           "busulfan_paci2012",
           "carboplatin_ekhart2008",
           "cart_crs_cll_hardiansyah2019",
           "cart_sle_qsp_park2025",
           "cefepime_jonckheere2020",
           "ciclosporin_umpierrez2021",
           "ciprofloxacin_ecoli_khan2015",
           "ckd_anaemia_epo_roy2023",
           "coagulation_network",
           "colistin_meropenem_paeruginosa_mohamed2016",
           "crispr_ttr_kpd_derived",
           "crispr_ttr_ntla2001_desai2024",
           "ddi_rifampicin_midazolam_pbpk_asaumi2018",
           "digoxin_jelliffe2014",
           "docetaxel_neutropenia_kloft2006",
           "docetaxel_neutropenia_ozawa2007",
           "everolimus_dewit2016",
           "fn_il6_crp_netterberg2018",
           "gentamicin_germovsek2016",
           "givosiran_risc_ayyar2024",
           "heparin_alsallami2016",
           "her2_breast_combo_qsp_zhou2024",
           "il6_cyp_suppression_willemin2024",
           "imatinib_gotta2012",
           "infliximab_fasanmade2009",
           "infliximab_ra_tnf_marcantonio2022",
           "infliximab_uc_berends2019",
           "levetiracetam_bilbaomeseguer2021",
           "linezolid_taubert2016",
           "lithium_jin2022",
           "meropenem_li2006",
           "methotrexate_taylor2020",
           "methotrexate_taylor2026",
           "mycophenolate_wang2022",
           "nedosiran_sirna_oxalate_zhang2024",
           "paclitaxel_myelosuppression_friberg2002",
           "phenytoin_yukawa1990",
           "piperacillin_klastrup2020",
           "propofol_remifentanil_eleveld",
           "rifampicin_autoinduction_svensson2018",
           "sarilumab_ra_das28crp_ma2020",
           "sunitinib_gist_hansson2013",
           "t1d_glucose_insulin_uvapadova",
           "tacrolimus_andrews2019",
           "tacrolimus_monchaud2012",
           "tacrolimus_woillard2011",
           "theophylline_yano1993",
           "thyroid_axis_pthyrosim",
           "tisagenlecleucel_kinetics_stein2019",
           "tobramycin_hennig2013",
           "tocilizumab_ra_das28_levi2013",
           "vancomycin_adane2015",
           "vancomycin_colin2019",
           "vancomycin_goti2018",
           "vancomycin_roberts2011",
           "vancomycin_thomson2009",
           "vedolizumab_rosario2015",
           "voriconazole_friberg2012",
           "warfarin_inr_hamberg2007",
       }) {
    CAPTURE(id);
    run_worked_cases(id);
  }
}

TEST_CASE(
    "creatinine clearance of the vancomycin model follows the erratum: a floor of 1 mg/dL over 65 years, a cap of 150 mL/min") {
  const auto model = shipped("vancomycin_goti2018");
  if (!model) {
    std::printf("SKIPPED creatinine clearance of vancomycin_goti2018: no file system here\n");
    return;
  }
  const auto clearance = [&](const std::string& age, const std::string& creatinine) {
    Model one = *model;
    WorkedCase worked;
    worked.covariates = {{"WT", "72 kg"}, {"age", age}, {"SCR", creatinine}, {"sex", "male"}, {"DIAL", "no"}};
    worked.checks.resize(1);
    worked.checks[0].what = "CL";
    one.worked_cases = {worked};
    const auto compiled = compile(std::make_shared<const Model>(one));
    REQUIRE_MESSAGE(compiled, messages(compiled.diagnostics()));
    const auto checks = run_worked_cases(**compiled);
    REQUIRE_MESSAGE(checks, messages(checks.diagnostics()));
    return checks->at(0).got;
  };
  // At 72 kg Cockcroft-Gault is (140 - age) / creatinine; CL = 4.5 (CRCL / 120)^0.8.
  const auto CL = [](double CRCL) { return 4.5 * std::pow(CRCL / 120.0, 0.8); };
  CHECK(clearance("70 year", "0.5 mg/dL") == doctest::Approx(CL(70.0)).epsilon(1e-9));
  CHECK(clearance("65 year", "0.6 mg/dL") == doctest::Approx(CL(125.0)).epsilon(1e-9));
  CHECK(clearance("40 year", "0.5 mg/dL") == doctest::Approx(CL(150.0)).epsilon(1e-9));
  CHECK(clearance("70 year", "2 mg/dL") == doctest::Approx(CL(35.0)).epsilon(1e-9));
}
