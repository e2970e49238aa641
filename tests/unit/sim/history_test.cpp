// Courses of one individual that begin alike.

#include "sim/history.hpp"

#include <doctest/doctest.h>

#include "base/work.hpp"
#include "sim/simulation.hpp"
#include "support/small_models.hpp"

using namespace titrate;
using namespace titrate::support;

namespace {

Compiled linear() {
  SmallModel m;
  m.etas = {{"eta_k", 0.1}};
  m.individual = {{"ke", "0.1 * exp(eta_k)"}};
  m.states = {{"gut", "-0.7 * gut"}, {"body", "0.7 * gut - ke * body"}};
  m.outputs = {{"Cc", "body"}};
  m.entries = {into("gut")};
  return compiled(m);
}

Compiled saturable() {
  SmallModel m;
  m.etas = {{"eta_Vmax", 0.1}};
  m.individual = {{"Vmax", "8 * exp(eta_Vmax)"}};
  m.states = {{"gut", "-0.7 * gut"}, {"body", "0.7 * gut - Vmax * body / (20 + body)"}};
  m.outputs = {{"Cc", "body"}};
  m.entries = {into("gut")};
  return compiled(m);
}

// Thirty doses of 50 a day apart, and from then on three of another size; wanted is what follows the last of the thirty.
BuiltSchedule plan(const CompiledModel& model, double amt, double first_amt = 50.0, double first_wanted = 30 * 24.0) {
  Patient p;
  const auto add = [&](double time, double amount, int addl) {
    DosingEvent d;
    d.time = time;
    d.amt = amount;
    d.ii = 24.0;
    d.addl = addl;
    d.route = "dose";
    p.doses.push_back(d);
  };
  add(0.0, first_amt, 0);
  add(24.0, 50.0, 28);
  add(30 * 24.0, amt, 2);
  std::vector<Sample> samples;
  for (int i = 0; i < 20; ++i) samples.push_back({first_wanted + 4.0 * i, before_all});
  const auto built = build_schedule(model, p, samples);
  REQUIRE(built);
  return *built;
}

struct Measured {
  Course course;
  double work = 0.0;
};

Measured measured(const CompiledModel& model, const BuiltSchedule& built, Individual& individual, History* history,
                  double rtol = 1e-7) {
  SimulateOptions options;
  options.rtol = rtol;
  options.atol = 1e-3 * rtol;
  options.slopes = true;
  options.auc = true;
  Work account(1e12);
  Measured m;
  m.course = history != nullptr ? Simulation(model, built.schedule, options).of(individual, history)
                                : simulate(model, built.schedule, individual, options);
  m.work = 1e12 - account.left();
  REQUIRE_MESSAGE(m.course.ok, m.course.why);
  return m;
}

}  // namespace

TEST_CASE("plans that share a history are what each is alone, and the history is simulated once") {
  for (const auto& model : {saturable(), linear()}) {
    Individual individual(*model, Vector::Constant(1, 0.1));
    History history;
    (void)measured(*model, plan(*model, 40.0), individual, nullptr);  // its modes and the like are known
    double first = 0.0;
    for (const double amt : {40.0, 80.0, 0.001, 200.0}) {
      const BuiltSchedule built = plan(*model, amt);
      const Measured alone = measured(*model, built, individual, nullptr), shared = measured(*model, built, individual, &history);
      INFO("amount " << amt);
      CHECK(shared.course.outputs == alone.course.outputs);
      CHECK(shared.course.slopes == alone.course.slopes);
      CHECK(shared.course.auc == alone.course.auc);
      if (first == 0.0) {
        first = shared.work;
        CHECK(shared.work == doctest::Approx(alone.work).epsilon(0.01));
      } else {
        CHECK(shared.work < (model->states.linear ? 0.9 : 0.4) * first);  // the list of what happens is made anew in each
      }
    }
  }
}

TEST_CASE("an individual that becomes the next one, and its history, hold nothing of the one before") {
  for (const auto& model : {saturable(), linear()}) {
    Individual kept(*model, Vector::Constant(1, 0.1));
    History history;
    for (const double eta : {0.1, -0.4, 0.3, 0.1}) {
      kept.become(Vector::Constant(1, eta));
      history.forget();
      for (const double amt : {40.0, 80.0}) {
        Individual own(*model, Vector::Constant(1, eta));
        const BuiltSchedule built = plan(*model, amt);
        const Measured here = measured(*model, built, kept, &history), there = measured(*model, built, own, nullptr);
        CHECK(here.course.outputs == there.course.outputs);
        CHECK(here.course.slopes == there.course.slopes);
        CHECK(here.course.auc == there.course.auc);
      }
    }
  }
}

TEST_CASE("a course with another past, another tolerance or earlier values goes its own way") {
  const auto model = saturable();
  Individual individual(*model, Vector::Constant(1, 0.1));
  History history;
  (void)measured(*model, plan(*model, 40.0), individual, &history);
  const BuiltSchedule other_past = plan(*model, 40.0, 51.0), earlier = plan(*model, 40.0, 50.0, 10.0);
  for (const BuiltSchedule* built : {&other_past, &earlier}) {
    const Measured alone = measured(*model, *built, individual, nullptr), shared = measured(*model, *built, individual, &history);
    CHECK(shared.course.outputs == alone.course.outputs);
  }
  const BuiltSchedule same = plan(*model, 40.0);
  CHECK(measured(*model, same, individual, &history, 1e-9).course.outputs ==
        measured(*model, same, individual, nullptr, 1e-9).course.outputs);
}

TEST_CASE("a steady state is that of its own dose, whatever was simulated before") {
  const auto model = saturable();
  const auto at_steady_state = [&](double amt) {
    Patient patient;
    DosingEvent dose;
    dose.amt = amt;
    dose.ii = 12.0;
    dose.ss = 1;
    dose.route = "dose";
    patient.doses.push_back(dose);
    const auto built = build_schedule(*model, patient, {{6.0, before_all}});
    REQUIRE(static_cast<bool>(built));
    return *built;
  };
  const auto less = at_steady_state(20.0), more = at_steady_state(40.0);
  Individual individual(*model, Vector::Zero(1));
  History history;
  (void)measured(*model, less, individual, &history);
  const Measured after = measured(*model, more, individual, &history), alone = measured(*model, more, individual, nullptr);
  CHECK(after.course.outputs(0, 0) == doctest::Approx(alone.course.outputs(0, 0)).epsilon(1e-9));
}

TEST_CASE("one simulation of individuals that come and go is that of each alone, also where one takes the memory of another") {
  const Compiled model = linear();
  const BuiltSchedule built = plan(*model, 80.0);
  Simulation simulation(*model, built.schedule, {});
  for (const double eta : {0.0, 0.3, -0.4, 0.3, 0.1}) {
    Individual individual(*model, Vector{{eta}});
    const Matrix alone = simulate(*model, built.schedule, Vector{{eta}}).outputs;
    CHECK(simulation.of(individual).outputs == alone);
    individual.become(Vector{{-eta}});
    CHECK(simulation.of(individual).outputs == simulate(*model, built.schedule, Vector{{-eta}}).outputs);
  }
}
