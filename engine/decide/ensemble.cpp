#include "decide/ensemble.hpp"

#include <utility>

#include "sim/simulation.hpp"

namespace titrate {

Drawn::Drawn(const CompiledModel& model, Matrix eta, Vector weights, std::vector<int> variant)
    : weights_(std::move(weights)), variant_(std::move(variant)) {
  const auto S = static_cast<std::size_t>(eta.cols());
  if (variant_.empty()) variant_.assign(S, 0);
  for (std::size_t s = 0; s < S; ++s) {
    const auto column = static_cast<Eigen::Index>(s);
    const bool repeats = s > 0 && eta.col(column) == eta.col(column - 1) && variant_[s] == variant_[s - 1];
    individual_.push_back(repeats ? individual_.back() : std::make_shared<Individual>(model, eta.col(column)));
  }
}

Drawn::Drawn(const CompiledModel& model, const Posterior& posterior)
    : Drawn(model, posterior.draws, posterior.weights, posterior.variant) {}

Diagnostic no_prediction(const std::string& why) {
  return {"forecast.no_prediction",
          Severity::error,
          "",
          std::nullopt,
          "No draw has a prediction: " + why,
          "Check doses, times and covariates."};
}

Result<Ensemble> run_draws(const CompiledModel& model, const std::vector<BuiltSchedule>& built, Drawn& draws,
                           const SimulateOptions& options) {
  const auto n_times = static_cast<Eigen::Index>(built.front().sample_of_extra.size());
  Ensemble all;
  all.outputs.assign(static_cast<std::size_t>(model.m), Matrix(n_times, static_cast<Eigen::Index>(draws.size())));
  std::vector<Simulation> simulations;
  for (const BuiltSchedule& one : built) simulations.emplace_back(model, one.schedule, options);
  std::vector<double> weights;
  std::string why = "there are no draws";
  Eigen::Index kept = 0;
  bool last_kept = false;  // the draw before this one has a prediction
  for (std::size_t s = 0; s < draws.size(); ++s) {
    if (draws.weight(s) <= 0.0) {
      last_kept = false;
      continue;
    }
    if (last_kept && draws.repeats(s)) {
      for (Matrix& output : all.outputs) output.col(kept) = output.col(kept - 1);
      weights.push_back(draws.weight(s));
      ++kept;
      continue;
    }
    const BuiltSchedule& own = built[draws.variant(s)];
    const Course& course = simulations[draws.variant(s)].of(draws.individual(s));
    last_kept = course.ok && course.outputs.allFinite();
    if (!last_kept) {
      why = course.ok ? "a value is not finite" : course.why;
      ++all.failed;
      continue;
    }
    for (int output = 0; output < model.m; ++output)
      for (Eigen::Index i = 0; i < n_times; ++i)
        all.outputs[static_cast<std::size_t>(output)](i, kept) =
            course.outputs(own.sample_of_extra[static_cast<std::size_t>(i)], output);
    weights.push_back(draws.weight(s));
    ++kept;
  }
  if (kept == 0) return no_prediction(why);
  for (Matrix& output : all.outputs) output.conservativeResize(Eigen::NoChange, kept);
  all.weights = Eigen::Map<const Vector>(weights.data(), kept);
  all.weights /= all.weights.sum();
  return all;
}

}  // namespace titrate
