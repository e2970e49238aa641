// What is given from now on: a regimen as a value, in words, and as dosing events added to what was given before.
//
// History is what lies at or before `now`: doses at `now` were given, additional doses after it are the plan. An infusion that
// runs at `now` goes on. The next dose is due one interval after the last one, or now when that has passed.

#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "infer/variants.hpp"
#include "model/compiled.hpp"
#include "patient/patient.hpp"

namespace titrate {

struct Regimen {
  double amt = 0.0;
  double dur = 0.0;  // h; 0: bolus or oral
  double ii = 0.0;   // h; may be 0 for a single dose
  std::string route;
  std::optional<double> start;     // h; default: when the next dose is due
  std::optional<int> doses;        // default: until the horizon
  std::optional<double> per_area;  // amount per area (coherent set: per dm2) that amt was rounded from; for the label only
};

// What a decision starts from. `patient` holds history alone; where something of it is not known, it is the typical variant, and
// `recorded` is what was entered. Plans made from it keep the places of the patient's effects (sim/effects): a planned dose
// begins the occasion to come.
struct Situation {
  Compiled model;
  Patient patient;
  Patient recorded;
  Variants variants;  // of history
  double now = 0.0;
  std::optional<Regimen> current;      // what is planned; nothing when neither stated nor to be seen in the doses
  std::string current_from;            // "as stated", "the last dose goes on every 12 h", "no interval is known: one dose only"
  double due = 0.0;                    // when the next dose is due
  std::optional<Occasions> occasions;  // of history; nothing when the model has no variability between them
};

struct PlannedDose {
  double time = 0.0;
  double amt = 0.0;
  double dur = 0.0;
  double taken = 1.0;  // probability that it was given
};

// Too many variants are a fault of the caller, who asks infer/variants first.
[[nodiscard]] Situation situation(Compiled model, const Patient& patient, const std::optional<Regimen>& stated);
// The same for one definite patient of those that may be.
[[nodiscard]] Situation as_variant(const Situation& situation, std::size_t variant);

// The value of a covariate at `now`: the last one given, or computed from others as the model says, caps applied; nothing when
// unknown, also where the fit averages over it.
[[nodiscard]] std::optional<double> covariate_now(const Situation& situation, const std::string& name);
// The same without what stands in for an unknown one.
[[nodiscard]] std::optional<double> known_covariate_now(const Situation& situation, const std::string& name);
// Whether the patient belongs to Model::serves[service] by its condition; nothing when it has none or a covariate is not known.
[[nodiscard]] std::optional<bool> belongs_now(const Situation& situation, std::size_t service);

// The fastest an infusion of the product may be given to this patient, amount/h; nothing where none is stated.
[[nodiscard]] std::optional<double> fastest_rate(const Situation& situation, const Product& product);

// "1000 mg over 1 h every 12 h", "75 mg/m2 (135 mg) over 1 h every 21 days", "no dose".
[[nodiscard]] std::string label(const Model& model, const std::optional<Regimen>& regimen);
// "15 % less per day and every 24 h instead of every 12 h", "the same as now", "stop".
[[nodiscard]] std::string change(const std::optional<Regimen>& from, const std::optional<Regimen>& to);
[[nodiscard]] double daily_amount(const std::optional<Regimen>& regimen);
// The most that falls within 24 h: two doses of a regimen of every 18 h.
[[nodiscard]] double most_in_a_day(const Regimen& regimen);

// Times of the planned doses before `until`.
[[nodiscard]] std::vector<PlannedDose> planned_doses(const Situation& situation, const std::optional<Regimen>& regimen,
                                                     double until);
// Doses of history, additional ones unrolled, missed ones too.
[[nodiscard]] std::vector<PlannedDose> given_doses(const Patient& patient);

// History and plan as one patient. `future` replaces the values after `now` of the covariates it names.
using CovariateFuture = std::map<std::string, CovariateCourse>;
[[nodiscard]] Patient with_regimen(const Situation& situation, const std::optional<Regimen>& regimen, double until,
                                   const CovariateFuture& future = {});
// The regimen at steady state: one dose at `at` with ss = 1, nothing before it, under the covariates that hold at `at`, or at the
// end of the future where that is later.
[[nodiscard]] Patient at_steady_state(const Situation& situation, const Regimen& regimen, double at,
                                      const CovariateFuture& future = {});

}  // namespace titrate
