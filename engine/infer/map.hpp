// The mode of the posterior: the eta of least OFV, looked for from several starts.
//
// Each search is quasi-Newton with exact gradients (base/minimise), its first inverse Hessian C / 2 from the expected
// information C^-1 at the start, so that steps are in units of the posterior. Etas are held within `bound_sd` prior standard
// deviations; a mode at that bound says that the model and the data do not belong together, and is refused.
//
// A stationary point whose Hessian has a negative direction (y = eta^2 at 0) is no mode: the search goes on to both sides of it.
// Two modes are distinct when they differ by more than 1e-3 posterior standard deviations. The gradient is measured in the
// posterior's metric, sqrt(g' C g) / 2: the distance to the mode in posterior standard deviations.

#pragma once

#include <string>
#include <vector>

#include "infer/objective.hpp"

namespace titrate {

struct MapSettings {
  int starts = 5;  // eta = 0 first, then fixed draws from the prior; they do not depend on any seed
  double bound_sd = 10.0;
};

enum class MapStatus { converged, no_data, not_converged, at_bound };

struct Mode {
  Vector eta;
  double ofv = 0.0;
  Matrix information;               // C^-1 at the mode
  std::optional<Matrix> hessian{};  // of OFV there, where the search has found it
};

struct Map {
  MapStatus status = MapStatus::not_converged;
  std::string words;
  std::vector<Mode> modes;  // distinct, by OFV; the first is the answer. Empty unless converged or no_data
  Evaluation at_mode;       // of the first mode
  int starts = 0;
  int converged_starts = 0;
  double gradient_norm = 0.0;
  int evaluations = 0;
  std::optional<double> lowest_ofv;  // of all searches, also of a refused map; nothing without any prediction

  [[nodiscard]] bool ok() const { return status == MapStatus::converged || status == MapStatus::no_data; }
};

// Without a used level the mode is eta = 0 exactly.
[[nodiscard]] Map find_map(const Objective& objective, const MapSettings& settings = {});

}  // namespace titrate
