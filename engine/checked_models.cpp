// What the checks of each shipped model file gave, by the hash of the file: written by `npm run grades`, not by hand. A file that
// changes has another hash, and no results until the command has run again; a test repeats all of it.

#include <map>

#include "grading.hpp"

namespace titrate {

namespace {

// hash, { numbers in the worked cases, wrong ones, what each population check found }
// clang-format off
const std::map<std::string, CheckResults>& table() {
  static const std::map<std::string, CheckResults> results{
    // begin
    {"9a805ced59cd8e2d", {14, 0, {}}},  // adalimumab_nader2017
    {"7859481e9ddb35c0", {7, 0, {}}},  // amikacin_delattre2010
    {"677d380ddcbe7b85", {9, 0, {}}},  // axicel_phenotype_qsp_muellerschoell2021
    {"1429bcdf2fe821a2", {16, 0, {}}},  // bone_mineral
    {"08a4307880e64b6b", {20, 0, {10.56}}},  // busulfan_mccune2014
    {"f4737e5df1dd2929", {7, 0, {}}},  // busulfan_paci2012
    {"3e1018b095a9b20d", {8, 0, {}}},  // carboplatin_ekhart2008
    {"7b50da835f790923", {7, 0, {}}},  // cart_crs_cll_hardiansyah2019
    {"103e3621d4493b56", {16, 0, {}}},  // cart_sle_qsp_park2025
    {"7820c59b54992a87", {7, 0, {}}},  // cefepime_jonckheere2020
    {"3885186789c55d59", {10, 0, {}}},  // ciclosporin_umpierrez2021
    {"196612ccef8e7200", {16, 0, {}}},  // ciprofloxacin_ecoli_khan2015
    {"8a105d31a576d448", {9, 0, {}}},  // ckd_anaemia_epo_roy2023
    {"3012eb5df21bd496", {11, 0, {}}},  // coagulation_network
    {"b51a449676bd5df6", {15, 0, {}}},  // colistin_meropenem_paeruginosa_mohamed2016
    {"3b4206b3f88c6b36", {12, 0, {}}},  // crispr_ttr_kpd_derived
    {"91e14529e14a29b0", {12, 0, {6.226}}},  // crispr_ttr_ntla2001_desai2024
    {"d1f1c9469fae1f41", {11, 0, {}}},  // ddi_rifampicin_midazolam_pbpk_asaumi2018
    {"e1f5ac535b152f65", {13, 0, {}}},  // digoxin_jelliffe2014
    {"e3572a67246d5bdb", {5, 0, {0.7833}}},  // docetaxel_neutropenia_kloft2006
    {"eaafbcbd11c12a15", {9, 0, {0.4667, 0.5967}}},  // docetaxel_neutropenia_ozawa2007
    {"6bfb20f9d6bcf5e3", {12, 0, {}}},  // everolimus_dewit2016
    {"46f19b5250b29f12", {4, 0, {}}},  // fn_il6_crp_netterberg2018
    {"f901ad156ffab745", {10, 0, {}}},  // gentamicin_germovsek2016
    {"ee466cb310d99e39", {6, 0, {}}},  // givosiran_risc_ayyar2024
    {"04882b4fdc7dab88", {5, 0, {441.7}}},  // heparin_alsallami2016
    {"3894ab764d869121", {10, 0, {}}},  // her2_breast_combo_qsp_zhou2024
    {"172e8874d6f49195", {8, 0, {}}},  // il6_cyp_suppression_willemin2024
    {"63743140d7296120", {6, 0, {}}},  // imatinib_gotta2012
    {"1fb7e5b9cae6d0d9", {7, 0, {}}},  // infliximab_fasanmade2009
    {"0959366784a206ec", {5, 0, {}}},  // infliximab_ra_tnf_marcantonio2022
    {"2481b3c70b6f38c2", {15, 0, {}}},  // infliximab_uc_berends2019
    {"0a2f414123316b72", {7, 0, {}}},  // levetiracetam_bilbaomeseguer2021
    {"67ace9ebfcc9259b", {10, 0, {}}},  // linezolid_taubert2016
    {"6e23cac382e9d66e", {6, 0, {}}},  // lithium_jin2022
    {"21812a3a66e965aa", {7, 0, {}}},  // meropenem_li2006
    {"da31b127aa171dd8", {13, 0, {}}},  // methotrexate_taylor2020
    {"08d523a9a937bd0f", {8, 0, {}}},  // methotrexate_taylor2026
    {"78d87f280ed73fb6", {16, 0, {}}},  // mycophenolate_wang2022
    {"74baf03fee5b903a", {6, 0, {}}},  // nedosiran_sirna_oxalate_zhang2024
    {"dcde58170800cf68", {5, 0, {}}},  // paclitaxel_myelosuppression_friberg2002
    {"cbcd209cb3e7e5fb", {7, 0, {}}},  // phenytoin_yukawa1990
    {"31466939480f61e5", {6, 0, {}}},  // piperacillin_klastrup2020
    {"3368193b98d7eec8", {11, 0, {}}},  // propofol_remifentanil_eleveld
    {"73d68e6e80212c3c", {15, 0, {}}},  // rifampicin_autoinduction_svensson2018
    {"e570d25eb1085c00", {7, 0, {0.2233, 0.29}}},  // sarilumab_ra_das28crp_ma2020
    {"082e2c13b31fb2ac", {16, 0, {}}},  // sunitinib_gist_hansson2013
    {"ec9d1f74db733289", {9, 0, {}}},  // t1d_glucose_insulin_uvapadova
    {"b28d6c015dbd6abe", {10, 0, {}}},  // tacrolimus_andrews2019
    {"698809a95264c5ba", {8, 0, {}}},  // tacrolimus_monchaud2012
    {"64693b39810d0756", {12, 0, {}}},  // tacrolimus_woillard2011
    {"3f0b5810c27542f8", {6, 0, {}}},  // theophylline_yano1993
    {"afd5305862ef83e2", {12, 0, {877.4}}},  // thyroid_axis_pthyrosim
    {"62cbecc9f8f0d8c1", {5, 0, {}}},  // tisagenlecleucel_kinetics_stein2019
    {"ebff8bb74f3ca477", {22, 0, {}}},  // tobramycin_hennig2013
    {"1b41d502334181fa", {10, 0, {0.24, 0.08333}}},  // tocilizumab_ra_das28_levi2013
    {"9bb9b1146674b75c", {6, 0, {}}},  // vancomycin_adane2015
    {"1c4bb493321f2362", {20, 0, {}}},  // vancomycin_colin2019
    {"3b52989ebb6ef132", {11, 0, {}}},  // vancomycin_goti2018
    {"cfba63fc1aec2903", {6, 0, {}}},  // vancomycin_roberts2011
    {"84a85021d8ce0bdd", {8, 0, {}}},  // vancomycin_thomson2009
    {"a0340a729d8586a9", {20, 0, {}}},  // vedolizumab_rosario2015
    {"9fe7502ef0b4e29f", {34, 0, {}}},  // voriconazole_friberg2012
    {"b5e3af360c178f34", {18, 0, {0, 2.044, 2.266}}},  // warfarin_inr_hamberg2007
    // end
  };
  return results;
}
// clang-format on

}  // namespace

std::optional<CheckResults> recorded_results(const std::string& hash) {
  const auto found = table().find(hash);
  if (found == table().end()) return std::nullopt;
  return found->second;
}

}  // namespace titrate
