// The forecast of every output: in history under the doses that were given, and after `now` under one or several regimens.
//
// Bands are weighted quantiles of the posterior draws; with residual error they are quantiles of the mixture
// sum_s w_s N(f_s, V(f_s)) (of ln dv where the error is on the logarithm), solved from its distribution function. A priori
// bands take draws of the population for the same covariates. History is simulated alone, so no plan can move it.

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "decide/target.hpp"

namespace titrate {

struct Quantiles {
  std::vector<double> median, p5, p25, p75, p95;  // median is empty where only the outer ones mean something
};

struct Bands {
  Quantiles parameters;
  Quantiles with_residual;  // empty columns when the output has no residual error model
};

struct MetricSummary {
  std::string metric, of, during, label;
  Spread spread;
};

struct RegimenForecast {
  std::string label;
  std::optional<Regimen> regimen;  // nothing: no dose
  std::vector<Bands> outputs;      // per output, at Forecast::time from Forecast::now_index on
  std::vector<PlannedDose> doses;
  std::vector<MetricSummary> metrics;
  std::optional<Chances> target;
  std::vector<std::string> cautions;
  std::string scenario;  // id, when the covariates' future is one of several
};

struct OutputForecast {
  int output = 0;
  std::vector<double> population;  // eta = 0, over the whole of `time`, under the first regimen
  std::vector<double> mode;        // likewise at the posterior mode
  Bands a_priori;                  // likewise
  Bands history;                   // time[0 ... now_index]
};

struct CovariateLine {
  int covariate = 0;
  std::vector<double> time, value;
};

struct Forecast {
  double now = 0.0;
  std::vector<double> time;   // a time that stands twice is an event: before it and after it
  std::size_t now_index = 0;  // time[now_index] == now
  std::vector<OutputForecast> outputs;
  std::vector<RegimenForecast> regimens;
  std::vector<PlannedDose> given;
  std::vector<CovariateLine> covariates;  // as recorded
  std::optional<Target> target;
  Diagnostics remarks;  // of the schedules: defaults, caps
};

struct DrawSettings {
  std::optional<int> draws;
  std::uint64_t seed = 1;
  std::optional<double> rtol;
  Solver solver = Solver::automatic;
};
// 1000 draws put the Monte-Carlo error of a probability at 0.016 or less; a nonlinear model costs some hundred times more per
// draw, and 300 draws (0.029) keep it within seconds.
[[nodiscard]] int default_draws(const CompiledModel& model);
// What the simulation of draws uses: rtol 1e-6 for stepping solvers unless another was asked for; it is far below the Monte-Carlo
// error. Exact solutions do not use it.
[[nodiscard]] SimulateOptions draw_options(const DrawSettings& settings);

struct ForecastOptions {
  std::vector<std::optional<Regimen>> regimens;  // empty: the current one goes on
  Horizon horizon;                               // hours 0: default
  std::optional<Aim> aim;
  DrawSettings draws;
  bool scenarios = true;  // the first regimen also under each scenario when renal function is unstable
  std::size_t points = 300;
  Progress progress;
};

[[nodiscard]] Result<Forecast> forecast(const Situation& situation, const Posterior& posterior, const ForecastOptions& options);

}  // namespace titrate
