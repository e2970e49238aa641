// Jobs of the stepping solvers: courses of models that are not linear, simulated one after the other as draws are. The error is
// the worst of all patients, outputs and times, relative to the value, against the same courses stepped through at a tolerance of
// 1e-12; each tolerance was chosen so that it comes near what is asked for.

#include <cmath>
#include <string>

#include "bench/jobs.hpp"
#include "infer/importance.hpp"
#include "sim/simulate.hpp"
#include "support/model_file.hpp"

namespace titrate::bench {

namespace {

DosingEvent dose(const std::string& route, double amt, double dur, double ii, int addl) {
  DosingEvent d;
  d.amt = amt;
  d.dur = dur;
  if (dur > 0.0) d.input = DosingEvent::Input::duration;
  d.ii = ii;
  d.addl = addl;
  d.route = route;
  return d;
}

struct Job {
  Compiled model;
  BuiltSchedule built;
  Matrix etas;                        // one column for each patient
  std::vector<Eigen::Index> outputs;  // those that are judged
  double rtol = 1e-6;

  [[nodiscard]] Matrix course(Eigen::Index patient, const SimulateOptions& options) const {
    const Course all = simulate(*model, built.schedule, etas.col(patient), options);
    if (!all.ok) std::printf("%s\n", all.why.c_str());
    return all.outputs(Eigen::all, outputs);
  }
};

Job job(const std::string& name, Patient patient, int days, int patients, double rtol) {
  Job made;
  made.model = support::model_in_tree(name);
  std::vector<Sample> samples;
  for (int day = 0; day <= days; ++day) samples.push_back({24.0 * day, before_all});
  made.built = *build_schedule(*made.model, patient, samples);
  made.etas = normal_draws(Vector::Zero(made.model->k), made.model->omega, patients, 1).draws;
  made.rtol = rtol;
  return made;
}

// Three cycles of paclitaxel, 175 mg/m2 over 3 h, in patients who differ as the model's omega says.
Job leukocytes() {
  Patient p;
  for (const auto& [covariate, value] : {std::pair{"CL", 285.0}, {"V1", 290.0}, {"V2", 995.0}, {"BSA", 1.8}}) {
    p.covariates[covariate].time = {0.0};
    p.covariates[covariate].value = {value};
  }
  p.doses.push_back(dose("iv", 315.0, 3.0, 504.0, 2));
  Job made = job("paclitaxel_myelosuppression_friberg2002", p, 63, 1000, 1.6e-6);
  made.outputs = {1};
  return made;
}

// Denosumab every half a year.
Job bone() {
  Patient p;
  p.doses.push_back(dose("denosumab", 60.0, 0.0, 4368.0, 3));
  Job made = job("bone_mineral", p, 730, 1, 3e-6);
  for (Eigen::Index i = 0; i < made.model->m; ++i) made.outputs.push_back(i);
  return made;
}

// The largest error relative to the value. A drug before its first dose is 0 and has none.
double worst(const Matrix& values, const Matrix& reference) {
  double largest = 0.0;
  for (Eigen::Index i = 0; i < reference.size(); ++i)
    if (const double e = std::abs(values.data()[i] / reference.data()[i] - 1.0); reference.data()[i] != 0.0 && !(e <= largest))
      largest = e;  // NaN too
  return largest;
}

void measure(const char* name, const Job& job) {
  SimulateOptions fast, exact;
  fast.rtol = job.rtol;
  fast.atol = 1e-3 * job.rtol;
  exact.solver = Solver::dopri5;
  if (job.model->n > 10) exact.solver = Solver::rosenbrock;  // explicit steps would take minutes
  exact.rtol = 1e-12;
  exact.atol = 1e-15;
  double error = 0.0, sum = 0.0;
  for (Eigen::Index i = 0; i < job.etas.cols(); i += 10)
    error = std::max(error, worst(job.course(i, fast), job.course(i, exact)));
  const Times times = timed([&] {
    for (Eigen::Index i = 0; i < job.etas.cols(); ++i) sum += job.course(i, fast).sum();
  });
  if (!std::isfinite(sum)) std::printf("the courses went wrong\n");
  row(name, times, error, "of each value");
}

}  // namespace

void stepping_jobs() {
  measure("1000 patients x 63 days, Friberg", leukocytes());
  measure("bone, 37 states, 24 months", bone());
}

}  // namespace titrate::bench
