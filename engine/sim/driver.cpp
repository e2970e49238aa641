#include "sim/driver.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/products.hpp"
#include "base/work.hpp"
#include "expr/cost.hpp"
#include "sim/exp_differences.hpp"

namespace titrate {

namespace {

using Eigen::Index;

constexpr double kGone = -700.0;  // of l s: e^(l s) is 0, or nearly

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
  if (!states_.empty()) groups_.emplace(static_cast<Index>(states_.size()), row_, column_);
}

bool Driver::set(const SegmentValues& values, double tolerance, bool sensitivities) {
  if (&values == values_ && tolerance == tolerance_ && sensitivities == sensitive_) return has_groups_;
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
  has_groups_ = find_groups(tolerance, sensitivities);
  if (has_groups_ && sensitivities) find_derivatives();
  return has_groups_;
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
  const Matrix& V = groups_->V();
  for (Derivative& d : derivatives_) {
    d.E = product(groups_->V_inverse(), product(d.dA, V));
    groups_->decouple(d.E, d.X);
    d.VX = product(V, d.X);
  }
}

bool Driver::find_groups(double tolerance, bool sensitivities) {
  if (!b_.allFinite() || !groups_->find(A_)) return false;
  const double condition = groups_->V().norm() * groups_->V_inverse().norm();
  constexpr double rounding = std::numeric_limits<double>::epsilon();
  if (!(condition * rounding < 1e-3 * tolerance)) return false;
  if (sensitivities && !(condition * condition * rounding < 0.1 * tolerance)) return false;
  flows_ = true;
  for (Index i = 0; i < A_.rows(); ++i)
    for (Index j = 0; j < A_.cols(); ++j) flows_ = flows_ && (i == j || A_(i, j) >= 0.0);
  Index most = 0, all = 0;
  for (const RateGroups::Group& g : groups_->groups()) {
    most = std::max(most, g.powers);
    all += g.powers;
  }
  f_.resize(static_cast<std::size_t>(2 * most));
  F_.resize(f_.size());
  terms_.resize(A_.rows(), all);
  fed_terms_.resize(A_.rows(), all);
  return true;
}

void Driver::add_terms(const Vector& x, Matrix& terms) const {
  Index k = 0;
  for (const RateGroups::Group& g : groups_->groups()) {
    const auto V = groups_->V().middleCols(g.first, g.size);
    if (g.size == 1) {
      terms.col(k++) = V * x(g.first);
      continue;
    }
    Vector u = x.segment(g.first, g.size);
    for (Index q = 0; q < g.powers; ++q) {
      terms.col(k++).noalias() = V * u;
      u = groups_->N(g) * u;
    }
  }
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
  x0_.noalias() = groups_->V_inverse() * z0_;
  v_.noalias() = groups_->V_inverse() * w_;
  fed_ = (v_.array() != 0.0).any();
  add_terms(x0_, terms_);
  if (fed_) add_terms(v_, fed_terms_);
  z_ = z0_;
  slope_.resize(size);
  stays_positive_ = flows_ && z0_.minCoeff() >= 0.0 && w_.minCoeff() >= 0.0;
  if (sensitive_) begin_sensitivities(motion, forcing);
}

void Driver::begin_sensitivities(const Motion& motion, const Forcing& forcing) {
  const Index size = z0_.size(), columns = motion.S.cols(), effects = forcing.d_rate.cols();
  S_.resize(size, columns);
  S_slope_.resize(size, columns);
  dw_.setZero(size, columns);
  for (Index i = 0; i < size; ++i) {
    const int state = states_[static_cast<std::size_t>(i)];
    S_.row(i) = motion.S.row(state) / scale_(state);
    dw_.row(i).head(effects) = forcing.d_rate.row(state) / scale_(state);
  }
  effect_of_.assign(static_cast<std::size_t>(columns), -1);
  for (std::size_t j = 0; j < derivatives_.size(); ++j)
    if (const Index column = values_->columns[j]; column >= 0 && column < effects) {
      effect_of_[static_cast<std::size_t>(column)] = static_cast<int>(j);
      dw_.col(column) += derivatives_[j].db;
    }
  S_fed_ = fed_ || (dw_.array() != 0.0).any();
  S_terms_.setZero(size * columns, 2 * terms_.cols());
  S_fed_terms_.setZero(size * columns, S_fed_ ? 2 * terms_.cols() : 0);
  for (Index c = 0; c < columns; ++c) {
    const int effect = effect_of_[static_cast<std::size_t>(c)];
    const Derivative* const d = effect < 0 ? nullptr : &derivatives_[static_cast<std::size_t>(effect)];
    add_sensitivity_terms(x0_, S_.col(c), d, S_terms_.middleRows(c * size, size));
    if (S_fed_) add_sensitivity_terms(v_, dw_.col(c), d, S_fed_terms_.middleRows(c * size, size));
  }
}

// `s`: a column of S, or what feeds it. Y begins as V^-1 s - X x and takes E x on its way.
void Driver::add_sensitivity_terms(const Vector& x, const Vector& s, const Derivative* d, Eigen::Ref<Matrix> terms) {
  Y_.noalias() = groups_->V_inverse() * s;
  if (d != nullptr) Y_.noalias() -= d->X * x;
  Index k = 0;
  for (const RateGroups::Group& g : groups_->groups()) {
    const auto N = groups_->N(g);
    Vector u = x.segment(g.first, g.size), y = Y_.segment(g.first, g.size);
    for (Index q = 0; q < 2 * g.powers; ++q) {
      terms.col(k).noalias() = groups_->V().middleCols(g.first, g.size) * y;
      y = N * y;
      if (d != nullptr) {
        terms.col(k).noalias() += d->VX.middleCols(g.first, g.size) * u;
        y += d->E.block(g.first, g.first, g.size, g.size) * u;
        u = N * u;
      }
      ++k;
    }
  }
}

const Vector& Driver::at(double t) {
  if (t == at_) return z_;
  at_ = t;
  const double s = t - begun_;
  const Index size = z_.size();
  double* const z = z_.data();
  z_.setZero();
  Index k = 0;
  for (const RateGroups::Group& g : groups_->groups()) {
    if (!fed_ && g.rate * s < kGone) {
      k += g.powers;
      continue;
    }
    exponential_powers(g.rate, s, g.powers, f_.data(), fed_ ? F_.data() : nullptr);
    for (Index q = 0; q < g.powers; ++q, ++k) {
      const double f = f_[static_cast<std::size_t>(q)], *const term = terms_.data() + k * size;
      for (Index i = 0; i < size; ++i) z[i] += f * term[i];
      if (!fed_) continue;
      const double F = F_[static_cast<std::size_t>(q)], *const fed = fed_terms_.data() + k * size;
      for (Index i = 0; i < size; ++i) z[i] += F * fed[i];
    }
  }
  if (stays_positive_)
    for (Index i = 0; i < size; ++i)
      if (z[i] < 0.0) z[i] = 0.0;  // by rounding
  return z_;
}

const Matrix& Driver::sensitivities(double t) {
  if (t == sensitive_at_) return S_;
  sensitive_at_ = t;
  S_.setZero();
  auto S = S_.reshaped();
  Index k = 0;
  for (const RateGroups::Group& g : groups_->groups()) {
    const Index powers = 2 * g.powers;
    exponential_powers(g.rate, t - begun_, powers, f_.data(), S_fed_ ? F_.data() : nullptr);
    for (Index q = 0; q < powers; ++q, ++k) {
      S += f_[static_cast<std::size_t>(q)] * S_terms_.col(k);
      if (S_fed_) S += F_[static_cast<std::size_t>(q)] * S_fed_terms_.col(k);
    }
  }
  return S_;
}

const Matrix& Driver::sensitivity_slopes(double t) {
  const Vector& z = at(t);
  S_slope_.noalias() = A_ * sensitivities(t);
  S_slope_ += dw_;
  for (Index c = 0; c < S_slope_.cols(); ++c)
    if (const int effect = effect_of_[static_cast<std::size_t>(c)]; effect >= 0)
      S_slope_.col(c).noalias() += derivatives_[static_cast<std::size_t>(effect)].dA * z;
  return S_slope_;
}

double Driver::longest_step(double t) const {
  double longest = std::numeric_limits<double>::infinity();
  for (const RateGroups::Group& g : groups_->groups()) {
    const double moves = 7.0 + 2.0 * static_cast<double>(g.size - 1);
    const bool rests = x0_.segment(g.first, g.size).isZero(0.0) && v_.segment(g.first, g.size).isZero(0.0);
    if (!rests && g.rate * (begun_ - t) < moves) longest = std::min(longest, 1.0 / std::abs(g.rate));
  }
  return longest;
}

const Vector& Driver::slope(double t) {
  (void)at(t);
  slope_.noalias() = A_ * z_;
  slope_ += w_;
  return slope_;
}

}  // namespace titrate
