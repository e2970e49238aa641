// A request as values: the JSON of wasm/titrate.d.ts read against a compiled model, with every complaint collected.
//
// Reading goes in two steps, because units, covariates, outputs and routes belong to the model: the envelope (verb, model), then
// the rest. Nothing is defaulted in silence: what a request leaves out is either an error, or a default that titrate.d.ts states.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "decide/recommend.hpp"
#include "model/compiled.hpp"
#include "model/definition_genotype.hpp"
#include "patient/genotype.hpp"
#include "patient/interactions.hpp"
#include "patient/patient.hpp"
#include "request/reader.hpp"
#include "sim/simulate.hpp"

namespace titrate {

namespace limits {
constexpr std::size_t request_bytes = 8u << 20;
constexpr std::size_t doses = 2000;  // records, and doses once addl is unrolled
constexpr std::size_t observations = 500;
constexpr std::size_t covariate_values = 2000;
constexpr std::size_t samples = 5000;
constexpr std::size_t regimens = 12;
constexpr std::size_t candidates = 200;
}  // namespace limits

enum class Verb { compile, validate, simulate, population, fit, forecast, recommend };

[[nodiscard]] std::string name_of(Verb verb);

struct Envelope {
  Verb verb = Verb::compile;
  const json::Value* model = nullptr;  // an object, or text: a hash
};

struct RequestSettings {
  std::optional<std::uint64_t> seed;
  std::optional<int> draws, starts;
  std::optional<double> rtol;
  std::optional<double> prior_weight;
  Solver solver = Solver::automatic;
  FitMethod method = FitMethod::importance;
};

// What one covariate of the model makes of a genotype.
struct GenotypeUse {
  std::string covariate;
  std::optional<double> value;    // that the genotype stands for; nothing: not covered by the model
  std::string why;                // not covered: why
  bool used = false;              // false where the covariate itself was stated
  std::optional<double> offered;  // after phenoconversion, for a person to confirm
};
struct PatientGenotype {
  Genotype genotype;
  std::vector<GenotypeUse> uses;  // none: the model was not estimated with this gene
};

struct Request {
  Patient patient;  // `now` always set when a patient is given
  bool has_patient = false;
  bool now_given = false;
  std::optional<Regimen> current;
  std::vector<PatientGenotype> genotypes;
  std::vector<OtherDrug> other_drugs;  // taken, and in no number
  RequestSettings settings;
  Vector eta;                                    // simulate; 0 where the request says nothing
  std::vector<double> times;                     // simulate, h, increasing
  const json::Value* population = nullptr;       // population: read by virtual_population.cpp
  std::vector<std::optional<Regimen>> regimens;  // nothing: no dose
  std::optional<double> horizon;                 // h
  std::optional<Aim> aim;                        // the model's target or the user's own; nothing when the model has none
  std::optional<CandidateGrid> candidates;
  std::vector<std::string> accepted;
};

// The verb and the model; null `model` and an error when either is missing.
[[nodiscard]] std::optional<Envelope> read_envelope(const json::Value& root, Reader& reader);

// Everything else. Complaints go to `reader`; the value is meaningful only when there is no error among them.
[[nodiscard]] Request read_request(const json::Value& root, Verb verb, const CompiledModel& model, Reader& reader,
                                   const std::vector<FromGenotype>& genotype_sources = {});

// --- the parts, for request.cpp, worked_cases.cpp and tests ---------------------------------------------------------------

void read_covariates(const json::Value& value, const std::string& path, const Model& model, Reader& reader, Patient& patient);
// patient.genotypes: fills covariates that the model takes from them and that are not there yet.
void read_genotypes(const json::Value& value, const std::string& path, const std::vector<FromGenotype>& sources, Reader& reader,
                    Request& request);
// patient.inputs, patient.dialysis and patient.co_medication: pieces of the model's inputs; returned are the drugs of which the
// model computes nothing.
[[nodiscard]] std::vector<OtherDrug> read_inputs(const json::Value& patient_value, const std::string& path, const Model& model,
                                                 Reader& reader, Patient& patient);
void read_patient(const json::Value& value, const std::string& path, Verb verb, const CompiledModel& model, Reader& reader,
                  Request& request, const std::vector<FromGenotype>& genotype_sources = {});
// Outer nothing: not readable; inner nothing: no dose (an amount of 0).
[[nodiscard]] std::optional<std::optional<Regimen>> read_regimen(const json::Value& value, const std::string& path,
                                                                 const Model& model, Reader& reader);
// Regimens, horizon, target, candidates and what is accepted.
void read_plans(const json::Value& root, Verb verb, const Model& model, Reader& reader, Request& request);
// The model's first target where the request names none.
void read_target(const json::Value* value, Verb verb, const Model& model, Reader& reader, Request& request);
[[nodiscard]] std::optional<double> read_covariate(const json::Value& value, const Covariate& covariate, const std::string& path,
                                                   Reader& reader);
// Covariates that are neither given nor computed from what is given nor covered by the model: one error each.
void check_covariates(const CompiledModel& model, const Patient& patient, const std::string& path, Reader& reader);
// patient.doses and patient.observations.
void read_doses(const json::Value& value, const std::string& path, const Model& model, Reader& reader, Patient& patient);
void read_observations(const json::Value& value, const std::string& path, const Model& model, Reader& reader, Patient& patient);
// Levels where the model predicts nothing yet: checked with the typical patient, once the rest has been read without error.
void check_levels(const CompiledModel& model, const Patient& patient, Reader& reader);
// Nothing where doses of the route are of another substance than what is measured: a salt, an ester.
[[nodiscard]] std::optional<double> molar_mass_of(const Route& route, const Model& model);
// The route of a dose: the one named, or the model's only one.
[[nodiscard]] const Route* read_route(const json::Value& object, const std::string& path, const Model& model, Reader& reader);
// Time of the last dose that the record unrolls to.
[[nodiscard]] double last_dose_time(const DosingEvent& dose);

}  // namespace titrate
