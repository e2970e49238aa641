// A model as numbers and kernels: dense layout, tapes, exact derivatives, and the structure that was found.
//
// Notation: x covariates, eta random effects (k) and kappa those of an occasion (q), p what one covariate segment and one (eta,
// kappa) fix (individual parameters and every subexpression of them that the equations need), y states (n), f outputs (m).
// Derivatives "d/deta" are with respect to the k + q effects, kappas last.
//
//   p = individual(x, eta)                                once per segment and eta
//   dy/dt = rhs(t, y, p);  J = d rhs / d y;  B = d rhs / d eta   (through p, at fixed y)
//   f = outputs(t, y, p);  d f / d y, d f / d eta likewise
//   y(0) = initial(p);  dose entries: bioavailability F(p), lag(p), sets_to(p) with their derivatives
//
// The model is `linear` when J and rhs at y = 0 are fixed within a segment: then dy/dt = A y + b, solved exactly.
// Two systems are compiled: the states alone, and the states with one integral of each output (for AUC).

#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/linalg.hpp"
#include "base/student_t.hpp"
#include "expr/parser.hpp"
#include "expr/tape.hpp"
#include "model/model.hpp"

namespace titrate {

// Which entries of a matrix are not 0 whatever the values are: row i holds start[i] ... start[i + 1] - 1, their columns ascend.
struct Pattern {
  std::vector<int> start{0};
  std::vector<int> column;
  [[nodiscard]] int rows() const { return static_cast<int>(start.size()) - 1; }
  [[nodiscard]] std::size_t size() const { return column.size(); }
};

struct System {
  int n = 0;  // states, then one integral of each output when compiled so
  bool linear = false;
  std::vector<int> non_negative;  // states that may not go below 0
  bool autonomous = false;        // rhs does not depend on time
  Pattern J, B;                   // of d rhs / d y (n x n) and d rhs / d eta (n x (k+q))
  Pattern curved_J, curved_B;     // where J and B depend on states or time
  Tape rhs;                       // n
  Tape rhs_jacobian;              // rhs (n), J (its pattern), d rhs / d t (n)
  Tape rhs_sens;                  // rhs (n), J, B (their patterns)
  // Derivatives of J and B along a direction (v, w) of states and time (curved_J, curved_B); reads y, v, w as one array of 2 n
  // + 1.
  Tape curvature;
  Tape linear_parts;          // linear only, of p alone: A (n*n, row major), b (n)
  Tape linear_sens;           // linear only, of p alone: for each eta dA (n*n) and db (n)
  std::vector<double> scale;  // size of each state's unit in the coherent set, for absolute tolerances
};

// What one administration does to one state. The numbers are indices into the `events` tapes.
struct CompiledEntry {
  int state = -1;
  bool sets = false;  // the amount is not added: the state is set to the value
  int value = -1;     // bioavailability, or what the state is set to
  int lag = -1;
  int duration = -1;  // -1: the model states none
  int rate = -1;      // -1: the model states none
  int profile = -1;   // index into `profiles`; -1: the model states none
};

struct CompiledRoute {
  std::string name;
  std::vector<CompiledEntry> entries;
};

// Something that happens by itself (ConditionEvent): when g, the first of its numbers in `conditions`, rises above 0; or every so
// often, and then only while g is above 0, where it has one.
struct CompiledCondition {
  std::string name;
  bool compares = false;    // has a g
  int first = 0;            // index into the numbers of `conditions`: g, then the new values, then what must not be negative
  std::vector<int> states;  // that are set to the new values
  int not_negative = 0;     // how many numbers must not be
  int every = -1;           // index into the `events` tapes; -1: only on its condition
};

struct CompiledResidual {
  std::string assay;
  bool log_scale = false;
  std::optional<double> box_cox;              // lambda
  double unit = 1.0;                          // of the Box-Cox scale
  std::shared_ptr<const StudentT> student_t;  // null: normal
  Tape variance;                              // y[0] = prediction -> V, dV/dprediction
  [[nodiscard]] bool transformed() const { return log_scale || box_cox; }
};

// An expression in covariates alone.
struct OfCovariates {
  std::vector<int> needs;
  Tape value;  // "p" of this tape: one value per covariate of the model
};

// A covariate computed from others, when the patient does not give it.
struct ComputedCovariate : OfCovariates {
  int covariate = -1;
};

// Who belongs to a group of Model::serves: 1 or 0.
struct ServiceCondition : OfCovariates {
  std::size_t service = 0;
};

struct CompiledModel {
  std::shared_ptr<const Model> model;
  int k = 0;  // etas
  int q = 0;  // kappas
  [[nodiscard]] int effects() const { return k + q; }
  int n = 0;  // states
  int m = 0;  // outputs

  int n_inputs = 0;  // of `individual`: intercept and slope for a covariate that is linear over time, else its value
  std::vector<int> covariate_input;         // first input of each covariate of the model
  std::vector<int> required;                // covariates that the equations use
  std::vector<ComputedCovariate> computed;  // in the order in which they can be evaluated
  std::vector<ServiceCondition> service_conditions;

  Tape individual;                   // [inputs..., eta..., kappa...] -> the part of p that values need
  Tape individual_sens;              // the same and, after it, what derivatives need
  std::map<std::string, int> named;  // individual parameters by name -> index into p (those that do not depend on time)

  System states;
  System with_auc;

  Tape outputs;       // m
  Tape output_parts;  // of p alone: C (m*n, row major) and d (m) where outputs are C states + d, else without outputs
  Tape outputs_sens;  // outputs (m), d/dy (m*n), d/deta (m*(k+q)), d/dt (m)
  std::vector<Eigen::Index> at_rest;  // states that start where nothing changes without doses
  Tape initial;                       // y0 (n)
  Tape initial_sens;                  // y0 (n), d/deta (n*(k+q))
  Tape events;                        // bioavailabilities, lags, values to set
  Tape events_sens;                   // the same, then k + q derivatives of each
  Tape profiles;                      // y[0] = tad: of each input profile its density, per h, and d/dtad
  Tape profiles_sens;                 // for each profile: its value, d/dtad, d/deta (k+q)
  Tape profiles_slope;                // for each profile: d/dtad of these
  Tape conditions;                    // of t, y and p: the numbers of all conditions
  Tape conditions_sens;               // for each number: its value, d/dt, d/dy (n), d/deta (k+q)
  std::vector<CompiledCondition> condition_events;
  std::vector<CompiledRoute> routes;
  std::vector<std::vector<CompiledResidual>> residuals;  // per output
  Matrix omega, omega_inverse;                           // of the k etas; those of one patient's effects are in Schedule::effects
  double log_det_omega = 0.0;
  Matrix pi;  // of the q kappas
};

using Compiled = std::shared_ptr<const CompiledModel>;

// Types every expression, reports all errors at once, lowers, derives and cuts the tapes.
[[nodiscard]] Result<Compiled> compile(std::shared_ptr<const Model> model);

// Formulas that model files may call by name (patient/renal, patient/body).
[[nodiscard]] const std::map<std::string, Formula>& known_formulas();

}  // namespace titrate
