// The stepping solvers on problems whose solutions are known, with sensitivities, and the choice between them.

#include <doctest/doctest.h>

#include <cmath>

#include "sim/solve_stepping.hpp"
#include "sim/timeline.hpp"
#include "support/known_problems.hpp"

using namespace titrate;
using namespace titrate::support;

TEST_CASE("known problems are solved to a hundred times the tolerance, and a tighter tolerance pays") {
  for (const KnownSeries& series : solve_known_problems()) {
    INFO(series.problem << ", " << series.solver << ": error " << series.worst() << " x tolerance, slope "
                        << series.slope().value_or(1.0));
    CHECK(series.passed());
  }
}

namespace {

// Nonlinear in a state, in an effect and in time, and stiff when `fast` is large: y follows Vmax and the forcing, z follows y.
SmallModel sensitive(const std::string& fast) {
  SmallModel m;
  m.etas = {{"eta_Vmax", 0.1}, {"eta_Km", 0.1}, {"eta_y0", 0.1}};
  m.individual = {{"Vmax", "8 * exp(eta_Vmax)"}, {"Km", "3 * exp(eta_Km)"}, {"y0", "20 * exp(eta_y0)"}};
  m.states = {{"y", "-Vmax * y / (Km + y) + 2 + sin(t)"}, {"z", fast + " * (y^2 / (5 + y) - z) - 0.01 * z^2"}};
  m.initial = {{"y", "y0"}, {"z", "4"}};
  m.outputs = {{"y", "y"}, {"z", "z"}};
  return m;
}

Course solved(const CompiledModel& model, Solver solver, double tolerance, const Vector& eta, bool sensitivities) {
  const auto built = build_schedule(model, {}, {{0, before_all}, {2, before_all}, {5, before_all}, {9, before_all}});
  REQUIRE(built);
  SimulateOptions options;
  options.solver = solver;
  options.rtol = tolerance;
  options.atol = 0.01 * tolerance;
  options.sensitivities = sensitivities;
  const Course course = simulate(model, built->schedule, eta, options);
  REQUIRE_MESSAGE(course.ok, course.why);
  return course;
}

double largest_difference(const Course& a, const Course& b) {
  double largest = 0.0;
  for (std::size_t j = 0; j < a.sens.size(); ++j) largest = std::max(largest, (a.sens[j] - b.sens[j]).cwiseAbs().maxCoeff());
  return largest / a.outputs.cwiseAbs().maxCoeff();
}

}  // namespace

TEST_CASE("the sensitivities of implicit steps converge as fast as the states do") {
  for (const std::string fast : {"1", "3000"}) {
    const auto model = compiled(sensitive(fast));
    const Vector eta = Vector::Constant(3, 0.1);
    const Course reference = solved(*model, Solver::dopri5, 1e-13, eta, true);
    for (const Solver solver : {Solver::rosenbrock, Solver::automatic}) {
      KnownSeries series;
      for (int digits = 4; digits <= 9; ++digits) {
        const double tolerance = std::pow(10.0, -digits);
        const double error = largest_difference(solved(*model, solver, tolerance, eta, true), reference);
        INFO("fast " << fast << ", solver " << static_cast<int>(solver) << ", tolerance " << tolerance << ": error " << error);
        series.points.emplace_back(tolerance, error);
      }
      INFO("fast " << fast << ", solver " << static_cast<int>(solver));
      CHECK(series.passed());
    }
  }
}

TEST_CASE("the sensitivities of implicit steps equal finite differences") {
  const auto model = compiled(sensitive("3000"));
  const Vector eta = Vector::Constant(3, 0.1);
  const Course course = solved(*model, Solver::rosenbrock, 1e-10, eta, true);
  for (Eigen::Index j = 0; j < 3; ++j) {
    const double h = 1e-3;
    const auto shifted = [&](double by) {
      Vector e = eta;
      e(j) += by;
      return solved(*model, Solver::rosenbrock, 1e-12, e, false).outputs;
    };
    const Matrix difference = (8.0 * (shifted(h) - shifted(-h)) - (shifted(2 * h) - shifted(-2 * h))) / (12.0 * h);
    CHECK((difference - course.sens[static_cast<std::size_t>(j)]).cwiseAbs().maxCoeff() < 1e-7);
  }
}

TEST_CASE("one implicit step has order 5 in states and in sensitivities") {
  const auto model = compiled(sensitive("1"));
  Equations equations(*model, model->states);
  Vector eta = Vector::Constant(3, 0.1);
  const auto built = build_schedule(*model, {}, {{0, before_all}});
  REQUIRE(built);
  Individual individual(*model, eta);
  const Segments segments(*model, built->schedule, individual, true);
  const Forcing rest{Vector::Zero(2), Matrix::Zero(2, 3), {}};
  equations.set(segments.values(0), rest, 3);
  const auto after = [&](double h, int steps) {
    Motion motion{0.0, Vector::Constant(2, 6.0), Matrix::Constant(2, 3, 1.5)};
    Values z, z_new(8), error(8);
    equations.pack(motion, z);
    ImplicitStep step;
    for (int i = 0; i < steps; ++i) {
      step.restart();
      REQUIRE(step.begin(equations, z, i * h));
      REQUIRE(step.attempt(equations, z, i * h, h, z_new, error));
      z = z_new;
    }
    return z;
  };
  const Values exact = after(1.0 / 512, 512);
  std::vector<double> states, sensitivities;
  for (const int steps : {4, 8, 16, 32}) {
    const Values z = after(1.0 / steps, steps);
    double y = 0.0, S = 0.0;
    for (std::size_t i = 0; i < 8; ++i) (i < 2 ? y : S) = std::max(i < 2 ? y : S, std::abs(z[i] - exact[i]));
    states.push_back(y);
    sensitivities.push_back(S);
  }
  for (std::size_t i = 0; i + 1 < states.size(); ++i) {
    INFO("halving " << i << ": states " << states[i] / states[i + 1] << ", sensitivities "
                    << sensitivities[i] / sensitivities[i + 1]);
    CHECK(states[i] / states[i + 1] > 25.0);
    CHECK(sensitivities[i] / sensitivities[i + 1] > 25.0);
  }
}

TEST_CASE("the automatic solver changes to implicit steps where stability rules, and back where it does not") {
  const auto steps = [](const std::string& fast, Solver solver) {
    const auto model = compiled(sensitive(fast));
    const auto built = build_schedule(*model, {}, {{0, before_all}});
    REQUIRE(built);
    Individual individual(*model, Vector::Zero(3));
    const Segments segments(*model, built->schedule, individual, true);
    SteppingSolver stepping(*model, model->states, solver, {1e-7, 1e-10, 200000});
    const Forcing rest{Vector::Zero(2), Matrix::Zero(2, 3), {}};
    Motion motion{0.0, Vector::Constant(2, 6.0), Matrix::Zero(2, 3)};
    Failure failure;
    Conditions none(*model);
    stepping.advance(
        motion, 40.0, segments.values(0), rest, {}, [](std::size_t, const Motion&) {}, none, failure);
    REQUIRE_FALSE(failure.failed);
    return stepping.count();
  };
  const auto slow = steps("1", Solver::automatic);
  CHECK(slow.implicit_steps == 0);
  const auto fast = steps("3000", Solver::automatic), by_dopri5 = steps("3000", Solver::dopri5);
  CHECK(fast.implicit_steps > 0);
  CHECK(fast.explicit_steps + fast.implicit_steps < by_dopri5.explicit_steps / 20);
  // The rate falls with t: stiff at first, not at the end.
  const auto fading = steps("(2000 * exp(-0.7 * t))", Solver::automatic);
  CHECK(fading.implicit_steps > 0);
  CHECK(fading.explicit_steps > 60);
}

TEST_CASE("large and small systems are eliminated by their pattern, in an order of their own, and solve what was asked") {
  Pattern J;
  const int n = 80;
  std::vector<double> values;
  for (int i = 0; i < n; ++i) {
    for (int j = 0; j < n; ++j)
      if (std::abs(i - j) <= 1 || j == 7 || (i == 30 && j % 5 == 0)) {
        J.column.push_back(j);
        values.push_back(std::sin(1.0 + i * 3.7 + j * 1.3) * (i == j ? 50.0 : 9.0));
      }
    J.start.push_back(static_cast<int>(J.column.size()));
  }
  NewtonMatrix W(J);
  REQUIRE(W.factorise(values, 3.0));
  Matrix dense = 3.0 * Matrix::Identity(n, n);
  for (int i = 0; i < n; ++i)
    for (int at = J.start[static_cast<std::size_t>(i)]; at < J.start[static_cast<std::size_t>(i) + 1]; ++at)
      dense(i, J.column[static_cast<std::size_t>(at)]) -= values[static_cast<std::size_t>(at)];
  const Matrix right = Matrix::Random(n, 3);
  Matrix x = right;
  W.solve(x.data(), 3);
  CHECK((dense * x - right).cwiseAbs().maxCoeff() < 1e-11);

  // The small one, with a zero on the diagonal, so that rows must change places.
  Pattern small;
  small.column = {1, 0, 1, 2, 1, 2};
  small.start = {0, 1, 4, 6};
  NewtonMatrix V(small);
  REQUIRE(V.factorise({-2.0, -3.0, 1.0, -4.0, -5.0, -6.0}, 0.0));
  Matrix y(3, 1);
  y << 2, 3, 5;
  V.solve(y.data(), 1);
  CHECK(2.0 * y(1) == doctest::Approx(2.0));
  CHECK(3.0 * y(0) - y(1) + 4.0 * y(2) == doctest::Approx(3.0));
  CHECK(5.0 * y(1) + 6.0 * y(2) == doctest::Approx(5.0));
  CHECK_FALSE(V.factorise({0.0, -3.0, 1.0, -4.0, -5.0, -6.0}, 0.0));
}

TEST_CASE("a large dose late in a course does not ask for a first step that the clock cannot tell apart") {
  SmallModel small;
  small.states = {{"gut", "-gut"}, {"blood", "1e9 * gut"}};
  small.outputs = {{"blood", "blood"}};
  small.entries = {into("gut")};
  const auto model = compile(build(small));
  REQUIRE(model);
  Patient patient;
  DosingEvent dose;
  dose.time = 9000.0;
  dose.amt = 1.0;
  dose.route = "dose";
  patient.doses = {dose};
  const auto built = build_schedule(**model, patient, {{0, before_all}, {9001, before_all}});
  REQUIRE(built);
  SimulateOptions options;
  options.solver = Solver::dopri5;
  const Course course = simulate(**model, built->schedule, Vector(), options);
  REQUIRE_MESSAGE(course.ok, course.why);
  CHECK(course.outputs(1, 0) == doctest::Approx(1e9 * (1.0 - std::exp(-1.0))).epsilon(1e-7));
}
