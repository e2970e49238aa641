#include "sim/driver.hpp"

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>
#include <limits>

#include "base/work.hpp"
#include "expr/cost.hpp"

namespace titrate {

namespace {

using Eigen::Index;

// Which outputs of a tape read the time.
std::vector<char> reads_time(const Tape& tape) {
  std::vector<char> moves(static_cast<std::size_t>(tape.registers), 0);
  const auto at = [&](std::int32_t which) -> char& { return moves[static_cast<std::size_t>(which)]; };
  for (std::size_t i = 0; i < tape.loads.size(); ++i) moves[i] = tape.loads[i].from == Load::From::t ? 1 : 0;
  for (const Instruction& i : tape.code) at(i.out) = static_cast<char>(at(i.a) | at(i.b) | at(i.c));
  std::vector<char> outputs;
  for (const std::int32_t which : tape.outputs) outputs.push_back(at(which));
  return outputs;
}

std::vector<char> states_that_may(const System& system) {
  const auto n = static_cast<std::size_t>(system.n);
  std::vector<char> may(n, 1);
  if (!system.autonomous) {
    const std::vector<char> moves = reads_time(system.rhs);
    for (std::size_t i = 0; i < n; ++i) may[i] = moves[i] == 0;
  }
  for (std::size_t i = 0; i < n; ++i)
    if (system.curved_J.start[i] < system.curved_J.start[i + 1]) may[i] = 0;
  // One that another acts on which may not, may not.
  for (bool changed = true; changed;) {
    changed = false;
    for (std::size_t i = 0; i < n; ++i)
      for (int at = system.J.start[i]; at < system.J.start[i + 1] && may[i] != 0; ++at)
        if (may[static_cast<std::size_t>(system.J.column[static_cast<std::size_t>(at)])] == 0) {
          may[i] = 0;
          changed = true;
        }
  }
  return may;
}

}  // namespace

Driver::Driver(const System& system, const Vector& scale) : system_(system), scale_(scale) {
  const std::vector<char> may = states_that_may(system);
  std::vector<Index> place(may.size(), -1);
  for (std::size_t i = 0; i < may.size(); ++i)
    if (may[i] != 0) {
      place[i] = static_cast<Index>(states_.size());
      states_.push_back(static_cast<int>(i));
    }
  if (states_.size() == may.size()) states_.clear();
  for (const int i : states_)
    for (int at = system.J.start[static_cast<std::size_t>(i)]; at < system.J.start[static_cast<std::size_t>(i) + 1]; ++at) {
      entries_.push_back(static_cast<std::size_t>(at));
      row_.push_back(place[static_cast<std::size_t>(i)]);
      column_.push_back(place[static_cast<std::size_t>(system.J.column[static_cast<std::size_t>(at)])]);
    }
}

bool Driver::set(const SegmentValues& values, double tolerance) {
  if (&values == values_ && tolerance == tolerance_) return has_modes_;
  values_ = &values;
  tolerance_ = tolerance;
  const auto n = static_cast<std::size_t>(system_.n);
  const auto size = static_cast<Index>(states_.size());
  const auto cube = static_cast<double>(size * size * size);
  Work::spend(500.0 + cost(system_.rhs_jacobian) + 30.0 * cube);
  out_.resize(system_.rhs_jacobian.outputs.size());
  zeros_.assign(n, 0.0);
  run(system_.rhs_jacobian, 0.0, zeros_.data(), values.p.data(), out_.data(), registers_);
  A_.setZero(size, size);
  for (std::size_t k = 0; k < entries_.size(); ++k) {
    const double by = scale_(states_[static_cast<std::size_t>(column_[k])]) / scale_(states_[static_cast<std::size_t>(row_[k])]);
    A_(row_[k], column_[k]) = out_[n + entries_[k]] * by;
  }
  b_.resize(size);
  for (Index i = 0; i < size; ++i) {
    const int state = states_[static_cast<std::size_t>(i)];
    b_(i) = out_[static_cast<std::size_t>(state)] / scale_(state);
  }
  return has_modes_ = find_modes(tolerance);
}

bool Driver::find_modes(double tolerance) {
  if (!A_.allFinite() || !b_.allFinite()) return false;
  const Eigen::EigenSolver<Matrix> solver(A_);
  if (solver.info() != Eigen::Success || (solver.eigenvalues().imag().array() != 0.0).any()) return false;
  rate_ = solver.eigenvalues().real();
  V_ = solver.pseudoEigenvectors();
  const Eigen::PartialPivLU<Matrix> factors(V_);
  V_inverse_ = factors.inverse();
  const double condition = V_.norm() * V_inverse_.norm();
  if (!(condition * std::numeric_limits<double>::epsilon() < 1e-3 * tolerance)) return false;
  flows_ = true;
  for (Index i = 0; i < A_.rows(); ++i)
    for (Index j = 0; j < A_.cols(); ++j) flows_ = flows_ && (i == j || A_(i, j) >= 0.0);
  return true;
}

void Driver::begin(double t, const Vector& y, const Vector& rate) {
  const auto size = static_cast<Index>(states_.size());
  z0_.resize(size);
  w_ = b_;
  for (Index i = 0; i < size; ++i) {
    const int state = states_[static_cast<std::size_t>(i)];
    z0_(i) = y(state) / scale_(state);
    w_(i) += rate(state) / scale_(state);
  }
  begun_ = at_ = t;
  x0_.noalias() = V_inverse_ * z0_;
  v_.noalias() = V_inverse_ * w_;
  z_ = z0_;
  slope_.resize(size);
  stays_positive_ = flows_ && z0_.minCoeff() >= 0.0 && w_.minCoeff() >= 0.0;
}

const Vector& Driver::at(double t) {
  if (t == at_) return z_;
  at_ = t;
  const double s = t - begun_;
  const Index size = x0_.size();
  double* const z = z_.data();
  z_.setZero();
  for (Index i = 0; i < size; ++i) {
    const double l = rate_(i), *const mode = V_.data() + i * size;
    double x = std::exp(l * s) * x0_(i);
    if (v_(i) != 0.0) x += v_(i) * (l == 0.0 ? s : std::expm1(l * s) / l);
    for (Index j = 0; j < size; ++j) z[j] += mode[j] * x;
  }
  if (stays_positive_)
    for (Index i = 0; i < size; ++i)
      if (z[i] < 0.0) z[i] = 0.0;  // by rounding
  return z_;
}

double Driver::longest_step(double t) const {
  constexpr double kMoves = 7.0;
  double longest = std::numeric_limits<double>::infinity();
  for (Index i = 0; i < rate_.size(); ++i)
    if ((x0_(i) != 0.0 || v_(i) != 0.0) && rate_(i) * (begun_ - t) < kMoves)
      longest = std::min(longest, 1.0 / std::abs(rate_(i)));
  return longest;
}

const Vector& Driver::slope(double t) {
  (void)at(t);
  slope_.noalias() = A_ * z_;
  slope_ += w_;
  return slope_;
}

}  // namespace titrate
