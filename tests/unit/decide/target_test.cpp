#include "decide/target.hpp"

#include "base/rng.hpp"
#include "cases.hpp"
#include "decide/probe.hpp"

using namespace titrate;
using namespace titrate::cases;

namespace {

std::optional<Curve> curve_of_draw(const CompiledModel& model, const Probe& probe, const Vector& eta) {
  Individual individual(model, eta);
  SimulateOptions options;
  options.auc = options.slopes = true;
  ProbeCurves curves(model, probe, 0, options);
  const Curve* const curve = curves.of(individual, 0);
  return curve != nullptr ? std::optional(*curve) : std::nullopt;
}

}  // namespace

TEST_CASE("words of a window become hours") {
  const auto window = [](const std::string& words) { return *read_during(words, ""); };
  CHECK(window("24 to 48 h").from == 24.0);
  CHECK(window("24 to 48 h").to == 48.0);
  CHECK(window("3 to 7 days").to == 168.0);
  CHECK(window("day 2").from == 24.0);
  CHECK(window("first 24 h").to == 24.0);
  CHECK(window("next 24 h").kind == During::Kind::after_now);
  CHECK(window("steady state").kind == During::Kind::steady_state);
  CHECK(window("last interval").kind == During::Kind::last_interval);
  CHECK(window("cycle").kind == During::Kind::cycle);
  CHECK(window("12 h").from == window("at 12 h").to);
  CHECK(window("at 42 h after the last dose").kind == During::Kind::after_last_dose);
  CHECK(window("at 42 h after the last dose").from == 42.0);
  CHECK(window("5 to 7 days after the first dose").kind == During::Kind::after_first_dose);
  CHECK(window("5 to 7 days after the first dose").to == 168.0);
  for (const char* words : {"", "after the last dose", "cycle after the last dose", "first 24 h after the last dose",
                            "48 to 24 h", "sometime", "24 to 48", "first -3 h", "day 0", "day 1.5"})
    CHECK_FALSE(static_cast<bool>(read_during(words, "")));
}

TEST_CASE("the chance to lie in a window of a lognormal metric is the closed form, within its Monte-Carlo error") {
  // AUC at steady state over 24 h = daily dose / CL, CL = 5 exp(eta), eta ~ N(0.1, 0.04): ln AUC is normal.
  const Compiled model = made(one_compartment());
  const Situation s = situation(model, Patient{}, std::nullopt);
  const Aim a = aim(*model->model, target("auc24", "steady state", 300.0, 450.0));
  const Posterior p = normal_posterior(0.1, 0.04, 4000);
  const auto regimen = every(12, 1000, 1);
  const TargetWindow window = resolve(s, a, regimen, {0.0, false}, p.mode);
  CHECK(window.withheld.empty());
  CHECK(window.steady_state);
  const auto probe = make_probe(s, regimen, window);
  REQUIRE(static_cast<bool>(probe));
  Vector h(p.draws.cols());
  for (Eigen::Index i = 0; i < h.size(); ++i) {
    const auto curve = curve_of_draw(*model, *probe, p.draws.col(i));
    REQUIRE(curve.has_value());
    h[i] = metric_of(a, *curve, probe->window.trough_time);
    CHECK(h[i] == doctest::Approx(400.0 * std::exp(-p.draws(0, i))).epsilon(1e-9));
  }
  const Chances c = chances(a.target, h, losses(a.target, h), p.weights);
  const auto below = [](double limit) { return normal_cdf((std::log(limit / 400.0) + 0.1) / 0.2); };
  CHECK(std::abs(c.p_below - below(300.0)) < 3.0 * c.p_error);
  CHECK(std::abs(c.p_in - (below(450.0) - below(300.0))) < 3.0 * c.p_error);
  CHECK(c.p_below + c.p_in + c.p_above == doctest::Approx(1.0).epsilon(1e-12));
  CHECK(c.p_error == doctest::Approx(std::sqrt(c.p_in * (1 - c.p_in) / 4000.0)).epsilon(1e-9));
  // E max(0, ln(lo/h)) / ln(hi/lo) for ln h ~ N(m, s): (d Phi(d/s) + s phi(d/s)) / width, d = ln lo - m; the other side likewise.
  const double m = std::log(400.0) - 0.1, sd = 0.2, width = std::log(450.0 / 300.0);
  const auto half = [sd](double d) {
    return d * normal_cdf(d / sd) + sd * std::exp(-0.5 * d * d / (sd * sd)) / std::sqrt(2.0 * std::acos(-1.0));
  };
  const double expected = (half(std::log(300.0) - m) + half(m - std::log(450.0))) / width;
  CHECK(std::abs(c.loss - expected) < 4.0 * c.loss_error);
  CHECK(c.loss_error < 0.01);
}

TEST_CASE("at 0 or 1 the error is the exact 95 % bound") {
  const Vector h = Vector::Constant(2000, 500.0), w = Vector::Constant(2000, 1.0 / 2000);
  const Target around = target("auc24", "steady state", 400.0, 600.0), above = target("auc24", "steady state", 600.0, 700.0);
  const Chances in = chances(around, h, losses(around, h), w);
  CHECK(in.p_in == 1.0);
  CHECK(in.p_error == doctest::Approx(1.0 - std::pow(0.05, 1.0 / 2000)).epsilon(1e-9));
  CHECK(in.p_error < 0.0015);  // 0 of 2000: below 0.15 %
  const Chances out = chances(above, h.head(300), losses(above, h.head(300)), Vector::Constant(300, 1.0 / 300));
  CHECK(out.p_in == 0.0);
  CHECK(out.p_error == doctest::Approx(0.0099).epsilon(0.01));
}

TEST_CASE("the loss is in widths of the window, weighted by side, and finite at zero") {
  Target t = target("auc24", "steady state", 400.0, 600.0);
  t.weight_high = 2.0;
  CHECK(loss(t, 500.0) == 0.0);
  CHECK(loss(t, 400.0 * 400.0 / 600.0) == doctest::Approx(1.0));
  CHECK(loss(t, 900.0) == doctest::Approx(2.0));
  CHECK(std::isfinite(loss(t, 0.0)));
  CHECK(loss(t, 0.0) > loss(t, 1.0));
  t.log_scale = false;
  CHECK(loss(t, 300.0) == doctest::Approx(0.5));
  CHECK(loss(t, 700.0) == doctest::Approx(1.0));
  const Target one = target("cmax", "first 24 h", std::nullopt, 20.0);
  CHECK(loss(one, 40.0) == doctest::Approx(1.0));
  CHECK(loss(one, 3.0) == 0.0);
}

TEST_CASE("time to 90 % of the steady state is ln 10 / k for one compartment, and a shorter plan withholds the steady state") {
  const Compiled model = made(one_compartment());
  const Situation s = situation(model, Patient{}, std::nullopt);
  const auto t90 = time_to_90_percent(s, every(6, 500, 0), 0, Vector::Zero(1));
  REQUIRE(t90.has_value());
  CHECK(*t90 == doctest::Approx(std::log(10.0) / 0.1).epsilon(1e-6));
  const Aim a = aim(*model->model, target("cmin", "steady state", 5.0, 10.0));
  const TargetWindow shorter = resolve(s, a, every(6, 500, 0), {18.0, true}, Vector::Zero(1));
  CHECK_FALSE(shorter.withheld.empty());
  CHECK_FALSE(shorter.steady_state);
  CHECK(shorter.window.from == 12.0);
  CHECK(shorter.window.to == 18.0);
  CHECK(resolve(s, a, every(6, 500, 0), {24.0, true}, Vector::Zero(1)).withheld.empty());
}

TEST_CASE("a time after a dose that was given counts from it, not from now, and from the plan when none was given") {
  const Compiled model = made(one_compartment());
  Patient patient;
  patient.doses = {infusion(0, 1000, 24), infusion(100, 2000, 24)};
  patient.now = 126.0;
  const Situation s = situation(model, patient, std::nullopt);
  const auto from = [&](const char* words, const Situation& in) {
    return resolve(in, aim(*model->model, target("value_at", words, std::nullopt, 10.0)), std::nullopt, {0.0, false},
                   Vector::Zero(1));
  };
  const TargetWindow w = from("at 42 h after the last dose", s);
  CHECK(w.window.from == 142.0);
  CHECK(from("at 142 h after the first dose", s).window.from == 142.0);
  CHECK(default_horizon(s, std::nullopt,
                        aim(*model->model, target("value_at", "at 300 h after the last dose", std::nullopt, 10.0))) == 274.0);
  // V = 50, k = 0.1: two infusions over 24 h, 18 h after the end of the second.
  const auto probe = make_probe(s, std::nullopt, w);
  REQUIRE(static_cast<bool>(probe));
  const auto curve = curve_of_draw(*model, *probe, Vector::Zero(1));
  REQUIRE(curve.has_value());
  const double end = 1.0 - std::exp(-2.4);
  const double expected = (2000.0 * end * std::exp(-1.8) + 1000.0 * end * std::exp(-11.8)) / 24.0 / 0.1 / 50.0;
  CHECK(metric_of(aim(*model->model, target("value_at", "at 42 h after the last dose", std::nullopt, 10.0)), *curve,
                  w.trough_time) == doctest::Approx(expected).epsilon(1e-9));
  Patient nothing;
  nothing.now = 5.0;
  const Situation empty = situation(model, nothing, std::nullopt);
  CHECK(from("at 42 h after the last dose", empty).window.from == empty.due + 42.0);
}

TEST_CASE("the trough of a window is the value before the last dose in it") {
  const Compiled model = made(one_compartment());
  const Situation s = situation(model, Patient{}, std::nullopt);
  const Aim a = aim(*model->model, target("cmin", "24 to 48 h", 1.0, 2.0));
  CHECK(resolve(s, a, every(12, 1000, 1), {72, true}, Vector::Zero(1)).trough_time == 48.0);
  CHECK(resolve(s, a, every(36, 1000, 1), {72, true}, Vector::Zero(1)).trough_time == 36.0);
  const TargetWindow w = resolve(s, a, every(36, 1000, 0), {72, true}, Vector::Zero(1));
  const auto probe = make_probe(s, every(36, 1000, 0), w);
  REQUIRE(static_cast<bool>(probe));
  const auto curve = curve_of_draw(*model, *probe, Vector::Zero(1));
  REQUIRE(curve.has_value());
  CHECK(metric_of(a, *curve, w.trough_time) == doctest::Approx(20.0 * std::exp(-3.6)).epsilon(1e-10));
}

TEST_CASE("AUC24 in a window that no whole number of intervals fills is read over the next whole number, scaled to 24 h") {
  const Compiled model = made(one_compartment());
  const Situation s = situation(model, Patient{}, std::nullopt);
  const auto auc24 = [&](const std::optional<Regimen>& regimen, const TargetWindow& w) {
    const Aim a = aim(*model->model, target("auc24", "24 to 48 h", 100.0, 200.0));
    const auto probe = make_probe(s, regimen, w);
    REQUIRE(static_cast<bool>(probe));
    const auto curve = curve_of_draw(*model, *probe, Vector::Zero(1));
    REQUIRE(curve.has_value());
    return metric_of(a, *curve, w.trough_time);
  };
  const auto window = [&](const char* metric, const std::optional<Regimen>& regimen) {
    return resolve(s, aim(*model->model, target(metric, "24 to 48 h", 100.0, 200.0)), regimen, {}, Vector::Zero(1));
  };
  // Boluses of 1000 mg, 20 mg/L each, k = 0.1: each adds 200 (exp(-0.1 a) - exp(-0.1 b)) between its ages a and b.
  const auto area = [](double a, double b) { return 200.0 * (std::exp(-0.1 * a) - std::exp(-0.1 * b)); };
  const TargetWindow one = window("auc24", every(36, 1000, 0));
  CHECK(one.window.from == 24.0);
  CHECK(one.window.to == 60.0);
  CHECK(one.whole == "AUC24 over 36 h, one whole interval, scaled to 24 h");
  CHECK(auc24(every(36, 1000, 0), one) == doctest::Approx((area(24, 60) + area(0, 24)) * 24.0 / 36.0).epsilon(1e-8));
  const TargetWindow two = window("auc24", every(18, 1000, 0));
  CHECK(two.window.to == 60.0);
  CHECK(two.whole == "AUC24 over 36 h, 2 intervals of 18 h, scaled to 24 h");
  CHECK(auc24(every(18, 1000, 0), two) ==
        doctest::Approx((area(24, 60) + area(6, 42) + area(0, 24) + area(0, 6)) * 24.0 / 36.0).epsilon(1e-8));
  const TargetWindow long_one = window("auc24", every(48, 1000, 0));
  CHECK(long_one.window.to == 72.0);
  CHECK(window("cavg", every(36, 1000, 0)).window.to == 60.0);
  for (const double ii : {6.0, 8.0, 12.0, 24.0}) {
    const TargetWindow same = window("auc24", every(ii, 1000, 0));
    CHECK(same.window.to == 48.0);
    CHECK(same.whole.empty());
  }
  CHECK(window("cmax", every(36, 1000, 0)).window.to == 48.0);
  CHECK(window("auc", every(36, 1000, 0)).window.to == 48.0);
  CHECK(window("auc24", std::nullopt).window.to == 48.0);
  Regimen single = every(36, 1000, 0);
  single.doses = 1;
  CHECK(window("auc24", single).window.to == 48.0);
}

TEST_CASE("a target that cannot be followed is refused with a reason") {
  const auto model = one_compartment();
  CHECK_FALSE(static_cast<bool>(read_aim(*model, target("auc25", "24 to 48 h", 1.0, 2.0))));
  CHECK_FALSE(static_cast<bool>(read_aim(*model, target("auc24", "24 to 48 h", std::nullopt, std::nullopt))));
  CHECK_FALSE(static_cast<bool>(read_aim(*model, target("auc24", "24 to 48 h", 3.0, 2.0))));
  CHECK_FALSE(static_cast<bool>(read_aim(*model, target("auc24", "12 h", 1.0, 2.0))));
  CHECK_FALSE(static_cast<bool>(read_aim(*model, target("time_above", "24 to 48 h", 1.0, 2.0))));
  CHECK(static_cast<bool>(read_aim(*model, target("value_at", "12 h", 1.0, 2.0))));
  CHECK(metric_unit(*parse_unit("mg/L"), Metric::auc24).text == "mg*h/L");
}
