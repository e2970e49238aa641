#include "sim/equations.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "expr/cost.hpp"

namespace titrate {

namespace {

using Eigen::Index;

Values scales(const Pattern& pattern, const Vector& scale) {
  Values all(pattern.size());
  for (int i = 0; i < pattern.rows(); ++i)
    for (int at = pattern.start[static_cast<std::size_t>(i)]; at < pattern.start[static_cast<std::size_t>(i) + 1]; ++at)
      all[static_cast<std::size_t>(at)] = scale(pattern.column[static_cast<std::size_t>(at)]) / scale(i);
  return all;
}

bool finite(const Values& values) {
  return std::all_of(values.begin(), values.end(), [](double x) { return std::isfinite(x); });
}

// to (rows x columns) += M from (n x columns): of M, by its nonzeros, the rows that are asked for.
void add_product(const Pattern& pattern, const std::vector<int>& rows, const double* M, const double* from, double* to, Index n,
                 Index columns) {
  const int* const start = pattern.start.data();
  const int* const column = pattern.column.data();
  for (Index c = 0; c < columns; ++c, from += n, to += rows.size())
    for (std::size_t i = 0; i < rows.size(); ++i) {
      double sum = 0.0;
      for (int at = start[rows[i]]; at < start[rows[i] + 1]; ++at) sum += M[at] * from[column[at]];
      to[i] += sum;
    }
}

}  // namespace

Equations::Equations(const CompiledModel& model, const System& system, double driven)
    : model_(&model),
      system_(&system),
      n_(system.n),
      scale_(Eigen::Map<const Vector>(system.scale.data(), system.n)),
      inverse_(scale_.cwiseInverse()),
      driven_(driven),
      rhs_(system.rhs),
      rhs_jacobian_(system.rhs_jacobian),
      rhs_sens_(system.rhs_sens),
      curvature_(system.curvature),
      J_scale_(scales(system.J, scale_)),
      curved_scale_(scales(system.curved_J, scale_)),
      y_(static_cast<std::size_t>(n_)),
      direction_(static_cast<std::size_t>(2 * n_ + 1)),
      second_(system.curved_J.size() + system.curved_B.size()),
      J0_(system.J.size()) {
  out_.resize(static_cast<std::size_t>(2 * n_) + system.J.size() + system.B.size());
  all_ = stepping(std::vector<char>(static_cast<std::size_t>(n_), 0));
  if (driven > 0.0) find_driven();
}

Equations::Stepped Equations::stepping(const std::vector<char>& driven) const {
  Stepped stepped;
  std::vector<int> place(driven.size(), -1);
  for (std::size_t i = 0; i < driven.size(); ++i)
    if (driven[i] == 0) {
      place[i] = static_cast<int>(stepped.states.size());
      stepped.states.push_back(static_cast<int>(i));
    }
  const Pattern& J = system_->J;
  for (const int i : stepped.states) {
    for (int at = J.start[static_cast<std::size_t>(i)]; at < J.start[static_cast<std::size_t>(i) + 1]; ++at)
      if (const int column = place[static_cast<std::size_t>(J.column[static_cast<std::size_t>(at)])]; column >= 0) {
        stepped.J.column.push_back(column);
        stepped.from.push_back(static_cast<std::size_t>(at));
      }
    stepped.J.start.push_back(static_cast<int>(stepped.J.column.size()));
  }
  for (const int i : system_->non_negative)
    if (const int at = place[static_cast<std::size_t>(i)]; at >= 0) stepped.non_negative.push_back(at);
  return stepped;
}

void Equations::find_driven() {
  driver_.emplace(*system_, scale_);
  if (driver_->states().empty()) return driver_.reset();
  std::vector<char> driven(static_cast<std::size_t>(n_), 0);
  std::vector<Index> place(driven.size(), -1);
  for (const int i : driver_->states()) {
    place[static_cast<std::size_t>(i)] = std::count(driven.begin(), driven.end(), 1);
    driven[static_cast<std::size_t>(i)] = 1;
  }
  beside_driver_ = stepping(driven);
  const Pattern& J = system_->J;
  for (std::size_t row = 0; row < beside_driver_.states.size(); ++row) {
    const auto i = static_cast<std::size_t>(beside_driver_.states[row]);
    for (auto at = static_cast<std::size_t>(J.start[i]); at < static_cast<std::size_t>(J.start[i + 1]); ++at)
      if (const Index column = place[static_cast<std::size_t>(J.column[at])]; column >= 0)
        couplings_.push_back({row, at, column});
  }
}

void Equations::set(const SegmentValues& values, const Forcing& forcing, Index columns) {
  forcing_ = &forcing;
  columns_ = columns;
  K_ = columns > 0 ? forcing.d_rate.cols() : 0;
  columns_of_.assign(static_cast<std::size_t>(model_->effects()), 0);
  for (std::size_t j = 0; j < values.columns.size(); ++j)
    if (values.columns[j] >= 0 && values.columns[j] < K_) columns_of_[j] = static_cast<std::size_t>(1 + values.columns[j]);
  inflow_.reset();
  if (!forcing.pulses.empty()) inflow_.emplace(*model_, forcing, values);
  const bool driven = driver_ && !inflow_ && driver_->set(values, driven_, columns_ > 0);
  stepped_ = driven ? &beside_driver_ : &all_;
  S_.resize(static_cast<std::size_t>(n_ * columns_));
  rhs_.set(values.p.data());
  rhs_jacobian_.set(values.p.data());
  if (columns_ > 0) {
    rhs_sens_.set(values.p.data());
    curvature_.set(values.p.data());
  }
  z_t_.assign(size(), 0.0);
}

double Equations::cost() const {
  const auto columns = static_cast<double>(columns_), entries = static_cast<double>(system_->J.size() + system_->B.size());
  const auto driven = static_cast<double>(n_ - states());
  return 50.0 + titrate::cost(columns_ > 0 ? system_->rhs_sens : system_->rhs) + 4.0 * static_cast<double>(n_) +
         driven * (30.0 + driven * (1.0 + 2.0 * columns)) + columns * (entries + 2.0 * static_cast<double>(n_));
}

double Equations::curvature_cost() const {
  if (columns_ == 0) return 0.0;
  return titrate::cost(system_->curvature) + static_cast<double>(columns_) * static_cast<double>(system_->curved_J.size());
}

void Equations::pack(const Motion& motion, Values& z) {
  z.resize(size());
  const std::vector<int>& states = stepped_->states;
  double* to = z.data();
  for (const int state : states) *to++ = motion.y(state) * inverse_(state);
  for (Index c = 0; c < columns_; ++c)
    for (const int state : states) *to++ = motion.S(state, c) * inverse_(state);
  if (stepped_ != &all_) driver_->begin(motion, *forcing_);
}

void Equations::unpack(const Values& z, double t, Motion& motion) {
  motion.t = t;
  unpack(z, t, motion.y);
  if (columns_ > 0) motion.S = scale_.asDiagonal() * Eigen::Map<const Matrix>(sensitivities_of(z, t), n_, columns_);
}

void Equations::unpack(const Values& z, double t, Vector& y) {
  y.resize(n_);
  states_of(z, t, y.data());
}

void Equations::states_of(const Values& z, double t, double* y) {
  if (stepped_ == &all_) {
    for (std::size_t i = 0, n = static_cast<std::size_t>(n_); i < n; ++i) y[i] = z[i] * scale_.data()[i];
    return;
  }
  const Vector& driven = driver_->at(t);
  for (Index i = 0; i < driven.size(); ++i) {
    const int state = driver_->states()[static_cast<std::size_t>(i)];
    y[state] = driven(i) * scale_(state);
  }
  const std::vector<int>& states = stepped_->states;
  for (std::size_t i = 0; i < states.size(); ++i) y[states[i]] = z[i] * scale_(states[i]);
}

const double* Equations::sensitivities_of(const Values& z, double t) {
  if (stepped_ == &all_) return z.data() + n_;
  const std::vector<int>&states = stepped_->states, &driven = driver_->states();
  const Matrix& S = driver_->sensitivities(t);
  const double* from = z.data() + states.size();
  double* to = S_.data();
  for (Index c = 0; c < columns_; ++c, to += n_) {
    for (const int state : states) to[state] = *from++;
    for (std::size_t i = 0; i < driven.size(); ++i) to[driven[i]] = S(static_cast<Index>(i), c);
  }
  return S_.data();
}

double Equations::longest_step(double t) const {
  return stepped_ == &all_ ? std::numeric_limits<double>::infinity() : driver_->longest_step(t);
}

void Equations::slope(const Values& z, double t, Values& dz) {
  const auto n = static_cast<std::size_t>(n_);
  states_of(z, t, y_.data());
  (columns_ > 0 ? rhs_sens_ : rhs_)(t, y_.data(), out_.data());
  scaled_rates(t, dz);
  if (columns_ == 0) return;
  double* const J = out_.data() + n;
  for (std::size_t at = 0; at < J_scale_.size(); ++at) J[at] *= J_scale_[at];
  const std::vector<int>& states = stepped_->states;
  const std::size_t rows = states.size();
  std::fill(dz.begin() + static_cast<std::ptrdiff_t>(rows), dz.end(), 0.0);
  add_product(system_->J, states, J, sensitivities_of(z, t), dz.data() + rows, n_, columns_);
  if (K_ == 0) return;
  const double* const B = J + J_scale_.size();
  const int* const start = system_->B.start.data();
  const int* const effect = system_->B.column.data();
  du_ = forcing_->d_rate;
  if (inflow_) inflow_->add_sensitivity(t, du_);
  for (std::size_t i = 0; i < rows; ++i) {
    const int state = states[i];
    for (int at = start[state]; at < start[state + 1]; ++at)
      if (const std::size_t column = column_of(effect[at]); column > 0) dz[rows * column + i] += B[at] * inverse_(state);
    for (Index c = 0; c < K_; ++c) dz[rows * static_cast<std::size_t>(1 + c) + i] += du_(state, c) * inverse_(state);
  }
}

// dz/dt of the states in z, from `out_`.
void Equations::scaled_rates(double t, Values& dz) {
  const double* rate = forcing_->rate.data();
  if (inflow_) {
    u_ = forcing_->rate;
    inflow_->add_rate(t, u_);
    rate = u_.data();
  }
  const std::vector<int>& states = stepped_->states;
  const double* const inverse = inverse_.data();
  for (std::size_t i = 0; i < states.size(); ++i) {
    const int state = states[i];
    dz[i] = (out_[static_cast<std::size_t>(state)] + rate[state]) * inverse[state];
  }
}

bool Equations::linearise(const Values& z, double t, Values& dz) {
  const auto n = static_cast<std::size_t>(n_);
  linearised_at_ = t;
  J0_.resize(stepped_->J.size());
  if (columns_ == 0 || !autonomous()) {
    states_of(z, t, y_.data());
    rhs_jacobian_(t, y_.data(), out_.data());
    scaled_rates(t, dz);
    for (std::size_t at = 0; at < J0_.size(); ++at) J0_[at] = out_[n + stepped_->from[at]] * J_scale_[stepped_->from[at]];
    std::fill(z_t_.begin(), z_t_.end(), 0.0);
    add_time_slope(t);
  }
  if (columns_ > 0) {
    slope(z, t, dz);
    for (std::size_t at = 0; at < J0_.size(); ++at) J0_[at] = out_[n + stepped_->from[at]];  // scaled by slope
    const double* const S = sensitivities_of(z, t);
    S0_.assign(S, S + n_ * columns_);
    std::copy(y_.begin(), y_.end(), direction_.begin());
    if (!autonomous()) add_time_slope_of_sensitivities(t);
  }
  return finite(J0_) && finite(dz) && finite(z_t_);
}

// What time does to the rates of the states in z, from `out_`: by itself, by what enters, and by what is driven.
void Equations::add_time_slope(double t) {
  const double* const f_t = out_.data() + n_ + system_->J.size();
  u_.setZero(n_);
  if (inflow_) inflow_->add_slope(t, u_);
  const std::vector<int>& states = stepped_->states;
  for (std::size_t i = 0; i < states.size(); ++i) {
    const int state = states[i];
    z_t_[i] = (f_t[state] + u_(state)) * inverse_(state);
  }
  if (stepped_ == &all_) return;
  const Vector& slope = driver_->slope(t);
  for (const Coupling& c : couplings_)
    z_t_[c.row] += out_[static_cast<std::size_t>(n_) + c.from] * J_scale_[c.from] * slope(c.driven);
}

// The derivative of J S + B along time and what it moves, from `out_` (J scaled) at the state that is linearised.
void Equations::add_time_slope_of_sensitivities(double t) {
  std::fill(direction_.begin() + n_, direction_.end(), 0.0);
  direction_.back() = 1.0;
  const std::size_t rows = stepped_->states.size();
  if (stepped_ != &all_) {
    const Vector& slope = driver_->slope(t);
    for (Index i = 0; i < slope.size(); ++i) {
      const int state = driver_->states()[static_cast<std::size_t>(i)];
      direction_[static_cast<std::size_t>(n_ + state)] = slope(i) * scale_(state);
    }
    const Matrix& slopes = driver_->sensitivity_slopes(t);
    for (Index c = 0; c < columns_; ++c)
      for (const Coupling& k : couplings_)
        z_t_[rows * static_cast<std::size_t>(1 + c) + k.row] += out_[static_cast<std::size_t>(n_) + k.from] * slopes(k.driven, c);
  }
  add_curvature_of_direction(1.0, z_t_);
  std::fill(direction_.begin() + n_, direction_.end(), 0.0);
  if (inflow_ && K_ > 0) {
    du_.setZero(n_, K_);
    inflow_->add_sensitivity_slope(t, du_);
    Eigen::Map<Matrix>(z_t_.data() + n_, n_, K_) += inverse_.asDiagonal() * du_;
  }
}

void Equations::add_curvature(const Values& u, double factor, Values& out) {
  if (columns_ == 0 || second_.empty()) return;
  const std::vector<int>& states = stepped_->states;
  for (std::size_t i = 0; i < states.size(); ++i) direction_[static_cast<std::size_t>(n_ + states[i])] = u[i] * scale_(states[i]);
  add_curvature_of_direction(factor, out);
}

void Equations::add_curvature_of_direction(double factor, Values& out) {
  curvature_(linearised_at_, direction_.data(), second_.data());
  for (double& x : second_) x = std::isfinite(x) ? factor * x : 0.0;
  for (std::size_t at = 0; at < curved_scale_.size(); ++at) second_[at] *= curved_scale_[at];
  const std::vector<int>& states = stepped_->states;
  const std::size_t rows = states.size();
  add_product(system_->curved_J, states, second_.data(), S0_.data(), out.data() + rows, n_, columns_);
  const double* const dB = second_.data() + curved_scale_.size();
  const int* const start = system_->curved_B.start.data();
  const int* const effect = system_->curved_B.column.data();
  for (std::size_t i = 0; i < rows && K_ > 0; ++i)
    for (int at = start[states[i]]; at < start[states[i] + 1]; ++at)
      if (const std::size_t column = column_of(effect[at]); column > 0) out[rows * column + i] += dB[at] * inverse_(states[i]);
}

void Equations::multiply(const Vector& v, Vector& Jv) const {
  const Pattern& J = stepped_->J;
  for (Index i = 0; i < Jv.size(); ++i) {
    Jv(i) = 0.0;
    for (int at = J.start[static_cast<std::size_t>(i)]; at < J.start[static_cast<std::size_t>(i) + 1]; ++at)
      Jv(i) += J0_[static_cast<std::size_t>(at)] * v(J.column[static_cast<std::size_t>(at)]);
  }
}

}  // namespace titrate
