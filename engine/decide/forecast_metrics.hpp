// What a forecast says of one regimen besides its curves: the target's metric and its chances, peak, trough and area.

#pragma once

#include "decide/ensemble.hpp"
#include "decide/forecast.hpp"

namespace titrate {

struct MetricsOf {
  const Situation& situation;
  const Situation& leading;  // the patient that the mode belongs to
  const Posterior& posterior;
  const ForecastOptions& options;
  const Horizon& horizon;
};

// Fills `forecast.metrics` and `forecast.target`, and adds cautions; errors when no draw has a prediction.
[[nodiscard]] Diagnostics add_metrics(const MetricsOf& of, const CovariateFuture& future, const Drawn& draws,
                                      RegimenForecast& forecast);

}  // namespace titrate
