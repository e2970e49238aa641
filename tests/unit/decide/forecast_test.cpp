#include "decide/forecast.hpp"

#include "base/rng.hpp"
#include "cases.hpp"

using namespace titrate;
using namespace titrate::cases;

namespace {

Situation treated() {
  Patient patient;
  patient.doses = {infusion(0, 1000, 1, 12, 1)};
  patient.now = 20.0;
  return situation(made(one_compartment()), patient, std::nullopt);
}

std::size_t at(const Forecast& f, double time) {
  for (std::size_t i = f.now_index; i < f.time.size(); ++i)
    if (f.time[i] == time) return i;
  FAIL("no such time");
  return 0;
}

}  // namespace

TEST_CASE("history does not move, in any bit, when the plan changes") {
  const Situation s = treated();
  const Posterior p = normal_posterior(0.1, 0.03, 200);
  ForecastOptions a, b;
  a.regimens = {every(12, 1000, 1)};
  b.regimens = {every(8, 1750, 2), std::nullopt};
  a.horizon = {48.0, true};
  b.horizon = {96.0, true};
  const auto one = forecast(s, p, a), other = forecast(s, p, b);
  REQUIRE(static_cast<bool>(one));
  REQUIRE(static_cast<bool>(other));
  REQUIRE(one->now_index == other->now_index);
  for (std::size_t i = 0; i <= one->now_index; ++i) CHECK(one->time[i] == other->time[i]);
  const Bands &x = one->outputs[0].history, &y = other->outputs[0].history;
  CHECK(x.parameters.median == y.parameters.median);
  CHECK(x.parameters.p5 == y.parameters.p5);
  CHECK(x.parameters.p95 == y.parameters.p95);
  CHECK(x.with_residual.p5 == y.with_residual.p5);
  CHECK(x.with_residual.p95 == y.with_residual.p95);
  CHECK(x.parameters.median.size() == one->now_index + 1);
  CHECK(one->time[one->now_index] == 20.0);
}

TEST_CASE("of the metrics of one window, only the average is read over whole intervals") {
  // Boluses of 1000 mg at 0, 36 and 72 h, 20 mg/L each, k = 0.1, in a window from 24 to 48 h.
  const Situation s = situation(made(one_compartment()), Patient{}, std::nullopt);
  ForecastOptions options;
  options.regimens = {every(36, 1000, 0)};
  options.aim = aim(*s.model->model, target("cmin", "24 to 48 h", 0.1, 1.0));
  const auto f = forecast(s, normal_posterior(0.0, 1e-14, 20), options);
  REQUIRE(static_cast<bool>(f));
  const auto area = [](double a, double b) { return 200.0 * (std::exp(-0.1 * a) - std::exp(-0.1 * b)); };
  int seen = 0;
  for (const MetricSummary& m : f->regimens.front().metrics) {
    const bool average = m.metric == "auc24";
    CHECK((m.label.find("AUC24 over 36 h, one whole interval") != std::string::npos) == average);
    if (m.metric == "cmin") CHECK(m.spread.median == doctest::Approx(20.0 * std::exp(-3.6)).epsilon(1e-6));
    if (m.metric == "cmax") CHECK(m.spread.median == doctest::Approx(20.0 * (1.0 + std::exp(-3.6))).epsilon(1e-6));
    if (average) CHECK(m.spread.median == doctest::Approx((area(24, 60) + area(0, 24)) * 24.0 / 36.0).epsilon(1e-6));
    ++seen;
  }
  CHECK(seen == 3);
}

TEST_CASE("bands are the quantiles of the exact predictive distribution") {
  // Without further doses C(t) falls with k = 0.1 exp(eta): a monotone function of a normal variable.
  Patient patient;
  patient.doses = {infusion(0, 1000, 0)};
  patient.now = 0.0;
  const Situation s = situation(made(one_compartment()), patient, std::nullopt);
  const int S = 4000;
  const Posterior p = normal_posterior(0.0, 0.09, S);
  ForecastOptions options;
  options.regimens = {std::nullopt};
  options.horizon = {24.0, true};
  const auto f = forecast(s, p, options);
  REQUIRE(static_cast<bool>(f));
  const std::size_t i = f->time.size() - 1;
  const auto exact = [](double eta) { return 20.0 * std::exp(-2.4 * std::exp(eta)); };
  const Bands& bands = f->regimens[0].outputs[0];
  REQUIRE(bands.parameters.median.size() == f->time.size() - f->now_index);
  // A sample quantile is off by about sqrt(p (1-p) / S) in probability.
  const auto probability = [](double value) { return normal_cdf(-std::log(-std::log(value / 20.0) / 2.4) / 0.3); };
  CHECK(std::abs(probability(bands.parameters.median.back()) - 0.5) < 3.5 * std::sqrt(0.25 / S));
  CHECK(std::abs(probability(bands.parameters.p5.back()) - 0.05) < 3.5 * std::sqrt(0.0475 / S));
  CHECK(std::abs(probability(bands.parameters.p95.back()) - 0.95) < 3.5 * std::sqrt(0.0475 / S));
  CHECK(f->outputs[0].population[i] == doctest::Approx(exact(0.0)).epsilon(1e-9));
  CHECK(f->outputs[0].mode[i] == doctest::Approx(exact(0.0)).epsilon(1e-9));
}

TEST_CASE("with residual error the band is the mixture's: its distribution function has the quantile's probability") {
  const Situation s = treated();
  const Posterior p = normal_posterior(0.0, 0.04, 300);
  ForecastOptions options;
  options.horizon = {24.0, true};
  const auto f = forecast(s, p, options);
  REQUIRE(static_cast<bool>(f));
  const double end = f->time.back();
  const double q = f->regimens[0].outputs[0].with_residual.p95.back();
  double cdf = 0.0;
  for (Eigen::Index i = 0; i < p.draws.cols(); ++i) {
    const double CL = 5.0 * std::exp(p.draws(0, i)), k = CL / 50.0;
    double C = 0.0;
    for (double t = 0.0; t < end; t += 12.0) C += 1000.0 / CL * (1.0 - std::exp(-k)) * std::exp(-k * (end - t - 1.0));
    cdf += p.weights[i] * normal_cdf((q - C) / std::sqrt(0.01 * C * C + 0.25));
  }
  CHECK(cdf == doctest::Approx(0.95).epsilon(1e-6));
  CHECK(q > f->regimens[0].outputs[0].parameters.p95.back());
}

TEST_CASE("without levels the forecast is the a priori one") {
  const Situation s = treated();
  Posterior p = normal_posterior(0.0, 0.09, 1000, 3);
  p.status = PosteriorStatus::no_data;
  ForecastOptions options;
  options.draws.seed = 3;
  options.draws.draws = 1000;
  const auto f = forecast(s, p, options);
  REQUIRE(static_cast<bool>(f));
  const OutputForecast& o = f->outputs[0];
  CHECK(o.a_priori.parameters.p95[f->now_index] == doctest::Approx(o.history.parameters.p95.back()).epsilon(1e-12));
  CHECK(o.a_priori.parameters.median.back() == doctest::Approx(f->regimens[0].outputs[0].parameters.median.back()).epsilon(1e-9));
}

TEST_CASE("an infusion that runs at now goes on") {
  Patient patient;
  patient.doses = {infusion(0, 1000, 4)};
  patient.now = 1.0;
  const Situation s = situation(made(one_compartment()), patient, std::nullopt);
  ForecastOptions options;
  options.regimens = {std::nullopt};
  options.horizon = {10.0, true};
  const auto f = forecast(s, normal_posterior(0.0, 0.01, 20), options);
  REQUIRE(static_cast<bool>(f));
  CHECK(f->outputs[0].mode[at(*f, 4.0)] == doctest::Approx(50.0 * (1.0 - std::exp(-0.4))).epsilon(1e-9));
}

TEST_CASE("the grid has both sides of every dose and stays near its size") {
  const Situation s = treated();
  ForecastOptions options;
  options.regimens = {every(6, 500, 0), every(8, 500, 1)};
  options.horizon = {96.0, true};
  const auto f = forecast(s, normal_posterior(0.0, 0.01, 10), options);
  REQUIRE(static_cast<bool>(f));
  CHECK(f->time.size() <= 310);
  for (std::size_t i = 1; i < f->time.size(); ++i) CHECK(f->time[i] >= f->time[i - 1]);
  int sides = 0;
  for (const double t : f->time) sides += t == 36.0 ? 1 : 0;
  CHECK(sides == 2);
}

TEST_CASE("without a fit there is no forecast") {
  Posterior p;
  p.words = "the search did not end";
  const auto f = forecast(treated(), p, {});
  CHECK_FALSE(static_cast<bool>(f));
  CHECK(f.diagnostics().front().message.find("did not end") != std::string::npos);
}

TEST_CASE("the next measurement has the error of the assay that measured last") {
  auto model = one_compartment();
  Residual coarse, fine;
  coarse.assay = "coarse";
  coarse.variance = {"4", "/outputs/C/error"};
  fine.assay = "fine";
  fine.variance = {"0.01", "/outputs/C/error"};
  model->outputs[0].residuals = {coarse, fine};
  Patient patient;
  patient.doses = {infusion(0, 1000, 1, 12, 3)};
  patient.now = 40.0;
  Observation level;
  level.time = 11.5;
  level.dv = 8.0;
  level.output = "C";
  level.assay = "fine";
  patient.observations = {level};
  const auto answer =
      forecast(situation(made(model), patient, std::nullopt), normal_posterior(0.0, 1e-12, 50), ForecastOptions{});
  REQUIRE(static_cast<bool>(answer));
  const Bands& bands = answer->regimens.front().outputs.front();
  CHECK(bands.with_residual.p95.back() - bands.parameters.median.back() == doctest::Approx(1.644854 * 0.1).epsilon(1e-3));
  const Bands& past = answer->outputs.front().history;
  CHECK(past.with_residual.p95.back() - past.parameters.median.back() == doctest::Approx(1.644854 * 0.1).epsilon(1e-3));
}
