#include "model/definition_sampling.hpp"

#include <algorithm>
#include <cmath>

#include "model/genotype_value.hpp"

namespace titrate::definition {

namespace {

constexpr double rounding_of_shares = 1e-9;

const Covariate* covariate_of(const Reading& reading, const std::string& name) {
  for (const Covariate& covariate : reading.model.covariates)
    if (covariate.name == name && !covariate.input) return &covariate;
  return nullptr;
}

std::vector<std::string> words_of(const Covariate& covariate) {
  std::vector<std::string> words;
  for (const auto& choice : covariate.choices) words.push_back(choice.first);
  return words;
}

std::optional<Range> read_pair(const json::Value* value) {
  const bool pair = value != nullptr && value->is_array() && value->array().size() == 2 && value->array()[0].is_number() &&
                    value->array()[1].is_number() && value->array()[0].number() < value->array()[1].number();
  return pair ? std::optional(Range{value->array()[0].number(), value->array()[1].number()}) : std::nullopt;
}

void check_sum(double sum, const std::string& path, Reading& reading) {
  if (std::fabs(sum - 1.0) > rounding_of_shares)
    reading.error("model.bad_value", path, "The shares of a population must sum to 1.");
}

std::optional<double> read_share(const json::Value& value, const std::string& path, Reading& reading) {
  if (value.is_number() && value.number() >= 0.0 && value.number() <= 1.0) return value.number();
  reading.error_at("model.bad_value", value, path, "A share lies between 0 and 1.", "Write for instance 0.2.");
  return std::nullopt;
}

Distribution read_shares(const Covariate& covariate, const json::Value& value, const std::string& path, Reading& reading) {
  Distribution to;
  to.shape = Distribution::Shape::shares;
  double sum = 0.0;
  each_member(&value, path, reading, [&](const std::string& word, const json::Value& given, const std::string& place) {
    if (!must_know(json::Value(word), place, "a choice", words_of(covariate), reading)) return;
    const auto share = read_share(given, place, reading);
    sum += share.value_or(0.0);
    to.shares.emplace_back(word, share.value_or(0.0));
  });
  check_sum(sum, path, reading);
  return to;
}

// The word that the model takes a diplotype for.
std::optional<std::string> word_of_diplotype(const FromGenotype& from, const Covariate& covariate, const std::string& diplotype,
                                             const std::string& path, Reading& reading) {
  const Result<Genotype> genotype = read_genotype(*gene_of(from.gene), diplotype, path);
  append(reading.diagnostics, genotype.diagnostics());
  if (!genotype) return std::nullopt;
  if (const auto value = value_of_genotype(from, *genotype, genotype->phenotype, genotype->score))
    for (const auto& [word, number] : covariate.choices)
      if (number == *value) return word;
  reading.error("population.genotype_not_covered", path,
                "The model does not cover " + from.gene + " " + diplotype + ", which these alleles make.",
                "State the shares of the words of " + covariate.name + " instead.");
  return std::nullopt;
}

Distribution read_alleles(const Covariate& covariate, const json::Value& value, const std::string& path,
                          const std::vector<FromGenotype>& genotypes, Reading& reading) {
  Distribution to;
  to.shape = Distribution::Shape::shares;
  for (const std::string& word : words_of(covariate)) to.shares.emplace_back(word, 0.0);
  const auto from =
      std::find_if(genotypes.begin(), genotypes.end(), [&](const FromGenotype& g) { return g.covariate == covariate.name; });
  if (from == genotypes.end()) {
    reading.error("population.no_genotype", path, "The model takes " + covariate.name + " from no genotype.",
                  "State the shares of its words.");
    return to;
  }
  std::vector<std::pair<std::string, double>> alleles;
  double sum = 0.0;
  each_member(&value, path, reading, [&](const std::string& allele, const json::Value& given, const std::string& place) {
    alleles.emplace_back(allele, read_share(given, place, reading).value_or(0.0));
    sum += alleles.back().second;
  });
  check_sum(sum, path, reading);
  for (std::size_t i = 0; i < alleles.size(); ++i)
    for (std::size_t j = i; j < alleles.size(); ++j) {
      const double share = (i == j ? 1.0 : 2.0) * alleles[i].second * alleles[j].second;
      const auto word = share > 0.0
                            ? word_of_diplotype(*from, covariate, alleles[i].first + "/" + alleles[j].first, path, reading)
                            : std::nullopt;
      for (auto& [known, part] : to.shares)
        if (word && *word == known) part += share;
    }
  return to;
}

// The limits: stated, else what the model studied, else what can be true. In the covariate's unit.
std::optional<Range> read_limits(Fields& fields, const Covariate& covariate, Reading& reading) {
  if (fields.has("within")) {
    const auto within = read_pair(fields.find("within"));
    if (!within) reading.error("model.bad_value", fields.at("within"), "Limits are two numbers, the lower first.");
    return within;
  }
  const std::optional<Range>& range = covariate.studied ? covariate.studied : covariate.plausible;
  if (range) return Range{range->low / covariate.unit.factor, range->high / covariate.unit.factor};
  reading.error("model.missing", fields.at("within"),
                "The model does not say within which " + covariate.name + " it was studied, so the limits are missing.",
                "Write for instance \"within\": [40, 120].");
  return std::nullopt;
}

Distribution read_number(const Covariate& covariate, const json::Value& value, const std::string& path, Reading& reading) {
  Distribution to;
  Fields fields(value, path, reading, {"median", "cv", "mean", "sd", "even", "within"});
  if (!value.is_object()) return to;
  if (fields.has("even")) {
    to.shape = Distribution::Shape::even;
    if (fields.has("median") || fields.has("mean") || fields.has("within"))
      reading.error("model.bad_value", path, "\"even\" holds both limits and stands alone.");
    const auto within = read_pair(fields.find("even"));
    if (!within) reading.error("model.bad_value", fields.at("even"), "Limits are two numbers, the lower first.");
    to.within = within.value_or(Range{0.0, 1.0});
    return to;
  }
  if (fields.has("mean")) {
    const double mean = fields.number("mean").value_or(1.0);
    double sd = 0.0;
    if (fields.need("sd", "15") != nullptr) sd = fields.number("sd").value_or(0.0);
    if (!(mean > 0.0 && sd >= 0.0)) reading.error("model.bad_value", path, "A mean lies above 0, an SD is no less than 0.");
    to.sd_log = std::sqrt(std::log1p(sd * sd / (mean * mean)));
    to.median = mean / std::sqrt(1.0 + sd * sd / (mean * mean));
  } else {
    if (fields.need("median", "72") != nullptr) to.median = fields.number("median").value_or(1.0);
    if (fields.need("cv", "\"20 %\"") != nullptr)
      if (const auto cv = fields.quantity("cv", Unit{})) to.sd_log = std::sqrt(std::log1p(cv->value * cv->value));
  }
  if (const auto within = read_limits(fields, covariate, reading)) {
    to.within = *within;
    if (!(within->low > 0.0 && within->low < to.median && to.median < within->high))
      reading.error("model.bad_value", fields.has("within") ? fields.at("within") : path,
                    "Limits are two numbers above 0 with the median between them.");
  }
  return to;
}

Distribution read_distribution(const Covariate& covariate, const json::Value& value, const std::string& path,
                               const std::vector<FromGenotype>& genotypes, Reading& reading) {
  if (covariate.choices.empty()) return read_number(covariate, value, path, reading);
  const json::Value* alleles = value.find("alleles");
  return alleles != nullptr ? read_alleles(covariate, *alleles, json::child(path, "alleles"), genotypes, reading)
                            : read_shares(covariate, value, path, reading);
}

// { "by": "sex", "male": ..., "female": ... }: a distribution for each word.
void read_by(const Covariate& covariate, const json::Value& value, const std::string& path,
             const std::vector<FromGenotype>& genotypes, Sampling& to, Reading& reading) {
  const json::Value& name = *value.find("by");
  std::vector<std::string> categories;
  for (const Covariate& other : reading.model.covariates)
    if (!other.input && !other.choices.empty() && other.name != covariate.name) categories.push_back(other.name);
  if (!must_know(name, json::child(path, "by"), "a covariate with words", categories, reading)) return;
  to.by = name.string();
  std::vector<std::string> missing = words_of(*covariate_of(reading, to.by));
  for (const json::Member& member : value.object()) {
    if (member.key == "by") continue;
    const std::string place = json::child(path, member.key);
    if (!must_know(json::Value(member.key), place, "a choice of " + to.by, words_of(*covariate_of(reading, to.by)), reading))
      continue;
    to.words.emplace_back(member.key, read_distribution(covariate, member.value, place, genotypes, reading));
    missing.erase(std::remove(missing.begin(), missing.end(), member.key), missing.end());
  }
  if (!missing.empty())
    reading.error("model.missing", path, "Nothing is stated for " + to.by + " " + one_of(missing) + ".",
                  "Each word has its own distribution.");
}

std::optional<double> read_bound(Fields& fields, Key key, const Unit& unit, Reading& reading) {
  const json::Value* value = fields.find(key);
  if (value == nullptr) return std::nullopt;
  if (value->is_number()) return value->number();
  const auto quantity = read_quantity(*value, unit, fields.at(key), reading);
  return quantity ? std::optional(quantity->value / unit.factor) : std::nullopt;
}

Condition read_condition(const std::string& name, const json::Value& value, const std::string& path, Reading& reading) {
  Condition condition;
  condition.covariate = name;
  const Covariate* covariate = covariate_of(reading, name);
  if (covariate != nullptr && !covariate->choices.empty()) {
    const json::Array words = value.is_array() ? value.array() : json::Array{value};
    for (const json::Value& word : words)
      if (must_know(word, path, "a choice", words_of(*covariate), reading)) condition.words.push_back(word.string());
    if (words.empty()) reading.error("model.missing", path, "No word is asked for.", "Write for instance \"yes\".");
    return condition;
  }
  Fields fields(value, path, reading, {"at_least", "below"});
  if (!value.is_object()) return condition;
  const Unit unit = covariate != nullptr ? covariate->unit : *parse_unit("kg/m^2");
  condition.at_least = read_bound(fields, "at_least", unit, reading);
  condition.below = read_bound(fields, "below", unit, reading);
  if (!fields.has("at_least") && !fields.has("below"))
    reading.error("model.missing", path, "A range has a lower or an upper end.", "Write { \"at_least\": 30, \"below\": 60 }.");
  if (condition.at_least && condition.below && !(*condition.at_least < *condition.below))
    reading.error("model.bad_value", fields.at("below"), "The upper end lies above the lower one.");
  return condition;
}

}  // namespace

std::vector<Sampling> read_samplings(Fields& fields, const std::vector<FromGenotype>& genotypes, Reading& reading) {
  std::vector<std::string> names;
  for (const Covariate& covariate : reading.model.covariates)
    if (!covariate.input) names.push_back(covariate.name);
  std::vector<Sampling> all;
  each_member(fields.find("sampled"), fields.at("sampled"), reading,
              [&](const std::string& name, const json::Value& value, const std::string& path) {
                if (!must_know(json::Value(name), path, "a covariate", names, reading)) return;
                Sampling sampling;
                sampling.covariate = name;
                const Covariate& covariate = *covariate_of(reading, name);
                if (value.find("by") != nullptr)
                  read_by(covariate, value, path, genotypes, sampling, reading);
                else
                  sampling.words.emplace_back("", read_distribution(covariate, value, path, genotypes, reading));
                all.push_back(std::move(sampling));
              });
  return all;
}

std::vector<SampledCorrelation> read_sampled_correlations(Fields& outer, const std::vector<Sampling>& sampled, Reading& reading) {
  std::vector<std::string> names;
  for (const Sampling& sampling : sampled) names.push_back(sampling.covariate);
  std::vector<SampledCorrelation> all;
  each_element(
      outer.find("correlations"), outer.at("correlations"), reading, [&](const json::Value& value, const std::string& path) {
        Fields fields(value, path, reading, {"between", "correlation"});
        const json::Value* between = fields.need("between", "[\"WT\", \"HT\"]");
        if (between == nullptr || fields.need("correlation", "0.5") == nullptr) return;
        SampledCorrelation pair;
        if (!between->is_array() || between->array().size() != 2) {
          reading.error("model.wrong_kind", fields.at("between"), "A correlation is between two covariates.");
          return;
        }
        for (std::size_t i = 0; i < 2; ++i) {
          if (!must_know(between->array()[i], json::child(fields.at("between"), i), "a sampled covariate", names, reading))
            return;
          pair.between[i] = between->array()[i].string();
        }
        pair.correlation = fields.number("correlation").value_or(0.0);
        if (!(pair.correlation > -1.0 && pair.correlation < 1.0))
          reading.error("model.bad_value", fields.at("correlation"), "A correlation lies between -1 and 1.");
        if (pair.between[0] == pair.between[1])
          reading.error("model.bad_value", fields.at("between"), "A covariate is not correlated with itself.");
        for (const SampledCorrelation& other : all)
          if ((other.between[0] == pair.between[0] && other.between[1] == pair.between[1]) ||
              (other.between[0] == pair.between[1] && other.between[1] == pair.between[0]))
            reading.error("model.duplicate_name", path, "This pair has a correlation already.");
        all.push_back(std::move(pair));
      });
  return all;
}

std::vector<Condition> read_conditions(Fields& outer, Reading& reading) {
  std::vector<std::string> names{"bmi"};
  for (const Covariate& covariate : reading.model.covariates)
    if (!covariate.input) names.push_back(covariate.name);
  std::vector<Condition> all;
  each_member(outer.find("where"), outer.at("where"), reading,
              [&](const std::string& name, const json::Value& value, const std::string& path) {
                if (must_know(json::Value(name), path, "a covariate", names, reading))
                  all.push_back(read_condition(name, value, path, reading));
              });
  return all;
}

}  // namespace titrate::definition

namespace titrate {

Result<ModelPopulation> read_model_population(const json::Value& file, const Model& model,
                                              const std::vector<FromGenotype>& genotypes) {
  using namespace definition;
  Reading reading;
  reading.model = model;
  ModelPopulation population;
  const json::Value* section = file.find("population");
  if (section == nullptr || !section->is_object()) return population;  // definition.cpp complains
  Fields fields(*section, "/population", reading, {"n", "about", "sampled", "correlations", "read"});
  population.sampled = read_samplings(fields, genotypes, reading);
  if (!population.sampled.empty()) {
    const std::string read = fields.need_text("read", "\"Table 1\"");
    for (Sampling& sampling : population.sampled) sampling.read = read;
  }
  population.correlations = read_sampled_correlations(fields, population.sampled, reading);
  if (has_error(reading.diagnostics)) return reading.diagnostics;
  return Result<ModelPopulation>(std::move(population), std::move(reading.diagnostics));
}

}  // namespace titrate
