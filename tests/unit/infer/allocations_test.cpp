// What a new eta costs the heap. Its parameters, rates and modes take the place of the last one's (sim/individual), and
// everything that grows with the patient's history, its doses, levels and events, is kept by the objective from one eta to the
// next.

#include "support/allocations.hpp"

#include <doctest/doctest.h>

#include "infer/objective.hpp"
#include "support/small_models.hpp"

using namespace titrate;

namespace {

Compiled two_compartments() {
  support::SmallModel small;
  small.parameters = {{"TVCL", 4.5}, {"TVV1", 58.0}, {"Q", 6.5}, {"V2", 38.0}};
  small.etas = {{"eta_CL", 0.16}, {"eta_V1", 0.25}};
  small.individual = {{"CL", "TVCL * exp(eta_CL)"}, {"V1", "TVV1 * exp(eta_V1)"}};
  small.states = {{"central", "-(CL + Q) / V1 * central + Q / V2 * peripheral"},
                  {"peripheral", "Q / V1 * central - Q / V2 * peripheral"}};
  small.outputs = {{"Cc", "central / V1"}};
  small.residual = "0.04 * prediction^2 + 1";
  small.entries = {support::into("central")};
  return support::compiled(small);
}

Objective objective_of(const Compiled& model, int doses, int levels) {
  Patient patient;
  DosingEvent dose;
  dose.amt = 1000.0;
  dose.input = DosingEvent::Input::duration;
  dose.dur = 1.0;
  dose.ii = 12.0;
  dose.addl = doses - 1;
  dose.route = "dose";
  patient.doses.push_back(dose);
  for (int i = 0; i < levels; ++i) {
    Observation level;
    level.time = 5.0 + 12.0 * i;
    level.dv = 10.0 + i;
    level.output = "Cc";
    patient.observations.push_back(level);
  }
  const auto built = build_schedule(*model, patient, {});
  REQUIRE(static_cast<bool>(built));
  const auto objective = Objective::make(model, patient, *built);
  REQUIRE(static_cast<bool>(objective));
  return *objective;
}

// Of one more evaluation, with derivatives or the value alone.
long of_another_eta(const Objective& objective, bool derivatives) {
  Evaluation at;
  long count = 0;
  for (const double eta : {0.1, 0.2, -0.3}) {
    const Vector tried = Vector::Constant(2, eta);
    const long before = support::allocations();
    const bool ok = derivatives ? objective.evaluate(tried, at) : objective.value(tried).has_value();
    count = support::allocations() - before;
    REQUIRE(ok);
  }
  return count;
}

}  // namespace

TEST_CASE("another eta costs the heap no more after fifty doses and twenty levels than after two of each") {
  const Compiled model = two_compartments();
  const Objective brief = objective_of(model, 2, 2), lengthy = objective_of(model, 50, 20);
  for (const bool derivatives : {true, false}) {
    CHECK(of_another_eta(brief, derivatives) > 0);  // decompositions of its matrices: the count counts
    CHECK(of_another_eta(lengthy, derivatives) == of_another_eta(brief, derivatives));
  }
}
