// States that move linearly and by themselves are not stepped through: the others must not notice.

#include "sim/driver.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "sim/simulate.hpp"
#include "support/allocations.hpp"
#include "support/small_models.hpp"

using namespace titrate;
using namespace titrate::support;

namespace {

// A drug under the skin, in plasma and in tissue inhibits what makes a response, and a fast one follows that.
SmallModel response(const std::string& ka, const std::string& fast) {
  SmallModel m;
  m.etas = {{"eta_k", 0.1}, {"eta_ka", 0.1}, {"eta_kin", 0.1}, {"eta_F", 0.1}, {"eta_lag", 0.1}};
  m.individual = {{"k", "0.3 * exp(eta_k)"},
                  {"ka", ka + " * exp(eta_ka)"},
                  {"kin", "2 * exp(eta_kin)"},
                  {"F", "0.7 * exp(eta_F)"},
                  {"lag", "0.4 * exp(eta_lag)"}};
  m.states = {{"depot", "-ka * depot"},
              {"response", "kin * (1 - 0.9 * plasma / (3 + plasma)) - 0.1 * response^1.2"},
              {"plasma", "ka * depot - (k + 0.4) * plasma + 0.2 * tissue"},
              {"tissue", "0.4 * plasma - 0.2 * tissue"},
              {"follower", fast + " * (response - follower)"}};
  m.initial = {{"response", "15"}, {"follower", "15"}};
  m.outputs = {{"Cc", "plasma"}, {"R", "response"}, {"F", "follower"}, {"T", "tissue"}};
  m.entries = {into("depot", "F", "lag"), into("plasma", "0.3")};
  return m;
}

BuiltSchedule doses(const CompiledModel& model, double end = 200.0) {
  Patient p;
  DosingEvent infusion, bolus;
  infusion.amt = 40.0;
  infusion.input = DosingEvent::Input::duration;
  infusion.dur = 2.0;
  infusion.ii = 24.0;
  infusion.addl = 3;
  infusion.route = "dose";
  bolus.time = 5.0;
  bolus.amt = 100.0;
  bolus.route = "dose";
  p.doses = {infusion, bolus};
  std::vector<Sample> samples;
  for (double t = 0.5; t <= end; t += 3.25) samples.push_back({t, before_all});
  const auto built = build_schedule(model, p, samples);
  REQUIRE(built);
  return *built;
}

Course course(const CompiledModel& model, const BuiltSchedule& built, Solver solver, double rtol, bool auc = false,
              bool sensitivities = false) {
  SimulateOptions options;
  options.solver = solver;
  options.rtol = rtol;
  options.atol = 1e-3 * rtol;
  options.auc = auc;
  options.sensitivities = sensitivities;
  const Course solved = simulate(model, built.schedule, Vector::Constant(5, 0.2), options);
  REQUIRE_MESSAGE(solved.ok, solved.why);
  return solved;
}

double worst(const Matrix& a, const Matrix& b) { return ((a - b).array() / (1e-3 + b.array().abs())).abs().maxCoeff(); }

bool finds_driver(const CompiledModel& model) {
  const System& system = model.states;
  const Vector scale = Eigen::Map<const Vector>(system.scale.data(), system.n);
  return Driver(system, scale).states() == std::vector<int>{0, 2, 3};
}

}  // namespace

TEST_CASE("a response to a drug that moves by itself is what it is when every state is stepped through") {
  for (const std::string fast : {"0.5", "4000"}) {
    const auto model = compiled(response("1.1", fast));
    REQUIRE(finds_driver(*model));
    const auto built = doses(*model);
    const Course exact = course(*model, built, Solver::rosenbrock, 1e-12, true);
    for (const double rtol : {1e-5, 1e-7, 1e-9}) {
      const Course driven = course(*model, built, Solver::automatic, rtol, true);
      INFO("fast " << fast << ", tolerance " << rtol << ": " << worst(driven.outputs, exact.outputs) << ", areas "
                   << worst(driven.auc, exact.auc));
      CHECK(worst(driven.outputs, exact.outputs) < 50 * rtol);
      CHECK(worst(driven.auc, exact.auc) < 50 * rtol);
      CHECK(worst(driven.outputs.col(0), exact.outputs.col(0)) < 1e-9);  // the drug itself: what the reference errs by
    }
  }
}

TEST_CASE("sensitivities by way of what is driven are those of steps through every state") {
  for (const std::string fast : {"0.5", "4000"}) {
    const auto model = compiled(response("1.1", fast));
    const auto built = doses(*model);
    const Course exact = course(*model, built, Solver::rosenbrock, 1e-12, true, true);
    for (const double rtol : {1e-5, 1e-7, 1e-9}) {
      const Course driven = course(*model, built, Solver::automatic, rtol, true, true);
      CHECK(worst(driven.outputs, exact.outputs) < 50 * rtol);
      for (std::size_t j = 0; j < exact.sens.size(); ++j) {
        const Matrix difference = (driven.sens[j] - exact.sens[j]).cwiseAbs();
        INFO("fast " << fast << ", tolerance " << rtol << ", effect " << j << ": " << difference.maxCoeff());
        for (Eigen::Index output = 0; output < difference.cols(); ++output)
          CHECK(difference.col(output).maxCoeff() < 50 * rtol * exact.outputs.col(output).maxCoeff());
        CHECK(difference.col(0).maxCoeff() < 1e-9 * exact.outputs.col(0).maxCoeff());  // the drug itself
      }
    }
  }
}

TEST_CASE("what is driven needs far fewer steps, and none of its rates sets their size") {
  // Elimination 100 times as fast as the response.
  const auto steps = [](Solver solver) {
    const auto model = compiled(response("30", "0.5"));
    const auto built = doses(*model, 24.0);
    SimulateOptions options;
    options.solver = solver;
    options.rtol = 1e-6;
    options.atol = 1e-9;
    for (options.max_steps = 1;; options.max_steps += 10)
      if (simulate(*model, built.schedule, Vector::Zero(5), options).ok) return options.max_steps;
  };
  CHECK(steps(Solver::automatic) < steps(Solver::dopri5) / 4);
}

namespace {

// A drug passes along depots of nearly equal rates, exchanges with a tissue, and inhibits a response; what leaves it is passed
// on.
SmallModel chain(double apart) {
  SmallModel m = response("1.1", "0.5");
  m.parameters = {{"near", 1.0 + apart}};
  m.states = {{"depot", "-ka * depot"},
              {"response", "kin * (1 - 0.9 * plasma / (3 + plasma)) - 0.1 * response^1.2"},
              {"urine", "k * plasma - 0.05 * urine"},
              {"plasma", "ka * transit_2 - (k + 0.4) * plasma + 0.2 * tissue"},
              {"transit_2", "ka * near * transit - ka * transit_2"},
              {"tissue", "0.4 * plasma - 0.2 * tissue"},
              {"transit", "ka * depot - ka * near * transit"}};
  m.initial = {{"response", "15"}};
  m.outputs = {{"Cc", "plasma"}, {"R", "response"}, {"T", "transit_2"}, {"U", "urine"}};
  m.entries = {into("depot", "F", "lag"), into("transit", "0.3")};
  return m;
}

// Infusions and doses into two places of the chain, a reset, and a steady state.
BuiltSchedule eventful(const CompiledModel& model) {
  Patient p;
  DosingEvent infusion, bolus, steady;
  infusion.amt = 40.0;
  infusion.input = DosingEvent::Input::duration;
  infusion.dur = 2.0;
  infusion.ii = 24.0;
  infusion.addl = 2;
  infusion.route = bolus.route = steady.route = "dose";
  bolus.time = 5.0;
  bolus.amt = 100.0;
  p.resets = {{90.0, 0}};
  steady.time = 100.0;
  steady.amt = 60.0;
  steady.ii = 12.0;
  steady.ss = 1;
  p.doses = {infusion, bolus, steady};
  std::vector<Sample> samples;
  for (double t = 0.5; t <= 140.0; t += 3.25) samples.push_back({t, before_all});
  const auto built = build_schedule(model, p, samples);
  REQUIRE(built);
  return *built;
}

}  // namespace

TEST_CASE("chains whose rates lie together, or nearly, drive as steps through every state would have it, with sensitivities") {
  for (const double apart : {0.0, 1e-12, 1e-9, 1e-6, 1e-3, 0.05, 0.2}) {
    const auto model = compiled(chain(apart));
    const auto built = eventful(*model);
    const Course exact = course(*model, built, Solver::dopri5, 1e-12, true, true);
    constexpr double rtol = 1e-7;
    const Course driven = course(*model, built, Solver::automatic, rtol, true, true),
                 without = course(*model, built, Solver::automatic, rtol, true);
    INFO("apart " << apart);
    for (const Course& one : {driven, without}) {
      CHECK(worst(one.outputs, exact.outputs) < 50 * rtol);
      CHECK(worst(one.auc, exact.auc) < 50 * rtol);
      for (const Eigen::Index output : {0, 2, 3}) CHECK(worst(one.outputs.col(output), exact.outputs.col(output)) < 2e-9);
    }
    for (std::size_t j = 0; j < exact.sens.size(); ++j)
      for (Eigen::Index output = 0; output < exact.outputs.cols(); ++output)
        CHECK((driven.sens[j] - exact.sens[j]).col(output).cwiseAbs().maxCoeff() <
              (output == 1 ? 50 * rtol : 1e-8) * exact.outputs.col(output).maxCoeff());
  }
}

TEST_CASE("a chain of equal rates that drives a response moves by Erlang's formula, and so do its sensitivities") {
  SmallModel m;
  m.etas = {{"eta", 0.1}};
  m.individual = {{"k", "0.8 * exp(eta)"}};
  m.states = {{"one", "-k * one"},
              {"two", "k * one - k * two"},
              {"three", "k * two - k * three"},
              {"four", "k * three - k * four"},
              {"response", "-0.1 * response^1.2 * four / (5 + four)"}};
  m.initial = {{"one", "100"}, {"response", "20"}};
  m.outputs = {{"four", "four"}};
  const auto model = compiled(m);
  const Vector scale = Eigen::Map<const Vector>(model->states.scale.data(), model->states.n);
  CHECK(Driver(model->states, scale).states() == std::vector<int>{0, 1, 2, 3});
  const auto built = build_schedule(
      *model, {}, {{0, before_all}, {0.1, before_all}, {1, before_all}, {4, before_all}, {10, before_all}, {40, before_all}});
  REQUIRE(built);
  SimulateOptions options;
  options.sensitivities = true;
  options.rtol = 1e-5;
  options.atol = 1e-8;
  const Course solved = simulate(*model, built->schedule, Vector::Zero(1), options);
  REQUIRE_MESSAGE(solved.ok, solved.why);
  for (std::size_t i = 0; i < built->schedule.samples.size(); ++i) {
    const double x = 0.8 * built->schedule.samples[i].time, erlang = 100.0 * x * x * x / 6.0 * std::exp(-x);
    CHECK(solved.outputs(static_cast<Eigen::Index>(i), 0) == doctest::Approx(erlang).epsilon(1e-12));
    CHECK(solved.sens[0](static_cast<Eigen::Index>(i), 0) == doctest::Approx(erlang * (3.0 - x)).epsilon(1e-10));
  }
}

TEST_CASE("rates that swing drive nothing: all states are stepped through") {
  const auto model = compiled([] {
    SmallModel m = response("0.3", "0.5");
    m.states[0].second = "ka * (tissue - depot)";
    m.states[2].second = "ka * depot - ka * plasma";
    m.states[3].second = "ka * plasma - 1.1 * ka * tissue";
    return m;
  }());
  REQUIRE(finds_driver(*model));
  const auto built = doses(*model);
  const Course exact = course(*model, built, Solver::dopri5, 1e-12), stepped = course(*model, built, Solver::automatic, 1e-7);
  CHECK(worst(stepped.outputs, exact.outputs) < 5e-6);
}

TEST_CASE("the heap is not asked by steps: how many there are changes nothing") {
  const auto model = compiled(response("1.1", "500"));
  const auto built = doses(*model);
  for (const Solver solver : {Solver::automatic, Solver::dopri5, Solver::rosenbrock})
    for (const bool sensitivities : {false, true}) {
      const auto asked = [&](double rtol) {
        SimulateOptions options;
        options.solver = solver;
        options.sensitivities = sensitivities;
        options.rtol = rtol;
        options.atol = 1e-3 * rtol;
        const long before = allocations();
        const bool ok = simulate(*model, built.schedule, Vector::Zero(5), options).ok;
        const long count = allocations() - before;
        REQUIRE(ok);
        return count;
      };
      // In WebAssembly, tapes that are run often are linked on the way, which asks for memory once each: so the least of several.
      const auto settled = [&](double rtol) { return std::min({asked(rtol), asked(rtol), asked(rtol), asked(rtol)}); };
      const long few = settled(1e-4), many = settled(1e-9);
      INFO("solver " << static_cast<int>(solver) << ", sensitivities " << sensitivities);
      CHECK(few > 0);
      CHECK(many <= few + 4);  // the tolerance decides whether and when implicit steps begin, which have arrays of their own
    }
}
