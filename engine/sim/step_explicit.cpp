#include "sim/step_explicit.hpp"

#include <cmath>

namespace titrate {

bool ExplicitStep::begin(Equations& equations, const Values& z, double t) {
  if (slope_.size() != z.size()) {
    slope_.resize(z.size());
    slope_new_.resize(z.size());
    stepper_.adjust_size(z);
  }
  if (!has_slope_) equations.slope(z, t, slope_);
  has_slope_ = true;
  return true;  // a slope that is not finite makes a step that is rejected
}

void ExplicitStep::attempt(Equations& equations, const Values& z, double t, double h, Values& z_new, Values& error) {
  t_ = t;
  h_ = h;
  int stage = 1;
  const auto system = [&](const Values& at, Values& slope, double time) {
    equations.slope(at, time, slope);
    if (++stage == 6) sixth_ = &at, sixth_slope_ = &slope;
  };
  stepper_.do_step(system, z, slope_, t, z_new, slope_new_, h, error);
}

void ExplicitStep::interpolate(const Values& z, const Values& z_new, double t, Values& out) const {
  stepper_.calc_state(t, out, z, slope_, t_, z_new, slope_new_, t_ + h_);
}

double ExplicitStep::stiffness(const Values& z_new, const Values& weight, std::size_t n) const {
  double slopes = 0.0, states = 0.0;
  for (std::size_t i = 0; i < n; ++i) {
    const double a = (slope_new_[i] - (*sixth_slope_)[i]) / weight[i], b = (z_new[i] - (*sixth_)[i]) / weight[i];
    slopes += a * a;
    states += b * b;
  }
  return states > 0.0 ? h_ * std::sqrt(slopes / states) : 0.0;
}

}  // namespace titrate
