// What a linear solver reads along a course by itself, against the same course taken from point to point (which sensitivities ask
// for): outputs on a grid, and slopes and areas beside them.

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "sim/simulate.hpp"
#include "support/small_models.hpp"

using namespace titrate;
using support::into;

namespace {

// One state for each compartment of a chain with exchange, so that the number of modes is the number of compartments.
support::SmallModel compartments(int n) {
  support::SmallModel m;
  m.parameters = {{"TVCL", 4.5}, {"V", 20.0}};
  m.etas = {{"eta_CL", 0.09}};
  m.individual = {{"CL", "TVCL * exp(eta_CL)"}};
  const auto name = [](int i) { return "s" + std::to_string(i); };
  for (int i = 0; i < n; ++i) {
    std::string rhs = i == 0 ? "-CL / V * s0" : "0";
    const std::string to = std::to_string(0.1 + 0.05 * i), back = std::to_string(0.02 * (1 + i));
    if (i + 1 < n) rhs += " - " + to + " * " + name(i) + " + " + back + " * " + name(i + 1);
    if (i > 0) {
      const std::string from = std::to_string(0.1 + 0.05 * (i - 1)), away = std::to_string(0.02 * i);
      rhs += " + " + from + " * " + name(i - 1) + " - " + away + " * " + name(i);
    }
    m.states.emplace_back(name(i), rhs);
  }
  m.outputs = {{"Cc", "s0 / V"}, {"last", "3 + 2 * " + name(n - 1) + " - s0"}};
  m.entries = {into("s0", "0.8", "0.3")};
  return m;
}

Patient infusions_and_boluses() {
  Patient p;
  for (const double time : {0.0, 7.25, 31.0}) {
    DosingEvent dose;
    dose.time = time;
    dose.amt = 100.0 + time;
    dose.route = "dose";
    if (time != 7.25) dose.input = DosingEvent::Input::duration, dose.dur = 1.5;
    p.doses.push_back(dose);
  }
  return p;
}

// The largest difference, relative to the largest value of the column.
double difference(const Matrix& read, const Matrix& moved) {
  double worst = 0.0;
  for (Eigen::Index o = 0; o < moved.cols(); ++o) {
    const double largest = moved.col(o).cwiseAbs().maxCoeff();
    REQUIRE(largest > 1e-3);
    worst = std::max(worst, (read.col(o) - moved.col(o)).cwiseAbs().maxCoeff() / largest);
  }
  return worst;
}

double difference(const Compiled& model, const Patient& patient, const std::vector<double>& times) {
  std::vector<Sample> samples;
  for (const double t : times) samples.push_back({t, before_all});
  const auto built = build_schedule(*model, patient, samples);
  REQUIRE(built);
  const Vector eta = Vector::Constant(model->k, 0.2);
  SimulateOptions all, point_to_point;
  all.slopes = all.auc = true;
  point_to_point = all;
  point_to_point.sensitivities = true;
  const Course outputs = simulate(*model, built->schedule, eta), read = simulate(*model, built->schedule, eta, all),
               moved = simulate(*model, built->schedule, eta, point_to_point);
  REQUIRE(outputs.ok);
  REQUIRE(read.ok);
  REQUIRE(moved.ok);
  return std::max({difference(outputs.outputs, moved.outputs), difference(read.outputs, moved.outputs),
                   difference(read.slopes, moved.slopes), difference(read.auc, moved.auc)});
}

std::vector<double> grid(double step, int points) {
  std::vector<double> times;
  for (int i = 0; i < points; ++i) times.push_back(step * i);
  return times;
}

}  // namespace

TEST_CASE("an even grid read along the modes has the values of a course taken from point to point") {
  for (const int n : {1, 2, 3, 4, 5, 7}) {
    const auto model = support::compiled(compartments(n));
    REQUIRE(!model->output_parts.outputs.empty());
    CHECK(difference(model, infusions_and_boluses(), grid(0.1, 900)) < 1e-12);
  }
}

TEST_CASE("an uneven grid, points at events and points that stand twice are read alike") {
  const auto model = support::compiled(compartments(3));
  CHECK(difference(model, infusions_and_boluses(),
                   {0.0, 0.3, 0.3, 0.31, 0.5, 1.8, 1.8, 2.0, 2.5, 3.0, 7.25, 7.55, 7.6, 7.6, 30.0, 31.3, 32.8, 33.0, 200.0}) <
        1e-13);
}

TEST_CASE("steady states, resets and infusions longer than their interval are read alike") {
  Patient patient;
  DosingEvent dose;
  dose.amt = 100.0;
  dose.route = "dose";
  dose.input = DosingEvent::Input::duration;
  dose.dur = 20.0;
  dose.ii = 12.0;
  dose.addl = 3;
  dose.ss = 1;
  patient.doses.push_back(dose);
  dose.time = 70.0;
  dose.ss = 2;
  dose.dur = 0.5;
  patient.doses.push_back(dose);
  dose.time = 121.0;
  dose.ss = 0;
  patient.doses.push_back(dose);
  patient.resets.push_back({120.0, 0});
  for (const int n : {1, 2, 3, 4}) CHECK(difference(support::compiled(compartments(n)), patient, grid(0.75, 260)) < 1e-12);
}

TEST_CASE("two states are read alike whichever way they are joined, and however unlike their rates are") {
  const auto differ = [](double k10, double k12, double k21) {
    support::SmallModel m;
    m.parameters = {{"k10", k10}, {"k12", k12}, {"k21", k21}};
    m.etas = {{"eta_k10", 0.04}};
    m.individual = {{"k", "k10 * exp(eta_k10)"}};
    m.states = {{"a", "k21 * b - (k + k12) * a"}, {"b", "k12 * a - k21 * b"}};
    m.outputs = {{"Ca", "a"}, {"sum", "a + b"}};
    m.entries = {into("a")};
    return difference(support::compiled(m), infusions_and_boluses(), grid(0.5, 150));
  };
  CHECK(differ(0.3, 0.2, 0.1) < 1e-12);
  CHECK(differ(0.3, 0.0, 0.1) < 1e-12);      // one way
  CHECK(differ(0.3, 0.2, 0.0) < 1e-12);      // the other, and a rate of 0
  CHECK(differ(1e-9, 1e-10, 1e-9) < 1e-12);  // hardly moving
  CHECK(differ(1e-7, 30.0, 20.0) < 1e-9);    // a small rate from the difference of large ones
}

TEST_CASE("a grid is read across changes of a covariate") {
  auto small = compartments(2);
  Covariate weight;
  weight.name = "W";
  weight.over_time = OverTime::last;
  small.covariates = {weight};
  small.individual = {{"CL", "TVCL * exp(eta_CL) * W / 70"}, {"S", "V * W / 60"}};
  small.outputs.front().second = "s0 / S";
  const auto model = support::compiled(small);
  REQUIRE(!model->output_parts.outputs.empty());
  Patient patient = infusions_and_boluses();
  CovariateCourse& course = patient.covariates["W"];
  course.time = {0.0, 12.0, 31.3, 40.0};
  course.value = {70.0, 50.0, 90.0, 65.0};
  CHECK(difference(model, patient, grid(0.25, 300)) < 1e-12);
}

TEST_CASE("outputs that are not linear in the states, or that are integrals of them, are read as they were") {
  auto curved = compartments(2);
  curved.outputs = {{"E", "s0^2 / (s0 + 3)"}, {"with_time", "s0 * exp(-0.01 * t)"}};
  const auto model = support::compiled(curved);
  CHECK(model->output_parts.outputs.empty());
  CHECK(difference(model, infusions_and_boluses(), grid(0.5, 100)) < 1e-7);  // their areas are found in steps
  auto excreted = compartments(2);
  excreted.states.emplace_back("urine", "CL / V * s0");
  excreted.outputs.emplace_back("Ae", "urine");
  CHECK(difference(support::compiled(excreted), infusions_and_boluses(), grid(0.5, 100)) < 1e-12);
}

TEST_CASE("a chain of equal rates, which has no modes, is read as it was") {
  support::SmallModel m;
  m.parameters = {{"k", 0.4}};
  m.etas = {{"eta_k", 0.04}};
  m.individual = {{"K", "k * exp(eta_k)"}};
  m.states = {{"a", "-K * a"}, {"b", "K * a - K * b"}, {"c", "K * b - K * c"}};
  m.outputs = {{"Cc", "c"}};
  m.entries = {into("a")};
  CHECK(difference(support::compiled(m), infusions_and_boluses(), grid(0.25, 200)) < 1e-12);
}

TEST_CASE("levels whose uncertain times of draw change places are read at their own rows") {
  auto small = compartments(2);
  const auto model = support::compiled(small);
  Patient patient = infusions_and_boluses();
  for (const double time : {9.0, 9.2, 9.4, 9.6}) {
    Observation o;
    o.time = time;
    o.dv = 1.0;
    o.output = "Cc";
    if (time < 9.5 && time > 9.1) o.sd_time = 0.3;
    patient.observations.push_back(o);
  }
  const auto built = build_schedule(*model, patient, {});
  REQUIRE(built);
  Vector eta = Vector::Zero(built->schedule.effects.size);
  REQUIRE(eta.size() == 3);
  eta << 0.2, 0.5, -0.1;  // 9.2 -> 9.7, 9.4 -> 9.3: both pass a neighbour
  SimulateOptions point_to_point;
  point_to_point.slopes = true;
  const Course read = simulate(*model, built->schedule, eta), moved = simulate(*model, built->schedule, eta, point_to_point);
  REQUIRE(read.ok);
  CHECK((read.outputs - moved.outputs).cwiseAbs().maxCoeff() < 1e-12);
  CHECK(read.outputs(1, 0) < read.outputs(3, 0));  // drawn later than the last one
}
