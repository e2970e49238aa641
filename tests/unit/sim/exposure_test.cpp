// Exposure against closed forms: one compartment with infusion, bolus and absorption, and curves that are cubic themselves.

#include "sim/exposure.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <fstream>
#include <sstream>

#include "model/definition.hpp"
#include "support/small_models.hpp"

#ifndef TITRATE_MODELS_DIR
#define TITRATE_MODELS_DIR "models"
#endif

using namespace titrate;

namespace {

constexpr double CL = 5.0, V = 50.0, k = CL / V;

Compiled one_compartment() {
  support::SmallModel small;
  small.parameters = {{"CL", CL}, {"V", V}};
  small.states = {{"A", "-CL / V * A"}};
  small.outputs = {{"C", "A / V"}};
  small.entries = {support::into("A")};
  return support::compiled(small);
}

DosingEvent dose(double time, double amt, double dur) {
  DosingEvent d;
  d.time = time;
  d.amt = amt;
  d.input = dur > 0.0 ? DosingEvent::Input::duration : DosingEvent::Input::bolus;
  d.dur = dur;
  d.route = "dose";
  return d;
}

Curve curve(const Compiled& model, const Patient& patient, const Window& window, double widest) {
  const auto bare = build_schedule(*model, patient, {});
  REQUIRE(static_cast<bool>(bare));
  const auto built = build_schedule(*model, patient, exposure_samples(window, input_edges(*model, bare->schedule), 0.25, widest));
  REQUIRE(static_cast<bool>(built));
  SimulateOptions options;
  options.auc = true;
  options.slopes = true;
  const Course course = simulate(*model, built->schedule, Vector::Zero(model->k), options);
  REQUIRE(course.ok);
  return curve_of(course, built->schedule, built->sample_of_extra, 0);
}

}  // namespace

TEST_CASE("an infusion peaks at its end, and its area, its trough and the time above a limit are the closed forms") {
  Patient patient;
  patient.doses = {dose(0.0, 1000.0, 2.0)};
  const Curve c = curve(one_compartment(), patient, {0.0, 24.0}, 1.0);
  const Exposure e = exposure(c, 24.0);
  const double R = 500.0, peak = R / CL * (1.0 - std::exp(-2.0 * k));
  CHECK(e.peak.value == doctest::Approx(peak).epsilon(1e-10));
  CHECK(e.peak.time == doctest::Approx(2.0).epsilon(1e-12));
  CHECK(e.cmin == doctest::Approx(peak * std::exp(-22.0 * k)).epsilon(1e-10));
  const double auc = 1000.0 / CL - e.cmin / k;  // all but what is still inside
  CHECK(e.auc == doctest::Approx(auc).epsilon(1e-10));
  CHECK(e.auc24 == doctest::Approx(auc).epsilon(1e-10));
  CHECK(e.cavg == doctest::Approx(auc / 24.0).epsilon(1e-10));
  const double limit = 8.0;  // up: R/CL (1 - e^-kt) = limit; down: peak e^-k(t-2) = limit
  const double up = -std::log(1.0 - limit * CL / R) / k, down = 2.0 + std::log(peak / limit) / k;
  CHECK(hours_above(c, limit) == doctest::Approx(down - up).epsilon(1e-6));
}

TEST_CASE("auc24 of a window of another length is scaled to 24 h") {
  Patient patient;
  patient.doses = {dose(0.0, 1000.0, 0.0)};
  const Exposure e = exposure(curve(one_compartment(), patient, {0.0, 12.0}, 1.0), 12.0);
  CHECK(e.auc == doctest::Approx(200.0 * (1.0 - std::exp(-1.2))).epsilon(1e-10));
  CHECK(e.auc24 == doctest::Approx(2.0 * e.auc).epsilon(1e-14));
}

TEST_CASE("a bolus jumps: its peak is the value after it and the trough the value before the next") {
  Patient patient;
  patient.doses = {dose(0.0, 1000.0, 0.0), dose(12.0, 1000.0, 0.0)};
  const Curve c = curve(one_compartment(), patient, {0.0, 24.0}, 1.0);
  const Exposure e = exposure(c, 12.0);
  CHECK(e.cmin == doctest::Approx(20.0 * std::exp(-1.2)).epsilon(1e-10));
  CHECK(e.peak.value == doctest::Approx(20.0 * (1.0 + std::exp(-1.2))).epsilon(1e-10));
  CHECK(e.peak.time == 12.0);
}

TEST_CASE("a peak between samples is found by the slopes") {
  support::SmallModel small;
  small.parameters = {{"CL", CL}, {"V", V}, {"ka", 1.2}};
  small.states = {{"depot", "-ka * depot"}, {"A", "ka * depot - CL / V * A"}};
  small.outputs = {{"C", "A / V"}};
  small.entries = {support::into("depot")};
  const Compiled model = support::compiled(small);
  Patient patient;
  patient.doses = {dose(0.0, 1000.0, 0.0)};
  const Extreme peak = highest(curve(model, patient, {0.0, 24.0}, 1.0));
  const double ka = 1.2, tmax = std::log(ka / k) / (ka - k);
  const double cmax = 1000.0 * ka / (V * (ka - k)) * (std::exp(-k * tmax) - std::exp(-ka * tmax));
  CHECK(peak.time == doctest::Approx(tmax).epsilon(5e-3));  // the slope of the interpolant is one order less exact than its value
  CHECK(peak.value == doctest::Approx(cmax).epsilon(2e-4));
}

TEST_CASE("an absorption far quicker than the samples does not overshoot") {
  // 100 / h into one compartment, seen every 0.25 h at first: the peak is 0.069 h after the dose, the first value 0.25 h after.
  constexpr double ka = 100.0, dose = 1000.0;
  const auto exact = [&](double t) { return dose / V * ka / (ka - k) * (std::exp(-k * t) - std::exp(-ka * t)); };
  const auto slope = [&](double t) { return dose / V * ka / (ka - k) * (ka * std::exp(-ka * t) - k * std::exp(-k * t)); };
  Curve seen;
  for (const double t : {0.0, 0.25, 0.625, 1.1875, 2.03125, 4.0}) {
    seen.time.push_back(t);
    seen.value.push_back(exact(t));
    seen.slope.push_back(slope(t));
    seen.auc.push_back(0.0);
  }
  const double peak = exact(std::log(ka / k) / (ka - k));
  CHECK(highest(seen).value <= peak);
  CHECK(highest(seen).value >= 0.975 * peak);
  // An exponential that a cubic can follow is followed as before: h^4 / 384 of its fourth derivative.
  Curve falling;
  for (const double t : {0.0, 2.0, 4.0}) {
    falling.time.push_back(t);
    falling.value.push_back(std::exp(-t));
    falling.slope.push_back(-std::exp(-t));
    falling.auc.push_back(0.0);
  }
  CHECK(std::abs(value_at(falling, 1.0) - std::exp(-1.0)) < 16.0 / 384.0);
  CHECK(value_at(falling, 1.0) == doctest::Approx(0.5 * (1.0 + std::exp(-2.0)) + 0.25 * (-1.0 + std::exp(-2.0))).epsilon(1e-12));
}

TEST_CASE("a curve that is a cubic gives its extremes and crossings exactly") {
  // t^3 - 6 t^2 + 9 t + 1: highest inside at t = 1 (5), lowest at t = 3 (1); above 3 from 2 - sqrt(3) to 2.
  Curve c;
  for (const double t : {0.0, 1.5, 3.5}) {
    c.time.push_back(t);
    c.value.push_back(t * t * t - 6 * t * t + 9 * t + 1);
    c.slope.push_back(3 * t * t - 12 * t + 9);
    c.auc.push_back(0.0);
  }
  CHECK(highest(c).time == doctest::Approx(1.0).epsilon(1e-12));
  CHECK(highest(c).value == doctest::Approx(5.0).epsilon(1e-12));
  CHECK(lowest(c).time == doctest::Approx(0.0));  // the edge, equal to the turn at 3
  CHECK(lowest(c).value == doctest::Approx(1.0).epsilon(1e-12));
  CHECK(hours_above(c, 3.0) == doctest::Approx(std::sqrt(3.0)).epsilon(1e-10));
  CHECK(value_at(c, 2.0) == doctest::Approx(3.0).epsilon(1e-12));
}

TEST_CASE("samples hold both sides of every edge inside the window, in order") {
  const auto samples = exposure_samples({0.0, 24.0}, {0.0, 1.0, 12.0, 24.0, 30.0}, 0.25, 2.0);
  CHECK(samples.front().time == 0.0);
  CHECK(samples.front().order == after_all);
  CHECK(samples.back().time == 24.0);
  CHECK(samples.back().order == before_all);
  int sides = 0;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    if (i > 0) CHECK(samples[i].time - samples[i - 1].time <= 3.0 + 1e-12);
    if (i > 0) CHECK(samples[i].time >= samples[i - 1].time);
    sides += samples[i].time == 1.0 || samples[i].time == 12.0 ? 1 : 0;
  }
  CHECK(sides == 4);
}

TEST_CASE("the neutrophil nadir of a docetaxel cycle is the published one on a grid of 21 h, to within the interpolant's error") {
  std::ifstream file(std::string(TITRATE_MODELS_DIR) + "/docetaxel_neutropenia_ozawa2007.json");
  REQUIRE(file.good());
  std::stringstream text;
  text << file.rdbuf();
  const auto json = json::parse(text.str());
  REQUIRE(static_cast<bool>(json));
  const auto read = read_model(*json);
  REQUIRE(static_cast<bool>(read));
  const auto model = compile(std::make_shared<const Model>(*read));
  REQUIRE(static_cast<bool>(model));
  Patient patient;
  for (const auto& [name, value] : std::vector<std::pair<std::string, double>>{
           {"ANC0", 5e9}, {"AAG", 940.0}, {"BSA", 160.0}, {"GCSF", 0.0}, {"BILI_HIGH", 0.0}})
    patient.covariates[name] = {{0.0}, {value}, ""};
  for (const Covariate& c : read->covariates)
    if (c.name == "ANC0") patient.covariates["ANC0"].value = {5.0 * c.unit.factor};
  patient.doses = {dose(0.0, 96.0, 1.0)};
  patient.doses[0].route = "iv";
  const Curve c = curve(*model, patient, {0.0, 504.0}, 21.0);
  const Extreme nadir = lowest(c);
  CHECK(nadir.value / read->outputs[0].unit.factor ==
        doctest::Approx(1.24327).epsilon(1e-3));  // another program's, as in the model file
  double sampled = c.value.front();
  for (const double v : c.value) sampled = std::min(sampled, v);
  CHECK(nadir.value <= sampled);
  CHECK(nadir.time > 168.0);
  CHECK(nadir.time < 288.0);
}
