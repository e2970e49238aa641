// Diplotypes as laboratories write them. Expected scores and phenotypes are those of CPIC's diplotype tables.

#include "patient/genotype.hpp"

#include <doctest/doctest.h>

#include <set>
#include <sstream>

using namespace titrate;

namespace {

Genotype read(const char* gene, const char* text) {
  const auto genotype = read_genotype(*gene_of(gene), text, "/g");
  for (const Diagnostic& d : genotype.diagnostics()) MESSAGE(d.message);
  REQUIRE(genotype);
  return *genotype;
}

std::string phenotype(const char* gene, const char* text) { return read(gene, text).phenotype; }

// The code of the refusal, empty when it was read.
std::string refused(const char* gene, const char* text) {
  const auto genotype = read_genotype(*gene_of(gene), text, "/g");
  if (genotype) return "";
  CHECK(!genotype.diagnostics().front().hint.empty());
  return genotype.diagnostics().front().code;
}

}  // namespace

TEST_CASE("the activity score of CYP2D6 follows the consensus of 2019: 0, below 1.25, to 2.25, above") {
  struct Row {
    const char* diplotype;
    double score;
    const char* phenotype;
  };
  for (const Row row : {Row{"*4/*5", 0.0, "poor metaboliser"}, Row{"*4/*10", 0.25, "intermediate metaboliser"},
                        Row{"*1/*4", 1.0, "intermediate metaboliser"}, Row{"*1/*10", 1.25, "normal metaboliser"},
                        Row{"*1/*1", 2.0, "normal metaboliser"}, Row{"*1x2/*41", 2.25, "normal metaboliser"},
                        Row{"*1/*2x2", 3.0, "ultrarapid metaboliser"}, Row{"*41x3/*4", 0.75, "intermediate metaboliser"},
                        Row{"*17/*29", 1.0, "intermediate metaboliser"}}) {
    INFO(row.diplotype);
    const Genotype genotype = read("CYP2D6", row.diplotype);
    CHECK(genotype.score == row.score);
    CHECK(genotype.phenotype == row.phenotype);
  }
}

TEST_CASE("tandems add up on their chromosome, and a number of copies that is not known is no number") {
  CHECK(read("CYP2D6", "*36+*10/*1").diplotype == "*1/*36+*10");
  CHECK(read("CYP2D6", "*1/*36+*10").score == 1.25);
  CHECK(read("CYP2D6", "*68+*4/*2").score == 1.0);
  CHECK(phenotype("CYP2D6", "*1/*2xN") == "ultrarapid metaboliser");
  CHECK(phenotype("CYP2D6", "*1/*4xN") == "intermediate metaboliser");  // no copy of *4 works
  CHECK(phenotype("CYP2D6", "*1/*41xN") == "indeterminate");
  CHECK(read("CYP2D6",
             "*1/*1x\xE2\x89\xA5"
             "3")
            .score == 4.0);
  CHECK(read("CYP2D6",
             "*1/*1\xC3\x97"
             "2")
            .score == 3.0);
}

TEST_CASE("one spelling and one order come out, whatever went in") {
  CHECK(read("CYP2D6", "CYP2D6*10 / CYP2D6*4").diplotype == "*4/*10");
  CHECK(read("CYP2D6", "*4|*1").diplotype == "*1/*4");
  const Genotype silent = read("CYP2D6", "CYP2D6*7.001 / CYP2D6*1.001");
  CHECK(silent.diplotype == "*1/*7");
  CHECK(silent.remarks.size() == 2);
  CHECK(read("TPMT", "*3C/*3A").diplotype == "*3A/*3C");
}

TEST_CASE("an allele without an assigned function is not covered, and is never taken for *1") {
  for (const char* text : {"*1/*22", "*1/*999", "*4/*22"}) {
    const Genotype genotype = read("CYP2D6", text);
    CHECK(!genotype.score);
    CHECK(genotype.phenotype == "not covered");
    CHECK(genotype.not_covered.size() == 1);
  }
  CHECK(phenotype("CYP2C9", "*1/*7") == "not covered");
  CHECK(!read("CYP2D6", "*1/*36+*22").haplotypes[1].function);
  CHECK(phenotype("TPMT", "*1/*5") == "indeterminate");
}

TEST_CASE("CYP2C9: 2 is normal, 1 and 1.5 intermediate, 0 and 0.5 poor") {
  CHECK(phenotype("CYP2C9", "*1/*9") == "normal metaboliser");
  CHECK(phenotype("CYP2C9", "*1/*2") == "intermediate metaboliser");
  CHECK(phenotype("CYP2C9", "*1/*3") == "intermediate metaboliser");
  CHECK(phenotype("CYP2C9", "*2/*2") == "intermediate metaboliser");
  CHECK(phenotype("CYP2C9", "*2/*3") == "poor metaboliser");
  CHECK(phenotype("CYP2C9", "*3/*3") == "poor metaboliser");
  CHECK(phenotype("CYP2C9", "*8/*11") == "intermediate metaboliser");
}

TEST_CASE("genes without a score go by the pair of functions") {
  CHECK(phenotype("CYP2C19", "*17/*17") == "ultrarapid metaboliser");
  CHECK(phenotype("CYP2C19", "*1/*17") == "rapid metaboliser");
  CHECK(phenotype("CYP2C19", "*2/*17") == "intermediate metaboliser");
  CHECK(phenotype("CYP2C19", "*2/*9") == "likely poor metaboliser");
  CHECK(phenotype("CYP2C19", "*1/*9") == "likely intermediate metaboliser");
  CHECK(phenotype("CYP3A4", "*22/*1") == "intermediate metaboliser");
  CHECK(phenotype("CYP3A4", "*22/*22") == "poor metaboliser");
  CHECK(phenotype("CYP3A4", "*1/*20") == "not covered");
  CHECK(phenotype("CYP3A5", "*3/*3") == "poor metaboliser");
  CHECK(phenotype("CYP3A5", "*1/*8") == "possible intermediate metaboliser");
  CHECK(phenotype("TPMT", "*1/*3A") == "intermediate metaboliser");
  CHECK(phenotype("TPMT", "*2/*5") == "possible intermediate metaboliser");
  CHECK(phenotype("NUDT15", "*3/*3") == "poor metaboliser");
  CHECK(phenotype("UGT1A1", "*6/*28") == "poor metaboliser");
  CHECK(phenotype("UGT1A1", "*28/*36") == "intermediate metaboliser");
  CHECK(phenotype("UGT1A1", "*1/*80+*28") == "intermediate metaboliser");
  CHECK(phenotype("UGT1A1", "*1/*80") == "not covered");
}

TEST_CASE("DPYD counts the worst variant of each chromosome, by any of its names") {
  CHECK(read("DPYD", "Reference/Reference").score == 2.0);
  CHECK(read("DPYD", "Reference/c.1905+1G>A (*2A)").score == 1.0);
  CHECK(read("DPYD", "*1/*2A").diplotype == "Reference/c.1905+1G>A");
  CHECK(read("DPYD", "c.2846A>T/c.1129-5923C>G, c.1236G>A (HapB3)").score == 1.0);
  CHECK(read("DPYD", "[c.85T>C (*9A)]/Reference").phenotype == "normal metaboliser");
  CHECK(read("DPYD", "[c.498G>A + c.2846A>T]/Reference").score == 1.5);
  CHECK(phenotype("DPYD", "*13/c.557A>G") == "poor metaboliser");
}

TEST_CASE("VKORC1 is read from either strand, and the strands are not mixed") {
  CHECK(read("VKORC1", "rs9923231 A/G").diplotype == "G/A");
  CHECK(read("VKORC1", "-1639G>A G/A").diplotype == "G/A");
  CHECK(read("VKORC1", "AA").diplotype == "A/A");
  const Genotype other = read("VKORC1", "rs9923231 reference (C)/rs9923231 variant (T)");
  CHECK(other.diplotype == "G/A");
  CHECK(other.remarks.size() == 1);
  CHECK(refused("VKORC1", "G/T") == "genotype.unreadable");
  CHECK(refused("VKORC1", "-1639G>A") == "genotype.one_allele");
}

TEST_CASE("what cannot be read without a guess is refused with a hint") {
  CHECK(refused("TPMT", "*1/*3A; *3B/*3C") == "genotype.ambiguous");
  CHECK(refused("TPMT", "*1/*3A or *3B/*3C") == "genotype.ambiguous");
  CHECK(refused("CYP2D6", "*1/*4/*10") == "genotype.ambiguous");
  CHECK(refused("CYP2D6", "(*1/*4)x2") == "genotype.copies");
  CHECK(refused("CYP2D6", "*4") == "genotype.one_allele");
  CHECK(refused("CYP2D6", "*1/") == "genotype.one_allele");
  CHECK(refused("CYP2D6", "") == "genotype.one_allele");
  CHECK(refused("CYP2D6", "1/4") == "genotype.unreadable");
  CHECK(refused("CYP2D6", "*1/*4x") == "genotype.unreadable");
  CHECK(refused("CYP2D6", "*1/*2x0") == "genotype.unreadable");
  CHECK(refused("CYP2C9", "*1x2/*2") == "genotype.copies");
  CHECK(refused("CYP2C9", "CYP2C19*1/*2") == "genotype.other_gene");
}

TEST_CASE("a strong inhibitor of CYP2D6 leaves no activity, a moderate one half; nothing else is converted") {
  const Genotype normal = read("CYP2D6", "*1/*10");
  CHECK(phenoconverted(normal, {"paroxetine"})->phenotype == "poor metaboliser");
  const auto half = phenoconverted(normal, {"duloxetine"});
  CHECK(half->score == 0.625);
  CHECK(half->phenotype == "intermediate metaboliser");
  CHECK(phenoconverted(read("CYP2D6", "*1x2/*10"), {"moderate"})->phenotype == "intermediate metaboliser");  // 1.125, below 1.25
  CHECK(phenoconverted(normal, {"duloxetine", "strong"})->score == 0.0);
  CHECK(!phenoconverted(normal, {}));
  CHECK(!phenoconverted(read("CYP2D6", "*1/*22"), {"paroxetine"}));
  CHECK(!phenoconverted(read("CYP2C19", "*1/*1"), {"strong"}));
}

TEST_CASE("every gene states its rules, their version and their source, and no allele stands twice") {
  CHECK(genes().size() == 10);
  for (const Gene& gene : genes()) {
    INFO(gene.name);
    CHECK(!gene.rules.empty());
    CHECK(!gene.version.empty());
    CHECK(!gene.source.empty());
    CHECK(gene.by_score.empty() != gene.by_function.empty());
    std::set<std::string> seen;
    for (const AlleleGroup& group : gene.alleles) {
      std::istringstream names(group.alleles);
      for (std::string name; names >> name;) CHECK(seen.insert(name).second);
    }
  }
}
