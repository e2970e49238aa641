// What the checks of each shipped model file gave, by the hash of the file: written by `npm run grades`, not by hand. A file that
// changes has another hash, and no results until the command has run again; a test repeats all of it.

#include <initializer_list>

#include "checks/grading.hpp"

namespace titrate {

namespace {

struct Found {
  std::size_t numbers, wrong;  // in the worked cases
  std::initializer_list<double> population;
};
struct Checked {
  const char* hash;
  Found found;
};
// clang-format off
constexpr Checked checked[]{
    // begin
    {"9c0e0ac0097b8e3b", {14, 0, {8.18, 8.011}}},  // adalimumab_nader2017
    {"162576b299d73107", {7, 0, {0.57, 0.232}}},  // amikacin_delattre2010
    {"6ae79a764b979526", {9, 0, {}}},  // axicel_phenotype_qsp_muellerschoell2021
    {"4c7d1e38bc67a987", {16, 0, {48.43, 108.3, 110.8}}},  // bone_mineral
    {"21048df424f9b68a", {20, 0, {10.56}}},  // busulfan_mccune2014
    {"01e2ca8062f8ce42", {7, 0, {4.496, 5.509, 4.934}}},  // busulfan_paci2012
    {"8d7d0b2d7a3ff46d", {8, 0, {68.11, 340.4}}},  // carboplatin_ekhart2008
    {"7b50da835f790923", {7, 0, {}}},  // cart_crs_cll_hardiansyah2019
    {"06fab94d7d0e7035", {16, 0, {5.738}}},  // cart_sle_qsp_park2025
    {"f9ebabdb733c8492", {7, 0, {35.15, 14.72}}},  // cefepime_jonckheere2020
    {"3b1b8b721809d25d", {10, 0, {5086, 129.5}}},  // ciclosporin_umpierrez2021
    {"168b34cbe0c48c6f", {16, 0, {1.329}}},  // ciprofloxacin_ecoli_khan2015
    {"3263f7a392a7407e", {9, 0, {10.34}}},  // ckd_anaemia_epo_roy2023
    {"9856dc22408d2817", {16, 0, {27.06, 41.21, 80.63}}},  // coagulation_network
    {"1e67441628b3d462", {15, 0, {44.8}}},  // colistin_meropenem_paeruginosa_mohamed2016
    {"f370af67da25f466", {12, 0, {6.113, 5.187}}},  // crispr_ttr_kpd_derived
    {"14b74924fe52467d", {12, 0, {6.226}}},  // crispr_ttr_ntla2001_desai2024
    {"4e81c77e9da1ad66", {12, 0, {184.2, 15.44}}},  // ddi_rifampicin_midazolam_pbpk_asaumi2018
    {"2fe518602b4c7d52", {13, 0, {0.9741}}},  // digoxin_jelliffe2014
    {"c38e08155274b0d5", {5, 0, {0.7833, 0.6, 0.8233}}},  // docetaxel_neutropenia_kloft2006
    {"93a3db5f4fb6c4f1", {9, 0, {0.4667, 0.5967}}},  // docetaxel_neutropenia_ozawa2007
    {"a959452fc7a3e183", {12, 0, {8.655}}},  // everolimus_dewit2016
    {"f9b0f9347aaef1d2", {4, 0, {}}},  // fn_il6_crp_netterberg2018
    {"df39b9a0d26efccd", {10, 0, {9.031, 0.294}}},  // gentamicin_germovsek2016
    {"f2215478caba6b3c", {6, 0, {160.7, 2710, 18.46}}},  // givosiran_risc_ayyar2024
    {"6d5ae494418d2591", {5, 0, {441.7}}},  // heparin_alsallami2016
    {"b69b11db84c8ffed", {10, 0, {}}},  // her2_breast_combo_qsp_zhou2024
    {"7ccc48144f61b6e3", {8, 0, {}}},  // il6_cyp_suppression_willemin2024
    {"ebdea1c8848e94d3", {6, 0, {581.3, 920.2}}},  // imatinib_gotta2012
    {"4dcc477f756f8a38", {7, 0, {18.63, 1.957}}},  // infliximab_fasanmade2009
    {"44830c8de42f8933", {5, 0, {281.1}}},  // infliximab_ra_tnf_marcantonio2022
    {"b2fdc7df5248a98a", {15, 0, {109.4}}},  // infliximab_uc_berends2019
    {"2456081b8cb9057d", {7, 0, {5.505, 25.73}}},  // levetiracetam_bilbaomeseguer2021
    {"8b6b6d47df9d6882", {10, 0, {2.149, 73}}},  // linezolid_taubert2016
    {"cef0acaf64f6ba8c", {6, 0, {0.7945, 0.8796}}},  // lithium_jin2022
    {"3e6b02f9d5c37f74", {7, 0, {44.95, 0.374, 0.056}}},  // meropenem_li2006
    {"6e0bae48643334db", {13, 0, {72.56, 43.54}}},  // methotrexate_taylor2020
    {"234e9475272de7fe", {8, 0, {2.179, 0.3735}}},  // methotrexate_taylor2026
    {"c2ed0e7757bcdd3c", {16, 0, {0.386, 38.65, 49.03}}},  // mycophenolate_wang2022
    {"2796ad8ad8941abc", {6, 0, {}}},  // nedosiran_sirna_oxalate_zhang2024
    {"2a81d3f4c4306dde", {5, 0, {0.27, 0.305}}},  // paclitaxel_myelosuppression_friberg2002
    {"eb97607e6472f7f3", {7, 0, {13.04}}},  // phenytoin_yukawa1990
    {"4d802dc2e8696a3a", {6, 0, {37.68, 50.25}}},  // piperacillin_klastrup2020
    {"973adf512672c453", {11, 0, {44.28, 2.928}}},  // propofol_remifentanil_eleveld
    {"78d7d44ae9ba6d13", {15, 0, {74.79, 45.27}}},  // rifampicin_autoinduction_svensson2018
    {"a1ca6ccf20b984d7", {7, 0, {0.2233, 0.29}}},  // sarilumab_ra_das28crp_ma2020
    {"1f3c07b4835c5505", {20, 0, {0.08}}},  // sunitinib_gist_hansson2013
    {"2a21d68e7cd9d993", {9, 0, {398.9}}},  // t1d_glucose_insulin_uvapadova
    {"277d8ffc9d55ca0a", {10, 0, {15.05}}},  // tacrolimus_andrews2019
    {"02e2301ea72b3234", {8, 0, {11.67, 9.227}}},  // tacrolimus_monchaud2012
    {"ac3f3c7d519a9efb", {12, 0, {5.952, 6.746}}},  // tacrolimus_woillard2011
    {"59db1cfddf3d2204", {6, 0, {10.08, 15.05, 3.427}}},  // theophylline_yano1993
    {"19315f24c2a9b4c8", {12, 0, {877.4}}},  // thyroid_axis_pthyrosim
    {"00c97c70df16ced0", {7, 0, {24060, 150700}}},  // tisagenlecleucel_kinetics_stein2019
    {"0b1afb34f209b62a", {22, 0, {47.32, 5.392}}},  // tobramycin_hennig2013
    {"29b62ed00525a81c", {10, 0, {0.24, 0.08333}}},  // tocilizumab_ra_das28_levi2013
    {"267d2d3fc91aa064", {6, 0, {608.6}}},  // vancomycin_adane2015
    {"8c2bee139560c1a9", {20, 0, {0.406, 0.025, 9.444}}},  // vancomycin_colin2019
    {"1c2db16ba9f24b49", {11, 0, {0.313, 0.036}}},  // vancomycin_goti2018
    {"703fd6830301f3c7", {6, 0, {19.6, 19.42}}},  // vancomycin_roberts2011
    {"601851165deaef8e", {8, 0, {0.43, 0.007}}},  // vancomycin_thomson2009
    {"a0d0189642928485", {20, 0, {28.31, 29.32}}},  // vedolizumab_rosario2015
    {"3f6e5dc84341e3d5", {34, 0, {8.343, 24.98}}},  // voriconazole_friberg2012
    {"ef958be3f0551f9e", {18, 0, {0, 2.044, 2.266}}},  // warfarin_inr_hamberg2007
    // end
};
// clang-format on

}  // namespace

std::optional<CheckResults> recorded_results(const std::string& hash) {
  for (const auto& [known, found] : checked)
    if (known == hash) return CheckResults{found.numbers, found.wrong, found.population};
  return std::nullopt;
}

}  // namespace titrate
