// Clinical doubt about a result, in words: few, specific, graded, each with a reason and something to do.
//
// Grades: stop replaces a ranking (some may be accepted by a person), warn changes how a number is used, note is to be known.
// Percentile words: below 10, 10 to 25, 25 to 75, 75 to 90, above 90 of the a priori distribution of a level.

#pragma once

#include <string>
#include <vector>

#include "decide/regimen.hpp"
#include "infer/posterior.hpp"
#include "patient/interactions.hpp"
#include "sim/schedule.hpp"
#include "sim/simulate.hpp"

namespace titrate {

struct Caution {
  std::string id;
  enum class Grade { stop, warn, note } grade = Grade::note;
  std::string message;
  std::string why;
  std::string what_to_do;
  std::string path;
  bool acceptable = false;  // a stop that a person may accept
};
using Cautions = std::vector<Caution>;

[[nodiscard]] std::string word(Caution::Grade grade);
// A stop that stands: not accepted, or not acceptable.
[[nodiscard]] bool stops(const Cautions& cautions, const std::vector<std::string>& accepted);
// Adds those whose id and path are not there yet.
void merge(Cautions& to, const Cautions& more);

// "usual for this kind of patient", by the five bands. A count of cells is no level of the drug: more drug may mean fewer of
// them, so its words look for no missed dose.
[[nodiscard]] std::string percentile_words(double percentile, const Unit& unit);
[[nodiscard]] bool counts_cells(const Unit& unit);  // 1e9/L and the like
// "12.3 mg/L", "below 0.5 mg/L"
[[nodiscard]] std::string level_words(const Observation& level, const Unit& unit);
// "to be expected in 12 % of this kind of patient": of a censored level, from the percentile of its limit.
[[nodiscard]] std::string censored_words(Censored side, double percentile);

// outside_studied; implausible_<name> (a stop) of a computed covariate: one that is given beyond its plausible range is an error
// of the request.
[[nodiscard]] Cautions covariate_cautions(const Situation& situation);
// unknown_covariate, uncertain_doses: what the result averages over.
[[nodiscard]] Cautions unknown_cautions(const Situation& situation);
// covariate_defaulted, covariate_capped, covariate_starts_late: the schedule's remarks.
[[nodiscard]] Cautions schedule_cautions(const Diagnostics& remarks);
// not_studied_<who>, excluded_<who> (stops), as far as the model's services can be decided from the covariates; else one note,
// services_unknown.
[[nodiscard]] Cautions service_cautions(const Situation& situation);
// assumed_numbers, occasion_variability.
[[nodiscard]] Cautions model_cautions(const Model& model);
// trough_during_infusion, trough_in_distribution_phase, before_steady_state: about the clock times of the levels.
[[nodiscard]] Cautions timing_cautions(const Situation& situation, const Vector& eta);
[[nodiscard]] std::vector<std::string> timing_remarks(const Situation& situation, std::size_t observation, const Vector& eta);
// few_draws, not_converged, prior_and_data, prior_weight.
[[nodiscard]] Cautions posterior_cautions(const CompiledModel& model, const Posterior& posterior);
// misfit: used levels far from the fit, or improbable for this kind of patient.
[[nodiscard]] Cautions misfit_cautions(const Situation& situation, const Posterior& posterior);
// hold, contraindication: stops of the model's rules for what was entered. A rule about an output (hold_below, hold_above)
// concerns the time of the next dose: a value measured within 72 h before it, or later, decides; an earlier one does not.
[[nodiscard]] Cautions rule_cautions(const Situation& situation);
// Where no such value decides, the posterior does, with no further dose: hold_until_<output> (a stop, with the first day on which
// recovery is likely) when the rule probably forbids the dose, else measure_before_dose_<output> (a warning with the chance).
// None without a fit.
[[nodiscard]] Cautions hold_cautions(const Situation& situation, const Posterior& posterior, const SimulateOptions& simulate);
// interaction_not_computed, interaction_not_listed: of each drug that is taken and in no number.
[[nodiscard]] Cautions interaction_cautions(const std::vector<OtherDrug>& taken, const Patient& patient, const std::string& drug);
// unstable_renal.
[[nodiscard]] Cautions renal_cautions(const Situation& situation);
// Rules of the model on the size of doses, and the product's fastest infusion, that a regimen does not keep: a sentence for each.
[[nodiscard]] std::vector<std::string> broken_rules(const Situation& situation, const Regimen& regimen);
// doses_missing: the last entered dose lies one and a half intervals or more before now, so a dose counts as not given.
[[nodiscard]] Cautions dosing_cautions(const Situation& situation);
// long_extrapolation: the horizon reaches far beyond what was observed.
[[nodiscard]] Cautions extrapolation_cautions(const Situation& situation, double horizon);

}  // namespace titrate
