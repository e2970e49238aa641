// Selection instead of a sort: draws fall into buckets of equal width by their values, and only the buckets in which a quantile
// lies, with their neighbours, are put in order.

#include "infer/quantiles.hpp"

#include <algorithm>
#include <cmath>

namespace titrate {

namespace {

constexpr std::size_t most_buckets = 1024, draws_per_bucket = 8;

}  // namespace

WeightedQuantiles::WeightedQuantiles(const Vector& weights, std::vector<double> p) : p_(std::move(p)) {
  double total = 0.0;
  for (Eigen::Index i = 0; i < weights.size(); ++i) {
    if (!(weights[i] > 0.0)) continue;
    counted_.push_back(i);
    weight_.push_back(weights[i]);
    total += weights[i];
  }
  for (double& w : weight_) w /= total;
  if (counted_.size() < static_cast<std::size_t>(weights.size())) x_.resize(counted_.size());
  bucket_.resize(counted_.size());
  const std::size_t buckets = std::clamp(counted_.size() / draws_per_bucket, std::size_t{1}, most_buckets);
  held_.resize(buckets);
  before_.resize(buckets);
  wanted_.resize(buckets);
  result_.resize(p_.size());
}

// The values that count, as they stand when all do.
const double* WeightedQuantiles::counted(const double* values) {
  if (x_.empty()) return values;
  for (std::size_t i = 0; i < counted_.size(); ++i) x_[i] = values[counted_[i]];
  return x_.data();
}

const std::vector<double>& WeightedQuantiles::of(const double* values) {
  const double* const x = counted(values);
  const Eigen::Map<const Vector> all(x, static_cast<Eigen::Index>(weight_.size()));
  const double low = all.minCoeff(), high = all.maxCoeff();
  fill_buckets(x, low, high);
  choose_buckets();
  order_chosen(x);
  for (std::size_t q = 0; q < p_.size(); ++q) result_[q] = quantile(p_[q]);
  return result_;
}

void WeightedQuantiles::fill_buckets(const double* x, double low, double high) {
  const auto last = static_cast<double>(held_.size() - 1);
  const double wide = static_cast<double>(held_.size()) / (high - low);
  const double scale = std::isfinite(wide) ? wide : 0.0;  // all alike: one bucket
  std::fill(held_.begin(), held_.end(), 0.0);
  for (std::size_t i = 0; i < weight_.size(); ++i) {
    bucket_[i] = static_cast<std::uint16_t>(std::min((x[i] - low) * scale, last));
    held_[bucket_[i]] += weight_[i];
  }
  double before = 0.0;
  for (std::size_t b = 0; b < held_.size(); ++b) {
    before_[b] = before;
    before += held_[b];
  }
}

// The bucket in which p is reached holds the first draw beyond it, or the next one does; the draw before it is there or in the
// one before.
void WeightedQuantiles::choose_buckets() {
  std::fill(wanted_.begin(), wanted_.end(), char{0});
  for (const double p : p_) {
    std::size_t b = 0;
    while (b + 1 < held_.size() && before_[b] + held_[b] < p) ++b;
    wanted_[b] = 1;
    for (std::size_t next = b + 1; next < held_.size(); ++next) {
      wanted_[next] = 1;
      if (held_[next] > 0.0) break;
    }
    for (std::size_t last = b; last-- > 0;) {
      wanted_[last] = 1;
      if (held_[last] > 0.0) break;
    }
  }
}

void WeightedQuantiles::order_chosen(const double* x) {
  chosen_.clear();
  for (std::size_t i = 0; i < weight_.size(); ++i)
    if (wanted_[bucket_[i]] != 0) chosen_.push_back({x[i], static_cast<std::uint32_t>(i), 0.0});
  std::sort(chosen_.begin(), chosen_.end(),
            [](const Joint& a, const Joint& b) { return a.x != b.x ? a.x < b.x : a.draw < b.draw; });
  std::size_t in = 0;
  double before = 0.0;
  for (std::size_t i = 0; i < chosen_.size(); ++i) {
    Joint& joint = chosen_[i];
    if (i == 0 || bucket_[joint.draw] != in) {
      in = bucket_[joint.draw];
      before = before_[in];
    }
    joint.at = before + 0.5 * weight_[joint.draw];
    before += weight_[joint.draw];
  }
}

double WeightedQuantiles::quantile(double p) const {
  const auto above =
      std::lower_bound(chosen_.begin(), chosen_.end(), p, [](const Joint& joint, double wanted) { return joint.at < wanted; });
  if (above == chosen_.begin()) return chosen_.front().x;
  if (above == chosen_.end()) return chosen_.back().x;
  const Joint& below = *(above - 1);
  return below.x + (p - below.at) / (above->at - below.at) * (above->x - below.x);
}

std::vector<double> weighted_quantiles(const Vector& values, const Vector& weights, const std::vector<double>& p) {
  return WeightedQuantiles(weights, p).of(values.data());
}

Matrix row_quantiles(const Matrix& values, const Vector& weights, const std::vector<double>& p) {
  // Rows and columns that are turned at once: whole lines of the cache are read, and written.
  constexpr Eigen::Index at_once = 32, side_by_side = 16;
  WeightedQuantiles quantiles(weights, p);
  Matrix block(values.cols(), at_once), result(values.rows(), static_cast<Eigen::Index>(p.size()));
  for (Eigen::Index first = 0; first < values.rows(); first += at_once) {
    const Eigen::Index count = std::min(at_once, values.rows() - first);
    for (Eigen::Index s = 0; s < values.cols(); s += side_by_side) {
      const Eigen::Index draws = std::min(side_by_side, values.cols() - s);
      block.block(s, 0, draws, count) = values.block(first, s, count, draws).transpose();
    }
    for (Eigen::Index i = 0; i < count; ++i) {
      const std::vector<double>& q = quantiles.of(block.col(i).data());
      result.row(first + i) = Eigen::Map<const Vector>(q.data(), result.cols()).transpose();
    }
  }
  return result;
}

}  // namespace titrate
