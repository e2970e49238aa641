#include "sim/driver.hpp"

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>
#include <limits>

#include "base/work.hpp"
#include "expr/cost.hpp"
#include "sim/exp_differences.hpp"

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

bool Driver::set(const SegmentValues& values, double tolerance, bool sensitivities) {
  if (&values == values_ && tolerance == tolerance_ && sensitivities == sensitive_) return has_modes_;
  values_ = &values;
  tolerance_ = tolerance;
  sensitive_ = sensitivities;
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
  has_modes_ = find_modes(tolerance, sensitivities);
  if (has_modes_ && sensitivities) find_derivatives();
  return has_modes_;
}

// B = d rhs / d eta is dA z + db, read where z is 0 and where one of its entries is 1.
void Driver::find_derivatives() {
  const auto n = static_cast<std::size_t>(system_.n);
  const auto size = static_cast<Index>(states_.size());
  const Tape& tape = system_.rhs_sens;
  Work::spend(static_cast<double>(1 + size) * (100.0 + cost(tape)));
  derivatives_.resize(values_->columns.size());
  for (Derivative& d : derivatives_) {
    d.dA.setZero(size, size);
    d.db.setZero(size);
  }
  out_.resize(tape.outputs.size());
  for (Index column = -1; column < size; ++column) {
    zeros_.assign(n, 0.0);
    if (column >= 0) {
      const int state = states_[static_cast<std::size_t>(column)];
      zeros_[static_cast<std::size_t>(state)] = scale_(state);
    }
    run(tape, 0.0, zeros_.data(), values_->p.data(), out_.data(), registers_);
    const double* const B = out_.data() + n + system_.J.size();
    for (Index row = 0; row < size; ++row) {
      const int state = states_[static_cast<std::size_t>(row)];
      const auto from = static_cast<std::size_t>(system_.B.start[static_cast<std::size_t>(state)]),
                 to = static_cast<std::size_t>(system_.B.start[static_cast<std::size_t>(state) + 1]);
      for (std::size_t at = from; at < to; ++at) {
        Derivative& d = derivatives_[static_cast<std::size_t>(system_.B.column[at])];
        if (column < 0)
          d.db(row) = B[at] / scale_(state);
        else
          d.dA(row, column) = B[at] / scale_(state) - d.db(row);
      }
    }
  }
  for (Derivative& d : derivatives_) d.E.noalias() = V_inverse_ * (d.dA * V_);
}

// States that act on none (areas, amounts excreted) are integrals of the others' modes: they add unit vectors of rate 0 to V, and
// to each mode of the others what it fills them with.
bool Driver::find_modes(double tolerance, bool sensitivities) {
  if (!A_.allFinite() || !b_.allFinite()) return false;
  std::vector<Index> moving, integrals;
  for (Index i = 0; i < A_.cols(); ++i) (A_.col(i).isZero(0.0) ? integrals : moving).push_back(i);
  rate_.setZero(A_.rows());
  V_.setZero(A_.rows(), A_.rows());
  if (!moving.empty()) {
    const Eigen::EigenSolver<Matrix> solver(Matrix(A_(moving, moving)));
    if (solver.info() != Eigen::Success || (solver.eigenvalues().imag().array() != 0.0).any()) return false;
    const Matrix modes = solver.pseudoEigenvectors();
    for (Index i = 0; i < modes.cols(); ++i) {
      const double rate = solver.eigenvalues()(i).real();
      if (rate == 0.0) return false;
      rate_(i) = rate;
      V_(moving, i) = modes.col(i);
      V_(integrals, i) = A_(integrals, moving) * modes.col(i) / rate;
    }
  }
  for (std::size_t i = 0; i < integrals.size(); ++i) V_(integrals[i], static_cast<Index>(moving.size() + i)) = 1.0;
  const Eigen::PartialPivLU<Matrix> factors(V_);
  V_inverse_ = factors.inverse();
  const double condition = V_.norm() * V_inverse_.norm();
  constexpr double rounding = std::numeric_limits<double>::epsilon();
  if (!(condition * rounding < 1e-3 * tolerance)) return false;
  if (sensitivities && !(condition * condition * rounding < 0.1 * tolerance)) return false;
  flows_ = true;
  for (Index i = 0; i < A_.rows(); ++i)
    for (Index j = 0; j < A_.cols(); ++j) flows_ = flows_ && (i == j || A_(i, j) >= 0.0);
  return true;
}

void Driver::begin(const Motion& motion, const Forcing& forcing) {
  const auto size = static_cast<Index>(states_.size());
  z0_.resize(size);
  w_ = b_;
  for (Index i = 0; i < size; ++i) {
    const int state = states_[static_cast<std::size_t>(i)];
    z0_(i) = motion.y(state) / scale_(state);
    w_(i) += forcing.rate(state) / scale_(state);
  }
  begun_ = at_ = sensitive_at_ = motion.t;
  x0_.noalias() = V_inverse_ * z0_;
  v_.noalias() = V_inverse_ * w_;
  z_ = z0_;
  slope_.resize(size);
  stays_positive_ = flows_ && z0_.minCoeff() >= 0.0 && w_.minCoeff() >= 0.0;
  if (sensitive_) begin_sensitivities(motion, forcing);
}

void Driver::begin_sensitivities(const Motion& motion, const Forcing& forcing) {
  const Index size = z0_.size(), columns = motion.S.cols(), effects = forcing.d_rate.cols();
  S0_.resize(size, columns);
  dw_.setZero(size, columns);
  for (Index i = 0; i < size; ++i) {
    const int state = states_[static_cast<std::size_t>(i)];
    S0_.row(i) = motion.S.row(state) / scale_(state);
    dw_.row(i).head(effects) = forcing.d_rate.row(state) / scale_(state);
  }
  acts_on_.assign(derivatives_.size(), -1);
  for (std::size_t j = 0; j < derivatives_.size(); ++j)
    if (const Index column = values_->columns[j]; column >= 0 && column < effects) {
      acts_on_[j] = column;
      dw_.col(column) += derivatives_[j].db;
    }
  R0_.noalias() = V_inverse_ * S0_;
  dv_.noalias() = V_inverse_ * dw_;
  S_ = S0_;
  R_.resize(size, columns);
  S_slope_.resize(size, columns);
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

void Driver::add_pair(Index i, Index m, double moved) {
  if (moved == 0.0) return;
  for (std::size_t j = 0; j < derivatives_.size(); ++j)
    if (acts_on_[j] >= 0) R_(i, acts_on_[j]) += derivatives_[j].E(i, m) * moved;
}

const Matrix& Driver::sensitivities(double t) {
  if (t == sensitive_at_) return S_;
  sensitive_at_ = t;
  const double s = t - begun_;
  const Index size = z0_.size();
  for (Index i = 0; i < size; ++i) {
    const Exponentials e = exponentials(rate_(i) * s);
    R_.row(i) = e.e0 * R0_.row(i) + (s * e.e1) * dv_.row(i);
  }
  const bool fed = (v_.array() != 0.0).any();
  for (Index i = 0; i < size; ++i)
    for (Index m = 0; m <= i; ++m) {
      const double ai = rate_(i) * s, am = rate_(m) * s;
      const double first = s * (i == m ? std::exp(ai) : exp_difference<2>({ai, am}));
      const double second = fed ? s * s * exp_difference<3>({ai, am, 0.0}) : 0.0;
      add_pair(i, m, first * x0_(m) + second * v_(m));
      if (i != m) add_pair(m, i, first * x0_(i) + second * v_(i));
    }
  S_.noalias() = V_ * R_;
  return S_;
}

const Matrix& Driver::sensitivity_slopes(double t) {
  const Vector& z = at(t);
  S_slope_.noalias() = A_ * sensitivities(t);
  S_slope_ += dw_;
  for (std::size_t j = 0; j < derivatives_.size(); ++j)
    if (acts_on_[j] >= 0) S_slope_.col(acts_on_[j]).noalias() += derivatives_[j].dA * z;
  return S_slope_;
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
