#include "sim/equilibrium.hpp"

#include <algorithm>
#include <cmath>

namespace titrate {

namespace {

using Eigen::Index;

constexpr int kMostSteps = 1000;
constexpr double kFirstStep = 1e-3;    // h
constexpr double kLargestStep = 1e12;  // h: Newton's method
constexpr double kSmallest = 1e-13;    // a step relative to the state: rounding

Matrix full(const Pattern& pattern, const double* entries, Index columns) {
  Matrix all = Matrix::Zero(pattern.rows(), columns);
  for (int i = 0; i < pattern.rows(); ++i)
    for (int at = pattern.start[static_cast<std::size_t>(i)]; at < pattern.start[static_cast<std::size_t>(i) + 1]; ++at)
      all(i, pattern.column[static_cast<std::size_t>(at)]) = entries[at];
  return all;
}

// The system at one state, for the moving rows and columns in units of each state.
class AtState {
 public:
  AtState(const System& system, const std::vector<Index>& moving, const SegmentValues& values, const Forcing& forcing)
      : system_(system), moving_(moving), values_(values), forcing_(forcing), out_(system.rhs_sens.outputs.size()) {}

  void evaluate(double t, const Vector& y) {
    run(system_.rhs_sens, t, y.data(), values_.p.data(), out_.data(), registers_);
    const auto size = static_cast<Index>(moving_.size());
    const Index n = system_.n;
    J_ = full(system_.J, out_.data() + n, n);
    B_ = full(system_.B, out_.data() + n + static_cast<Index>(system_.J.size()), static_cast<Index>(values_.columns.size()));
    f.resize(size);
    J.resize(size, size);
    for (Index a = 0; a < size; ++a) {
      const Index i = moving_[static_cast<std::size_t>(a)];
      f(a) = (out_[static_cast<std::size_t>(i)] + forcing_.rate(i)) / scale(i);
      for (Index b = 0; b < size; ++b) {
        const Index j = moving_[static_cast<std::size_t>(b)];
        J(a, b) = J_(i, j) * scale(j) / scale(i);
      }
    }
  }

  // Right-hand sides of J S = -(B + d rate + J S of the states that stay), for the moving rows.
  Matrix sensitivity_side(const Matrix& S) const {
    const Index n = system_.n, local = static_cast<Index>(values_.columns.size());
    Matrix side = Matrix::Zero(static_cast<Index>(moving_.size()), S.cols());
    for (Index a = 0; a < side.rows(); ++a) {
      const Index i = moving_[static_cast<std::size_t>(a)];
      side.row(a) = forcing_.d_rate.row(i);
      for (Index j = 0; j < local; ++j) {
        const Index column = values_.columns[static_cast<std::size_t>(j)];
        if (column >= 0) side(a, column) += B_(i, j);
      }
      for (Index j = 0; j < n; ++j)
        if (std::find(moving_.begin(), moving_.end(), j) == moving_.end()) side.row(a) += J_(i, j) * S.row(j);
      side.row(a) /= scale(i);
    }
    return side;
  }

  [[nodiscard]] double scale(Index i) const { return system_.scale[static_cast<std::size_t>(i)]; }

  Vector f;
  Matrix J;

 private:
  const System& system_;
  const std::vector<Index>& moving_;
  const SegmentValues& values_;
  const Forcing& forcing_;
  std::vector<double> out_, registers_;
  Matrix J_, B_;
};

}  // namespace

void come_to_rest(const System& system, const std::vector<Index>& moving, const SegmentValues& values, const Forcing& forcing,
                  Motion& motion, Failure& failure) {
  const auto fail = [&](const char* why) { failure = {true, why, motion.t}; };
  if (!forcing.pulses.empty()) return fail("doses that still enter along a profile have no steady state");
  AtState at(system, moving, values, forcing);
  at.evaluate(motion.t, motion.y);
  double step_size = kFirstStep, residual = at.f.norm();
  for (int i = 0; i < kMostSteps; ++i) {
    if (!std::isfinite(residual) || !at.J.allFinite()) return fail("the search for the steady state left the model's domain");
    Matrix W = -at.J;
    W.diagonal().array() += 1.0 / step_size;
    const Vector step = Eigen::PartialPivLU<Matrix>(W).solve(at.f);
    if (!step.allFinite()) return fail("there is no single steady state: the states are not all determined");
    double largest = 0.0;
    for (Index a = 0; a < step.size(); ++a) {
      const Index state = moving[static_cast<std::size_t>(a)];
      motion.y(state) += step(a) * at.scale(state);
      largest = std::max(largest, std::abs(step(a)) / (std::abs(motion.y(state)) / at.scale(state) + 1e-9));
    }
    at.evaluate(motion.t, motion.y);
    const double next = at.f.norm();
    if (step_size >= kLargestStep && (largest < kSmallest || (largest < 1e-9 && next >= residual))) {
      const Eigen::FullPivLU<Matrix> lu(at.J);
      if (!lu.isInvertible()) return fail("there is no single steady state: the states are not all determined");
      if (motion.S.cols() == 0) return;
      const Matrix S = -lu.solve(at.sensitivity_side(motion.S));
      for (Index a = 0; a < S.rows(); ++a) {
        const Index state = moving[static_cast<std::size_t>(a)];
        motion.S.row(state) = at.scale(state) * S.row(a);
      }
      return;
    }
    // Switched evolution relaxation: the step grows as the residual falls, and always a little.
    const double fall = next > 0.0 ? residual / next : 1e6;
    step_size = std::clamp(step_size * std::clamp(fall, 0.3, 1e6) * 1.5, 1e-9, kLargestStep);
    residual = next;
  }
  fail("the steady state was not found");
}

}  // namespace titrate
