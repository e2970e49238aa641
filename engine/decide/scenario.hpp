// Futures of a covariate that is changing now. When serum creatinine moved by 0.3 mg/dL within 48 h or by half within 7 days
// (the thresholds of KDIGO 2012, used in both directions), clearance after `now` is not known: three futures are compared.
//
//   hold      the last value stays
//   continue  the last slope goes on for 24 h, then holds, inside the model's plausible range
//   recover   back to the baseline (lowest earlier value when it rose, highest when it fell) over 48 h
//
// as steps of 6 h. Where the model itself says how the covariate goes on or recovers, that takes the place of the second or the
// third (over four half-lives). A plan is judged by the worst of the three.

#pragma once

#include <string>
#include <vector>

#include "decide/regimen.hpp"

namespace titrate {

struct Scenario {
  std::string id;     // hold, continue, recover
  std::string label;  // "creatinine goes on rising for 24 h"
  std::string covariate;
  std::vector<double> time, value;  // from now on, coherent set
  CovariateFuture future;
};

struct Instability {
  bool unstable = false;
  std::string covariate;
  std::string why;        // "creatinine rose from 0.9 mg/dL to 1.4 mg/dL in 26 h"
  std::string hidden_by;  // label of an entered covariate that would be computed from this one, where nothing else reads it
  std::vector<Scenario> scenarios;  // hold first; empty when stable, and when no equation reads the covariate
};

[[nodiscard]] Instability renal_instability(const Situation& situation);

}  // namespace titrate
