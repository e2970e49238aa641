// Genotypes of a patient. A model that was estimated with a gene takes its covariate from the diplotype; for any other model the
// diplotype is only advice. What the source did not study is refused rather than taken for the usual genotype, and an inhibitor's
// effect on the phenotype is offered, never applied: a person confirms it by stating the covariate.

#include <algorithm>

#include "base/names.hpp"
#include "model/genotype_value.hpp"
#include "request/request.hpp"

namespace titrate {

namespace {

std::vector<std::string> read_inhibitors(const json::Value& value, const Gene& gene, const std::string& path, Reader& reader) {
  std::vector<std::string> words{"strong", "moderate"}, named;
  for (const Inhibitor& inhibitor : cyp2d6_inhibitors()) words.emplace_back(inhibitor.drug);
  if (!reader.array(value, path, 20)) return named;
  if (gene.name != "CYP2D6") {
    reader.error("patient.no_phenoconversion", path,
                 "Only for CYP2D6 is there a published rule that turns an inhibitor into another phenotype.",
                 "name them under co_medication, where what is known of them is said");
    return named;
  }
  for (std::size_t i = 0; i < value.array().size(); ++i)
    if (const auto word = reader.word(value.array()[i], json::child(path, i), "inhibitor", words, "patient.unknown_inhibitor"))
      named.push_back(*word);
  return named;
}

std::optional<Genotype> read_one(const json::Value& value, const Gene& gene, const std::string& path, Reader& reader) {
  std::string at = path;
  const json::Value* diplotype = &value;
  std::vector<std::string> inhibitors;
  if (value.is_object()) {
    if (!reader.object(value, path, {"diplotype", "inhibitors"})) return std::nullopt;
    diplotype = reader.required(value, path, "diplotype", "\"*1/*4\"");
    at = json::child(path, "diplotype");
    if (const json::Value* list = value.find("inhibitors"))
      inhibitors = read_inhibitors(*list, gene, json::child(path, "inhibitors"), reader);
  }
  const auto text = diplotype != nullptr ? reader.text(*diplotype, at) : std::nullopt;
  if (!text) return std::nullopt;
  Result<Genotype> genotype = read_genotype(gene, *text, at);
  reader.take(genotype.diagnostics());
  if (!genotype) return std::nullopt;
  genotype->converted = phenoconverted(*genotype, inhibitors);
  for (const std::string& remark : genotype->remarks) reader.note("genotype.read_as", at, gene.name + ": " + remark);
  return *genotype;
}

std::string why_not(const FromGenotype& from, const Genotype& genotype) {
  const std::string gene = genotype.gene->name + " ";
  if (!genotype.not_covered.empty()) return "the rules assign no function to " + gene + list_of(genotype.not_covered);
  const auto missing = unstudied_alleles(from, genotype);
  if (!missing.empty()) return "the model did not study " + gene + list_of(missing);
  if (from.by == FromGenotype::By::diplotype) return "the model did not study " + gene + genotype.diplotype;
  return "the model has no value for " + gene + genotype.diplotype + " (" + genotype.phenotype + ")";
}

GenotypeUse use_in(const FromGenotype& from, const Genotype& genotype, Reader& reader, Patient& patient) {
  GenotypeUse use;
  use.covariate = from.covariate;
  use.value = value_of_genotype(from, genotype, genotype.phenotype, genotype.score);
  if (!use.value) use.why = why_not(from, genotype);
  if (genotype.converted && from.by != FromGenotype::By::diplotype)
    use.offered = value_of_genotype(from, genotype, genotype.converted->phenotype, genotype.converted->score);
  const auto given = patient.covariates.find(from.covariate);
  if (given != patient.covariates.end()) {
    const std::vector<double>& values = given->second.value;
    const bool differs = std::any_of(values.begin(), values.end(), [&](double x) { return x != use.value && x != use.offered; });
    if (differs)
      reader.warning("patient.genotype_differs", given->second.path,
                     from.covariate + " as stated is used; it is not what " + genotype.gene->name + " " + genotype.diplotype +
                         " stands for" + (use.value ? "." : ": " + use.why + "."),
                     "correct the one or the other");
    return use;
  }
  use.used = use.value.has_value();
  patient.covariates[from.covariate] = {{0.0}, {use.value.value_or(0.0)}, genotype.path};
  if (!use.value)
    reader.error("patient.genotype_not_covered", genotype.path,
                 from.covariate + " cannot be taken from the genotype: " + use.why + ".",
                 "state " + from.covariate + " yourself, or leave the genotype out");
  else if (use.offered && use.offered != use.value)
    reader.warning("patient.phenoconversion", genotype.path,
                   "With " + list_of(genotype.converted->inhibitors) + " the activity is that of a " +
                       genotype.converted->phenotype + "; the genotype's own value of " + from.covariate + " is used.",
                   "state " + from.covariate + " to use the other one");
  return use;
}

}  // namespace

void read_genotypes(const json::Value& value, const std::string& path, const std::vector<FromGenotype>& sources, Reader& reader,
                    Request& request) {
  if (!value.is_object()) {
    reader.error("request.type", path, "An object of genotypes is expected here.", "{ \"CYP2C9\": \"*1/*3\" }");
    return;
  }
  for (const json::Member& member : value.object()) {
    const std::string where = json::child(path, member.key);
    const auto name = reader.word(json::Value(member.key), where, "gene", names_of(genes()), "patient.unknown_gene");
    if (!name) continue;
    const auto genotype = read_one(member.value, *gene_of(*name), where, reader);
    if (!genotype) continue;
    PatientGenotype patient_genotype{*genotype, {}};
    for (const FromGenotype& from : sources)
      if (from.gene == *name) patient_genotype.uses.push_back(use_in(from, *genotype, reader, request.patient));
    request.genotypes.push_back(std::move(patient_genotype));
  }
}

}  // namespace titrate
