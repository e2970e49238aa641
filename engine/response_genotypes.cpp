// Genotypes in an answer: what was read, by which rules, what follows from it, and whether this model uses it.

#include "base/text.hpp"
#include "decide/words.hpp"
#include "response.hpp"

namespace titrate {

namespace {

using json::Array;
using json::Value;

Value texts(const std::vector<std::string>& list) {
  Array array;
  for (const std::string& text : list) array.emplace_back(text);
  return array;
}

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
  Array array;
  for (const Haplotype& haplotype : genotype.haplotypes) {
    Value object;
    object.set("text", haplotype.text);
    if (haplotype.function) object.set("function", word(*haplotype.function));
    if (haplotype.value) object.set("activity", *haplotype.value);
    array.push_back(std::move(object));
  }
  return array;
}

Value uses_value(const Model& model, const PatientGenotype& patient) {
  Array array;
  for (const GenotypeUse& use : patient.uses) {
    Value object;
    object.set("covariate", use.covariate);
    object.set("used", use.used);
    if (use.value) object.set("value", covariate_value(model, use.covariate, *use.value));
    if (use.offered) object.set("offered", covariate_value(model, use.covariate, *use.offered));
    if (!use.why.empty()) object.set("why", use.why);
    array.push_back(std::move(object));
  }
  return array;
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
  Array array;
  for (const PatientGenotype& patient : genotypes) {
    const Genotype& genotype = patient.genotype;
    Value object;
    object.set("gene", genotype.gene->name);
    object.set("written", genotype.written);
    object.set("diplotype", genotype.diplotype);
    object.set("haplotypes", haplotypes_value(genotype));
    object.set("not_covered", texts(genotype.not_covered));
    if (genotype.score) object.set("score", *genotype.score);
    object.set("phenotype", genotype.phenotype);
    if (genotype.converted) {
      Value converted;
      converted.set("inhibitors", texts(genotype.converted->inhibitors));
      converted.set("factor", genotype.converted->factor);
      converted.set("score", genotype.converted->score);
      converted.set("phenotype", genotype.converted->phenotype);
      converted.set("source", std::string(phenoconversion_source()) + "; " + inhibitor_source());
      object.set("phenoconversion", std::move(converted));
    }
    object.set("rules", genotype.gene->rules + ", " + genotype.gene->version);
    object.set("source", genotype.gene->source);
    object.set("remarks", texts(genotype.remarks));
    object.set("uses", uses_value(model, patient));
    object.set("words", conclusion_words(genotype) + conversion_words(genotype) + use_words(patient));
    array.push_back(std::move(object));
  }
  return array;
}

json::Value genotype_sources_value(const Model& model, const std::vector<FromGenotype>& sources) {
  Array array;
  for (const FromGenotype& from : sources) {
    Value object;
    object.set("covariate", from.covariate);
    object.set("gene", from.gene);
    object.set("by", from.by == FromGenotype::By::diplotype   ? "diplotype"
                     : from.by == FromGenotype::By::phenotype ? "phenotype"
                                                              : "activity score");
    Array values;
    for (const auto& [name, number] : from.values) {
      Value pair;
      pair.set("genotype", name).set("value", covariate_value(model, from.covariate, number));
      values.push_back(std::move(pair));
    }
    object.set("values", std::move(values));
    if (!from.alleles.empty()) object.set("alleles", texts(from.alleles));
    object.set("read", from.read);
    array.push_back(std::move(object));
  }
  return array;
}

}  // namespace titrate
