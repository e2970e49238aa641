#include "decide/regimen.hpp"

#include "cases.hpp"

using namespace titrate;
using namespace titrate::cases;

TEST_CASE("the last dose and the time between the last two go on, due one interval later") {
  Patient patient;
  patient.doses = {infusion(0, 2000, 2), infusion(12, 1000, 1), infusion(24, 1000, 1)};
  patient.now = 30.0;
  const Situation s = situation(made(one_compartment()), patient, std::nullopt);
  REQUIRE(s.current.has_value());
  CHECK(label(*s.model->model, s.current) == "1000 mg over 1 h every 12 h");
  CHECK(s.due == 36.0);
  patient.now = 50.0;  // overdue: now
  CHECK(situation(s.model, patient, std::nullopt).due == 50.0);
}

TEST_CASE("additional doses after now are the plan, and those up to now are history") {
  Patient patient;
  patient.doses = {infusion(0, 500, 0, 8, 5)};  // 0 8 16 24 32 40
  patient.now = 20.0;
  const Situation s = situation(made(one_compartment()), patient, std::nullopt);
  CHECK(given_doses(s.patient).size() == 3);
  REQUIRE(s.current.has_value());
  CHECK(s.current->doses == 3);
  CHECK(s.due == 24.0);
  const auto planned = planned_doses(s, s.current, 1000.0);
  REQUIRE(planned.size() == 3);
  CHECK(planned.back().time == 40.0);
}

TEST_CASE("one dose without an interval gives no current regimen, and says so") {
  Patient patient;
  patient.doses = {infusion(0, 500, 0)};
  const Situation s = situation(made(one_compartment()), patient, std::nullopt);
  CHECK_FALSE(s.current.has_value());
  CHECK(s.current_from.find("no interval") != std::string::npos);
}

TEST_CASE("a regimen is added to history without moving a given dose, and ends at the horizon") {
  Patient patient;
  patient.doses = {infusion(0, 1000, 1, 12, 1)};
  patient.now = 13.0;
  const Situation s = situation(made(one_compartment()), patient, std::nullopt);
  const Patient all = with_regimen(s, every(8, 750, 1), 48.0);
  const auto doses = given_doses(all);
  REQUIRE(doses.size() == 5);  // 0 12, then 24 32 40; 48 is the horizon itself
  CHECK(doses[1].time == 12.0);
  CHECK(doses[2].time == 24.0);
  CHECK(doses[4].time == 40.0);
}

TEST_CASE("changes are said against what is given now") {
  const auto now = every(12, 1000, 1);
  CHECK(change(now, now) == "the same as now");
  CHECK(change(now, every(24, 1500, 1)) == "25 % less per day, every 24 h instead of every 12 h");
  CHECK(change(now, std::nullopt) == "stop");
  CHECK(daily_amount(every(36, 900, 1)) == doctest::Approx(600.0));
  CHECK(most_in_a_day(every(36, 900, 1)) == 900.0);
  CHECK(most_in_a_day(every(18, 900, 1)) == 1800.0);  // at 0 and 18 h
  CHECK(most_in_a_day(every(12, 900, 1)) == 1800.0);
}

TEST_CASE("a dose by area shows both amounts") {
  Regimen r = every(504, 135, 1);
  r.per_area = 0.75;  // mg/dm2
  CHECK(label(*one_compartment(), r) == "75 mg/m2 (135 mg) over 1 h every 21 days");
}

TEST_CASE("what is given at one time is one dose: 1000 mg and 500 mg every 12 h go on as 1500 mg") {
  Patient patient;
  for (const double time : {0.0, 12.0, 24.0}) {
    patient.doses.push_back(infusion(time, 1000, 1));
    patient.doses.push_back(infusion(time, 500, 2));
  }
  const Compiled model = made(one_compartment());
  patient.now = 30.0;
  const Situation history = situation(model, patient, std::nullopt);
  CHECK(label(*model->model, history.current) == "1500 mg over 2 h every 12 h");
  CHECK(given_doses(history.patient).size() == 6);
  patient.now = 5.0;  // the same doses as a plan
  const Situation planned = situation(model, patient, std::nullopt);
  CHECK(label(*model->model, planned.current) == "1500 mg over 2 h every 12 h, 2 doses");
  CHECK(planned.due == 12.0);
}

TEST_CASE("after one dose of a product with a single interval, that interval says when the next is due") {
  auto model = one_compartment();
  Product product;
  product.route = "dose";
  product.intervals = {504.0};
  model->products = {product};
  Patient patient;
  patient.doses = {infusion(0, 180, 1)};
  patient.now = 240.0;
  const Situation s = situation(made(model), patient, std::nullopt);
  REQUIRE(s.current.has_value());
  CHECK(s.current->ii == 504.0);
  CHECK(s.due == 504.0);
  model->products[0].intervals = {504.0, 168.0};
  CHECK_FALSE(situation(made(model), patient, std::nullopt).current.has_value());
}
