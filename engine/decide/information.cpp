#include "decide/information.hpp"

#include <algorithm>
#include <cmath>

#include "base/modes.hpp"
#include "base/text.hpp"
#include "decide/words.hpp"

namespace titrate {

namespace {

constexpr double least_gain = 1.0 / (0.9 * 0.9) - 1.0;  // the standard deviation falls by a tenth
constexpr double not_told = 0.9 * 0.9;                  // shrinkage beyond which an effect keeps the population's value
constexpr double inseparable = 0.9;                     // correlation in the posterior

// "V1, Q and V2"
std::string enumerated(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i) text += (i == 0 ? "" : i + 1 == names.size() ? " and " : ", ") + names[i];
  return text;
}

bool mentions(const std::string& text, const std::string& name) {
  const auto part = [](char c) { return is_letter(c) || is_digit(c) || c == '_'; };
  for (std::size_t at = text.find(name); at != std::string::npos; at = text.find(name, at + 1)) {
    const std::size_t end = at + name.size();
    if ((at == 0 || !part(text[at - 1])) && (end == text.size() || !part(text[end]))) return true;
  }
  return false;
}

void count_directions(const Matrix& prior, const Matrix& posterior, Information& information) {
  const auto gained = relative_modes(prior, posterior);  // of I + information
  if (!gained) return;
  const Vector& values = gained->values;
  for (Eigen::Index i = 0; i < values.size(); ++i)
    if (values[i] - 1.0 >= least_gain) ++information.rank;
  if (values.size() > 0 && values.minCoeff() > 0.0) information.condition = values.maxCoeff() / values.minCoeff();
}

void look_at_effects(const Matrix& prior, const Matrix& posterior, Information& information) {
  for (Eigen::Index i = 0; i < prior.rows(); ++i) {
    const std::string& name = information.names[static_cast<std::size_t>(i)];
    information.shrinkage.push_back(prior(i, i) > 0.0 ? posterior(i, i) / prior(i, i) : 1.0);
    if (information.shrinkage.back() > not_told) information.not_informed.push_back(name);
  }
  for (Eigen::Index i = 0; i < prior.rows(); ++i)
    for (Eigen::Index j = 0; j < i; ++j) {
      const double before = prior(i, j) / std::sqrt(prior(i, i) * prior(j, j));
      const double now = posterior(i, j) / std::sqrt(posterior(i, i) * posterior(j, j));
      if (std::abs(now) > inseparable && std::abs(now) > std::abs(before))
        information.together.push_back(
            {information.names[static_cast<std::size_t>(j)], information.names[static_cast<std::size_t>(i)], now, {}});
    }
}

std::string together_words(const Model& model, const Information::Pair& pair) {
  return effect_words(model, pair.a) + " and " + effect_words(model, pair.b) + " are told " +
         (pair.correlation > 0.0 ? "by their difference" : "by their sum") + " only (correlation " +
         number_words(pair.correlation, 2) + ")";
}

}  // namespace

std::string effect_words(const Model& model, const std::string& effect) {
  std::vector<std::string> labels;
  for (const Intermediate& parameter : model.individual)
    if (!parameter.label.empty() && mentions(parameter.value.text, effect)) labels.push_back(parameter.label);
  if (labels.size() != 1) return effect;
  std::string label = labels.front().substr(0, labels.front().find(','));  // what follows is for whom it holds
  const bool word = label.size() > 1 && label[1] >= 'a' && label[1] <= 'z';
  if (word && label[0] >= 'A' && label[0] <= 'Z') label[0] = static_cast<char>(label[0] - 'A' + 'a');
  return label + " (" + effect + ")";
}

std::optional<Information> information_of(const Model& model, const Effects& effects, const Posterior& posterior) {
  const Eigen::Index n = effects.informed;
  if (posterior.status != PosteriorStatus::converged || n == 0 || posterior.covariance.rows() != n) return std::nullopt;
  Information information;
  information.of = static_cast<int>(n);
  information.names.assign(effects.names.begin(), effects.names.begin() + n);
  const Matrix prior = effects.omega.topLeftCorner(n, n) / posterior.prior_weight;
  count_directions(prior, posterior.covariance, information);
  look_at_effects(prior, posterior.covariance, information);
  std::vector<std::string> silent;
  for (const std::string& effect : information.not_informed) silent.push_back(effect_words(model, effect));
  information.not_informed_words = enumerated(silent);
  if (!silent.empty()) information.words = "The levels say next to nothing of " + information.not_informed_words + ".";
  for (Information::Pair& pair : information.together) {
    pair.words = together_words(model, pair);
    information.words += (information.words.empty() ? "" : " ") + pair.words + ".";
  }
  return information;
}

Cautions information_cautions(const Information& information) {
  Cautions all;
  if (!information.not_informed.empty())
    all.push_back({"not_informed", Caution::Grade::note,
                   "These levels say next to nothing of " + information.not_informed_words + ": " +
                       (information.not_informed.size() == 1 ? "it keeps" : "they keep") + " the value of the population.",
                   "What depends on them is forecast for an average patient, with the spread of the population.",
                   "A level at another time after the dose may tell.", "", false});
  if (!information.together.empty()) {
    std::vector<std::string> pairs;
    for (const Information::Pair& pair : information.together) pairs.push_back(pair.words);
    all.push_back({"told_together", Caution::Grade::note,
                   "These levels cannot tell some parameters apart: " + enumerated(pairs) + ".",
                   "Each number alone may be wrong while both together fit.",
                   "Do not read them one by one; a level at another time after the dose may separate them.", "", false});
  }
  return all;
}

}  // namespace titrate
