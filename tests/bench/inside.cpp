// Jobs inside the engine, without the door: one line of JSON each, with several times in milliseconds and the error
// reached; natively and in WebAssembly. Here two compartments with three etas and a
// combined residual error; models that are not linear in stepping.cpp.

#include <cmath>
#include <vector>

#include "bench/jobs.hpp"
#include "decide/judge.hpp"
#include "decide/recommend.hpp"
#include "infer/fit.hpp"
#include "infer/laplace.hpp"
#include "infer/quantiles.hpp"
#include "sim/simulation.hpp"
#include "support/small_models.hpp"

using namespace titrate;
using titrate::bench::row, titrate::bench::timed, titrate::bench::Times;

namespace {

Compiled two_compartments() {
  support::SmallModel small;
  small.parameters = {{"TVCL", 4.5}, {"TVV1", 58.0}, {"Q", 6.5}, {"TVV2", 38.0}};
  small.etas = {{"eta_CL", 0.16}, {"eta_V1", 0.25}, {"eta_V2", 0.16}};
  small.individual = {{"CL", "TVCL * exp(eta_CL)"}, {"V1", "TVV1 * exp(eta_V1)"}, {"V2", "TVV2 * exp(eta_V2)"}};
  small.states = {{"central", "-(CL + Q) / V1 * central + Q / V2 * peripheral"},
                  {"peripheral", "Q / V1 * central - Q / V2 * peripheral"}};
  small.outputs = {{"Cc", "central / V1"}};
  small.residual = "0.04 * prediction^2 + 1";
  small.entries = {support::into("central")};
  const auto model = support::build(small);
  model->routes.front().amount_unit = *parse_unit("mg");
  model->outputs.front().unit = *parse_unit("mg/L");
  return *compile(model);
}

// Ten infusions of 1 h every 12 h, and levels about the 8th of them.
Patient patient() {
  Patient p;
  DosingEvent dose;
  dose.amt = 1000.0;
  dose.input = DosingEvent::Input::duration;
  dose.dur = 1.0;
  dose.ii = 12.0;
  dose.addl = 9;
  dose.route = "dose";
  p.doses.push_back(dose);
  for (const auto& [time, dv] : {std::pair{83.5, 12.1}, {86.0, 27.3}, {95.5, 14.8}}) {
    Observation o;
    o.time = time;
    o.dv = dv;
    o.output = "Cc";
    p.observations.push_back(o);
  }
  return p;
}

BuiltSchedule grid(const CompiledModel& model, int points) {
  Patient p = patient();
  p.observations.clear();
  std::vector<Sample> samples;
  for (int i = 0; i < points; ++i) samples.push_back({0.1 * i, before_all});
  return *build_schedule(model, p, samples);
}

void fits(const Compiled& model) {
  const auto built = *build_schedule(*model, patient(), {});
  double gradient = 0.0, ess = 0.0;
  for (const int starts : {1, 5}) {
    const Times times = timed([&] {
      const auto objective = Objective::make(model, patient(), built);
      MapSettings settings;
      settings.starts = starts;
      const Map map = find_map(*objective, settings);
      gradient = laplace(*objective, map.modes.front())->hessian_covariance ? map.gradient_norm : 1.0;
    });
    row(starts == 1 ? "MAP + Laplace, 1 start" : "MAP + Laplace, 5 starts", times, gradient, "posterior sd from the mode");
  }
  FitSettings settings;
  settings.draws = 1000;
  const Times times = timed([&] { ess = fit(model, patient(), settings)->ess; });
  row("fit with 1000 draws", times, 1.0 / std::sqrt(ess), "sd, Monte-Carlo error of a mean");
}

// AUC24 from 24 to 48 h after the next dose, within 400 to 600 mg h/L.
RecommendOptions twelve_amounts_five_intervals(const Model& model) {
  Target target;
  target.metric = "auc24";
  target.output = "Cc";
  target.during = "24 to 48 h";
  target.low = 400.0;
  target.high = 600.0;
  RecommendOptions options;
  options.aim = *read_aim(model, target);
  options.grid = CandidateGrid{{}, {6.0, 8.0, 12.0, 18.0, 24.0}, {1.0}, "dose"};
  for (int i = 1; i <= 12; ++i) options.grid->doses.push_back(250.0 * i);
  return options;
}

// The first choice's quantiles over 72 h, every half hour.
Matrix band(const Situation& situation, const Posterior& posterior, const Candidate& first) {
  std::vector<Sample> samples;
  for (int i = 0; i <= 144; ++i) samples.push_back({situation.now + 0.5 * i, before_all});
  const auto built = *build_schedule(*situation.model, with_regimen(situation, first.regimen, situation.now + 72.0), samples);
  Simulation simulation(*situation.model, built.schedule, {});
  Individual individual(*situation.model, posterior.mode);
  Matrix values(static_cast<Eigen::Index>(samples.size()), posterior.draws.cols());
  for (Eigen::Index s = 0; s < values.cols(); ++s) {
    individual.become(posterior.draws.col(s));
    values.col(s) = simulation.of(individual).outputs.col(0)(built.sample_of_extra);
  }
  return row_quantiles(values, posterior.weights, {0.05, 0.5, 0.95});
}

// What is read of the first 20 draws under a regimen judged among others, against steps at 1e-12 of it alone; relative.
double error_of_measures(const Situation& situation, const Posterior& posterior, const RecommendOptions& options,
                         const Regimen& regimen) {
  const std::vector<Eigen::Index> draws = [] {
    std::vector<Eigen::Index> first;
    for (Eigen::Index s = 0; s < 20; ++s) first.push_back(s);
    return first;
  }();
  std::vector<Question> questions;
  for (const double times : {1.0, 0.5, 3.0}) {
    Regimen other = regimen;
    other.amt *= times;
    questions.push_back({other, resolve(situation, options.aim, other, {}, posterior.mode)});
  }
  SimulateOptions steps;
  steps.solver = Solver::dopri5;
  steps.rtol = 1e-12;
  const Judged among = judge({situation, posterior, options.aim, {}, {{}}, {}}, questions, draws)->front();
  const Judged alone = judge({situation, posterior, options.aim, steps, {{}}, {}}, {questions.front()}, draws)->front();
  const auto worst = [](const Vector& a, const Vector& b) { return ((a - b).array() / b.array()).abs().maxCoeff(); };
  return std::max({worst(among.h, alone.h), worst(among.peak, alone.peak), worst(among.trough, alone.trough)});
}

void ranking(const Compiled& model) {
  const Patient levels = patient();
  const Situation situation = titrate::situation(model, levels, std::nullopt);
  const RecommendOptions options = twelve_amounts_five_intervals(*model->model);
  FitSettings settings;
  settings.draws = 2000;
  double sum = 0.0;
  const auto job = [&] {
    const Posterior posterior = *fit(model, levels, settings);
    const Recommendation ranked = *recommend(situation, posterior, options);
    sum += band(situation, posterior, ranked.ranked.front()).sum();
  };
  const Times times = timed(job);
  const Posterior posterior = *fit(model, levels, settings);
  const Candidate first = recommend(situation, posterior, options)->ranked.front();
  const double error = error_of_measures(situation, posterior, options, *first.regimen);
  char of[120];
  std::snprintf(of, sizeof of, "of a measure; Monte-Carlo error of P(in) %.3f", first.chances.p_error);
  row("fit + 2000 draws + 60 regimens ranked with bands", times, error, of);
  if (!(sum > 0.0)) std::printf("the bands went wrong\n");
}

// Of every point, relative to the largest value, against steps at a tolerance of 1e-12.
double error_of_grid(const CompiledModel& model, const BuiltSchedule& built, const Vector& eta) {
  SimulateOptions steps;
  steps.solver = Solver::dopri5;
  steps.rtol = 1e-12;
  const Matrix exact = simulate(model, built.schedule, eta).outputs,
               stepped = simulate(model, built.schedule, eta, steps).outputs;
  return (exact - stepped).cwiseAbs().maxCoeff() / exact.maxCoeff();
}

void courses(const CompiledModel& model) {
  const BuiltSchedule built = grid(model, 1681);
  const double error = error_of_grid(model, built, Vector::Zero(3));
  const WeightedDraws prior = normal_draws(Vector::Zero(3), model.omega, 10000, 1);
  double sum = 0.0;
  Simulation simulation(model, built.schedule, {});
  Individual individual(model, Vector::Zero(3));
  const auto outputs = [&](Eigen::Index s) {
    individual.become(prior.draws.col(s));
    return simulation.of(individual).outputs.col(0);
  };
  const Times thousand = timed([&] {
    for (Eigen::Index s = 0; s < 1000; ++s) sum += outputs(s).sum();
  });
  row("1000 patients x 1681 points", thousand, error, "of the largest value");
  const auto bands = [&](Eigen::Index draws) {
    Matrix values(1681, draws);
    for (Eigen::Index s = 0; s < draws; ++s) values.col(s) = outputs(s);
    const Vector weights = Vector::Constant(draws, 1.0 / static_cast<double>(draws));
    sum += row_quantiles(values, weights, {0.05, 0.5, 0.95}).sum();
  };
  row("bands: 10,000 draws x 1681 points", timed([&] { bands(10000); }), error, "of the largest value, each curve");
  if (!(sum > 0.0)) std::printf("the courses went wrong\n");
}

}  // namespace

int main() {
  const Compiled model = two_compartments();
  fits(model);
  ranking(model);
  courses(*model);
  bench::stepping_jobs();
}
