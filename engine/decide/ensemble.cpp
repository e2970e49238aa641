#include "decide/ensemble.hpp"

#include "sim/simulation.hpp"

namespace titrate {

bool Drawn::repeats(std::size_t s) const {
  const auto column = static_cast<Eigen::Index>(s);
  return s > 0 && eta_.col(column) == eta_.col(column - 1) && variant(s) == variant(s - 1);
}

Diagnostic no_prediction(const std::string& why) {
  return {"forecast.no_prediction",
          Severity::error,
          "",
          std::nullopt,
          "No draw has a prediction: " + why,
          "Check doses, times and covariates."};
}

Result<Ensemble> run_draws(const CompiledModel& model, const std::vector<BuiltSchedule>& built, const Drawn& draws,
                           const SimulateOptions& options) {
  const auto n_times = static_cast<Eigen::Index>(built.front().sample_of_extra.size());
  Ensemble all;
  all.outputs.assign(static_cast<std::size_t>(model.m), Matrix(n_times, static_cast<Eigen::Index>(draws.size())));
  std::vector<Simulation> simulations;
  for (const BuiltSchedule& one : built) simulations.emplace_back(model, one.schedule, options);
  Individual individual(model, Vector());
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
    individual.become(draws.eta(s));
    const Course& course = simulations[draws.variant(s)].of(individual);
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
