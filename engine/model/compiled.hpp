// A model as numbers and kernels: dense layout, tapes, exact derivatives, and the structure that was found.
//
// Notation: x covariates, eta random effects (k), p what one covariate segment and one eta fix (individual parameters and every
// subexpression of them that the equations need), y states (n), f outputs (m).
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
#include <string>
#include <vector>

#include "base/linalg.hpp"
#include "expr/parser.hpp"
#include "expr/tape.hpp"
#include "model/model.hpp"

namespace titrate {

struct System {
  int n = 0;                        // states (with integrals when compiled so)
  bool linear = false;
  Tape rhs;                         // n
  Tape rhs_sens;                    // n + n*n (J, row major) + n*k (B, row major)
  Tape linear_parts;                // linear only; functions of p: A (n*n) and b (n); then dA/deta_j (n*n) and db/deta_j (n) for j < k
  std::vector<double> scale;        // size of each state's unit in the coherent set, for absolute tolerances
};

struct CompiledEntry {
  int state = -1;
  bool sets = false;                // value in F is what the state is set to
  int F = -1, lag = -1;             // index into the `events` tape's outputs; derivatives follow, see events below
};

struct CompiledRoute {
  std::string name;
  std::vector<CompiledEntry> entries;
};

struct CompiledResidual {
  std::string assay;
  bool log_scale = false;
  Tape variance;                    // y[0] = prediction -> V, dV/dprediction
};

struct CompiledModel {
  std::shared_ptr<const Model> model;
  int n_covariates = 0;             // inputs of `individual`: 2 per covariate declared linear (intercept, slope), else 1
  std::vector<int> covariate_input; // index of the first input of each covariate
  int k = 0;                        // etas
  int n = 0;                        // states
  int m = 0;                        // outputs

  Tape individual;                  // "p" of this tape: [covariate inputs..., eta...] -> p
  int n_p = 0;
  std::map<std::string, int> named; // individual parameters by name -> index into p (those that do not depend on time)

  System states;
  System with_auc;                  // states first, then m integrals

  Tape outputs;                     // m
  Tape outputs_sens;                // m + m*n + m*k
  Tape initial;                     // p -> y0 (n), d y0 / d eta (n*k)
  Tape events;                      // p -> for each value: value, then k derivatives; CompiledEntry indexes the first
  std::vector<CompiledRoute> routes;
  std::vector<std::vector<CompiledResidual>> residuals;  // per output
  Matrix omega, omega_inverse;
  double log_det_omega = 0.0;

  // Covariates computed from others: evaluated in this order when the patient does not give them.
  struct Computed {
    int covariate = -1;
    std::vector<int> needs;         // covariates
    Tape value;                     // "p" of this tape: one value per covariate -> the value
  };
  std::vector<Computed> computed;
};

using Compiled = std::shared_ptr<const CompiledModel>;

// Types every expression, reports all errors at once, lowers, derives and cuts the tapes.
[[nodiscard]] Result<Compiled> compile(std::shared_ptr<const Model> model);

// Formulas that model files may call by name (patient/renal, patient/body).
[[nodiscard]] const std::map<std::string, Formula>& known_formulas();

}  // namespace titrate
