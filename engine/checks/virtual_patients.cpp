#include "checks/virtual_patients.hpp"

#include <algorithm>
#include <cmath>

#include "base/json.hpp"
#include "base/linalg.hpp"
#include "base/text.hpp"
#include "base/work.hpp"
#include "checks/worked_cases.hpp"
#include "decide/body_mass.hpp"
#include "decide/words.hpp"

namespace titrate {

namespace {

constexpr int most_draws = 1000;
constexpr std::uint64_t numbers_of_a_draw = 1024;  // more than a model has covariates; 1000 of them stay below first_free_counter
constexpr double work_of_a_draw = 3e4;

const Covariate& covariate_of(const Model& model, const std::string& name) {
  return *std::find_if(model.covariates.begin(), model.covariates.end(), [&](const Covariate& c) { return c.name == name; });
}

std::string draw_word(const std::vector<std::pair<std::string, double>>& shares, double u) {
  for (const auto& [word, share] : shares) {
    if (u < share) return word;
    u -= share;
  }
  return shares.back().first;
}

// By the inverse distribution function of what the limits leave.
double draw_number(const Distribution& from, double u) {
  if (from.shape == Distribution::Shape::even) return from.within.low + u * (from.within.high - from.within.low);
  if (!(from.sd_log > 0.0)) return from.median;
  const double low = normal_cdf(std::log(from.within.low / from.median) / from.sd_log);
  const double high = normal_cdf(std::log(from.within.high / from.median) / from.sd_log);
  return from.median * std::exp(from.sd_log * normal_quantile(low + u * (high - low)));
}

std::string draw_text(const Covariate& covariate, const Distribution& from, double u) {
  if (from.shape == Distribution::Shape::shares) return draw_word(from.shares, u);
  const std::string text = to_text(draw_number(from, u));
  return covariate.unit.text == "1" ? text : text + " [" + covariate.unit.text + "]";
}

// Lower factor of a covariance; what has no variance keeps 0.
Matrix factor_of(const Matrix& covariance) {
  if (covariance.size() == 0) return Matrix();
  const Eigen::LDLT<Matrix> ldlt(covariance);
  const Vector d = ldlt.vectorD().cwiseMax(0.0).cwiseSqrt();
  const Matrix lower = ldlt.matrixL();
  const Matrix factor = lower * d.asDiagonal();
  return ldlt.transpositionsP().transpose() * factor;
}

// Nothing when no vector can have these correlations.
std::optional<Matrix> copula_factor(const VirtualPatients& whom) {
  if (whom.correlations.empty()) return Matrix();
  const auto place = [&](const std::string& name) {
    Eigen::Index i = 0;
    while (whom.sampled[static_cast<std::size_t>(i)].covariate != name) ++i;
    return i;
  };
  const auto n = static_cast<Eigen::Index>(whom.sampled.size());
  Matrix correlation = Matrix::Identity(n, n);
  for (const SampledCorrelation& pair : whom.correlations) {
    const Eigen::Index i = place(pair.between[0]), j = place(pair.between[1]);
    correlation(i, j) = correlation(j, i) = pair.correlation;
  }
  const Eigen::LLT<Matrix> llt(correlation);
  if (llt.info() != Eigen::Success) return std::nullopt;
  return Matrix(llt.matrixL());
}

// Every covariate that the patient has before any dose.
std::map<std::string, double> covariates_of(const Compiled& model, const Patient& patient) {
  std::map<std::string, double> values;
  const Situation now = situation(model, patient, std::nullopt);
  for (const Covariate& covariate : model->model->covariates) {
    if (covariate.input) continue;
    if (const auto value = covariate_now(now, covariate.name)) values[covariate.name] = *value / covariate.unit.factor;
  }
  if (const auto bmi = bmi_of(now)) values["bmi"] = *bmi;
  return values;
}

}  // namespace

Result<VirtualPatientDraw> VirtualPatientDraw::of(Compiled model, VirtualPatients whom) {
  VirtualPatientDraw result;
  const auto copula = copula_factor(whom);
  if (!copula)
    return Diagnostic{"population.correlations",
                      Severity::error,
                      json::child(whom.common.path, "correlations"),
                      std::nullopt,
                      "No patients can have these correlations at once.",
                      "the matrix of all correlations must be positive definite: make one of them smaller"};
  result.copula_factor_ = *copula;
  result.omega_factor_ = factor_of(model->model->omega);
  result.model_ = std::move(model);
  result.whom_ = std::move(whom);
  return result;
}

std::vector<double> VirtualPatientDraw::uniforms(const Rng& rng, std::uint64_t counter) const {
  std::vector<double> u;
  for (std::size_t i = 0; i < whom_.sampled.size(); ++i) u.push_back(rng.uniform(counter + i));
  if (copula_factor_.size() == 0) return u;
  Vector z(copula_factor_.rows());
  for (Eigen::Index i = 0; i < z.size(); ++i) z[i] = normal_quantile(u[static_cast<std::size_t>(i)]);
  z = (copula_factor_ * z).eval();
  for (Eigen::Index i = 0; i < z.size(); ++i) u[static_cast<std::size_t>(i)] = normal_cdf(z[i]);
  return u;
}

std::string VirtualPatientDraw::draw_covariates(const Rng& rng, std::uint64_t counter, Texts& texts) const {
  const Model& model = *model_->model;
  const std::vector<double> u = uniforms(rng, counter);
  counter += u.size();
  for (std::size_t i = 0; i < u.size(); ++i)
    if (const Sampling& sampling = whom_.sampled[i]; sampling.by.empty())
      texts[sampling.covariate] = draw_text(covariate_of(model, sampling.covariate), sampling.words.front().second, u[i]);
  // Classes that nobody can know, and covariates that are left unknown, by the frequencies of the model file.
  const auto by_word = [&](const std::string& name) {
    return std::any_of(whom_.sampled.begin(), whom_.sampled.end(), [&](const Sampling& s) { return s.covariate == name; });
  };
  for (const Covariate& covariate : model.covariates) {
    if (covariate.frequencies.empty() || texts.count(covariate.name) > 0 || by_word(covariate.name)) continue;
    std::vector<std::pair<std::string, double>> shares;
    for (std::size_t i = 0; i < covariate.choices.size(); ++i)
      shares.emplace_back(covariate.choices[i].first, covariate.frequencies[i]);
    texts[covariate.name] = draw_word(shares, rng.uniform(counter++));
  }
  return draw_by_words(u, texts);
}

// What is sampled by the word of another covariate, once that one is known; it may itself be sampled by a third one's.
std::string VirtualPatientDraw::draw_by_words(const std::vector<double>& u, Texts& texts) const {
  std::string waits;
  for (bool any = true; any;) {
    any = false;
    waits.clear();
    for (std::size_t i = 0; i < u.size(); ++i) {
      const Sampling& sampling = whom_.sampled[i];
      if (sampling.by.empty() || texts.count(sampling.covariate) > 0) continue;
      const auto known = texts.find(sampling.by);
      const auto entry = std::find_if(sampling.words.begin(), sampling.words.end(),
                                      [&](const auto& one) { return known != texts.end() && one.first == known->second; });
      if (entry == sampling.words.end()) {
        waits = sampling.covariate;
        continue;
      }
      texts[sampling.covariate] = draw_text(covariate_of(*model_->model, sampling.covariate), entry->second, u[i]);
      any = true;
    }
  }
  return waits;
}

bool fulfils(const Model& model, const VirtualPatient& patient, const Condition& condition) {
  const auto found = patient.covariates.find(condition.covariate);
  if (found == patient.covariates.end()) return false;
  const double value = found->second;
  if (condition.words.empty())
    return !(condition.at_least && value < *condition.at_least) && !(condition.below && value >= *condition.below);
  const Covariate& covariate = covariate_of(model, condition.covariate);
  return std::any_of(covariate.choices.begin(), covariate.choices.end(), [&](const auto& choice) {
    return choice.second == value &&
           std::find(condition.words.begin(), condition.words.end(), choice.first) != condition.words.end();
  });
}

std::string VirtualPatientDraw::outside(const VirtualPatient& patient) const {
  for (const Condition& condition : whom_.where)
    if (!fulfils(*model_->model, patient, condition)) return condition.covariate + " does not fulfil \"where\"";
  if (!whom_.within_studied) return {};
  for (const Covariate& covariate : model_->model->covariates) {
    const auto value = patient.covariates.find(covariate.name);
    if (!covariate.studied || value == patient.covariates.end() || whom_.common.covariates.count(covariate.name) > 0) continue;
    const double low = covariate.studied->low / covariate.unit.factor, high = covariate.studied->high / covariate.unit.factor;
    const double slack = 1e-9 * std::max(std::fabs(low), std::fabs(high));
    if (value->second < low - slack || value->second > high + slack)
      return covariate.name + " lies outside the " + number_words(low) + " to " + number_words(high) + " " + covariate.unit.text +
             " that the model studied";
  }
  return {};
}

Result<VirtualPatient> VirtualPatientDraw::draw(const Rng& rng) const {
  const std::vector<RandomEffect>& effects = model_->model->random_effects;
  VirtualPatient patient;
  patient.worked = whom_.common;
  Vector z(model_->k);
  for (Eigen::Index j = 0; j < z.size(); ++j) z[j] = rng.normal(static_cast<std::uint64_t>(j));
  if (model_->k > 0) z = (omega_factor_ * z).eval();
  for (std::size_t j = 0; j < effects.size(); ++j) {
    const auto same = [&](const auto& given) { return given.first == effects[j].name; };
    if (std::none_of(whom_.common.eta.begin(), whom_.common.eta.end(), same))
      patient.worked.eta.emplace_back(effects[j].name, z[static_cast<Eigen::Index>(j)]);
  }
  std::string why;
  WorkedCase undosed = whom_.common;  // what he is before the first dose
  undosed.regimen.clear();
  for (patient.draws = 1; patient.draws <= most_draws; ++patient.draws) {
    Work::spend(work_of_a_draw);
    undosed.covariates = whom_.common.covariates;
    const auto skipped = static_cast<std::uint64_t>(patient.draws - 1) * numbers_of_a_draw;
    if (const std::string waits = draw_covariates(rng, static_cast<std::uint64_t>(model_->k) + skipped, undosed.covariates);
        !waits.empty())
      return Diagnostic{"population.by_unknown",
                        Severity::error,
                        json::child(json::child(whom_.common.path, "sampled"), waits),
                        std::nullopt,
                        waits + " is sampled by the word of a covariate that is neither given nor sampled by itself.",
                        "give that covariate, or sample it without going in a circle"};
    patient.worked.covariates = undosed.covariates;
    const auto as_patient = worked_patient(*model_, undosed);
    if (!as_patient) return as_patient.diagnostics();
    patient.covariates = covariates_of(model_, *as_patient);
    why = outside(patient);
    if (why.empty()) return patient;
  }
  return Diagnostic{"population.nobody_fits",
                    Severity::error,
                    whom_.common.path,
                    std::nullopt,
                    "Of " + to_text(most_draws) + " draws of one patient none lay within the limits; of the last, " + why + ".",
                    "sample closer to the limits, or widen them; \"outside_studied\": \"keep\" keeps who was not studied"};
}

}  // namespace titrate
