// Covariates that the clock or the doses move: an age against the exact solution of a clearance that grows with it, and the
// amount given in 24 h against sums done by hand.

#include <doctest/doctest.h>

#include <cmath>

#include "sim/schedule.hpp"
#include "support/written_models.hpp"

using namespace titrate;
using namespace titrate::support;

namespace {

doctest::Approx near(double value, double relative = 1e-9) { return doctest::Approx(value).epsilon(relative).scale(0); }

// CL = rate * age / (half + age) of a volume of 1 L.
std::string maturing(const std::string& half) {
  return R"x("covariates": { "PNA": { "label": "Age since birth", "unit": "h", "continues": "advance" } },
             "individual": { "V": "1 [L]", "CL": "0.1 [L/h] * PNA / ()x" +
         half + R"x( [h] + PNA)" },
             "structure": { "one_compartment": { "CL": "CL", "V": "V" } }, "routes": { "dose": { "into": "central" } },
             "outputs": { "Cc": { "label": "Level", "value": "central / V", "unit": "mg/L" } })x";
}

std::vector<double> levels(const Compiled& model, Patient patient, const std::vector<double>& times) {
  std::vector<Sample> samples;
  for (const double time : times) samples.push_back({time});
  const auto built = build_schedule(*model, patient, samples);
  REQUIRE(built);
  const Course course = simulate(*model, built->schedule, Vector::Zero(0));
  REQUIRE(course.ok);
  std::vector<double> values;
  for (const int row : built->sample_of_extra) values.push_back(course.outputs(row, 0));
  return values;
}

// d ln C / dt = -0.1 x / (half + x), x = age + t.
double exact(double age, double half, double t) {
  return std::exp(-0.1 * (t - half * std::log((half + age + t) / (half + age))));
}

Patient aged(double age) {
  Patient patient;
  patient.covariates["PNA"] = {{0.0}, {age}, ""};
  patient.doses = {dose(0, 1)};
  return patient;
}

// A model whose output is the amount of 24 h.
Compiled daily() {
  return compiled_from(
      R"("covariates": { "DAILY": { "label": "Amount in 24 h", "unit": "mg/day", "from_doses": "amount in 24 h" } },
         "individual": { "V": "1 [L]", "CL": "1 [L/mg] * DAILY" },
         "structure": { "one_compartment": { "CL": "CL", "V": "V" } }, "routes": { "dose": { "into": "central" } },
         "outputs": { "given": { "label": "Amount in 24 h", "value": "CL * 24 [h] * 1 [mg/L]", "unit": "mg" } })");
}

std::vector<double> amounts(const std::vector<DosingEvent>& doses, const std::vector<double>& times) {
  Patient patient;
  patient.doses = doses;
  return levels(daily(), patient, times);
}

}  // namespace

TEST_CASE("a clearance that grows with the age since birth follows the exact curve within a thousandth, from the first day on") {
  for (const double age : {1.0, 24.0, 48.0, 130.0}) {
    CAPTURE(age);
    const std::vector<double> times{1.0, 6.0, 12.0, 24.0, 36.0, 50.0};
    const auto found = levels(compiled_from(maturing("40")), aged(age), times);
    for (std::size_t i = 0; i < times.size(); ++i) CHECK(found[i] == near(exact(age, 40.0, times[i]), 1e-3));
  }
}

TEST_CASE("what a level is at one time does not depend on how far the schedule reaches, though an age grows") {
  const auto near_end = levels(compiled_from(maturing("40")), aged(30.0), {20.0});
  const auto far_from_end = levels(compiled_from(maturing("40")), aged(30.0), {20.0, 500.0});
  CHECK(near_end[0] == near(far_from_end[0], 1e-12));
}

TEST_CASE("an age of years keeps its value for days and has grown after months") {
  constexpr double age = 50.0 * 8766.0, half = 400000.0;
  const auto found = levels(compiled_from(maturing("400000")), aged(age), {24.0, 48.0});
  const double CL = 0.1 * age / (half + age);
  CHECK(found[0] == near(std::exp(-CL * 24.0)));
  CHECK(found[1] == near(std::exp(-CL * 48.0)));
  Patient later = aged(age);
  later.doses = {dose(4000.0, 1)};
  const double grown = 0.1 * (age + 4000.0) / (half + age + 4000.0);
  CHECK(levels(compiled_from(maturing("400000")), later, {4024.0})[0] == near(std::exp(-grown * 24.0), 2e-4));
}

TEST_CASE("the amount of 24 h is what a record with an interval prescribes, from its first dose on") {
  DosingEvent twice = dose(0, 450);
  twice.ii = 12;
  twice.addl = 5;
  for (const double amount : amounts({twice}, {1, 30, 71, 200})) CHECK(amount == near(900));
  DosingEvent steady = dose(0, 100);
  steady.ii = 8;
  steady.ss = 1;
  CHECK(amounts({steady}, {1, 20})[0] == near(300));
  DosingEvent evening = dose(14, 600), morning = dose(0, 300);
  morning.ii = evening.ii = 24;
  morning.addl = evening.addl = 3;
  CHECK(amounts({morning, evening}, {20})[0] == near(900));
}

TEST_CASE("the amount of 24 h of single doses is the sum of the last 24 h, on the first day that of the day") {
  const auto found = amounts({dose(0, 450), dose(12, 450), dose(24, 300), dose(36, 300), dose(48, 300)}, {1, 13, 25, 37, 49});
  const double expected[] = {900, 900, 750, 600, 600};
  for (std::size_t i = 0; i < found.size(); ++i) CHECK(found[i] == near(expected[i]));
  CHECK(amounts({dose(0, 450)}, {30})[0] == near(450));
  CHECK(amounts({dose(0, 450), dose(24, 450)}, {30})[0] == near(450));
}

TEST_CASE("a covariate that the doses determine is an amount per time, and nothing else is said of it") {
  const std::string rest =
      R"("structure": { "one_compartment": { "CL": "CL", "V": "V" } }, "individual": { "V": "1 [L]", "CL": "1 [L/h]" },
         "outputs": { "Cc": { "label": "Level", "value": "central / V", "unit": "mg/L" } })";
  const auto with = [&](const std::string& more) {
    return R"("covariates": { "DAILY": { "label": "Amount in 24 h", "from_doses": "amount in 24 h", )" + more + "} }, " + rest;
  };
  CHECK(complaint_about(with(R"("unit": "mg")")).code == "unit.mismatch");
  CHECK(complaint_about(with(R"("unit": "mg/day", "from": "5 [mg/day]")")).path == "/covariates/DAILY/from");
  CHECK(complaint_about(with(R"("unit": "mg/day", "when_unknown": "5 mg/day")")).path == "/covariates/DAILY/when_unknown");
}
