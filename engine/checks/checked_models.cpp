// What the checks of each shipped model file gave, by the hash of the file: written by `npm run grades`, not by hand. A file that
// changes has another hash, and no results until the command has run again; a test repeats all of it.

#include <map>

#include "checks/grading.hpp"

namespace titrate {

namespace {

// hash, { numbers in the worked cases, wrong ones, what each population check found }
// clang-format off
const std::map<std::string, CheckResults>& table() {
  static const std::map<std::string, CheckResults> results{
    // begin
    {"8c0e7834ff3d46ac", {14, 0, {}}},  // adalimumab_nader2017
    {"7859481e9ddb35c0", {7, 0, {}}},  // amikacin_delattre2010
    {"42c2132ed9072721", {9, 0, {}}},  // axicel_phenotype_qsp_muellerschoell2021
    {"40f776b2893fa891", {16, 0, {48.43, 108.3, 110.8}}},  // bone_mineral
    {"08a4307880e64b6b", {20, 0, {10.56}}},  // busulfan_mccune2014
    {"f4737e5df1dd2929", {7, 0, {}}},  // busulfan_paci2012
    {"3e1018b095a9b20d", {8, 0, {}}},  // carboplatin_ekhart2008
    {"7b50da835f790923", {7, 0, {}}},  // cart_crs_cll_hardiansyah2019
    {"103e3621d4493b56", {16, 0, {}}},  // cart_sle_qsp_park2025
    {"7820c59b54992a87", {7, 0, {}}},  // cefepime_jonckheere2020
    {"49e43bffb76d7ad1", {10, 0, {}}},  // ciclosporin_umpierrez2021
    {"196612ccef8e7200", {16, 0, {}}},  // ciprofloxacin_ecoli_khan2015
    {"8a105d31a576d448", {9, 0, {}}},  // ckd_anaemia_epo_roy2023
    {"f3cbef7dd157dbbf", {16, 0, {}}},  // coagulation_network
    {"ebc0377234a0f99d", {15, 0, {}}},  // colistin_meropenem_paeruginosa_mohamed2016
    {"3b4206b3f88c6b36", {12, 0, {}}},  // crispr_ttr_kpd_derived
    {"91e14529e14a29b0", {12, 0, {6.226}}},  // crispr_ttr_ntla2001_desai2024
    {"755fa6bf1e596947", {12, 0, {184.2, 15.44}}},  // ddi_rifampicin_midazolam_pbpk_asaumi2018
    {"e1f5ac535b152f65", {13, 0, {}}},  // digoxin_jelliffe2014
    {"b7f7db5739e9ac86", {5, 0, {0.7833}}},  // docetaxel_neutropenia_kloft2006
    {"b0596278b26b4ca5", {9, 0, {0.4667, 0.5967}}},  // docetaxel_neutropenia_ozawa2007
    {"5b9a7ed2e73c1a9d", {12, 0, {}}},  // everolimus_dewit2016
    {"88b5687a5a0a3270", {4, 0, {}}},  // fn_il6_crp_netterberg2018
    {"7f4e7889e7403ed3", {10, 0, {}}},  // gentamicin_germovsek2016
    {"171be6578d350170", {6, 0, {}}},  // givosiran_risc_ayyar2024
    {"81355881677cc478", {5, 0, {441.7}}},  // heparin_alsallami2016
    {"3894ab764d869121", {10, 0, {}}},  // her2_breast_combo_qsp_zhou2024
    {"6f8f94fcdc7fc175", {8, 0, {}}},  // il6_cyp_suppression_willemin2024
    {"6447c13596e2d710", {6, 0, {}}},  // imatinib_gotta2012
    {"1fb7e5b9cae6d0d9", {7, 0, {}}},  // infliximab_fasanmade2009
    {"0fc45035e1a52e48", {5, 0, {}}},  // infliximab_ra_tnf_marcantonio2022
    {"61424d580c67854c", {15, 0, {}}},  // infliximab_uc_berends2019
    {"99d550eed98310ad", {7, 0, {}}},  // levetiracetam_bilbaomeseguer2021
    {"afa5b9bc8b9a7557", {10, 0, {}}},  // linezolid_taubert2016
    {"03ec0a67bffd8de2", {6, 0, {}}},  // lithium_jin2022
    {"21812a3a66e965aa", {7, 0, {}}},  // meropenem_li2006
    {"b53ea3d09d72cc54", {13, 0, {}}},  // methotrexate_taylor2020
    {"af51346e1d622a0b", {8, 0, {}}},  // methotrexate_taylor2026
    {"78d87f280ed73fb6", {16, 0, {}}},  // mycophenolate_wang2022
    {"f6fc01af6fda1463", {6, 0, {}}},  // nedosiran_sirna_oxalate_zhang2024
    {"dcde58170800cf68", {5, 0, {}}},  // paclitaxel_myelosuppression_friberg2002
    {"9c99a9ea173ae95f", {7, 0, {}}},  // phenytoin_yukawa1990
    {"31466939480f61e5", {6, 0, {}}},  // piperacillin_klastrup2020
    {"e579f148f06f082a", {11, 0, {}}},  // propofol_remifentanil_eleveld
    {"9664bbeacca09358", {15, 0, {}}},  // rifampicin_autoinduction_svensson2018
    {"0431d8c697ae1b95", {7, 0, {0.2233, 0.29}}},  // sarilumab_ra_das28crp_ma2020
    {"20e101d61e177142", {20, 0, {0.094}}},  // sunitinib_gist_hansson2013
    {"ec9d1f74db733289", {9, 0, {}}},  // t1d_glucose_insulin_uvapadova
    {"4bbe5751b195f8cc", {10, 0, {}}},  // tacrolimus_andrews2019
    {"698809a95264c5ba", {8, 0, {}}},  // tacrolimus_monchaud2012
    {"64693b39810d0756", {12, 0, {}}},  // tacrolimus_woillard2011
    {"2caefba4d33663c7", {6, 0, {}}},  // theophylline_yano1993
    {"afd5305862ef83e2", {12, 0, {877.4}}},  // thyroid_axis_pthyrosim
    {"62cbecc9f8f0d8c1", {5, 0, {}}},  // tisagenlecleucel_kinetics_stein2019
    {"ebff8bb74f3ca477", {22, 0, {}}},  // tobramycin_hennig2013
    {"b0f1dc16a0a40d7c", {10, 0, {0.24, 0.08333}}},  // tocilizumab_ra_das28_levi2013
    {"267d2d3fc91aa064", {6, 0, {608.6}}},  // vancomycin_adane2015
    {"1c4bb493321f2362", {20, 0, {}}},  // vancomycin_colin2019
    {"f8a384451d73a42e", {11, 0, {}}},  // vancomycin_goti2018
    {"b35a4cb6cccf068f", {6, 0, {}}},  // vancomycin_roberts2011
    {"84a85021d8ce0bdd", {8, 0, {}}},  // vancomycin_thomson2009
    {"efb90f863d42b9b0", {20, 0, {28.31, 29.32}}},  // vedolizumab_rosario2015
    {"024970b5ca1e4911", {34, 0, {}}},  // voriconazole_friberg2012
    {"7aff330afbac6d67", {18, 0, {0, 2.044, 2.266}}},  // warfarin_inr_hamberg2007
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
