#include "sim/newton_matrix.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace titrate {

// Measured natively, one factorisation and eight right sides, in us (elimination by entries / SparseLU):
//   chains of 20, 54, 80, 200 states      9 / 26     61 / 68    103 / 48    953 / 261
//   networks of 5 entries a row          17 / 52    117 / 170   261 / 308  2209 / 2109
bool NewtonMatrix::sparse_pays(const Pattern& J) {
  constexpr int many_states = 64;
  constexpr double few_entries = 0.3;
  const double n = J.rows();
  return J.rows() >= many_states && static_cast<double>(J.size()) < few_entries * n * n;
}

NewtonMatrix::NewtonMatrix(const Pattern& J) : pattern_(J), n_(static_cast<std::size_t>(J.rows())) {
  if (sparse_pays(J)) {
    lay_out();
    return;
  }
  W_.resize(n_ * n_);
  row_.resize(n_);
  pivot_.resize(n_);
  work_.resize(n_);
  for (Factor* factor : {&L_, &U_}) {
    factor->start.resize(n_ + 1);
    factor->column.reserve(n_ * n_ / 2);
    factor->value.reserve(n_ * n_ / 2);
  }
}

void NewtonMatrix::lay_out() {
  const int n = pattern_.rows();
  std::vector<Eigen::Triplet<double>> entries;
  for (int i = 0; i < n; ++i) {
    entries.emplace_back(i, i, 1.0);
    for (int at = pattern_.start[static_cast<std::size_t>(i)]; at < pattern_.start[static_cast<std::size_t>(i) + 1]; ++at)
      entries.emplace_back(i, pattern_.column[static_cast<std::size_t>(at)], 1.0);
  }
  S_.resize(n, n);
  S_.setFromTriplets(entries.begin(), entries.end());
  S_.makeCompressed();
  const auto find = [&](int row, int column) {
    const int* const begin = S_.innerIndexPtr() + S_.outerIndexPtr()[column];
    const int* const end = S_.innerIndexPtr() + S_.outerIndexPtr()[column + 1];
    return static_cast<std::size_t>(std::lower_bound(begin, end, row) - S_.innerIndexPtr());
  };
  for (int i = 0; i < n; ++i) {
    diagonal_.push_back(find(i, i));
    for (int at = pattern_.start[static_cast<std::size_t>(i)]; at < pattern_.start[static_cast<std::size_t>(i) + 1]; ++at)
      place_.push_back(find(i, pattern_.column[static_cast<std::size_t>(at)]));
  }
  sparse_.emplace();
  sparse_->analyzePattern(S_);
}

bool NewtonMatrix::factorise(const std::vector<double>& J, double one_over_gamma_h) {
  if (sparse_) {
    double* const values = S_.valuePtr();
    std::fill(values, values + S_.nonZeros(), 0.0);
    for (const std::size_t at : diagonal_) values[at] = one_over_gamma_h;
    for (std::size_t at = 0; at < J.size(); ++at) values[place_[at]] -= J[at];
    sparse_->factorize(S_);
    return sparse_->info() == Eigen::Success;
  }
  std::fill(W_.begin(), W_.end(), 0.0);
  for (std::size_t i = 0; i < n_; ++i) {
    W_[i * n_ + i] = one_over_gamma_h;
    for (auto at = static_cast<std::size_t>(pattern_.start[i]); at < static_cast<std::size_t>(pattern_.start[i + 1]); ++at)
      W_[i * n_ + static_cast<std::size_t>(pattern_.column[at])] -= J[at];
  }
  return eliminate();
}

bool NewtonMatrix::eliminate() {
  std::iota(row_.begin(), row_.end(), std::size_t{0});
  for (std::size_t k = 0; k < n_; ++k) {
    std::size_t best = k;
    for (std::size_t i = k + 1; i < n_; ++i)
      if (std::abs(W_[row_[i] * n_ + k]) > std::abs(W_[row_[best] * n_ + k])) best = i;
    std::swap(row_[k], row_[best]);
    const double* const upper = &W_[row_[k] * n_];
    if (upper[k] == 0.0 || !std::isfinite(upper[k])) return false;
    pivot_[k] = 1.0 / upper[k];
    entries_.clear();
    for (std::size_t j = k + 1; j < n_; ++j)
      if (upper[j] != 0.0) entries_.push_back(j);
    for (std::size_t i = k + 1; i < n_; ++i) {
      double* const lower = &W_[row_[i] * n_];
      if (lower[k] == 0.0) continue;
      const double factor = lower[k] *= pivot_[k];
      for (const std::size_t j : entries_) lower[j] -= factor * upper[j];
    }
  }
  for (Factor* factor : {&L_, &U_}) {
    factor->column.clear();
    factor->value.clear();
  }
  for (std::size_t i = 0; i < n_; ++i) {
    const double* const row = &W_[row_[i] * n_];
    for (std::size_t j = 0; j < n_; ++j)
      if (j != i && row[j] != 0.0) {
        Factor& factor = j < i ? L_ : U_;
        factor.column.push_back(j);
        factor.value.push_back(row[j]);
      }
    L_.start[i + 1] = L_.column.size();
    U_.start[i + 1] = U_.column.size();
  }
  return true;
}

void NewtonMatrix::solve(double* right, Eigen::Index columns) {
  if (sparse_) {
    Eigen::Map<Matrix> sides(right, static_cast<Eigen::Index>(n_), columns);
    solution_ = sparse_->solve(sides);
    sides = solution_;
    return;
  }
  for (Eigen::Index c = 0; c < columns; ++c, right += n_) {
    for (std::size_t i = 0; i < n_; ++i) {
      double sum = right[row_[i]];
      for (std::size_t at = L_.start[i]; at < L_.start[i + 1]; ++at) sum -= L_.value[at] * work_[L_.column[at]];
      work_[i] = sum;
    }
    for (std::size_t i = n_; i-- > 0;) {
      double sum = work_[i];
      for (std::size_t at = U_.start[i]; at < U_.start[i + 1]; ++at) sum -= U_.value[at] * right[U_.column[at]];
      right[i] = sum * pivot_[i];
    }
  }
}

}  // namespace titrate
