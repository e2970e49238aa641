// Virtual patients: covariates drawn as is stated, effects drawn from omega. Each is a worked case of his own, so that he is
// simulated by the same means as everybody else.
//
// Random numbers are counted: stream i belongs to patient i, whoever asks for him and with whom. Its first k numbers are for the
// etas, the next for the covariates: the sampled ones in their order, then those that the model file's frequencies leave open. A
// patient outside the limits (what the model studied, the conditions) has his covariates drawn again from later numbers; computed
// covariates, such as a creatinine clearance, follow from the drawn ones and are never drawn themselves.

#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/rng.hpp"
#include "model/compiled.hpp"
#include "model/sampling.hpp"

namespace titrate {

struct VirtualPatients {
  WorkedCase common;  // what all have in common: covariates, inputs, etas
  std::vector<Sampling> sampled;
  std::vector<SampledCorrelation> correlations;
  std::vector<Condition> where;
  bool within_studied = false;
};

struct VirtualPatient {
  WorkedCase worked;
  std::map<std::string, double> covariates;  // with the computed ones and "bmi", in their units; a word as its number
  int draws = 1;                             // of his covariates, until they lay within the limits
};

// The first of the numbers that patients do not use.
constexpr std::uint64_t first_free_counter = 1u << 20;

class VirtualPatientDraw {
 public:
  // Correlations that contradict each other are a diagnostic.
  [[nodiscard]] static Result<VirtualPatientDraw> of(Compiled model, VirtualPatients whom);

  // A patient whom no draw puts within the limits is a diagnostic.
  [[nodiscard]] Result<VirtualPatient> draw(const Rng& rng) const;

 private:
  using Texts = std::map<std::string, std::string>;  // covariates as a request would write them
  // Both return the covariate that could not be drawn, if there is one.
  [[nodiscard]] std::string draw_covariates(const Rng& rng, std::uint64_t counter, Texts& texts) const;
  [[nodiscard]] std::string draw_by_words(const std::vector<double>& u, Texts& texts) const;
  [[nodiscard]] std::vector<double> uniforms(const Rng& rng, std::uint64_t counter) const;
  // Why the patient does not count; empty when he does.
  [[nodiscard]] std::string outside(const VirtualPatient& patient) const;

  Compiled model_;
  VirtualPatients whom_;
  Matrix omega_factor_;
  Matrix copula_factor_;  // empty without correlations
};

[[nodiscard]] bool fulfils(const Model& model, const VirtualPatient& patient, const Condition& condition);

}  // namespace titrate
