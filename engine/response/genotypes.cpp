// Genotypes in an answer: what was read, by which rules, what follows from it, and whether this model uses it.

#include "base/text.hpp"
#include "decide/words.hpp"
#include "response/response.hpp"

namespace titrate {

namespace {

using json::Value;

// A choice as its word, a number in its unit.
Value covariate_value(const Model& model, const std::string& name, double value) {
  for (const Covariate& covariate : model.covariates) {
    if (covariate.name != name) continue;
    for (const auto& [word, number] : covariate.choices)
      if (number == value) return word;
    return value / covariate.unit.factor;
  }
  return value;
}

Value haplotypes_value(const Genotype& genotype) {
  return objects(genotype.haplotypes, [&](Value& object, const Haplotype& haplotype) {
    object.set("text", haplotype.text);
    if (haplotype.function) object.set("function", word(*haplotype.function));
    if (haplotype.value) object.set("activity", *haplotype.value);
  });
}

Value uses_value(const Model& model, const PatientGenotype& patient) {
  return objects(patient.uses, [&](Value& object, const GenotypeUse& use) {
    object.set("covariate", use.covariate);
    object.set("used", use.used);
    if (use.value) object.set("value", covariate_value(model, use.covariate, *use.value));
    if (use.offered) object.set("offered", covariate_value(model, use.covariate, *use.offered));
    if (!use.why.empty()) object.set("why", use.why);
  });
}

std::string conclusion_words(const Genotype& genotype) {
  std::string text = genotype.gene->name + " " + genotype.diplotype + ": " + genotype.phenotype;
  if (genotype.score) text += ", activity score " + std::string(genotype.at_least ? "at least " : "") + to_text(*genotype.score);
  if (!genotype.not_covered.empty()) text += " (no function is assigned to " + list_of(genotype.not_covered) + ")";
  return text + ".";
}

std::string conversion_words(const Genotype& genotype) {
  if (!genotype.converted) return {};
  const Phenoconversion& converted = *genotype.converted;
  return " With " + list_of(converted.inhibitors) + " the activity score is " + to_text(converted.score) + ": " +
         converted.phenotype + ".";
}

std::string use_words(const PatientGenotype& patient) {
  const std::string& gene = patient.genotype.gene->name;
  if (patient.uses.empty()) return " The model was not estimated with " + gene + ": this is advice, and no number changes.";
  std::string text;
  for (const GenotypeUse& use : patient.uses)
    text += use.used ? " The model takes " + use.covariate + " from it." : " " + use.covariate + " was stated and is used.";
  return text;
}

}  // namespace

json::Value genotypes_value(const Model& model, const std::vector<PatientGenotype>& genotypes) {
  return objects(genotypes, [&](Value& object, const PatientGenotype& patient) {
    const Genotype& genotype = patient.genotype;
    object.set("gene", genotype.gene->name);
    object.set("written", genotype.written);
    object.set("diplotype", genotype.diplotype);
    object.set("haplotypes", haplotypes_value(genotype));
    object.set("not_covered", Value(genotype.not_covered));
    if (genotype.score) object.set("score", *genotype.score);
    object.set("phenotype", genotype.phenotype);
    if (genotype.converted) {
      Value converted;
      converted.set("inhibitors", Value(genotype.converted->inhibitors));
      converted.set("factor", genotype.converted->factor);
      converted.set("score", genotype.converted->score);
      converted.set("phenotype", genotype.converted->phenotype);
      converted.set("source", std::string(phenoconversion_source()) + "; " + inhibitor_source());
      object.set("phenoconversion", std::move(converted));
    }
    object.set("rules", genotype.gene->rules + ", " + genotype.gene->version);
    object.set("source", genotype.gene->source);
    object.set("remarks", Value(genotype.remarks));
    object.set("uses", uses_value(model, patient));
    object.set("words", conclusion_words(genotype) + conversion_words(genotype) + use_words(patient));
  });
}

json::Value genotype_sources_value(const Model& model, const std::vector<FromGenotype>& sources) {
  return objects(sources, [&](Value& object, const FromGenotype& from) {
    object.set("covariate", from.covariate);
    object.set("gene", from.gene);
    object.set("by", from.by == FromGenotype::By::diplotype   ? "diplotype"
                     : from.by == FromGenotype::By::phenotype ? "phenotype"
                                                              : "activity score");
    object.set("values", objects(from.values, [&](Value& pair, const auto& of) {
                 pair.set("genotype", of.first).set("value", covariate_value(model, from.covariate, of.second));
               }));
    if (!from.alleles.empty()) object.set("alleles", Value(from.alleles));
    object.set("read", from.read);
  });
}

}  // namespace titrate
