#include "sim/added_courses.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cmath>

#include "support/small_models.hpp"

using namespace titrate;
using namespace titrate::support;

namespace {

constexpr double from = 20.0;

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
  m.entries = {into("gut")};
  return compiled(m);
}

// A dose before all, and another one.
BuiltSchedule given(const CompiledModel& model, double time, double amt, double dur, const std::vector<Sample>& samples) {
  Patient p;
  p.covariates["WT"] = {{0.0, 24.0, 30.0, 50.0}, {1.0, 2.0, 0.5, 3.0}, ""};
  DosingEvent dose;
  dose.route = "dose";
  dose.amt = 100.0;
  p.doses.push_back(dose);
  dose.time = time;
  dose.amt = amt;
  dose.dur = dur;
  dose.input = dur > 0.0 ? DosingEvent::Input::duration : DosingEvent::Input::bolus;
  p.doses.push_back(dose);
  return *build_schedule(model, p, samples);
}

void add_all(AddedCourses& added, std::size_t plan, const CompiledModel& model, const Schedule& schedule,
             const Segments& segments) {
  Failure failure;
  for (const Action& action : timeline(model, schedule, segments, failure))
    if (action.index == 1) added.add(plan, action);
  REQUIRE_FALSE(failure.failed);
}

}  // namespace

TEST_CASE("what doses add, of several plans side by side, is the difference of two courses, across changes of parameters") {
  const Compiled model = depot_and_tissue();
  SimulateOptions options;
  options.auc = true;
  options.slopes = true;
  const std::vector<double> until{60.0, 60.0, 55.0, 40.0}, times{5.0, 24.0, 41.5, 20.0}, durations{0.0, 1.0, 12.0, 3.0};
  const BuiltSchedule none = given(*model, 0.0, 0.0, 0.0, {{until.front(), before_all}});  // to the end of all windows
  AddedCourses added(*model, model->with_auc, none.schedule, 0, from, until);
  for (const double eta : {0.0, 0.4}) {
    Individual individual(*model, Vector{{eta}});
    const Segments segments(*model, none.schedule, individual, false);
    added.forget();
    for (std::size_t p = 0; p < until.size(); ++p)
      add_all(added, p, *model, given(*model, times[p], 50.0, durations[p], {}).schedule, segments);
    added.lay_out({25.5, 33.0}, segments);
    REQUIRE(added.set(individual, segments));
    for (std::size_t p = 0; p < until.size(); ++p) {
      std::vector<Sample> samples;
      for (std::size_t g = 0; g < added.gaps(); ++g) {
        const double begin = added.begin(g), h = added.end(g) - begin;
        for (int part = 0; part <= 4; ++part) samples.push_back({begin + 0.25 * part * h, part == 0 ? after_all : before_all});
      }
      samples.push_back({from, after_all});
      samples.push_back({until[p], before_all});
      const auto course = [&](double amt) {
        const BuiltSchedule built = given(*model, times[p], amt, durations[p], samples);
        const Course c = simulate(*model, built.schedule, individual, options);
        REQUIRE(c.ok);
        return std::array<Vector, 3>{c.outputs.col(0)(built.sample_of_extra), c.slopes.col(0)(built.sample_of_extra),
                                     c.auc.col(0)(built.sample_of_extra)};
      };
      const auto with = course(50.0), without = course(0.0);
      const Vector value = with[0] - without[0], slope = with[1] - without[1], area = with[2] - without[2];
      const double scale = 1e-12 * with[0].maxCoeff();
      const Eigen::Index last = area.size() - 1;
      CHECK(added.area(p) == doctest::Approx(area[last] - area[last - 1]).epsilon(1e-11));
      for (std::size_t g = 0; g < added.gaps(); ++g) {
        CHECK((p < added.read_in(g)) == (added.begin(g) < until[p]));
        if (p >= added.read_in(g)) continue;
        const auto row = static_cast<Eigen::Index>(5 * g);
        const double h = added.end(g) - added.begin(g);
        CHECK(std::abs(added.starts(g)[p] - value[row]) <= scale);
        CHECK(std::abs(added.ends(g)[p] - value[row + 4]) <= scale);
        const AddedCourses::Range slopes = added.slopes(g, p);
        for (int part = 0; part <= 4; ++part) {
          const double inside = value[row + part];
          CHECK(inside <= added.tops(g)[p] + scale);
          const Point at = added.at(g, p, 0.25 * part * h);
          CHECK(std::abs(at.value - inside) <= scale);
          CHECK(at.slope >= slopes.least - scale);
          CHECK(at.slope <= slopes.most + scale);
          if (part > 0 && part < 4) CHECK(std::abs(at.slope - slope[row + part]) <= 10.0 * scale);
        }
      }
    }
  }
}

TEST_CASE("a unit given before everything is eliminated adds one over the clearance to the area that follows") {
  SmallModel m;
  m.states = {{"A", "-0.2 * A"}};
  m.outputs = {{"C", "A / 10"}};
  m.entries = {into("A")};
  const Compiled model = compiled(m);
  const BuiltSchedule none = *build_schedule(*model, Patient{}, {});
  Individual individual(*model, Vector());
  const Segments segments(*model, none.schedule, individual, false);
  AddedCourses added(*model, model->with_auc, none.schedule, 0, 0.0, {500.0, 500.0});
  add_all(added, 0, *model, given(*model, 1.0, 1.0, 0.0, {}).schedule, segments);
  add_all(added, 1, *model, given(*model, 1.0, 3.0, 30.0, {}).schedule, segments);
  added.lay_out({}, segments);
  REQUIRE(added.set(individual, segments));
  CHECK(added.area(0) == doctest::Approx(1.0 / (0.2 * 10.0)).epsilon(1e-12));
  CHECK(added.area(1) == doctest::Approx(3.0 / (0.2 * 10.0)).epsilon(1e-12));
}

TEST_CASE("where a system has no modes nothing is said of what doses add") {
  SmallModel m;
  m.states = {{"gut", "-0.7 * gut"}, {"transit", "0.7 * gut - 0.7 * transit"}, {"body", "0.7 * transit - 0.1 * body"}};
  m.outputs = {{"C", "body"}};
  m.entries = {into("gut")};
  const Compiled model = compiled(m);
  const BuiltSchedule none = *build_schedule(*model, Patient{}, {});
  Individual individual(*model, Vector());
  const Segments segments(*model, none.schedule, individual, false);
  AddedCourses added(*model, model->with_auc, none.schedule, 0, 0.0, {10.0});
  added.lay_out({}, segments);
  CHECK_FALSE(added.set(individual, segments));
}
