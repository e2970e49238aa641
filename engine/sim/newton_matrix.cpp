#include "sim/newton_matrix.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace titrate {

namespace {

constexpr std::size_t many_states = 64;  // below, an order of their own gains nothing

std::vector<std::size_t> by_minimum_degree(const Pattern& J) {
  const auto n = static_cast<std::size_t>(J.rows());
  BitSets coupled(n);  // with those left
  for (std::size_t i = 0; i < n; ++i)
    for (auto at = static_cast<std::size_t>(J.start[i]); at < static_cast<std::size_t>(J.start[i + 1]); ++at) {
      const auto j = static_cast<std::size_t>(J.column[at]);
      if (i == j) continue;
      coupled.add(i, j);
      coupled.add(j, i);
    }
  std::vector<std::size_t> left(n), order;
  std::iota(left.begin(), left.end(), std::size_t{0});
  while (!left.empty()) {
    const auto fewer = [&](std::size_t a, std::size_t b) { return coupled.size(a) < coupled.size(b); };
    const auto least = std::min_element(left.begin(), left.end(), fewer);
    const std::size_t next = *least;
    left.erase(least);
    order.push_back(next);
    coupled.each(next, 0, [&](std::size_t i) {
      coupled.join(i, next);
      coupled.remove(i, i);
      coupled.remove(i, next);
    });
  }
  return order;
}

}  // namespace

std::size_t BitSets::size(std::size_t set) const {
  std::size_t count = 0;
  for (std::size_t w = set * words_; w < (set + 1) * words_; ++w) count += static_cast<std::size_t>(std::popcount(bits_[w]));
  return count;
}

bool BitSets::join(std::size_t set, std::size_t other) {
  std::uint64_t added = 0;
  for (std::size_t w = 0; w < words_; ++w) {
    std::uint64_t& to = bits_[set * words_ + w];
    added |= bits_[other * words_ + w] & ~to;
    to |= bits_[other * words_ + w];
  }
  return added != 0;
}

NewtonMatrix::NewtonMatrix(const Pattern& J)
    : n_(static_cast<std::size_t>(J.rows())),
      state_(n_),
      W_(n_ * n_),
      pattern_rows_(n_),
      pattern_columns_(n_),
      rows_(n_),
      columns_(n_),
      row_(n_),
      used_(n_),
      pivot_(n_),
      work_(n_) {
  std::iota(state_.begin(), state_.end(), std::size_t{0});
  if (n_ >= many_states) state_ = by_minimum_degree(J);
  std::vector<std::size_t> position(n_);
  for (std::size_t i = 0; i < n_; ++i) position[state_[i]] = i;
  const auto note = [this](std::size_t i, std::size_t j) {
    pattern_rows_.add(i, j);
    pattern_columns_.add(j, i);
    return i * n_ + j;
  };
  for (std::size_t i = 0; i < n_; ++i) {
    note(i, i);
    for (auto at = static_cast<std::size_t>(J.start[i]); at < static_cast<std::size_t>(J.start[i + 1]); ++at)
      place_.push_back(note(position[i], position[static_cast<std::size_t>(J.column[at])]));
  }
  for (Factor* factor : {&L_, &U_}) factor->start.resize(n_ + 1);
  lower_.reserve(n_);
  upper_.reserve(n_);
}

// Row k itself, where it is left and none has a larger entry.
bool NewtonMatrix::choose_pivot(std::size_t k) {
  std::size_t best = k;
  double largest = used_[k] != 0 ? -1.0 : std::abs(W_[k * n_ + k]);
  lower_.clear();
  columns_.each(k, 0, [&](std::size_t i) {
    if (used_[i] != 0) return;
    lower_.push_back(i);
    const double size = std::abs(W_[i * n_ + k]);
    if (!(size > largest)) return;
    best = i;
    largest = size;
  });
  if (!(largest > 0.0) || !std::isfinite(largest)) return false;
  row_[k] = best;
  used_[best] = 1;
  pivot_[k] = 1.0 / W_[best * n_ + k];
  return true;
}

void NewtonMatrix::eliminate(std::size_t k) {
  const double* const pivot_row = &W_[row_[k] * n_];
  upper_.clear();
  rows_.each(row_[k], k + 1, [&](std::size_t j) {
    if (pivot_row[j] != 0.0) upper_.push_back(j);
  });
  for (const std::size_t i : lower_) {
    double* const row = &W_[i * n_];
    if (used_[i] != 0 || row[k] == 0.0) continue;
    const double factor = row[k] *= pivot_[k];
    for (const std::size_t j : upper_) row[j] -= factor * pivot_row[j];
    if (!rows_.join(i, row_[k])) continue;
    for (const std::size_t j : upper_) columns_.add(j, i);
  }
}

bool NewtonMatrix::factorise(const std::vector<double>& J, double one_over_gamma_h) {
  std::fill(W_.begin(), W_.end(), 0.0);
  for (std::size_t i = 0; i < n_; ++i) W_[i * n_ + i] = one_over_gamma_h;
  for (std::size_t at = 0; at < J.size(); ++at) W_[place_[at]] -= J[at];
  std::fill(used_.begin(), used_.end(), char{0});
  rows_ = pattern_rows_;
  columns_ = pattern_columns_;
  for (std::size_t k = 0; k < n_; ++k) {
    if (!choose_pivot(k)) return false;
    eliminate(k);
  }
  list_factors();
  return true;
}

void NewtonMatrix::list_factors() {
  for (Factor* factor : {&L_, &U_}) {
    factor->column.clear();
    factor->value.clear();
  }
  for (std::size_t i = 0; i < n_; ++i) {
    const double* const row = &W_[row_[i] * n_];
    rows_.each(row_[i], 0, [&](std::size_t j) {
      if (j == i || row[j] == 0.0) return;
      Factor& factor = j < i ? L_ : U_;
      factor.column.push_back(j < i ? j : state_[j]);
      factor.value.push_back(row[j]);
    });
    L_.start[i + 1] = L_.column.size();
    U_.start[i + 1] = U_.column.size();
  }
}

void NewtonMatrix::solve(double* right, Eigen::Index columns) {
  for (Eigen::Index c = 0; c < columns; ++c, right += n_) {
    for (std::size_t i = 0; i < n_; ++i) {
      double sum = right[state_[row_[i]]];
      for (std::size_t at = L_.start[i]; at < L_.start[i + 1]; ++at) sum -= L_.value[at] * work_[L_.column[at]];
      work_[i] = sum;
    }
    for (std::size_t i = n_; i-- > 0;) {
      double sum = work_[i];
      for (std::size_t at = U_.start[i]; at < U_.start[i + 1]; ++at) sum -= U_.value[at] * right[U_.column[at]];
      right[state_[i]] = sum * pivot_[i];
    }
  }
}

}  // namespace titrate
