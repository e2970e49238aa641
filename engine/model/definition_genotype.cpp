#include "model/definition_genotype.hpp"

#include <algorithm>

#include "base/names.hpp"
#include "model/definition_fields.hpp"
#include "patient/genotype.hpp"

namespace titrate {

using namespace definition;

namespace {

std::vector<std::string> phenotypes_of(const Gene& gene) {
  std::vector<std::string> words;
  for (const ScoreStep& step : gene.by_score) words.emplace_back(step.phenotype);
  for (const FunctionPair& pair : gene.by_function)
    if (std::find(words.begin(), words.end(), pair.phenotype) == words.end()) words.emplace_back(pair.phenotype);
  return words;
}

// The diplotype in the one spelling that patients' are compared with.
std::optional<std::string> diplotype_of(const Gene& gene, const std::string& text, const std::string& path, Reading& reading) {
  const Result<Genotype> genotype = read_genotype(gene, text, path);
  append(reading.diagnostics, genotype.diagnostics());
  if (!genotype) return std::nullopt;
  for (const std::string& allele : genotype->not_covered)
    reading.error("model.bad_value", path, "The rules for " + gene.name + " know no function of " + allele + ".");
  return genotype->diplotype;
}

void read_values(const json::Value* object, const std::string& path, const Gene& gene, const Covariate& covariate,
                 FromGenotype& from, Reading& reading) {
  std::vector<std::string> words;
  for (const auto& choice : covariate.choices) words.push_back(choice.first);
  each_member(object, path, reading, [&](const std::string& key, const json::Value& value, const std::string& where) {
    std::optional<std::string> name = key;
    if (from.by == FromGenotype::By::diplotype)
      name = diplotype_of(gene, key, where, reading);
    else if (!must_know(json::Value(key), where, "a phenotype of " + gene.name, phenotypes_of(gene), reading))
      return;
    if (!name || !must_know(value, where, "a choice", words, reading)) return;
    for (const auto& [other, number] : from.values)
      if (other == *name) reading.error("model.duplicate_name", where, "\"" + *name + "\" stands here twice.");
    for (const auto& [word, number] : covariate.choices)
      if (word == value.string()) from.values.emplace_back(*name, number);
  });
}

std::optional<FromGenotype> read_source(const json::Value& value, const std::string& path, const Covariate& covariate,
                                        Reading& reading) {
  Fields fields(value, path, reading, {"gene", "diplotypes", "phenotypes", "activity_score", "alleles", "read"});
  if (!value.is_object()) return std::nullopt;
  const std::vector<std::string> names = names_of(genes());
  FromGenotype from;
  from.covariate = covariate.name;
  from.read = fields.need_text("read", "\"Methods: *3 was genotyped\"");
  if (fields.need("gene", "\"CYP3A5\"") == nullptr) return std::nullopt;
  const auto named = fields.word("gene", names);
  if (!named) return std::nullopt;
  from.gene = *named;
  const Gene& gene = *gene_of(from.gene);

  int ways = 0;
  for (const char* key : {"diplotypes", "phenotypes", "activity_score"}) ways += fields.has(key) ? 1 : 0;
  const bool by_score = fields.flag("activity_score", false);
  if (ways != 1 || (fields.has("activity_score") && !by_score)) {
    reading.error("model.missing", fields.path(), "How the genotype becomes a value is stated once.",
                  "One of \"diplotypes\", \"phenotypes\", or \"activity_score\": true.");
    return std::nullopt;
  }
  from.by = by_score                   ? FromGenotype::By::score
            : fields.has("diplotypes") ? FromGenotype::By::diplotype
                                       : FromGenotype::By::phenotype;
  if (by_score && (gene.by_score.empty() || !covariate.choices.empty() || !covariate.unit.dimension.none()))
    reading.error(
        "model.bad_value", fields.at("activity_score"),
        gene.by_score.empty() ? gene.name + " has no activity score." : "An activity score is a number without a unit.");
  if (!by_score && covariate.choices.empty())
    reading.error("model.bad_value", fields.path(), "A genotype chooses one of the covariate's words: it needs \"choices\".");
  const char* key = from.by == FromGenotype::By::diplotype ? "diplotypes" : "phenotypes";
  if (!by_score && !covariate.choices.empty()) read_values(fields.find(key), fields.at(key), gene, covariate, from, reading);
  each_element(fields.find("alleles"), fields.at("alleles"), reading, [&](const json::Value& allele, const std::string& where) {
    if (const auto text = read_text(allele, where, reading)) from.alleles.push_back(*text);
  });
  return from;
}

}  // namespace

Result<std::vector<FromGenotype>> read_genotype_sources(const json::Value& file, const Model& model) {
  Reading reading;
  std::vector<FromGenotype> sources;
  const json::Value* covariates = file.find("covariates");
  for (const Covariate& covariate : model.covariates) {
    const json::Value* written = covariates != nullptr ? covariates->find(covariate.name) : nullptr;
    const json::Value* value = written != nullptr ? written->find("from_genotype") : nullptr;
    if (value == nullptr) continue;
    auto source = read_source(*value, json::child(covariate.path, "from_genotype"), covariate, reading);
    if (source) sources.push_back(std::move(*source));
  }
  if (has_error(reading.diagnostics)) return reading.diagnostics;
  return {sources, reading.diagnostics};
}

}  // namespace titrate
