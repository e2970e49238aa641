#include "sim/solve_linear.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "base/products.hpp"
#include "base/work.hpp"
#include "sim/exp_differences.hpp"

namespace titrate {

namespace {

using Eigen::Index;

constexpr std::size_t most_gaps = 64;  // whose factors are kept

// Intervals that differ by rounding share a propagator: multiples of 2^-40 h, far below a nanosecond.
double interval(double h) { return std::ldexp(std::round(std::ldexp(h, 40)), -40); }

// out = M x. Most systems have few modes, and a general product costs more than its sums.
void multiply(const Matrix& M, const Vector& x, Vector& out) {
  const double* const m = M.data();
  const Index rows = M.rows(), columns = M.cols();
  for (Index i = 0; i < rows; ++i) {
    double sum = 0.0;
    for (Index j = 0; j < columns; ++j) sum += m[i + j * rows] * x[j];
    out[i] = sum;
  }
}

Matrix row_major(const double* values, Index n) {
  return Eigen::Map<const Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>>(values, n, n);
}

// [A I; 0 0] h
Matrix augmented(const Matrix& A, double h) {
  const Index n = A.rows();
  Matrix X = Matrix::Zero(2 * n, 2 * n);
  X.topLeftCorner(n, n) = A * h;
  X.topRightCorner(n, n) = Matrix::Identity(n, n) * h;
  return X;
}

}  // namespace

LinearSolver::LinearSolver(const System& system, int k) : system_(system), k_(k) {
  std::vector<char> acts(static_cast<std::size_t>(system.n), 0);
  for (const int column : system.J.column) acts[static_cast<std::size_t>(column)] = 1;
  for (Index i = 0; i < system.n; ++i) (acts[static_cast<std::size_t>(i)] != 0 ? moving_ : integrals_).push_back(i);
  const auto n = static_cast<Index>(moving_.size());
  for (Vector* const v : {&y_, &u_, &z_, &w_, &z_next_, &z_area_, &dz_, &dw_, &dz_next_, &dz_area_}) v->resize(n);
}

LinearSolver::Segment& LinearSolver::segment_of(const SegmentValues& p) {
  Segment& segment = segments_[&p];
  if (segment.version == p.version) return segment;
  segment.outputs.known = false;
  segment.gaps.known = 0;
  segment.propagators.clear();
  const Index n = system_.n;
  const auto size = static_cast<std::size_t>(n);
  const double* const no_state = nullptr;
  Coefficients& c = segment.coefficients;
  values_.resize(system_.linear_parts.outputs.size());
  run(system_.linear_parts, 0.0, no_state, p.p.data(), values_.data(), registers_);
  c.A = row_major(values_.data(), n);
  c.b = Eigen::Map<const Vector>(values_.data() + size * size, n);
  if (k_ > 0 && !p.columns.empty()) {
    values_.resize(system_.linear_sens.outputs.size());
    run(system_.linear_sens, 0.0, no_state, p.p.data(), values_.data(), registers_);
    c.dA.clear();
    c.db.clear();
    for (std::size_t j = 0; j < p.columns.size(); ++j) {
      const double* const at = values_.data() + j * (size * size + size);
      c.dA.push_back(row_major(at, n));
      c.db.emplace_back(Eigen::Map<const Vector>(at + size * size, n));
    }
  }
  find_modes(c);
  segment.version = p.version;
  return segment;
}

const LinearSolver::Factors& LinearSolver::factors_of(Segment& segment, double h, double time) const {
  Gaps& gaps = segment.gaps;
  // Differences of times carry the rounding of the times: gaps that differ by it are one. They come in the same sequence again
  // and again, so that the one sought is most often the last one or the next.
  const double rounding = std::numeric_limits<double>::epsilon() * std::abs(time);
  for (std::size_t tried = 0; tried < gaps.known; ++tried) {
    if (std::abs(gaps.factors[gaps.last].h - h) <= rounding) return gaps.factors[gaps.last];
    gaps.last = gaps.last + 1 < gaps.known ? gaps.last + 1 : 0;
  }
  if (gaps.known < most_gaps) gaps.last = gaps.known++;
  if (gaps.factors.size() < gaps.known) gaps.factors.emplace_back();
  set_factors(gaps.factors[gaps.last], segment.coefficients.modes, h);
  return gaps.factors[gaps.last];
}

void LinearSolver::set_factors(Factors& factors, const Modes& modes, double h) const {
  const Index n = modes.rate.size();
  factors.h = h;
  for (Vector* const e : {&factors.e0, &factors.e1, &factors.e2}) e->resize(n);
  for (Index i = 0; i < n; ++i) {
    const Exponentials e = exponentials(modes.rate[i] * h);
    factors.e0[i] = e.e0;
    factors.e1[i] = h * e.e1;
    factors.e2[i] = h * h * e.e2;
  }
  if (modes.E.empty()) return;
  for (Matrix* const f : {&factors.f0, &factors.f1, &factors.f2}) f->resize(n, n);
  for (Index i = 0; i < n; ++i)
    for (Index j = 0; j <= i; ++j) {
      const double x = modes.rate[i] * h, y = modes.rate[j] * h;
      factors.f0(i, j) = factors.f0(j, i) = h * exp_difference<2>({x, y});
      factors.f1(i, j) = factors.f1(j, i) = h * h * exp_difference<3>({x, y, 0.0});
      if (!integrals_.empty()) factors.f2(i, j) = factors.f2(j, i) = h * h * h * exp_difference<4>({x, y, 0.0, 0.0});
    }
}

// y_ and u_ of the moving states, z_ and w_ of their modes.
void LinearSolver::set_modes(const Motion& motion, const Coefficients& c, const Forcing& forcing) {
  for (Index i = 0; i < y_.size(); ++i) {
    const Index state = moving_[static_cast<std::size_t>(i)];
    y_[i] = motion.y[state];
    u_[i] = c.b[state] + forcing.rate[state];
  }
  multiply(c.modes.V_inverse, y_, z_);
  multiply(c.modes.V_inverse, u_, w_);
}

void LinearSolver::advance_modes(Motion& motion, double h, Segment& segment, const SegmentValues& p, const Forcing& forcing) {
  const Coefficients& c = segment.coefficients;
  const Modes& m = c.modes;
  const Factors& f = factors_of(segment, h, motion.t + h);
  set_modes(motion, c, forcing);
  for (Index i = 0; i < z_.size(); ++i) {
    z_next_[i] = f.e0[i] * z_[i] + f.e1[i] * w_[i];
    z_area_[i] = f.e1[i] * z_[i] + f.e2[i] * w_[i];
  }
  if (motion.S.cols() > 0) advance_sensitivities(motion, h, c, f, p, forcing);
  multiply(m.V, z_next_, y_);
  for (Index i = 0; i < y_.size(); ++i) motion.y[moving_[static_cast<std::size_t>(i)]] = y_[i];
  for (std::size_t i = 0; i < integrals_.size(); ++i) {
    const Index state = integrals_[i];
    double area = (c.b[state] + forcing.rate[state]) * h;
    for (Index j = 0; j < z_area_.size(); ++j) area += m.CV(static_cast<Index>(i), j) * z_area_[j];
    motion.y[state] += area;
  }
}

// z_, w_ and z_area_ are those of the interval.
void LinearSolver::advance_sensitivities(Motion& motion, double h, const Coefficients& c, const Factors& f,
                                         const SegmentValues& p, const Forcing& forcing) {
  const Modes& m = c.modes;
  for (Index column = 0; column < motion.S.cols(); ++column) {
    // du and dv are those of the infusions and, where one of the segment's effects acts on this column, of its b and d.
    int effect = -1;
    for (std::size_t j = 0; j < c.dA.size(); ++j)
      if (p.columns[j] == column) effect = static_cast<int>(j);
    const auto j = static_cast<std::size_t>(effect);
    const auto d_forcing = [&](Index state) {
      return (column < k_ ? forcing.d_rate(state, column) : 0.0) + (effect >= 0 ? c.db[j][state] : 0.0);
    };
    for (Index i = 0; i < y_.size(); ++i) {
      const Index state = moving_[static_cast<std::size_t>(i)];
      y_[i] = motion.S(state, column);
      u_[i] = d_forcing(state);
    }
    multiply(m.V_inverse, y_, dz_);
    multiply(m.V_inverse, u_, dw_);
    dz_next_ = f.e0.cwiseProduct(dz_) + f.e1.cwiseProduct(dw_);
    dz_area_ = f.e1.cwiseProduct(dz_) + f.e2.cwiseProduct(dw_);
    const bool turns = effect >= 0 && m.E[j].size() > 0;
    if (turns) {
      dz_next_ += m.E[j].cwiseProduct(f.f0).lazyProduct(z_) + m.E[j].cwiseProduct(f.f1).lazyProduct(w_);
      if (!integrals_.empty()) dz_area_ += m.E[j].cwiseProduct(f.f1).lazyProduct(z_) + m.E[j].cwiseProduct(f.f2).lazyProduct(w_);
    }
    multiply(m.V, dz_next_, y_);
    for (Index i = 0; i < y_.size(); ++i) motion.S(moving_[static_cast<std::size_t>(i)], column) = y_[i];
    for (std::size_t i = 0; i < integrals_.size(); ++i) {
      const auto row = static_cast<Index>(i);
      double& dq = motion.S(integrals_[i], column);
      dq += m.CV.row(row).dot(dz_area_) + d_forcing(integrals_[i]) * h;
      if (turns) dq += m.dCV[j].row(row).dot(z_area_);
    }
  }
}

const LinearSolver::Propagator& LinearSolver::propagator(Segment& segment, double h) const {
  const double rounded = interval(h);
  const auto found = segment.propagators.find(rounded);
  if (found != segment.propagators.end()) return found->second;
  const Coefficients& c = segment.coefficients;
  const Index n = system_.n;
  const auto size = static_cast<double>(2 * n);
  Work::spend(500.0 + 20.0 * size * size * size * (1.0 + 8.0 * static_cast<double>(c.dA.size())));
  Propagator& out = segment.propagators[rounded];
  const Matrix X = augmented(c.A, rounded);
  const Matrix eX = exponential(X);
  out.Phi = eX.topLeftCorner(n, n);
  out.Psi = eX.topRightCorner(n, n);
  for (const Matrix& dA : c.dA) {
    out.dPhi.emplace_back();
    out.dPsi.emplace_back();
    if (dA.isZero(0.0)) continue;
    Matrix Y = Matrix::Zero(4 * n, 4 * n);
    Y.topLeftCorner(2 * n, 2 * n) = X;
    Y.bottomRightCorner(2 * n, 2 * n) = X;
    Y.block(0, 2 * n, n, n) = dA * rounded;
    const Matrix eY = exponential(Y);
    out.dPhi.back() = eY.block(0, 2 * n, n, n);
    out.dPsi.back() = eY.block(0, 3 * n, n, n);
  }
  return out;
}

void LinearSolver::advance_propagator(Motion& motion, double h, Segment& segment, const SegmentValues& p,
                                      const Forcing& forcing) {
  const Propagator& step = propagator(segment, h);
  const Coefficients& c = segment.coefficients;
  const Vector u = c.b + forcing.rate;
  if (motion.S.cols() > 0) {
    Matrix S = step.Phi * motion.S;
    S.leftCols(k_) += step.Psi * forcing.d_rate;
    for (std::size_t j = 0; j < p.columns.size() && k_ > 0; ++j) {
      const Index column = p.columns[j];
      if (column < 0) continue;
      S.col(column) += step.Psi * c.db[j];
      if (step.dPhi[j].size() > 0) S.col(column) += step.dPhi[j] * motion.y + step.dPsi[j] * u;
    }
    motion.S = std::move(S);
  }
  motion.y = step.Phi * motion.y + step.Psi * u;
}

void LinearSolver::advance(Motion& motion, double until, const SegmentValues& p, const Forcing& forcing) {
  Work::spend(100.0 + static_cast<double>(system_.n * system_.n) * static_cast<double>(2 + motion.S.cols() + 2 * k_));
  Segment& s = segment_of(p);
  if (s.coefficients.has_modes)
    advance_modes(motion, until - motion.t, s, p, forcing);
  else
    advance_propagator(motion, until - motion.t, s, p, forcing);
  motion.t = until;
}

}  // namespace titrate
