#include "infer/residual.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <functional>

#include "base/rng.hpp"
#include "infer/fit.hpp"
#include "unit/infer/problems.hpp"

using namespace titrate;
using namespace titrate::problems;

namespace {

using TermOf = std::function<Term(double f, double lnV)>;

// Slopes of a term against central differences.
void check_slopes(const TermOf& term, double f, double lnV) {
  const double h = 1e-5;
  const Term at = term(f, lnV);
  CHECK(at.d_f == doctest::Approx((term(f + h, lnV).value - term(f - h, lnV).value) / (2.0 * h)).epsilon(1e-7));
  CHECK(at.d_lnV == doctest::Approx((term(f, lnV + h).value - term(f, lnV - h).value) / (2.0 * h)).epsilon(1e-7));
}

TermOf censored(Censored side, double limit) {
  return [=](double f, double lnV) { return censored_term(side, limit, f, std::exp(lnV)); };
}

Observation censored_level(double time, Censored side, double limit) {
  Observation observation = level(time, limit);
  observation.censored = side;
  observation.limit = limit;
  return observation;
}

Posterior fitted(const Compiled& model, const Patient& patient, const FitSettings& settings = {}) {
  const auto posterior = fit(model, patient, settings);
  REQUIRE(static_cast<bool>(posterior));
  return *posterior;
}

// Trapezoids are exact to rounding for a smooth function that vanishes at both ends.
double integral(const std::function<double(double)>& f, double from, double to, int n) {
  double sum = 0.0;
  for (int i = 0; i <= n; ++i) sum += (i == 0 || i == n ? 0.5 : 1.0) * f(from + (to - from) * i / n);
  return sum * (to - from) / n;
}

}  // namespace

TEST_CASE("the slopes of a level with a t distribution are exact, measured or censored") {
  const StudentT t(4.0);
  for (const double f : {-20.0, 1.7, 2.0, 9.0})
    check_slopes([&](double x, double lnV) { return density_term(2.5, x, std::exp(lnV), &t); }, f, std::log(0.3));
  for (const Censored side : {Censored::below, Censored::above})
    for (const double f : {-20.0, 0.4, 9.0})
      check_slopes([&](double x, double lnV) { return censored_term(side, 0.5, x, std::exp(lnV), &t); }, f, std::log(0.3));
}

TEST_CASE("the information of a level with a t distribution is the mean of its squared slopes") {
  const double f = 2.0, V = 0.3, nu = 4.5;
  const StudentT t(nu);
  // y = f + sqrt(V) sinh v spreads the heavy tails out.
  const auto mean = [&](const std::function<double(const Term&)>& of) {
    return integral(
        [&](double v) {
          const double x = std::sinh(v);
          return t.density(x) * std::cosh(v) * of(density_term(f + std::sqrt(V) * x, f, V, &t));
        },
        -14.0, 14.0, 4000);
  };
  const Term any = density_term(2.5, f, V, &t);
  CHECK(mean([](const Term&) { return 1.0; }) == doctest::Approx(1.0).epsilon(1e-12));
  CHECK(any.ff == doctest::Approx(mean([](const Term& x) { return x.d_f * x.d_f / 4.0; })).epsilon(1e-10));
  CHECK(any.vv == doctest::Approx(mean([](const Term& x) { return x.d_lnV * x.d_lnV / 4.0; })).epsilon(1e-10));
  CHECK(any.fv == 0.0);
}

TEST_CASE("with the constants that the objective leaves out, every level's density over dv has an integral of 1") {
  for (const Residual& residual :
       {natural("0.3"), logarithmic("0.3"), box_cox("0.01", 0.4), heavy(natural("0.3"), 3.0), heavy(logarithmic("0.1"), 6.0)}) {
    const Compiled model = compiled({{{"a", "eta_1"}}, {{"still", "0"}}, "0 * a + 0 * still", {residual}, Matrix{{0.09}}});
    Measured measured;
    measured.residual = &model->residuals[0][0];
    const double prediction = 3.0;
    const auto density = [&](double dv) {
      measured.dv = dv;
      measured.y = on_scale(*measured.residual, dv);
      return std::exp(-0.5 * (explain(measured, prediction)->term.value + density_constant(measured)));
    };
    const bool positive = residual.transformed();
    const double total = integral(
        [&](double v) {
          return positive ? density(std::exp(v)) * std::exp(v) : density(prediction + std::sinh(v)) * std::cosh(v);
        },
        positive ? -12.0 : -14.0, positive ? 14.0 : 14.0, 20000);
    CHECK(total == doctest::Approx(1.0).epsilon(1e-8));
    CHECK(from_scale(*measured.residual, on_scale(*measured.residual, 2.7)) == doctest::Approx(2.7).epsilon(1e-14));
  }
}

TEST_CASE(
    "with a t distribution one outlier moves the mode less, and with very many degrees of freedom as much as a normal one") {
  const auto mode = [](const Residual& residual, double outlier) {
    const Compiled model = compiled({{{"a", "3 + 2 * eta_1"}}, {{"still", "0"}}, "a + 0 * still", {residual}, Matrix{{0.5}}});
    return fitted(model, patient_with({{1.0, 3.0}, {2.0, 3.2}, {3.0, 2.8}, {4.0, outlier}}));
  };
  const Residual normal = natural("0.09");
  const double pulled = mode(normal, 9.0).mode[0] - mode(normal, 3.0).mode[0];
  const double resisted = mode(heavy(normal, 4.0), 9.0).mode[0] - mode(heavy(normal, 4.0), 3.0).mode[0];
  CHECK(pulled > 0.5);
  CHECK(resisted > 0.0);
  CHECK(resisted < 0.1 * pulled);
  const Posterior many = mode(heavy(normal, 1e7), 4.0), none = mode(normal, 4.0);
  CHECK(many.mode[0] == doctest::Approx(none.mode[0]).epsilon(1e-5));
  CHECK(many.log_evidence == doctest::Approx(none.log_evidence).epsilon(1e-5));
  CHECK(many.covariance(0, 0) == doctest::Approx(none.covariance(0, 0)).epsilon(1e-5));
  CHECK(std::abs(*mode(heavy(normal, 4.0), 9.0).levels[3].residual_sd) < std::abs(*mode(normal, 9.0).levels[3].residual_sd));
}

TEST_CASE("a level below 0.5 where 0.4 is predicted with an SD of 0.15 adds 0.582022") {
  CHECK(std::abs(censored_term(Censored::below, 0.5, 0.4, 0.15 * 0.15).value - 0.582022) < 5e-7);
  // above a limit is the mirror image
  CHECK(censored_term(Censored::above, 0.4, 0.5, 0.15 * 0.15).value ==
        censored_term(Censored::below, 0.5, 0.4, 0.15 * 0.15).value);
}

TEST_CASE("the slopes of a censored level are exact, near its limit and 30 SD on the wrong side of it") {
  for (const Censored side : {Censored::below, Censored::above})
    for (const double f : {-14.5, -1.0, 0.3, 0.5, 0.8, 2.0, 15.5}) check_slopes(censored(side, 0.5), f, std::log(0.25));
  const Term far = censored_term(Censored::below, 0.5, 500.0, 0.01);
  CHECK(std::isfinite(far.value));
  CHECK(far.d_f == doctest::Approx(2.0 * (500.0 - 0.5) / 0.01).epsilon(1e-6));  // of z^2, in the tail
  CHECK(far.ff == doctest::Approx(0.0).epsilon(1e-12));                         // no patient like this is ever below
}

TEST_CASE("the information of a censored level is the mean over both outcomes of its curvature, and of its squared slope") {
  for (const double f : {0.1, 0.45, 0.5, 0.9}) {
    const double lnV = std::log(0.04), h = 1e-4;
    const Term below = censored_term(Censored::below, 0.5, f, std::exp(lnV));
    const Term above = censored_term(Censored::above, 0.5, f, std::exp(lnV));
    const double p = std::exp(-0.5 * below.value), q = std::exp(-0.5 * above.value);
    CHECK(p + q == doctest::Approx(1.0).epsilon(1e-14));
    const auto mean = [&](double b, double a) { return p * b + q * a; };
    CHECK(below.ff == doctest::Approx(mean(below.d_f * below.d_f, above.d_f * above.d_f) / 4.0).epsilon(1e-12));
    CHECK(below.fv == doctest::Approx(mean(below.d_f * below.d_lnV, above.d_f * above.d_lnV) / 4.0).epsilon(1e-12));
    CHECK(below.vv == doctest::Approx(mean(below.d_lnV * below.d_lnV, above.d_lnV * above.d_lnV) / 4.0).epsilon(1e-12));
    CHECK(above.ff == doctest::Approx(below.ff).epsilon(1e-12));
    const auto curvature = [&](Censored side) {
      const auto slope = [&](double x) { return censored_term(side, 0.5, x, std::exp(lnV)).d_f; };
      return 0.5 * (slope(f + h) - slope(f - h)) / (2.0 * h);
    };
    CHECK(below.ff == doctest::Approx(mean(curvature(Censored::below), curvature(Censored::above))).epsilon(1e-6));
  }
}

TEST_CASE("over simulated measurements the mean squared slope of a censored level is its information") {
  const double f = 0.6, V = 0.04, limit = 0.5;
  const Term below = censored_term(Censored::below, limit, f, V), above = censored_term(Censored::above, limit, f, V);
  const Rng rng{11, 0};
  const int n = 200000;
  double ff = 0.0, fv = 0.0;
  for (int i = 0; i < n; ++i) {
    const Term& seen = f + 0.2 * rng.normal(static_cast<std::uint64_t>(i)) < limit ? below : above;
    ff += seen.d_f * seen.d_f / 4.0 / n;
    fv += seen.d_f * seen.d_lnV / 4.0 / n;
  }
  CHECK(ff == doctest::Approx(below.ff).epsilon(0.01));
  CHECK(fv == doctest::Approx(below.fv).epsilon(0.02));
}

TEST_CASE("the evidence of a level below a limit is its probability: y = 3 + 2 eta_1 before any time has passed") {
  // y ~ Normal(3, 4 * 0.5 + 0.25) before any level
  const double P = log_phi((2.0 - 3.0) / 1.5);
  Patient patient = patient_with({});
  patient.observations = {censored_level(0.0, Censored::below, 2.0)};
  FitSettings settings;
  settings.draws = 20000;
  settings.prior_draws = 20000;
  const Posterior posterior = fitted(straight_line_model(), patient, settings);
  REQUIRE(posterior.status == PosteriorStatus::converged);
  CHECK(std::abs(posterior.log_evidence - P) < 0.02);

  // The mean of y given y < 2, through the regression of eta_1 on y: 2 * 0.5 / 2.25 per unit of y.
  const double z = (2.0 - 3.0) / 1.5;
  const double below = -std::exp(-0.5 * z * z) / std::sqrt(2.0 * 3.14159265358979323846) / std::exp(P) * 1.5;
  const Vector mean = posterior.draws * posterior.weights;
  CHECK(std::abs(mean[0] - 2.0 * 0.5 / 2.25 * below) < 0.02);

  REQUIRE(posterior.levels.size() == 1);
  const Level& seen = posterior.levels[0];
  CHECK(seen.censored == Censored::below);
  CHECK_FALSE(seen.residual_sd);
  CHECK(*seen.probability == doctest::Approx(normal_cdf((2.0 - seen.prediction) / 0.5)).epsilon(1e-12));
  CHECK(*seen.percentile == doctest::Approx(100.0 * std::exp(P)).epsilon(0.03));
}

TEST_CASE("above a limit and on the logarithm the evidence is the probability as well") {
  const Compiled model = compiled({{{"a", "exp(1 + eta_1)"}},
                                   {{"still", "0"}},
                                   "a + 0 * still",
                                   {logarithmic("0.16")},
                                   Matrix{{0.09}}});  // ln y ~ N(1, 0.25)
  Patient patient = patient_with({});
  patient.observations = {censored_level(1.0, Censored::above, std::exp(1.4))};
  FitSettings settings;
  settings.draws = 20000;
  const Posterior posterior = fitted(model, patient, settings);
  CHECK(std::abs(posterior.log_evidence - log_phi((1.0 - 1.4) / 0.5)) < 0.02);
}

TEST_CASE("a level below its limit is certain where nothing is predicted, and impossible above it") {
  const Compiled model =
      compiled({{{"a", "eta_1"}}, {{"still", "0"}}, "0 * a + 0 * still", {natural("0.04 * prediction^2")}, Matrix{{0.09}}});
  Measured measured;
  measured.residual = &model->residuals[0][0];
  measured.censored = Censored::below;
  measured.dv = measured.y = 0.5;
  const auto certain = explain(measured, 0.0);
  REQUIRE(certain);
  CHECK(certain->term.value == 0.0);
  CHECK_FALSE(certain->point);
  CHECK(*chance_below(measured, 0.0) == 1.0);
  measured.censored = Censored::above;
  std::string why;
  CHECK_FALSE(explain(measured, 0.0, &why));
  CHECK(why.find("variance") != std::string::npos);

  Patient patient = patient_with({});
  patient.observations = {censored_level(1.0, Censored::below, 0.5)};
  const Posterior posterior = fitted(model, patient);
  CHECK(posterior.status == PosteriorStatus::converged);
  CHECK(posterior.mode[0] == doctest::Approx(0.0));
  CHECK(posterior.covariance(0, 0) == doctest::Approx(0.09));
  REQUIRE(posterior.levels.size() == 1);
  CHECK(*posterior.levels[0].probability == 1.0);
}
