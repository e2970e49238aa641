#include <algorithm>
#include <cmath>

#include "card/card.hpp"
#include "decide/words.hpp"

namespace titrate {

namespace {

std::string percent(double part) { return number_words(100.0 * part) + " %"; }

std::string words_of(const Distribution& from, const Unit& unit) {
  if (from.shape == Distribution::Shape::shares) {
    std::vector<std::string> parts;
    for (const auto& [word, share] : from.shares) parts.push_back(word + " " + percent(share));
    return joined(parts);
  }
  const std::string limits =
      number_words(from.within.low) + " to " + number_words(from.within.high) + (unit.text == "1" ? "" : " " + unit.text);
  if (from.shape == Distribution::Shape::even) return "evenly from " + limits;
  return "log-normal, median " + number_words(from.median) + ", CV " + percent(std::sqrt(std::expm1(from.sd_log * from.sd_log))) +
         ", " + limits;
}

}  // namespace

json::Value own_population_value(const Model& model, const ModelPopulation& population) {
  json::Array array;
  for (const Sampling& sampling : population.sampled) {
    const auto covariate = std::find_if(model.covariates.begin(), model.covariates.end(),
                                        [&](const Covariate& c) { return c.name == sampling.covariate; });
    std::vector<std::string> parts;
    for (const auto& [word, distribution] : sampling.words)
      parts.push_back((word.empty() ? "" : word + ": ") + words_of(distribution, covariate->unit));
    json::Value object;
    object.set("name", sampling.covariate);
    object.set("words", joined(parts));
    object.set("read", sampling.read);
    array.push_back(std::move(object));
  }
  return array;
}

}  // namespace titrate
