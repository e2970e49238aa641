#include "decide/judge.hpp"

#include "base/work.hpp"
#include "cases.hpp"
#include "decide/proportion.hpp"

using namespace titrate;
using namespace titrate::cases;

namespace {

struct Ward {
  Situation situation;
  Aim aim;
  Posterior posterior;

  explicit Ward(const std::shared_ptr<Model>& model) : posterior(normal_posterior(0.1, 0.04, 50)) {
    Patient patient;
    patient.doses = {infusion(0, 800, 1.0, 12, 3)};
    patient.now = 40.0;
    situation = titrate::situation(made(model), patient, std::nullopt);
    aim = cases::aim(*model, target("auc24", "24 to 48 h", 300.0, 450.0));
  }

  [[nodiscard]] Question question(double amt) const {
    const auto regimen = every(12, amt, 1);
    return {regimen, resolve(situation, aim, regimen, {0.0, false}, posterior.mode)};
  }
  // Steps are another way than superposition, and follow each plan by itself.
  [[nodiscard]] static SimulateOptions steps() {
    SimulateOptions options;
    options.solver = Solver::dopri5;
    options.rtol = 1e-12;
    return options;
  }
  [[nodiscard]] std::vector<Judged> judged(const std::vector<Question>& questions, bool extremes = true,
                                           const std::vector<CovariateFuture>& futures = {{}},
                                           const SimulateOptions& options = {}) const {
    const Judging judging{situation, posterior, aim, options, futures, {}, extremes};
    std::vector<Eigen::Index> draws(static_cast<std::size_t>(posterior.draws.cols()));
    for (std::size_t s = 0; s < draws.size(); ++s) draws[s] = static_cast<Eigen::Index>(s);
    auto all = judge(judging, questions, draws);
    REQUIRE(static_cast<bool>(all));
    return *all;
  }
  [[nodiscard]] bool line() const {
    const auto least = make_probe(situation, question(500).regimen, question(500).window);
    const auto most = make_probe(situation, question(1500).regimen, question(1500).window);
    REQUIRE(static_cast<bool>(least));
    REQUIRE(static_cast<bool>(most));
    return on_a_line(*situation.model, *least, *most, 0, {});
  }
};

}  // namespace

TEST_CASE("amounts judged from the line through the least and the largest are as if each had been simulated") {
  const Ward ward(one_compartment());
  CHECK(ward.line());
  std::vector<Question> questions;
  for (const double amt : {1000.0, 500.0, 1500.0, 750.0}) questions.push_back(ward.question(amt));
  const auto together = ward.judged(questions);
  for (std::size_t i = 0; i < questions.size(); ++i) {
    const Judged alone = ward.judged({questions[i]}).front();
    CHECK((together[i].h - alone.h).cwiseAbs().maxCoeff() <= 1e-12 * alone.h.maxCoeff());
    CHECK((together[i].peak - alone.peak).cwiseAbs().maxCoeff() <= 1e-12 * alone.peak.maxCoeff());
    CHECK((together[i].trough - alone.trough).cwiseAbs().maxCoeff() <= 1e-12 * alone.peak.maxCoeff());
    CHECK(together[i].chances.loss == doctest::Approx(alone.chances.loss).epsilon(1e-12));
  }
}

TEST_CASE("an area judged without extremes is the area") {
  const Ward ward(one_compartment());
  const std::vector<Question> questions{ward.question(500.0), ward.question(1000.0), ward.question(1500.0)};
  const auto all = ward.judged(questions), areas = ward.judged(questions, false);
  for (std::size_t i = 0; i < questions.size(); ++i) {
    CHECK((areas[i].h - all[i].h).cwiseAbs().maxCoeff() <= 1e-13 * all[i].h.maxCoeff());
    CHECK(areas[i].peak.size() == 0);
  }
}

TEST_CASE(
    "plans judged by superposition are as if each had been stepped through: infusions, boluses, a held dose and no dose, windows "
    "of different lengths, whatever the metric") {
  auto absorbed = one_compartment();
  absorbed->states[0].derivative.text = "0.9 * depot - CL / V * A";
  State depot;
  depot.name = "depot";
  depot.initial = {"0", ""};
  depot.derivative = {"-0.9 * depot", "/states/depot"};
  absorbed->states.push_back(depot);
  absorbed->routes[0].entries[0].into = "depot";
  for (const auto& model : {one_compartment(), absorbed}) {
    Ward ward(model);
    for (const char* const metric : {"auc24", "cmin", "cmax", "value_at"}) {
      ward.aim = cases::aim(*model, target(metric, metric == std::string("value_at") ? "at 44 h" : "24 to 48 h", 10.0, 20.0));
      std::vector<Question> questions;
      const auto add = [&](const std::optional<Regimen>& regimen, double longer = 0.0) {
        TargetWindow window = resolve(ward.situation, ward.aim, regimen, {0.0, false}, ward.posterior.mode, 48.0);
        window.window.to += longer;
        questions.push_back({regimen, window});
      };
      add(std::nullopt);
      for (const double amt : {250.0, 500.0, 750.0}) add(every(12, amt, 1));
      add(every(8, 400, 0));
      add(every(18, 900, 1.5), 12.0);
      Regimen later = every(12, 800, 2);
      later.start = 60.0;
      add(later);
      const auto all = ward.judged(questions), stepped = ward.judged(questions, true, {{}}, Ward::steps());
      // Steps read peaks between samples of their own: the cubics between both err.
      const double peaks = model == absorbed ? 2e-4 : 1e-9;
      for (std::size_t i = 0; i < questions.size(); ++i) {
        CAPTURE(i);
        const bool of_peak = metric == std::string("cmax");
        CHECK((all[i].h - stepped[i].h).cwiseAbs().maxCoeff() <= (of_peak ? peaks : 1e-9) * stepped[i].h.maxCoeff());
        CHECK((all[i].peak - stepped[i].peak).cwiseAbs().maxCoeff() <= peaks * stepped[i].peak.maxCoeff());
        CHECK((all[i].trough - stepped[i].trough).cwiseAbs().maxCoeff() <= 1e-9 * stepped[i].peak.maxCoeff());
      }
    }
  }
}

TEST_CASE("where the lag is each individual's own, so are the times at which the peaks of its plans are read") {
  const auto model = one_compartment();
  model->routes[0].entries[0].lag = Expression{"0.4 * exp(eta)", ""};
  const Ward ward(model);
  std::vector<Question> questions;
  for (const double amt : {400.0, 700.0}) questions.push_back(ward.question(amt));
  const auto all = ward.judged(questions), stepped = ward.judged(questions, true, {{}}, Ward::steps());
  for (std::size_t q = 0; q < questions.size(); ++q) {
    CHECK((all[q].h - stepped[q].h).cwiseAbs().maxCoeff() <= 1e-9 * stepped[q].h.maxCoeff());
    CHECK((all[q].trough - stepped[q].trough).cwiseAbs().maxCoeff() <= 1e-9 * stepped[q].peak.maxCoeff());
    const Patient patient = with_regimen(ward.situation, questions[q].regimen, questions[q].window.window.to);
    for (Eigen::Index s = 0; s < 10; ++s) {
      const Vector eta = ward.posterior.draws.col(s);
      const Window& window = questions[q].window.window;
      std::vector<Sample> samples{{window.from, after_all}, {window.to, before_all}};
      for (double begin = 0.0; begin < window.to; begin += 4.0) {  // each infusion begins at a multiple of 4 h and takes one
        const double end = begin + 0.4 * std::exp(eta[0]) + 1.0;
        if (end > window.from && end < window.to) samples.push_back({end, after_all});
      }
      const BuiltSchedule built = *build_schedule(*ward.situation.model, patient, samples);
      const double highest = simulate(*ward.situation.model, built.schedule, eta).outputs.maxCoeff();
      CHECK(all[q].peak[s] == doctest::Approx(highest).epsilon(1e-6));  // no dose: read between its samples
    }
  }
}

TEST_CASE("areas that do not add up are those of each plan's course: a chain without modes, an output that is not linear") {
  auto chain = one_compartment();
  chain->states[0].derivative.text = "0.1 * depot - CL / V * A";
  State depot;
  depot.name = "depot";
  depot.initial = {"0", ""};
  depot.derivative = {"-0.1 * depot", "/states/depot"};  // of the rate of A at eta = 0
  chain->states.push_back(depot);
  chain->individual[0].value.text = "TVCL";
  chain->routes[0].entries[0].into = "depot";
  auto squared = one_compartment();
  squared->outputs[0].value.text = "(A / V)^2";
  for (const auto& model : {chain, squared}) {
    const Ward ward(model);
    const std::vector<Question> questions{ward.question(500.0), ward.question(800.0), ward.question(1200.0)};
    const auto all = ward.judged(questions), areas = ward.judged(questions, false);
    for (std::size_t i = 0; i < questions.size(); ++i)
      CHECK((areas[i].h - all[i].h).cwiseAbs().maxCoeff() <= 1e-12 * all[i].h.maxCoeff());
  }
}

TEST_CASE("amounts are not on a line where the output, the states or an infusion's end do not follow them in proportion") {
  auto squared = one_compartment();
  squared->outputs[0].value.text = "(A / V)^2";
  CHECK_FALSE(Ward(squared).line());
  auto saturable = one_compartment();
  saturable->states[0].derivative.text = "-CL * A / (V + A)";
  CHECK_FALSE(Ward(saturable).line());
  auto set = one_compartment();
  set->routes[0].entries[0].sets_to = Expression{"10", ""};
  CHECK_FALSE(Ward(set).line());
}

TEST_CASE("of several futures a plan is judged by its worst, with the areas, peaks and troughs of that one") {
  auto model = one_compartment();
  clear_by_creatinine(*model);
  Ward ward(model);
  ward.situation.patient.covariates["SCR"] = {{0.0}, {10.0}, ""};
  for (Variant& variant : ward.situation.variants.all) variant.patient.covariates["SCR"] = {{0.0}, {10.0}, ""};
  std::vector<CovariateFuture> futures;
  for (const double later : {7.0, 10.0, 16.0}) futures.push_back({{"SCR", {{40.0, 52.0}, {10.0, later}, ""}}});
  const std::vector<Question> questions{ward.question(500.0), ward.question(800.0), ward.question(1200.0)};
  const auto all = ward.judged(questions, true, futures);
  CHECK(all[0].worst == 0);
  CHECK(all[2].worst == 2);
  for (std::size_t q = 0; q < questions.size(); ++q) {
    for (const CovariateFuture& future : futures) {
      const Judged alone = ward.judged({questions[q]}, true, {future}).front();
      CHECK(alone.chances.loss <= all[q].chances.loss * (1.0 + 1e-12));
      if (&future != &futures[all[q].worst]) continue;
      CHECK((all[q].h - alone.h).cwiseAbs().maxCoeff() <= 1e-12 * alone.h.maxCoeff());
      CHECK((all[q].peak - alone.peak).cwiseAbs().maxCoeff() <= 1e-12 * alone.peak.maxCoeff());
      CHECK((all[q].trough - alone.trough).cwiseAbs().maxCoeff() <= 1e-12 * alone.peak.maxCoeff());
    }
  }
}

TEST_CASE("draws that repeat cost one simulation and keep their weights") {
  Ward ward(one_compartment());
  ward.posterior.draws.setConstant(0.2);
  const auto spent = [&] {
    const Work work(1e12);
    const Judged judged = ward.judged({ward.question(1000)}).front();
    CHECK(judged.draws.size() == static_cast<std::size_t>(ward.posterior.draws.cols()));
    CHECK(judged.h.minCoeff() == judged.h.maxCoeff());
    CHECK(judged.weights.sum() == doctest::Approx(1.0));
    return 1e12 - work.left();
  };
  const double many = spent();
  ward.posterior = normal_posterior(0.2, 0.04, 1);
  ward.posterior.draws.setConstant(0.2);
  CHECK(many <= 1.001 * spent());
}
