#include "sim/solve_linear.hpp"

#include <cmath>
#include <unsupported/Eigen/MatrixFunctions>

#include "base/work.hpp"

namespace titrate {

namespace {

using Eigen::Index;

// Intervals that differ by rounding are one interval: multiples of 2^-40 h, far below a nanosecond.
double interval(double h) { return std::ldexp(std::round(std::ldexp(h, 40)), -40); }

Matrix row_major(const double* values, Index n) {
  return Eigen::Map<const Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>>(values, n, n);
}

// exp of a square matrix. Small ones, which a course computes over and over, have their size known to the compiler: no
// allocation, unrolled products.
template <int N>
Matrix exponential_of_size(const Matrix& X) {
  const Eigen::Matrix<double, N, N> fixed = X;
  const Eigen::Matrix<double, N, N> result = fixed.exp();
  return result;
}

Matrix exponential(const Matrix& X) {
  switch (X.rows()) {
    case 2:
      return exponential_of_size<2>(X);
    case 4:
      return exponential_of_size<4>(X);
    case 6:
      return exponential_of_size<6>(X);
    case 8:
      return exponential_of_size<8>(X);
    default:
      return X.exp();
  }
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

const LinearSolver::Coefficients& LinearSolver::coefficients(std::size_t segment, const SegmentValues& p) {
  const auto found = coefficients_.find(segment);
  if (found != coefficients_.end()) return found->second;
  const Index n = system_.n;
  const auto size = static_cast<std::size_t>(n);
  const double* const no_state = nullptr;
  Coefficients c;
  values_.resize(system_.linear_parts.outputs.size());
  run(system_.linear_parts, 0.0, no_state, p.p.data(), values_.data(), registers_);
  c.A = row_major(values_.data(), n);
  c.b = Eigen::Map<const Vector>(values_.data() + size * size, n);
  if (k_ > 0 && !p.columns.empty()) {
    values_.resize(system_.linear_sens.outputs.size());
    run(system_.linear_sens, 0.0, no_state, p.p.data(), values_.data(), registers_);
    for (std::size_t j = 0; j < p.columns.size(); ++j) {
      const double* const at = values_.data() + j * (size * size + size);
      c.dA.push_back(row_major(at, n));
      c.db.emplace_back(Eigen::Map<const Vector>(at + size * size, n));
    }
  }
  return coefficients_.emplace(segment, std::move(c)).first->second;
}

const LinearSolver::Propagator& LinearSolver::propagator(double h, std::size_t segment, const SegmentValues& p) {
  const auto key = std::make_pair(segment, interval(h));
  const auto found = propagators_.find(key);
  if (found != propagators_.end()) return found->second;
  const Coefficients& c = coefficients(segment, p);
  const Index n = system_.n;
  const auto size = static_cast<double>(2 * n);
  Work::spend(500.0 + 20.0 * size * size * size * (1.0 + 8.0 * static_cast<double>(c.dA.size())));
  Propagator out;
  const Matrix X = augmented(c.A, key.second);
  const Matrix eX = exponential(X);
  out.Phi = eX.topLeftCorner(n, n);
  out.Psi = eX.topRightCorner(n, n);
  for (const Matrix& dA : c.dA) {
    if (dA.isZero(0.0)) {
      out.dPhi.emplace_back();
      out.dPsi.emplace_back();
      continue;
    }
    Matrix Y = Matrix::Zero(4 * n, 4 * n);
    Y.topLeftCorner(2 * n, 2 * n) = X;
    Y.bottomRightCorner(2 * n, 2 * n) = X;
    Y.block(0, 2 * n, n, n) = dA * key.second;
    const Matrix eY = Y.exp();
    out.dPhi.emplace_back(eY.block(0, 2 * n, n, n));
    out.dPsi.emplace_back(eY.block(0, 3 * n, n, n));
  }
  return propagators_.emplace(key, std::move(out)).first->second;
}

void LinearSolver::advance(Motion& motion, double until, std::size_t segment, const SegmentValues& p, const Forcing& forcing) {
  const Propagator& step = propagator(until - motion.t, segment, p);
  const Coefficients& c = coefficients(segment, p);
  const Vector u = c.b + forcing.rate;
  Work::spend(100.0 + static_cast<double>(system_.n * system_.n) * static_cast<double>(2 + motion.S.cols() + 2 * k_));
  if (motion.S.cols() > 0) {
    Matrix S = step.Phi * motion.S;
    S.leftCols(k_) += step.Psi * forcing.d_rate;
    for (std::size_t j = 0; j < p.columns.size() && k_ > 0; ++j) {
      const Index column = p.columns[j];
      if (column < 0) continue;
      S.col(column) += step.Psi * c.db[j];
      const Matrix& dPhi = step.dPhi[j];
      if (dPhi.size() > 0) S.col(column) += dPhi * motion.y + step.dPsi[j] * u;
    }
    motion.S = std::move(S);
  }
  motion.y = step.Phi * motion.y + step.Psi * u;
  motion.t = until;
}

const Matrix& LinearSolver::transition(double h, std::size_t segment, const SegmentValues& p) {
  return propagator(h, segment, p).Phi;
}

}  // namespace titrate
