#include "support/known_problems.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace titrate::support {

namespace {

// Radau IIA collocation with 5 and with 7 stages (orders 9 and 13) in 113-bit arithmetic, steps halved to a local error of 1e-19
// and 1e-21: the two agree in all digits given. For Van der Pol's stiff equation they agree with the published test set (Mazzia &
// Magherini, 1.706167732170483 at t = 2000), for Robertson's with Hairer & Wanner at t = 40.
constexpr const char* kRadau = "Radau IIA of orders 9 and 13 in 113-bit arithmetic";

SmallModel states(std::vector<std::pair<std::string, std::string>> derivatives,
                  std::vector<std::pair<std::string, std::string>> initial) {
  SmallModel model;
  for (const auto& state : derivatives) model.outputs.emplace_back(state.first, state.first);
  model.states = std::move(derivatives);
  model.initial = std::move(initial);
  return model;
}

SmallModel robertson() {
  return states({{"a", "-0.04 * a + 1e4 * b * c"}, {"b", "0.04 * a - 1e4 * b * c - 3e7 * b^2"}, {"c", "3e7 * b^2"}},
                {{"a", "1"}});
}

SmallModel van_der_pol(const std::string& mu) { return states({{"x", "v"}, {"v", mu + " * (1 - x^2) * v - x"}}, {{"x", "2"}}); }

// w exp(w) = x, for x > 0, by Newton's method.
double lambert_w(double x) {
  double w = std::log1p(x);
  for (int i = 0; i < 50; ++i) w -= (w * std::exp(w) - x) / (std::exp(w) * (1.0 + w));
  return w;
}

// Disposition after a bolus of 100 into the first compartment:
//   a(t) = 100 sum_i (k21 - x_i)(k31 - x_i) / prod_{j != i} (x_j - x_i) exp(-x_i t),
// x the roots of x^3 - (k + k12 + k13 + k21 + k31) x^2 + (k k21 + k k31 + k21 k31 + k13 k21 + k12 k31) x - k k21 k31, all real:
// by the cosine of a third of an angle. With two compartments the same without the third.
std::vector<double> two_compartments(double k, double k12, double k21, double t) {
  const double half = (k + k12 + k21) / 2, root = std::sqrt(half * half - k * k21);
  const double x1 = half + root, x2 = k * k21 / x1;
  const double fast = std::exp(-x1 * t), slow = std::exp(-x2 * t);
  return {100 * ((k21 - x1) / (x2 - x1) * fast + (k21 - x2) / (x1 - x2) * slow), 100 * k12 / (x1 - x2) * (slow - fast)};
}

std::vector<double> three_compartments(double k, double k12, double k21, double k13, double k31, double t) {
  const double sum = k + k12 + k13 + k21 + k31, pairs = k * k21 + k * k31 + k21 * k31 + k13 * k21 + k12 * k31;
  const double p = pairs - sum * sum / 3, q = sum * pairs / 3 - 2 * sum * sum * sum / 27 - k * k21 * k31;
  const double size = 2 * std::sqrt(-p / 3), angle = std::acos(3 * q / (p * size)) / 3;
  double x[3];
  for (int i = 0; i < 3; ++i) x[i] = sum / 3 + size * std::cos(angle - 2.0943951023931954923 * i);
  std::vector<double> amounts(3, 0.0);
  for (int i = 0; i < 3; ++i) {
    const double weight = 100 * std::exp(-x[i] * t) / ((x[(i + 1) % 3] - x[i]) * (x[(i + 2) % 3] - x[i]));
    amounts[0] += weight * (k21 - x[i]) * (k31 - x[i]);
    amounts[1] += weight * k12 * (k31 - x[i]);
    amounts[2] += weight * k13 * (k21 - x[i]);
  }
  return amounts;
}

std::vector<KnownProblem> exact() {
  const double Vmax = 8, Km = 3, y0 = 60, t = 6;
  const double ka = 1.2, k = 0.15;
  std::vector<KnownProblem> all;
  all.push_back({"linear chain",
                 "Bateman's formula",
                 states({{"depot", "-1.2 * depot"}, {"central", "1.2 * depot - 0.15 * central"}}, {{"depot", "100"}}),
                 2,
                 {100 * std::exp(-ka * 2), 100 * ka / (ka - k) * (std::exp(-k * 2) - std::exp(-ka * 2))},
                 1.0,
                 false});
  all.push_back({"linear chain of equal rates",
                 "k t exp(-k t)",
                 states({{"depot", "-0.3 * depot"}, {"central", "0.3 * depot - 0.3 * central"}}, {{"depot", "100"}}),
                 5,
                 {100 * std::exp(-1.5), 150 * std::exp(-1.5)},
                 1.0,
                 false});
  all.push_back({"two compartments", "two exponentials",
                 states({{"a", "-0.9 * a + 0.2 * b"}, {"b", "0.5 * a - 0.2 * b"}}, {{"a", "100"}}), 2,
                 two_compartments(0.4, 0.5, 0.2, 2), 1.0, false});
  all.push_back(
      {"three compartments", "three exponentials, roots of the cubic",
       states({{"a", "-1.2 * a + 0.2 * b + 0.01 * c"}, {"b", "0.5 * a - 0.2 * b"}, {"c", "0.3 * a - 0.01 * c"}}, {{"a", "100"}}),
       24, three_compartments(0.4, 0.5, 0.2, 0.3, 0.01, 24), 1.0, false});
  all.push_back({"Michaelis-Menten",
                 "Lambert's W",
                 states({{"y", "-8 * y / (3 + y)"}}, {{"y", "60"}}),
                 t,
                 {Km * lambert_w(y0 / Km * std::exp((y0 - Vmax * t) / Km))},
                 1.0,
                 false});
  all.push_back({"oscillator",
                 "cos t",
                 states({{"x", "v"}, {"v", "-x"}}, {{"x", "1"}}),
                 20,
                 {std::cos(20.0), -std::sin(20.0)},
                 1.0,
                 false});
  all.push_back(
      {"forced decay", "cos t", states({{"y", "-2 * (y - cos(t)) - sin(t)"}}, {{"y", "1"}}), 10, {std::cos(10.0)}, 1.0, false});
  all.push_back(
      {"stiffly forced",
       "cos t and 1 / (1 + t)",
       states({{"y", "-1000 * (y - cos(t)) - sin(t) + 0 * y * y"}, {"z", "-z * z * (1 + y - cos(t))"}}, {{"y", "1"}, {"z", "1"}}),
       10,
       {std::cos(10.0), 1.0 / 11.0},
       1.0,
       true});
  return all;
}

std::vector<KnownProblem> all_problems() {
  std::vector<KnownProblem> all = exact();
  all.push_back({"Robertson, t = 40",
                 kRadau,
                 robertson(),
                 40,
                 {7.15827068719405090474e-01, 9.18553476455776390390e-06, 2.84163745745830351762e-01},
                 1e-7,
                 true});
  all.push_back({"Robertson, t = 1e4",
                 kRadau,
                 robertson(),
                 1e4,
                 {1.07300428537804041956e-01, 4.80016697257165979304e-07, 8.92699091445498700878e-01},
                 1e-8,
                 true});
  all.push_back({"Robertson, t = 1e7",
                 kRadau,
                 robertson(),
                 1e7,
                 {2.07609343901639571898e-04, 8.30607748506761262806e-10, 9.99792389825490611921e-01},
                 1e-11,
                 true});
  all.push_back({"Van der Pol, mu = 5",
                 kRadau,
                 van_der_pol("5"),
                 5,
                 {4.04181594633999451123e-01, -2.43711268409351238069e+00},
                 1.0,
                 false});
  all.push_back({"Van der Pol, mu = 1000, t = 1000",
                 kRadau,
                 van_der_pol("1000"),
                 1000,
                 {-1.86364625480813388954e+00, 7.53543086543543360100e-04},
                 1e-3,
                 true});
  all.push_back({"Van der Pol, mu = 1000, t = 2000",
                 kRadau,
                 van_der_pol("1000"),
                 2000,
                 {1.70616773217046500848e+00, -8.92809701024816547780e-04},
                 1e-3,
                 true});
  all.push_back({"Brusselator",
                 kRadau,
                 states({{"x", "1 + x^2 * y - 4 * x"}, {"y", "3 * x - x^2 * y"}}, {{"x", "1.5"}, {"y", "3"}}),
                 20,
                 {4.98637071268347848650e-01, 4.59678034945201118320e+00},
                 1.0,
                 false});
  return all;
}

constexpr double exact_tolerance = 1e-13;  // that a linear model, which is not stepped, is measured by

const char* word(const KnownProblem& problem, Solver solver) {
  if (solver == Solver::dopri5) return "dopri5";
  if (solver == Solver::rosenbrock) return "rosenbrock";
  return compiled(problem.equations)->states.linear ? "exact" : "automatic";
}

// The largest of |y - expected| / (|expected| + small); not a number when the solver failed.
double error_at(const KnownProblem& problem, Solver solver, double tolerance) {
  constexpr double none = std::numeric_limits<double>::quiet_NaN();
  const auto model = compiled(problem.equations);
  const auto built = build_schedule(*model, {}, {{0.0, before_all}, {problem.until, before_all}});
  if (!built) return none;
  SimulateOptions options;
  options.solver = solver;
  options.rtol = tolerance;
  options.atol = tolerance * problem.small;
  const Course course = simulate(*model, built->schedule, Vector::Zero(0), options);
  if (!course.ok) return none;
  double error = 0.0;
  for (std::size_t i = 0; i < problem.expected.size(); ++i) {
    const double difference = std::abs(course.outputs(1, static_cast<Eigen::Index>(i)) - problem.expected[i]);
    error = std::max(error, difference / (std::abs(problem.expected[i]) + problem.small));
  }
  return error;
}

}  // namespace

double KnownSeries::worst() const {
  double worst = 0.0;
  for (const auto& [tolerance, error] : points) {
    if (std::isnan(error)) return error;
    worst = std::max(worst, error / tolerance);
  }
  return worst;
}

std::optional<double> KnownSeries::slope() const {
  if (points.size() < 2) return std::nullopt;
  double n = 0, x = 0, y = 0, xx = 0, xy = 0;
  for (const auto& [tolerance, error] : points) {
    const double a = std::log10(tolerance), b = std::log10(error);
    n += 1, x += a, y += b, xx += a * a, xy += a * b;
  }
  return (n * xy - x * y) / (n * xx - x * x);
}

bool KnownSeries::passed() const { return worst() <= most_tolerances && (!slope() || *slope() >= least_slope); }

std::vector<KnownSeries> solve_known_problems() {
  std::vector<KnownSeries> all;
  for (const KnownProblem& problem : all_problems())
    for (const Solver solver : {Solver::dopri5, Solver::rosenbrock, Solver::automatic}) {
      if (problem.stiff && solver == Solver::dopri5) continue;
      KnownSeries series{problem.name, problem.source, word(problem, solver), {}};
      const auto solve = [&](double tolerance) { series.points.emplace_back(tolerance, error_at(problem, solver, tolerance)); };
      if (series.solver == "exact") {
        solve(exact_tolerance);
      } else {
        for (int digits = 4; digits <= 9; ++digits) solve(std::pow(10.0, -digits));
      }
      all.push_back(std::move(series));
    }
  return all;
}

}  // namespace titrate::support
