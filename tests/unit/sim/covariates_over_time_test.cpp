// Covariates that the clock or the doses move: an age against the exact solution of a clearance that grows with it, and the
// amount given in 24 h against sums done by hand.

#include <doctest/doctest.h>

#include <cmath>

#include "sim/schedule.hpp"
#include "support/near.hpp"
#include "support/written_models.hpp"

using namespace titrate;
using namespace titrate::support;

namespace {

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

TEST_CASE("the amount of 24 h does not jump when doses are given some minutes earlier or later than the day before") {
  std::vector<DosingEvent> once, twice;
  for (int i = 0; i < 6; ++i) once.push_back(dose(24.0 * i - 5.0 / 60.0 * i, 450));
  for (const double amount : amounts(once, {1, 30, 60, 100})) CHECK(amount == near(450));
  for (int i = 0; i < 12; ++i) twice.push_back(dose(12.0 * i + (i % 4 == 2 ? -0.5 : i % 4 == 3 ? 1.0 : 0.0), 300));
  for (const double amount : amounts(twice, {1, 30, 60, 100, 130})) CHECK(amount == near(600));
}

TEST_CASE("a record that begins some minutes before the last interval of the one before takes its place") {
  DosingEvent before = dose(0, 450), after = dose(119.75, 600);
  before.ii = after.ii = 24;
  before.addl = after.addl = 4;
  const auto found = amounts({before, after}, {97, 121, 150});
  CHECK(found[0] == near(450));
  CHECK(found[1] == near(600));
  CHECK(found[2] == near(600));
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

namespace {

// C(t) = exp(-0.01 integral of X) of a dose of 1 mg at `at`; X goes on as written.
Compiled following(const std::string& continues, const std::string& over_time, const std::string& more = "") {
  return compiled_from(R"x("covariates": { "X": { "label": "X", "unit": "mg/L", "plausible": [0.5, 100], "over_time": ")x" +
                       over_time + R"x(", "continues": )x" + continues + more + R"x( } },
                       "individual": { "V": "1 [L]", "CL": "0.01 [L^2/mg/h] * X" },
                       "structure": { "one_compartment": { "CL": "CL", "V": "V" } }, "routes": { "dose": { "into": "central" } },
                       "outputs": { "Cc": { "label": "Level", "value": "central / V", "unit": "mg/L" } })x");
}

// The integral of X from the dose on.
std::vector<double> integrals(const Compiled& model, const std::vector<double>& t, const std::vector<double>& x, double at,
                              const std::vector<double>& until) {
  Patient patient;
  patient.covariates["X"] = {t, x, ""};
  patient.doses = {dose(at, 1)};
  std::vector<double> found = levels(model, patient, until);
  for (double& level : found) level = -100.0 * std::log(level);
  return found;
}

const char* const rules[] = {"last", "next", "linear"};

}  // namespace

TEST_CASE("a trend goes on along the line through the last two values, for its time, then holds") {
  // From 2 at 10 h by 0.1 per h to 4.4 at 34 h: (2 + 4.4) / 2 * 24 = 76.8, and 4.4 * 6 more at 40 h.
  for (const std::string rule : rules) {
    CAPTURE(rule);
    const auto found = integrals(following(R"({ "trend": "line", "for": "24 h" })", rule), {0, 10}, {1, 2}, 10, {34, 40});
    const double precise = rule == "linear" ? 1e-7 : 1e-3;
    CHECK(found[0] == near(76.8, precise));
    CHECK(found[1] == near(76.8 + 26.4, precise));
  }
}

TEST_CASE("a trend ends at the limits of what is plausible") {
  // From 90 at 10 h by 1 per h: 100 at 20 h.
  const auto up = integrals(following(R"({ "trend": "line", "for": "24 h" })", "linear"), {0, 10}, {80, 90}, 10, {12.5, 30});
  CHECK(up[0] == near(2.5 * 91.25, 1e-7));
  CHECK(up[1] == near(950 + 1000, 1e-5));  // a level of 3e-9
  // From 2 at 10 h by -0.2 per h: 0.5 at 17.5 h.
  const auto down = integrals(following(R"({ "trend": "line", "for": "24 h" })", "linear"), {0, 10}, {4, 2}, 10, {17.5, 30});
  CHECK(down[0] == near(7.5 * 1.25, 1e-7));
  CHECK(down[1] == near(7.5 * 1.25 + 12.5 * 0.5, 1e-7));
}

TEST_CASE("a trend of the logarithm doubles in equal times") {
  // 2 * 2^((t - 10) / 10) up to 30 h: 20 / ln 2 * (4 - 1), then 8 per h.
  for (const std::string rule : rules) {
    CAPTURE(rule);
    const auto found = integrals(following(R"({ "trend": "log", "for": "20 h" })", rule), {0, 10}, {1, 2}, 10, {30, 33});
    CHECK(found[0] == near(60.0 / std::log(2.0), 1e-3));
    CHECK(found[1] == near(60.0 / std::log(2.0) + 24.0, 1e-3));
  }
}

TEST_CASE("a recovery halves the distance to the baseline with every half-life") {
  // 1 + 2 * 2^(-(t - 10) / 10): t - 10 + 20 / ln 2 * (1 - 2^(-(t - 10) / 10)).
  const auto exact = [](double passed) { return passed + 20.0 / std::log(2.0) * (1.0 - std::exp2(-passed / 10.0)); };
  for (const std::string rule : rules)
    for (const std::string to : {"first", "1 mg/L"}) {
      CAPTURE(rule);
      CAPTURE(to);
      const auto model = following(R"({ "recover": ")" + to + R"(", "half_life": "10 h" })", rule);
      const auto found = integrals(model, {0, 10}, {1, 3}, 10, {20, 40, 400});
      CHECK(found[0] == near(exact(10), 1e-3));
      CHECK(found[1] == near(exact(30), 1e-3));
      CHECK(found[2] == near(exact(390), 1e-3));
    }
}

TEST_CASE("what a level is at one time does not depend on how far the schedule reaches, though a covariate recovers") {
  const auto model = following(R"({ "recover": "first", "half_life": "10 h" })", "last");
  CHECK(integrals(model, {0, 10}, {1, 3}, 10, {20})[0] == integrals(model, {0, 10}, {1, 3}, 10, {20, 900})[0]);
}

TEST_CASE("that a covariate is taken to go on or to recover is said, and so is a trend that nobody can see") {
  const auto remarks = [](const Compiled& model, const std::vector<double>& t, const std::vector<double>& x) {
    Patient patient;
    patient.covariates["X"] = {t, x, ""};
    patient.doses = {dose(0, 1)};
    const auto built = build_schedule(*model, patient, {{40.0}});
    REQUIRE(built);
    return built->schedule.remarks;
  };
  const auto trend = following(R"({ "trend": "line", "for": "24 h" })", "last");
  const auto one = remarks(trend, {0}, {2});
  REQUIRE(one.size() == 1);
  CHECK(one[0].code == "patient.covariate_without_trend");
  const auto two = remarks(trend, {0, 10}, {2, 3});
  REQUIRE(two.size() == 1);
  CHECK(two[0].code == "patient.covariate_continued");
  CHECK(remarks(trend, {0, 40}, {2, 3}).empty());
  CHECK(integrals(trend, {0}, {2}, 0, {30})[0] == near(60));
}

TEST_CASE("a way of going on states what it needs, and a trend needs limits") {
  const auto with = [](const std::string& more) {
    return R"("covariates": { "X": { "label": "X", "unit": "mg/L", )" + more + R"( } },
              "individual": { "V": "1 [L]", "CL": "0.01 [L^2/mg/h] * X" },
              "structure": { "one_compartment": { "CL": "CL", "V": "V" } }, "routes": { "dose": { "into": "central" } },
              "outputs": { "Cc": { "label": "Level", "value": "central / V", "unit": "mg/L" } })";
  };
  const std::string path = "/covariates/X/continues";
  CHECK(complaint_about(with(R"("continues": { "trend": "line", "for": "24 h" })")).path == path);
  CHECK(complaint_about(with(R"("plausible": [0, 9], "continues": { "trend": "log", "for": "24 h" })")).path == path);
  CHECK(complaint_about(with(R"("plausible": [0, 9], "continues": { "trend": "line" })")).code == "model.missing");
  CHECK(complaint_about(with(R"("continues": { "recover": "first" })")).code == "model.missing");
  CHECK(complaint_about(with(R"("continues": { "recover": "2 h", "half_life": "3 h" })")).path == path + "/recover");
  CHECK(complaint_about(with(R"("continues": { "recover": "first", "half_life": "0 h" })")).path == path + "/half_life");
  CHECK(complaint_about(with(R"("continues": {})")).code == "model.missing");
  CHECK(complaint_about(with(R"("continues": "trend")")).path == path);
}
