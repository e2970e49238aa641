// Pharmacogenes: from the diplotype of a laboratory report to allele functions, an activity score and a phenotype.
//
//   "*1/*4"      *1 normal (1) + *4 no function (0)          activity score 1        intermediate metaboliser
//   "*1x2/*41"   two copies of *1 (2) + *41 (0.25)           activity score 2.25     normal metaboliser
//   "*1/*22"      *22 has no assigned function              no score                not covered, never taken for *1
//
// The activity score of CYP2D6, CYP2C9 and DPYD is the sum over both chromosomes; on one chromosome the copies of a star allele
// add up, while several variants of DPYD count as the worst of them. CYP2C19, CYP3A4, CYP3A5, TPMT, NUDT15 and UGT1A1 go by pairs
// of functions, VKORC1 by the base at -1639. Functions and translations are CPIC's, of CYP3A4 the Dutch group's
// (genotype_tables.cpp, with versions).
//
// An inhibitor of CYP2D6 multiplies the score (phenoconversion): by 0 when strong, by 0.5 when moderate.

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace titrate {

enum class AlleleFunction { increased, normal, decreased, none, uncertain };
[[nodiscard]] std::string word(AlleleFunction function);

// --- the rules, as data ----------------------------------------------------------------------------------------------------

struct AlleleGroup {  // alleles of one function, separated by blanks
  AlleleFunction function;
  double value;  // activity value; meaningful in genes that have a score
  const char* alleles;
};
struct ScoreStep {  // the phenotype of scores up to this one
  double up_to;
  const char* phenotype;
};
struct FunctionPair {  // in any order
  AlleleFunction a, b;
  const char* phenotype;
};
struct Gene {
  std::string name;
  std::string rules;    // name of the rule set
  std::string version;  // of its tables
  std::string source;
  std::vector<AlleleGroup> alleles;
  std::vector<ScoreStep> by_score = {};        // empty: no activity score
  std::vector<FunctionPair> by_function = {};  // a pair that is not listed is indeterminate
  bool copies = false;                         // copy numbers and tandems are counted
  bool variants = false;  // alleles are variants such as c.2846A>T; several of them may lie on one chromosome
  std::vector<std::pair<const char*, const char*>> also = {};  // other name -> allele
};
[[nodiscard]] const std::vector<Gene>& genes();
[[nodiscard]] const Gene* gene_of(const std::string& name);  // null: not known

struct Inhibitor {
  const char* drug;
  bool strong;  // else moderate
};
[[nodiscard]] const std::vector<Inhibitor>& cyp2d6_inhibitors();
[[nodiscard]] const char* inhibitor_source();
[[nodiscard]] const char* phenoconversion_source();

// --- one patient -----------------------------------------------------------------------------------------------------------

struct Haplotype {   // what lies on one chromosome
  std::string text;  // "*4", "*36+*10", "*2x2"
  std::vector<std::string> alleles;
  std::optional<AlleleFunction> function;  // nothing: not covered
  std::optional<double> value;             // activity
  bool at_least = false;                   // "xN": so many copies, or more
};

struct Phenoconversion {
  std::vector<std::string> inhibitors;
  double factor = 1.0;
  double score = 0.0;
  std::string phenotype;
};

struct Genotype {
  const Gene* gene = nullptr;
  std::string written;                   // as typed
  std::string diplotype;                 // in one spelling and order: "*1/*4"
  std::vector<Haplotype> haplotypes;     // two
  std::vector<std::string> not_covered;  // alleles to which the rules assign no function
  std::optional<double> score;
  bool at_least = false;
  std::string phenotype;             // "indeterminate", "not covered" where the rules give none
  std::vector<std::string> remarks;  // what was read otherwise than it was written
  std::optional<Phenoconversion> converted;
  std::string path;
};

// Refused, with a hint: one allele alone, several possible diplotypes, a duplication of which nobody says which allele it has.
[[nodiscard]] Result<Genotype> read_genotype(const Gene& gene, const std::string& text, const std::string& path);

// What is left of the activity with these inhibitors, each a drug of the table, or "strong" or "moderate"; CYP2D6 only.
[[nodiscard]] std::optional<Phenoconversion> phenoconverted(const Genotype& genotype, const std::vector<std::string>& inhibitors);

}  // namespace titrate
