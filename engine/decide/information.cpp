#include "decide/information.hpp"

#include <algorithm>
#include <cmath>

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

void count_directions(const Matrix& prior, const Matrix& posterior, Information& information) {
  const Eigen::LLT<Matrix> prior_root(prior), posterior_root(posterior);
  if (prior_root.info() != Eigen::Success || posterior_root.info() != Eigen::Success) return;
  const Matrix L = prior_root.matrixL();
  const Matrix gained = L.transpose() * posterior_root.solve(L);  // I + information
  const Vector values = Eigen::SelfAdjointEigenSolver<Matrix>(gained, Eigen::EigenvaluesOnly).eigenvalues();
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
            {information.names[static_cast<std::size_t>(j)], information.names[static_cast<std::size_t>(i)], now});
    }
}

std::string together_words(const Information::Pair& pair) {
  return pair.a + " and " + pair.b + " are told " + (pair.correlation > 0.0 ? "by their difference" : "by their sum") +
         " only (correlation " + number_words(pair.correlation, 2) + ")";
}

}  // namespace

std::optional<Information> information_of(const Effects& effects, const Posterior& posterior) {
  const Eigen::Index n = effects.informed;
  if (posterior.status != PosteriorStatus::converged || n == 0 || posterior.covariance.rows() != n) return std::nullopt;
  Information information;
  information.of = static_cast<int>(n);
  information.names.assign(effects.names.begin(), effects.names.begin() + n);
  const Matrix prior = effects.omega.topLeftCorner(n, n) / posterior.prior_weight;
  count_directions(prior, posterior.covariance, information);
  look_at_effects(prior, posterior.covariance, information);
  if (!information.not_informed.empty())
    information.words = "The levels say next to nothing of " + enumerated(information.not_informed) + ".";
  for (const Information::Pair& pair : information.together)
    information.words += (information.words.empty() ? "" : " ") + together_words(pair) + ".";
  return information;
}

Cautions information_cautions(const Information& information) {
  Cautions all;
  if (!information.not_informed.empty())
    all.push_back({"not_informed", Caution::Grade::note,
                   "These levels say next to nothing of " + enumerated(information.not_informed) + ": " +
                       (information.not_informed.size() == 1 ? "it keeps" : "they keep") + " the value of the population.",
                   "What depends on them is forecast for an average patient, with the spread of the population.",
                   "A level at another time after the dose may tell.", "", false});
  if (!information.together.empty()) {
    std::vector<std::string> pairs;
    for (const Information::Pair& pair : information.together) pairs.push_back(together_words(pair));
    all.push_back({"told_together", Caution::Grade::note,
                   "These levels cannot tell some parameters apart: " + enumerated(pairs) + ".",
                   "Each number alone may be wrong while both together fit.",
                   "Do not read them one by one; a level at another time after the dose may separate them.", "", false});
  }
  return all;
}

}  // namespace titrate
