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
    {"42654c5232628ada", {14, 0, {}}},  // adalimumab_nader2017
    {"8dee97aceecfa436", {7, 0, {}}},  // amikacin_delattre2010
    {"fa1ae5d8170630a9", {9, 0, {}}},  // axicel_phenotype_qsp_muellerschoell2021
    {"8f1e48b809990012", {16, 0, {}}},  // bone_mineral
    {"45b86875acb0e032", {20, 0, {10.56}}},  // busulfan_mccune2014
    {"358163308ecac878", {7, 0, {}}},  // busulfan_paci2012
    {"5d1f850b60ec116e", {8, 0, {}}},  // carboplatin_ekhart2008
    {"213d82acd78b4251", {7, 0, {}}},  // cart_crs_cll_hardiansyah2019
    {"42bddc2c2c2cc046", {16, 0, {}}},  // cart_sle_qsp_park2025
    {"9a3f84b78f6e7cbd", {7, 0, {}}},  // cefepime_jonckheere2020
    {"f6f7cbadd25ae7e7", {10, 0, {}}},  // ciclosporin_umpierrez2021
    {"514be2c75785be96", {16, 0, {}}},  // ciprofloxacin_ecoli_khan2015
    {"694344d48babf5c0", {9, 0, {}}},  // ckd_anaemia_epo_roy2023
    {"bd6fa2f754e2082a", {11, 0, {}}},  // coagulation_network
    {"e59ae07895dfceb7", {15, 0, {}}},  // colistin_meropenem_paeruginosa_mohamed2016
    {"693cb1f6aec99e5c", {12, 0, {}}},  // crispr_ttr_kpd_derived
    {"7187cd5445fd6a42", {12, 0, {6.226}}},  // crispr_ttr_ntla2001_desai2024
    {"85794c5e4da4936e", {11, 0, {}}},  // ddi_rifampicin_midazolam_pbpk_asaumi2018
    {"5294f343d7891889", {13, 0, {}}},  // digoxin_jelliffe2014
    {"ac653acb457f4583", {5, 0, {0.7833}}},  // docetaxel_neutropenia_kloft2006
    {"8c1827caff144145", {9, 0, {0.4667, 0.5967}}},  // docetaxel_neutropenia_ozawa2007
    {"e8a1f639673a641a", {12, 0, {}}},  // everolimus_dewit2016
    {"69bd0b76ac0bb8b1", {4, 0, {}}},  // fn_il6_crp_netterberg2018
    {"5f82d5de0bf10c63", {10, 0, {}}},  // gentamicin_germovsek2016
    {"13b2d19e05c2269b", {6, 0, {}}},  // givosiran_risc_ayyar2024
    {"bbfe64c3e1644f27", {5, 0, {441.7}}},  // heparin_alsallami2016
    {"7f14c70f7ae60242", {10, 0, {}}},  // her2_breast_combo_qsp_zhou2024
    {"cb6a729c91910f74", {8, 0, {}}},  // il6_cyp_suppression_willemin2024
    {"a6ec71405eb07eff", {6, 0, {}}},  // imatinib_gotta2012
    {"211e853864065cca", {7, 0, {}}},  // infliximab_fasanmade2009
    {"b10df21dd66a6b97", {5, 0, {}}},  // infliximab_ra_tnf_marcantonio2022
    {"34b6a6405112d77b", {15, 0, {}}},  // infliximab_uc_berends2019
    {"38e847cca1b44ba8", {7, 0, {}}},  // levetiracetam_bilbaomeseguer2021
    {"6622754821301c81", {10, 0, {}}},  // linezolid_taubert2016
    {"1e75aebe987c4582", {6, 0, {}}},  // lithium_jin2022
    {"6114d289167f566c", {7, 0, {}}},  // meropenem_li2006
    {"c8fd2419f4015fdd", {13, 0, {}}},  // methotrexate_taylor2020
    {"fcbbe3d7debaa61c", {8, 0, {}}},  // methotrexate_taylor2026
    {"8e5897ca4bdc61f6", {16, 0, {}}},  // mycophenolate_wang2022
    {"a065101036720667", {6, 0, {}}},  // nedosiran_sirna_oxalate_zhang2024
    {"f38743aa6af5fc98", {5, 0, {}}},  // paclitaxel_myelosuppression_friberg2002
    {"43673293113ff963", {7, 0, {}}},  // phenytoin_yukawa1990
    {"d90dcc5034d5d10b", {6, 0, {}}},  // piperacillin_klastrup2020
    {"9f144b42a8c8ce2e", {11, 0, {}}},  // propofol_remifentanil_eleveld
    {"221219d12af4ca68", {15, 0, {}}},  // rifampicin_autoinduction_svensson2018
    {"71c65366d8c94e51", {7, 0, {0.2233, 0.29}}},  // sarilumab_ra_das28crp_ma2020
    {"db8f162268078645", {16, 0, {}}},  // sunitinib_gist_hansson2013
    {"2fd35ea2c809f133", {9, 0, {}}},  // t1d_glucose_insulin_uvapadova
    {"121022ad792d788e", {10, 0, {}}},  // tacrolimus_andrews2019
    {"fb0f9150d0dbafaa", {8, 0, {}}},  // tacrolimus_monchaud2012
    {"0a9da89cb8633156", {12, 0, {}}},  // tacrolimus_woillard2011
    {"31d481786f2e3cc8", {6, 0, {}}},  // theophylline_yano1993
    {"19279cc3a7377dd6", {12, 0, {877.4}}},  // thyroid_axis_pthyrosim
    {"fd09753b2bd2f675", {5, 0, {}}},  // tisagenlecleucel_kinetics_stein2019
    {"7f3efe03549a5e15", {22, 0, {}}},  // tobramycin_hennig2013
    {"e62a93d63fa40634", {10, 0, {0.24, 0.08333}}},  // tocilizumab_ra_das28_levi2013
    {"e498bb75e7b19b9a", {6, 0, {}}},  // vancomycin_adane2015
    {"4269c6b68fd72e5c", {20, 0, {}}},  // vancomycin_colin2019
    {"da59e6f4027e2d40", {11, 0, {}}},  // vancomycin_goti2018
    {"1ce1d71451948749", {6, 0, {}}},  // vancomycin_roberts2011
    {"4f083599f6cf780f", {8, 0, {}}},  // vancomycin_thomson2009
    {"eb5a0fe114530df2", {20, 0, {}}},  // vedolizumab_rosario2015
    {"6fbcc4af61279ba1", {34, 0, {}}},  // voriconazole_friberg2012
    {"4e7c8cb38ede367a", {18, 0, {0, 2.044, 2.266}}},  // warfarin_inr_hamberg2007
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
