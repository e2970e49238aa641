#include "decide/curve_between.hpp"

#include <algorithm>

namespace titrate {

void CurveBetween::set_ends(const Curve& least, const Curve& most) {
  least_ = &least;
  most_ = &most;
  curve_ = least;
}

void CurveBetween::find_gaps(double trough_time) {
  set_highest_gaps(*least_, *most_, highest_gaps_);
  const auto& time = least_->time;
  const auto at = static_cast<std::size_t>(std::lower_bound(time.begin(), time.end(), trough_time) - time.begin());
  trough_gap_ = std::max<std::size_t>(std::min(at, time.size() - 1), 1) - 1;
}

const Curve& CurveBetween::areas_at_ends() {
  for (const std::size_t i : {std::size_t{0}, curve_.time.size() - 1}) curve_.auc[i] = on_line(least_->auc[i], most_->auc[i]);
  return curve_;
}

const Curve& CurveBetween::whole() {
  for (std::size_t i = 0; i < curve_.time.size(); ++i) set_sample(i);
  return areas_at_ends();
}

double CurveBetween::highest() {
  for (const std::size_t i : highest_gaps_) set_gap(i);
  return highest_in(curve_, highest_gaps_);
}

double CurveBetween::value_at(double trough_time) {
  set_gap(trough_gap_);
  return titrate::value_at(curve_, trough_time);
}

void CurveBetween::set_sample(std::size_t i) {
  curve_.value[i] = on_line(least_->value[i], most_->value[i]);
  if (!curve_.slope.empty()) curve_.slope[i] = on_line(least_->slope[i], most_->slope[i]);
}

void CurveBetween::set_gap(std::size_t i) {
  set_sample(i);
  if (i + 1 < curve_.time.size()) set_sample(i + 1);
}

}  // namespace titrate
