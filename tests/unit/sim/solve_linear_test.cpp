// Linear networks against the exponential of one large matrix, which carries states, areas and sensitivities at once.

#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <unsupported/Eigen/MatrixFunctions>

#include "sim/exp_differences.hpp"
#include "sim/simulate.hpp"
#include "support/allocations.hpp"
#include "support/small_models.hpp"

using namespace titrate;
using namespace titrate::support;

namespace {

// From a state to another one, or out (-1), with the rate value * exp(eta of its own).
struct Arrow {
  int from = 0, to = -1;
  double rate = 0.0;
};

struct Network {
  std::string name;
  int n = 1;
  std::vector<Arrow> arrows;
};

std::vector<Network> networks() {
  constexpr double k = 0.2;
  // Amounts: a depot into one, two and three compartments.
  const auto depot = [](double ka, int compartments, std::string name) {
    Network network{std::move(name), 1 + compartments, {{0, 1, ka}, {1, -1, k}}};
    if (compartments > 1) network.arrows.insert(network.arrows.end(), {{1, 2, 0.5}, {2, 1, 0.3}});
    if (compartments > 2) network.arrows.insert(network.arrows.end(), {{1, 3, 0.1}, {3, 1, 0.01}});
    return network;
  };
  const double slow = 0.5 * (1.0 - std::sqrt(1.0 - 4.0 * k * 0.3));  // of two compartments with k12 = 0.5: sum 1, product 0.06
  std::vector<Network> all{
      {"one compartment", 1, {{0, -1, k}}},
      {"two compartments", 2, {{0, -1, k}, {0, 1, 0.5}, {1, 0, 0.3}}},
      {"nothing leaves", 2, {{0, 1, 0.5}, {1, 0, 0.3}}},
      {"an amount excreted", 3, {{0, -1, 0.1}, {0, 2, 0.1}, {0, 1, 0.5}, {1, 0, 0.3}}},
      {"equal rates apart", 2, {{0, -1, k}, {1, -1, k}}},
      {"a chain of equal rates", 5, {{0, 1, 1.5}, {1, 2, 1.5}, {2, 3, 1.5}, {3, 4, 1.5}, {4, -1, 1.5}}},
      {"a cycle that swings", 3, {{0, 1, 1.0}, {1, 2, 1.0}, {2, 0, 1.0}, {0, -1, 0.05}}},
      {"a quick exchange", 2, {{0, -1, 0.001}, {0, 1, 30.0}, {1, 0, 20.0}}},
  };
  for (const double difference : {0.0, 1e-12, 1e-8, 1e-5, 1e-3, 0.1, 5.0}) {
    const std::string apart = ", rates apart by " + std::to_string(difference);
    all.push_back(depot(k + difference, 1, "a depot and one compartment" + apart));
    all.push_back(depot(slow + difference, 2, "a depot and two compartments" + apart));
    all.push_back(depot(slow + difference, 3, "a depot and three compartments" + apart));
  }
  return all;
}

SmallModel written(const Network& network) {
  SmallModel m;
  std::vector<std::string> slopes(static_cast<std::size_t>(network.n));
  for (std::size_t i = 0; i < network.arrows.size(); ++i) {
    const Arrow& arrow = network.arrows[i];
    const std::string k = "K" + std::to_string(i), from = "y" + std::to_string(arrow.from);
    m.parameters.emplace_back("TV" + std::to_string(i), arrow.rate);
    m.etas.emplace_back("eta" + std::to_string(i), 0.1);
    m.individual.emplace_back(k, "TV" + std::to_string(i) + " * exp(eta" + std::to_string(i) + ")");
    slopes[static_cast<std::size_t>(arrow.from)] += " - " + k + " * " + from;
    if (arrow.to >= 0) slopes[static_cast<std::size_t>(arrow.to)] += " + " + k + " * " + from;
  }
  for (int i = 0; i < network.n; ++i) {
    m.states.emplace_back("y" + std::to_string(i), "0" + slopes[static_cast<std::size_t>(i)]);
    m.outputs.emplace_back("out" + std::to_string(i), "y" + std::to_string(i));
  }
  m.entries = {into("y0")};
  return m;
}

constexpr double rate = 50.0, end_of_infusion = 2.0;

// States, areas and the constant 1; below them their derivatives with respect to one eta.
Vector reference(const Network& network, double t, std::size_t effect) {
  const Eigen::Index n = network.n, N = 2 * n + 1;
  Matrix M = Matrix::Zero(2 * N, 2 * N);
  for (std::size_t i = 0; i < network.arrows.size(); ++i) {
    const Arrow& arrow = network.arrows[i];
    for (const Eigen::Index corner : {Eigen::Index{0}, N}) {
      M(corner + arrow.from, corner + arrow.from) -= arrow.rate;
      if (arrow.to >= 0) M(corner + arrow.to, corner + arrow.from) += arrow.rate;
    }
    if (i != effect) continue;
    M(N + arrow.from, arrow.from) -= arrow.rate;
    if (arrow.to >= 0) M(N + arrow.to, arrow.from) += arrow.rate;
  }
  for (const Eigen::Index corner : {Eigen::Index{0}, N}) M.block(corner + n, corner, n, n).setIdentity();
  Matrix infused = M;
  infused(0, 2 * n) = infused(N, N + 2 * n) = rate;
  Vector v = Vector::Zero(2 * N);
  v(2 * n) = 1.0;
  v = (infused * std::min(t, end_of_infusion)).exp() * v;
  if (t > end_of_infusion) v = ((t - end_of_infusion) * M).exp() * v;
  return v;
}

BuiltSchedule infusion(const CompiledModel& model, const std::vector<double>& times) {
  Patient patient;
  DosingEvent dose;
  dose.amt = rate * end_of_infusion;
  dose.input = DosingEvent::Input::rate;
  dose.rate = rate;
  dose.route = "dose";
  patient.doses.push_back(dose);
  std::vector<Sample> samples;
  for (const double t : times) samples.push_back({t, before_all});
  return *build_schedule(model, patient, samples);
}

}  // namespace

TEST_CASE("a linear network follows the exponential of its matrix, also where rates coincide") {
  const std::vector<double> times{0.5, 2.0, 2.1, 7.0, 30.0};
  for (const Network& network : networks()) {
    const auto model = compiled(written(network));
    const BuiltSchedule built = infusion(*model, times);
    SimulateOptions options;
    options.auc = options.sensitivities = true;
    options.solver = Solver::exact;
    const Vector eta = Vector::Zero(model->k);
    const Course course = simulate(*model, built.schedule, eta, options);
    REQUIRE_MESSAGE(course.ok, course.why);
    const Eigen::Index n = network.n, N = 2 * n + 1;
    for (std::size_t i = 0; i < times.size(); ++i)
      for (std::size_t j = 0; j < network.arrows.size(); ++j) {
        INFO(network.name << ", t " << times[i] << ", eta " << j);
        const auto row = static_cast<Eigen::Index>(i);
        const Vector exact = reference(network, times[i], j);
        const double largest = exact.head(n).cwiseAbs().maxCoeff(), largest_area = exact.segment(n, n).cwiseAbs().maxCoeff();
        CHECK((course.outputs.row(row).transpose() - exact.head(n)).cwiseAbs().maxCoeff() <= 1e-12 * largest);
        CHECK((course.auc.row(row).transpose() - exact.segment(n, n)).cwiseAbs().maxCoeff() <= 1e-12 * largest_area);
        CHECK((course.sens[j].row(row).transpose() - exact.segment(N, n)).cwiseAbs().maxCoeff() <= 1e-9 * largest);
      }
  }
}

TEST_CASE("an exact solution asks nothing of the heap from one value to the next") {
  for (const Network& network : {networks()[1], networks().back()}) {
    const auto model = compiled(written(network));
    std::vector<double> few, many;
    for (int i = 1; i <= 400; ++i) (i <= 100 ? few : many).push_back(0.1 * i);
    many.insert(many.begin(), few.begin(), few.end());
    const BuiltSchedule short_course = infusion(*model, few), long_course = infusion(*model, many);
    const Vector eta = Vector::Zero(model->k);
    const auto asked = [&](const BuiltSchedule& built) {
      const long before = allocations();
      REQUIRE(simulate(*model, built.schedule, eta).ok);
      return allocations() - before;
    };
    // Only lists of times grow with the values, by doubling.
    CHECK(asked(short_course) > 0);
    CHECK(asked(long_course) <= asked(short_course) + 8);
  }
}

TEST_CASE("divided differences of exp keep their digits where nodes meet") {
  for (const double x : {-40.0, -3.0, -0.7, -1e-3, 0.0, 0.4, 2.0})
    for (const double d : {0.0, 1e-12, 1e-8, 1e-4, 0.1, 0.9, 1.1, 5.0, 60.0}) {
      INFO("x " << x << ", difference " << d);
      const double two = exp_difference<2>({x, x - d});
      const double half = 0.5 * d;
      const double exact = half == 0.0 ? std::exp(x) : std::exp(x - half) * std::sinh(half) / half;
      CHECK(two == doctest::Approx(exact).epsilon(1e-14));
      // exp[x, y, 0] = integral of s exp[xs, ys] over 0..1, exp[x, y, 0, 0] that of s (1 - s) exp[xs, ys]; by Simpson's rule.
      const auto integral = [&](int zeros) {
        constexpr int steps = 20000;
        double sum = 0.0;
        for (int i = 0; i <= steps; ++i) {
          const double s = static_cast<double>(i) / steps, w = i == 0 || i == steps ? 1.0 : i % 2 == 1 ? 4.0 : 2.0;
          const double inner = half * s == 0.0 ? std::exp(x * s) : std::exp((x - half) * s) * std::sinh(half * s) / (half * s);
          sum += w * s * inner * (zeros == 2 ? 1.0 - s : 1.0);
        }
        return sum / (3.0 * steps);
      };
      CHECK(exp_difference<3>({x, x - d, 0.0}) == doctest::Approx(integral(1)).epsilon(1e-12));
      CHECK(exp_difference<4>({x, 0.0, x - d, 0.0}) == doctest::Approx(integral(2)).epsilon(1e-12));
    }
  for (const double x : {-700.0, -30.0, -0.5001, -0.4999, -1e-9, 0.0, 0.3, 3.0}) {
    const Exponentials e = exponentials(x);
    CHECK(e.e0 == doctest::Approx(std::exp(x)).epsilon(1e-14));
    CHECK(e.e1 == doctest::Approx(exp_difference<2>({x, 0.0})).epsilon(1e-14));
    CHECK(e.e2 == doctest::Approx(exp_difference<3>({x, 0.0, 0.0})).epsilon(2e-14));
  }
}
