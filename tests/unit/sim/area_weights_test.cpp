#include "sim/area_weights.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "support/small_models.hpp"

using namespace titrate;
using namespace titrate::support;

namespace {

// A depot, a body and a tissue; clearance follows a covariate, so that modes change on the way.
Compiled depot_and_tissue() {
  SmallModel m;
  Covariate weight;
  weight.name = "WT";
  weight.label = "Weight";
  m.covariates = {weight};
  m.etas = {{"eta", 0.1}};
  m.individual = {{"ke", "0.1 * WT * exp(eta)"}};
  m.states = {
      {"gut", "-0.7 * gut"}, {"body", "0.7 * gut - (ke + 0.3) * body + 0.2 * tissue"}, {"tissue", "0.3 * body - 0.2 * tissue"}};
  m.outputs = {{"Cc", "body / 30"}};
  m.entries = {into("body")};
  return compiled(m);
}

Patient heavier_each_day() {
  Patient p;
  p.covariates["WT"] = {{0.0, 24.0, 30.0, 50.0}, {1.0, 2.0, 0.5, 3.0}, ""};
  return p;
}

BuiltSchedule over(const CompiledModel& model, const Window& window, double time, double amt, double dur) {
  Patient p = heavier_each_day();
  DosingEvent dose;
  dose.route = "dose";
  for (const double at : {0.0, time}) {
    dose.time = at;
    dose.amt = at == 0.0 ? 100.0 : amt;
    dose.dur = at == 0.0 ? 0.0 : dur;
    dose.input = dose.dur > 0.0 ? DosingEvent::Input::duration : DosingEvent::Input::bolus;
    p.doses.push_back(dose);
  }
  return *build_schedule(model, p, {{window.from, after_all}, {window.to, before_all}});
}

double area(const CompiledModel& model, const BuiltSchedule& built, const Vector& eta) {
  SimulateOptions options;
  options.auc = true;
  const Course course = simulate(model, built.schedule, eta, options);
  return course.auc(built.sample_of_extra[1], 0) - course.auc(built.sample_of_extra[0], 0);
}

}  // namespace

TEST_CASE("what an input adds to an area by the walk back is the difference of two walks forward, across changes of parameters") {
  const Compiled model = depot_and_tissue();
  const Window window{20.0, 60.0};
  for (const double eta : {0.0, 0.4}) {
    Individual individual(*model, Vector{{eta}});
    for (const double time : {5.0, 20.0, 24.0, 41.5, 60.0, 70.0})
      for (const double dur : {0.0, 1.0, 12.0}) {
        const BuiltSchedule none = over(*model, window, time, 0.0, dur), given = over(*model, window, time, 50.0, dur);
        AreaWeights weights(*model, model->with_auc, given.schedule, 0, window);
        const std::size_t begin = weights.ask(1, time), end = weights.ask(1, time + dur);
        weights.lay_out();
        const Segments segments(*model, given.schedule, individual, false);
        REQUIRE(weights.set(individual, segments));
        const double adds =
            dur > 0.0 ? 50.0 / dur * (weights.per_time(begin) - weights.per_time(end)) : 50.0 * weights.at_once(begin);
        const double wanted = area(*model, given, Vector{{eta}}) - area(*model, none, Vector{{eta}});
        CHECK(adds == doctest::Approx(wanted).epsilon(1e-11));
        if (time >= window.to) CHECK(adds == 0.0);
      }
  }
}

TEST_CASE("a unit given before everything is eliminated adds one over the clearance to the area that follows") {
  SmallModel m;
  m.states = {{"A", "-0.2 * A"}};
  m.outputs = {{"C", "A / 10"}};
  m.entries = {into("A")};
  const Compiled model = compiled(m);
  const BuiltSchedule built = *build_schedule(*model, Patient{}, {{0.0, before_all}});
  AreaWeights weights(*model, model->with_auc, built.schedule, 0, {0.0, 500.0});
  const std::size_t input = weights.ask(0, 1.0);
  weights.lay_out();
  Individual individual(*model, Vector());
  REQUIRE(weights.set(individual, Segments(*model, built.schedule, individual, false)));
  CHECK(weights.at_once(input) == doctest::Approx(1.0 / (0.2 * 10.0)).epsilon(1e-12));
  CHECK(weights.per_time(input) == doctest::Approx((499.0 - 5.0) / 2.0).epsilon(1e-12));  // each unit but those of the end
}

TEST_CASE("where a system has no modes there are no weights") {
  SmallModel m;
  m.states = {{"gut", "-0.7 * gut"}, {"transit", "0.7 * gut - 0.7 * transit"}, {"body", "0.7 * transit - 0.1 * body"}};
  m.outputs = {{"C", "body"}};
  m.entries = {into("gut")};
  const Compiled model = compiled(m);
  const BuiltSchedule built = *build_schedule(*model, Patient{}, {{0.0, before_all}});
  AreaWeights weights(*model, model->with_auc, built.schedule, 0, {0.0, 10.0});
  static_cast<void>(weights.ask(0, 1.0));
  weights.lay_out();
  Individual individual(*model, Vector());
  CHECK_FALSE(weights.set(individual, Segments(*model, built.schedule, individual, false)));
}
