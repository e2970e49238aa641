#include "sim/rate_groups.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "base/products.hpp"

namespace titrate {

namespace {

using Eigen::Index;

constexpr double rounding = std::numeric_limits<double>::epsilon();
// Neighbours in a group differ by a tenth at most: beyond, dividing by the difference costs one digit.
constexpr double together = 0.1;
constexpr Index most_powers = 40;

// Tarjan 1972: the components of states that act on each other. One is complete when all that act on it are.
struct Components {
  const std::vector<std::vector<Index>>& causes;
  std::vector<Index> found, low, open, order, ends;
  std::vector<char> is_open;
  Index count = 0;

  explicit Components(const std::vector<std::vector<Index>>& of)
      : causes(of), found(of.size(), -1), low(of.size(), 0), is_open(of.size(), 0) {
    for (std::size_t i = 0; i < of.size(); ++i)
      if (found[i] < 0) visit(i);
  }

  void visit(std::size_t i) {
    found[i] = low[i] = count++;
    open.push_back(static_cast<Index>(i));
    is_open[i] = 1;
    for (const Index cause : causes[i]) {
      const auto c = static_cast<std::size_t>(cause);
      if (found[c] < 0) visit(c);
      if (is_open[c] != 0) low[i] = std::min(low[i], low[c]);
    }
    if (low[i] < found[i]) return;
    for (bool whole = false; !whole;) {
      const Index last = open.back();
      open.pop_back();
      is_open[static_cast<std::size_t>(last)] = 0;
      order.push_back(last);
      whole = last == static_cast<Index>(i);
    }
    ends.push_back(static_cast<Index>(order.size()));
  }
};

}  // namespace

RateGroups::RateGroups(Index n, const std::vector<Index>& row, const std::vector<Index>& column) {
  std::vector<std::vector<Index>> causes(static_cast<std::size_t>(n));
  for (std::size_t k = 0; k < row.size(); ++k) causes[static_cast<std::size_t>(row[k])].push_back(column[k]);
  Components components(causes);
  order_ = std::move(components.order);
  ends_ = std::move(components.ends);
  by_rate_.resize(order_.size());
  group_of_.resize(order_.size());
  place_.resize(order_.size());
}

bool RateGroups::find(const Matrix& A) {
  if (!A.allFinite() || !make_triangular(A)) return false;
  group_rates();
  separate();
  collect();
  V_inverse_ = inverse(V_);
  return std::all_of(groups_.begin(), groups_.end(), [this](Group& g) { return count_powers(g); });
}

// From `order_` back to the states, with the columns group by group and of length 1. N_ holds T.
void RateGroups::collect() {
  const Index n = L_.rows();
  const auto place = [this](Index i) { return place_[static_cast<std::size_t>(i)]; };
  W_ = product(U_, S_);
  V_.resize(n, n);
  N_.setZero(n, n);
  for (Index j = 0; j < n; ++j) {
    const double length = W_.col(j).norm();
    for (Index i = 0; i < n; ++i) V_(order_[static_cast<std::size_t>(i)], place(j)) = W_(i, j) / length;
    N_(place(j), place(j)) = T_(j, j);
    for (Index i = j + 1; i < n; ++i) N_(place(i), place(j)) = T_(i, j) * W_.col(i).norm() / length;
  }
}

// L = U^-1 A U, with the modes U of each component.
bool RateGroups::make_triangular(const Matrix& A) {
  const Index n = A.rows();
  L_ = part(A, order_, order_);
  U_.setIdentity(n, n);
  bool alone = true;
  Index from = 0;
  for (const Index end : ends_) {
    const Index size = end - from;
    if (size > 1) {
      alone = false;
      if (!real_modes_.find(L_.block(from, from, size, size), rates_, W_)) return false;
      U_.block(from, from, size, size) = W_;
    }
    from = end;
  }
  if (alone) return true;
  W_ = inverse(U_);
  L_ = product(product(W_, L_), U_);
  from = 0;
  for (const Index end : ends_) {
    const Index size = end - from;
    if (size > 1) {
      // What rounding has left beside the rates, and of a rate that is 0.
      const Vector rates = L_.block(from, from, size, size).diagonal();
      const double nothing = static_cast<double>(size) * rounding * rates.cwiseAbs().maxCoeff();
      L_.block(from, from, size, size) = rates.unaryExpr([&](double l) { return std::abs(l) < nothing ? 0.0 : l; }).asDiagonal();
    }
    from = end;
  }
  return true;
}

void RateGroups::group_rates() {
  const auto rate = [&](Index i) { return L_(i, i); };
  std::iota(by_rate_.begin(), by_rate_.end(), Index{0});
  for (std::size_t k = 1; k < by_rate_.size(); ++k)  // they are few
    for (std::size_t j = k; j > 0 && rate(by_rate_[j]) < rate(by_rate_[j - 1]); --j) std::swap(by_rate_[j - 1], by_rate_[j]);
  groups_.clear();
  for (std::size_t k = 0; k < by_rate_.size(); ++k) {
    const Index i = by_rate_[k];
    if (k == 0) {
      groups_.push_back({});
    } else {
      const double before = rate(by_rate_[k - 1]), now = rate(i);
      if (now - before > together * std::max(std::abs(before), std::abs(now))) groups_.push_back({static_cast<Index>(k)});
    }
    group_of_[static_cast<std::size_t>(i)] = static_cast<Index>(groups_.size()) - 1;
    groups_.back().rate += rate(i);
    ++groups_.back().size;
  }
  for (Group& g : groups_) g.rate /= static_cast<double>(g.size);
  // Within a group what acts comes first.
  std::vector<Group>& groups = groups_;
  for (std::size_t i = 0; i < place_.size(); ++i) place_[i] = groups[static_cast<std::size_t>(group_of_[i])].first++;
  for (Group& g : groups_) g.first -= g.size;
}

void RateGroups::separate() {
  const Index n = L_.rows();
  const auto same = [&](Index i, Index j) {
    return group_of_[static_cast<std::size_t>(i)] == group_of_[static_cast<std::size_t>(j)];
  };
  S_.setIdentity(n, n);
  T_.setZero(n, n);
  for (Index j = n; j-- > 0;) {
    T_(j, j) = L_(j, j);
    for (Index i = j + 1; i < n; ++i) {
      double sum = L_(i, j);
      for (Index k = j + 1; k < i; ++k) sum += L_(i, k) * S_(k, j) - S_(i, k) * T_(k, j);
      if (same(i, j))
        T_(i, j) = sum;
      else
        S_(i, j) = sum / (L_(j, j) - L_(i, i));
    }
  }
}

// T's rate is taken off. m terms of a group of m; then on until each entry is below the rounding of its largest.
bool RateGroups::count_powers(Group& g) {
  auto N = N_.block(g.first, g.first, g.size, g.size);
  N.diagonal().array() -= g.rate;
  g.powers = 1;
  if (g.size == 1) return true;
  if (g.rate > 0.0) return false;
  const double unit = g.rate == 0.0 ? 1.0 : -g.rate;
  power_.setIdentity(g.size, g.size);
  largest_ = power_;
  while (true) {
    power_ = product(power_, N) / unit;
    if (g.powers >= g.size && (power_.cwiseAbs().array() <= 0.1 * rounding * largest_.array()).all()) return true;
    largest_ = largest_.cwiseMax(power_.cwiseAbs());
    if (++g.powers > most_powers) return false;
  }
}

void RateGroups::decouple(Matrix& E, Matrix& X) const {
  X.setZero(E.rows(), E.cols());
  for (const Group& rows : groups_)
    for (const Group& columns : groups_) {
      if (&rows == &columns) continue;
      const double apart = columns.rate - rows.rate;
      for (Index a = rows.first; a < rows.first + rows.size; ++a)
        for (Index b = columns.first + columns.size; b-- > columns.first;) {
          double sum = E(a, b);
          for (Index c = b + 1; c < columns.first + columns.size; ++c) sum -= X(a, c) * N_(c, b);
          for (Index c = rows.first; c < a; ++c) sum += N_(a, c) * X(c, b);
          X(a, b) = sum / (apart + N_(b, b) - N_(a, a));
          E(a, b) = 0.0;
        }
    }
}

}  // namespace titrate
