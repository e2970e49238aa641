// Allele functions, activity values and their translation into phenotypes, gene by gene.
//
// Alleles whose function CPIC calls uncertain or unknown stand here only where a pair with one of them has a phenotype of its
// own; any other allele that is not listed is not covered. Values of CYP2D6*9 and *41 are 0.25 in these tables (0.5 in older
// ones).

#include <cmath>
#include <limits>

#include "patient/genotype.hpp"

namespace titrate {

namespace {

constexpr auto increased = AlleleFunction::increased;
constexpr auto normal = AlleleFunction::normal;
constexpr auto decreased = AlleleFunction::decreased;
constexpr auto none = AlleleFunction::none;
constexpr auto uncertain = AlleleFunction::uncertain;
constexpr double more = std::numeric_limits<double>::infinity();

constexpr const char* cpic = "CPIC allele functions and diplotypes";
constexpr const char* tables_2025 = "tables of 2025-11-05";

// TPMT and NUDT15 are translated alike.
std::vector<FunctionPair> thiopurine_pairs() {
  return {
      {normal, normal, "normal metaboliser"},
      {normal, none, "intermediate metaboliser"},
      {uncertain, none, "possible intermediate metaboliser"},
      {none, none, "poor metaboliser"},
  };
}

constexpr const char* thiopurine_source = "Relling MV et al. Clin Pharmacol Ther 2019;105:1095-1105, CPIC allele table";

}  // namespace

const std::vector<Gene>& genes() {
  static const std::vector<Gene> all{
      {
          .name = "CYP2D6",
          .rules = "CPIC/DPWG consensus 2019, values of CPIC",
          .version = "tables of 2024-03-25",
          .source =
              "Caudle KE et al. Clin Transl Sci 2020;13:116-124 (PMC6951851): poor 0, intermediate below 1.25, normal to 2.25",
          .alleles =
              {
                  {normal, 1.0, "*1 *2 *27 *33 *34 *35 *39 *45 *46 *48 *53"},
                  {decreased, 0.5, "*14 *17 *29 *49 *50 *54 *55 *59"},
                  {decreased, 0.25, "*9 *10 *32 *41 *52 *91 *109 *119 *132"},
                  {none, 0.0,
                   "*3 *4 *5 *6 *7 *8 *11 *12 *13 *15 *18 *19 *20 *21 *31 *36 *38 *40 *42 *44 *47 *51 *56 *60 *62 *68 *69 *81 "
                   "*92 *96 *99 "
                   "*100 *101 *114 *120 *124 *129 *143 *144 *156 *161"},
              },
          .by_score = {{0.0, "poor metaboliser"},
                       {std::nextafter(1.25, 0.0), "intermediate metaboliser"},  // below 1.25
                       {2.25, "normal metaboliser"},
                       {more, "ultrarapid metaboliser"}},
          .copies = true,
      },
      {
          .name = "CYP2C9",
          .rules = cpic,
          .version = tables_2025,
          .source = "Karnes JH et al. Clin Pharmacol Ther 2021;109:302-309 (score), CPIC allele table",
          .alleles =
              {
                  {normal, 1.0, "*1 *9"},
                  {decreased, 0.5, "*2 *4 *5 *8 *11 *12 *14 *16 *23 *26 *28 *29 *30 *31 *37 *38 *44 *46 *50 *55 *61"},
                  {none, 0.0, "*3 *6 *13 *15 *24 *25 *33 *35 *39 *42 *43 *45 *52"},
              },
          .by_score = {{0.5, "poor metaboliser"}, {1.5, "intermediate metaboliser"}, {2.0, "normal metaboliser"}},
      },
      {
          .name = "CYP2C19",
          .rules = cpic,
          .version = tables_2025,
          .source = "Lee CR et al. Clin Pharmacol Ther 2022;112:959-967, CPIC allele table",
          .alleles =
              {
                  {increased, 0.0, "*17"},
                  {normal, 0.0, "*1 *11 *13 *15 *18 *28 *38"},
                  {decreased, 0.0, "*9 *10 *16 *19 *25 *26"},
                  {none, 0.0, "*2 *3 *4 *5 *6 *7 *8 *22 *24 *35 *36 *37"},
              },
          .by_function =
              {
                  {increased, increased, "ultrarapid metaboliser"},
                  {increased, normal, "rapid metaboliser"},
                  {normal, normal, "normal metaboliser"},
                  {normal, decreased, "likely intermediate metaboliser"},
                  {increased, decreased, "likely intermediate metaboliser"},
                  {decreased, decreased, "likely intermediate metaboliser"},
                  {normal, none, "intermediate metaboliser"},
                  {increased, none, "intermediate metaboliser"},
                  {decreased, none, "likely poor metaboliser"},
                  {none, none, "poor metaboliser"},
              },
      },
      // No rule set of CPIC: the two alleles that models were estimated with, paired as the Dutch group does.
      {
          .name = "CYP3A4",
          .rules = "DPWG phenotypes of *1 and *22",
          .version = "2017",
          .source = "Clin Pharmacol Ther 2017;102:688-700 (PMC5600063), table 5: *22, rs35599367, decreased",
          .alleles = {{normal, 0.0, "*1"}, {decreased, 0.0, "*22"}},
          .by_function = {{normal, normal, "normal metaboliser"},
                          {normal, decreased, "intermediate metaboliser"},
                          {decreased, decreased, "poor metaboliser"}},
      },
      {
          .name = "CYP3A5",
          .rules = cpic,
          .version = tables_2025,
          .source = "Birdwell KA et al. Clin Pharmacol Ther 2015;98:19-24 (*1 expresses the enzyme), CPIC allele table",
          .alleles = {{normal, 0.0, "*1"}, {none, 0.0, "*3 *6 *7"}, {uncertain, 0.0, "*8 *9"}},
          .by_function =
              {
                  {normal, normal, "normal metaboliser"},
                  {normal, none, "intermediate metaboliser"},
                  {normal, uncertain, "possible intermediate metaboliser"},
                  {none, none, "poor metaboliser"},
              },
      },
      // One base decides: -1639G>A, rs9923231. Laboratories that read the other strand report C and T for G and A. "Decreased" is
      // the expression of the enzyme that warfarin blocks: A needs less of the drug.
      {
          .name = "VKORC1",
          .rules = cpic,
          .version = tables_2025,
          .source = "Johnson JA et al. Clin Pharmacol Ther 2017;102:397-404 (rs9923231, -1639G>A)",
          .alleles = {{normal, 0.0, "G"}, {decreased, 0.0, "A"}},
          .by_function = {{normal, normal, "usual sensitivity to coumarins (-1639 GG)"},
                          {normal, decreased, "higher sensitivity to coumarins (-1639 GA)"},
                          {decreased, decreased, "highest sensitivity to coumarins (-1639 AA)"}},
      },
      {
          .name = "TPMT",
          .rules = cpic,
          .version = tables_2025,
          .source = thiopurine_source,
          .alleles = {{normal, 0.0, "*1"},
                      {none, 0.0, "*2 *3A *3B *3C *4 *11 *14 *15 *23 *29 *41"},
                      {uncertain, 0.0,
                       "*5 *6 *7 *8 *9 *10 *12 *13 *16 *17 *18 *19 *20 *21 *22 *24 *25 *26 *27 *28 *30 *31 *32 *33 *34 *35 "
                       "*36 *37 *38 *39 *40"}},
          .by_function = thiopurine_pairs(),
      },
      {
          .name = "NUDT15",
          .rules = cpic,
          .version = tables_2025,
          .source = thiopurine_source,
          .alleles = {{normal, 0.0, "*1"}, {none, 0.0, "*2 *3 *9"}, {uncertain, 0.0, "*4 *5 *6 *7 *8"}},
          .by_function = thiopurine_pairs(),
      },
      {
          .name = "DPYD",
          .rules = cpic,
          .version = tables_2025,
          .source = "Amstutz U et al. Clin Pharmacol Ther 2018;103:210-216 (score, sum of the worst variant of each chromosome), "
                    "CPIC table",
          .alleles =
              {
                  {normal, 1.0,
                   "Reference c.46C>G c.62G>A c.85T>C c.313G>A c.343A>G c.451A>G c.496A>G c.498G>A c.525G>A c.775A>G c.929T>C "
                   "c.934C>T "
                   "c.967G>A c.1003G>T c.1108A>G c.1180C>T c.1181G>T c.1218G>A c.1260T>A c.1278G>T c.1294G>A c.1349C>T c.1358C>G "
                   "c.1371C>T "
                   "c.1403C>A c.1519G>A c.1543G>A c.1577C>G c.1601G>A c.1615G>A c.1627A>G c.1682G>T c.1796T>C c.1896T>C "
                   "c.1905C>G c.1906A>C "
                   "c.1990G>T c.2161G>A c.2186C>T c.2194G>A c.2195T>G c.2303C>A c.2336C>A c.2482G>A c.2582A>G c.2623A>C "
                   "c.2656C>T c.2657G>A "
                   "c.2915A>G c.2921A>T c.2977C>T c.2978T>G c.3049G>A c.3061G>C c.3067C>A"},
                  {decreased, 0.5, "c.557A>G c.868A>G c.1129-5923C>G c.1314T>G c.2279C>T c.2846A>T"},
                  {none, 0.0,
                   "c.61C>T c.295_298delTCAT c.601A>C c.632A>G c.703C>T c.1024G>A c.1057C>T c.1156G>T c.1475C>T c.1484A>G "
                   "c.1679T>G "
                   "c.1774C>T c.1775G>A c.1777G>A c.1898delC c.1905+1G>A c.2021G>A c.2639G>T c.2872A>G c.2933A>G c.2983G>T"},
              },
          .by_score = {{0.5, "poor metaboliser"}, {1.5, "intermediate metaboliser"}, {2.0, "normal metaboliser"}},
          .variants = true,
          .also = {{"*1", "Reference"},
                   {"*2A", "c.1905+1G>A"},
                   {"*3", "c.1898delC"},
                   {"*4", "c.1601G>A"},
                   {"*5", "c.1627A>G"},
                   {"*6", "c.2194G>A"},
                   {"*7", "c.295_298delTCAT"},
                   {"*8", "c.703C>T"},
                   {"*9A", "c.85T>C"},
                   {"*9B", "c.2657G>A"},
                   {"*10", "c.2983G>T"},
                   {"*11", "c.1003G>T"},
                   {"*12", "c.1156G>T"},
                   {"*13", "c.1679T>G"},
                   {"HapB3", "c.1129-5923C>G"},
                   {"c.1129-5923C>G,c.1236G>A", "c.1129-5923C>G"}},
      },
      {
          .name = "UGT1A1",
          .rules = cpic,
          .version = tables_2025,
          .source = "Gammal RS et al. Clin Pharmacol Ther 2016;99:363-369, CPIC allele table",
          .alleles = {{increased, 0.0, "*36"}, {normal, 0.0, "*1"}, {decreased, 0.0, "*6 *27 *28 *37 *80+*28 *80+*37"}},
          .by_function =
              {
                  {increased, increased, "normal metaboliser"},
                  {increased, normal, "normal metaboliser"},
                  {normal, normal, "normal metaboliser"},
                  {increased, decreased, "intermediate metaboliser"},
                  {normal, decreased, "intermediate metaboliser"},
                  {decreased, decreased, "poor metaboliser"},
              },
      },
  };
  return all;
}

const Gene* gene_of(const std::string& name) {
  for (const Gene& gene : genes())
    if (gene.name == name) return &gene;
  return nullptr;
}

// Strong: the area under the curve of a sensitive substrate rises fivefold or more; moderate: two- to fivefold.
const std::vector<Inhibitor>& cyp2d6_inhibitors() {
  static const std::vector<Inhibitor> all{{"bupropion", true},   {"fluoxetine", true},  {"paroxetine", true},
                                          {"quinidine", true},   {"terbinafine", true}, {"abiraterone", false},
                                          {"cinacalcet", false}, {"duloxetine", false}, {"lorcaserin", false},
                                          {"mirabegron", false}, {"rolapitant", false}};
  return all;
}

const char* inhibitor_source() {
  return "FDA, examples of drugs that interact with CYP enzymes, content of 29 May 2026, as a public specification quotes it; "
         "other "
         "lists call terbinafine moderate and abiraterone weak";
}
const char* phenoconversion_source() {
  return "CPIC guideline for CYP2D6 and opioids, 2021, as a public specification quotes it: the activity score is 0 with a "
         "strong "
         "inhibitor and times 0.5 with a moderate one. CPIC's guideline of 2023 on antidepressants finds no consensus on such a "
         "rule";
}

}  // namespace titrate
