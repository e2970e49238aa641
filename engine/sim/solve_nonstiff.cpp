#include "sim/solve_nonstiff.hpp"

#include <algorithm>
#include <boost/numeric/odeint.hpp>
#include <cmath>

#include "base/work.hpp"
#include "expr/cost.hpp"

namespace titrate {

namespace {

using Values = std::vector<double>;
using Eigen::Index;

// z = y / scale and, behind it, the columns of S / scale.
class Scaled {
 public:
  Scaled(const System& system, const SegmentValues& p, const Forcing& forcing, Index columns)
      : effects_(p.columns),
        forcing_(forcing),
        n_(system.n),
        columns_(columns),
        kernel_(columns > 0 ? system.rhs_sens : system.rhs),
        kernel_cost_(titrate::cost(columns > 0 ? system.rhs_sens : system.rhs)),
        scale_(Eigen::Map<const Vector>(system.scale.data(), system.n)),
        inverse_(scale_.cwiseInverse()) {
    kernel_.set(p.p.data());
    y_.resize(static_cast<std::size_t>(n_));
    out_.resize(columns > 0 ? system.rhs_sens.outputs.size() : system.rhs.outputs.size());
    S_.resize(n_, columns_);
    dS_.resize(n_, columns_);
  }

  Values pack(const Motion& motion) const {
    Values z(static_cast<std::size_t>(n_ * (1 + columns_)));
    Eigen::Map<Vector>(z.data(), n_) = motion.y.cwiseProduct(inverse_);
    if (columns_ > 0) Eigen::Map<Matrix>(z.data() + n_, n_, columns_) = inverse_.asDiagonal() * motion.S;
    return z;
  }
  void unpack(const Values& z, double t, Motion& motion) const {
    motion.t = t;
    motion.y = Eigen::Map<const Vector>(z.data(), n_).cwiseProduct(scale_);
    if (columns_ > 0) motion.S = scale_.asDiagonal() * Eigen::Map<const Matrix>(z.data() + n_, n_, columns_);
  }

  // Of one evaluation.
  double cost() const {
    const auto n = static_cast<double>(n_), columns = static_cast<double>(columns_);
    return 50.0 + kernel_cost_ + n * (4.0 + columns * (n + 2.0));
  }

  void operator()(const Values& z, Values& dz, double t) {
    const auto n = static_cast<std::size_t>(n_);
    const double* const scale = scale_.data();
    const double* const inverse = inverse_.data();
    const double* const rate = forcing_.rate.data();
    for (std::size_t i = 0; i < n; ++i) y_[i] = z[i] * scale[i];
    kernel_(t, y_.data(), out_.data());
    for (std::size_t i = 0; i < n; ++i) dz[i] = (out_[i] + rate[i]) * inverse[i];
    if (columns_ == 0) return;
    using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
    const Eigen::Map<const RowMajor> J(out_.data() + n, n_, n_);
    const Eigen::Map<const RowMajor> B(out_.data() + n + n * n, n_, static_cast<Index>(effects_.size()));
    S_ = scale_.asDiagonal() * Eigen::Map<const Matrix>(z.data() + n, n_, columns_);
    dS_.noalias() = J.lazyProduct(S_);
    dS_.leftCols(forcing_.d_rate.cols()) += forcing_.d_rate;
    for (std::size_t j = 0; j < effects_.size(); ++j)
      if (effects_[j] >= 0 && effects_[j] < forcing_.d_rate.cols()) dS_.col(effects_[j]) += B.col(static_cast<Index>(j));
    Eigen::Map<Matrix>(dz.data() + n, n_, columns_) = inverse_.asDiagonal() * dS_;
  }

 private:
  const std::vector<Index>& effects_;  // the column of each in S
  const Forcing& forcing_;
  Index n_, columns_;
  Kernel kernel_;
  double kernel_cost_;
  Vector scale_, inverse_;
  Values y_, out_;
  Matrix S_, dS_;
};

bool finite(const Values& z) {
  return std::all_of(z.begin(), z.end(), [](double x) { return std::isfinite(x); });
}

// Hairer, Norsett & Wanner, Solving ODEs I, II.4: a first step from the sizes of the state and its derivative.
double first_step(const Values& z, const Values& dz, const Tolerance& tolerance, double span) {
  double d0 = 0.0, d1 = 0.0;
  for (std::size_t i = 0; i < z.size(); ++i) {
    const double size = tolerance.atol + tolerance.rtol * std::abs(z[i]);
    d0 = std::max(d0, std::abs(z[i]) / size);
    d1 = std::max(d1, std::abs(dz[i]) / size);
  }
  return d0 < 1e-5 || d1 < 1e-5 ? 1e-6 * span : std::min(0.01 * d0 / d1, span);
}

}  // namespace

void NonstiffSolver::advance(Motion& motion, double until, const SegmentValues& p, const Forcing& forcing,
                             const std::vector<double>& times, const Visit& visit, Failure& failure) {
  namespace odeint = boost::numeric::odeint;
  Scaled system(system_, p, forcing, motion.S.cols());
  auto stepper = odeint::make_dense_output(tolerance_.atol, tolerance_.rtol, odeint::runge_kutta_dopri5<Values>());
  Values z = system.pack(motion), dz(z.size());
  system(z, dz, motion.t);
  const double span = until - motion.t;
  const double h = step_ > 0.0 ? std::min(step_, span) : first_step(z, dz, tolerance_, span);
  stepper.initialize(z, motion.t, h);
  const auto rhs = [&](const Values& at, Values& out, double t) { system(at, out, t); };
  std::size_t next = 0;
  Motion seen = motion;
  const double cost = 7.0 * system.cost();
  const auto fail = [&](std::string why, double at) { failure = {true, std::move(why), at}; };
  try {
    while (stepper.current_time() < until) {
      const double left = until - stepper.current_time();
      const double smallest = 1e-13 * std::max(std::abs(until), 1.0);
      if (left <= smallest) break;
      if (stepper.current_time_step() > left) {
        const double t = stepper.current_time();
        z = stepper.current_state();
        stepper.initialize(z, t, left);
      } else {
        step_ = stepper.current_time_step();
      }
      Work::spend(cost);
      stepper.do_step(rhs);
      if (++steps_ > tolerance_.max_steps) return fail("the solver needed more steps than allowed", stepper.current_time());
      if (!finite(stepper.current_state())) return fail("a state became infinite or undefined", stepper.current_time());
      if (stepper.current_time() - stepper.previous_time() < smallest)
        return fail("the step size became too small (the system may be stiff)", stepper.current_time());
      for (; next < times.size() && times[next] <= stepper.current_time(); ++next) {
        stepper.calc_state(times[next], z);
        system.unpack(z, times[next], seen);
        visit(next, seen);
      }
    }
  } catch (const std::exception&) {
    return fail("the step size became too small (the system may be stiff)", stepper.current_time());
  }
  z = stepper.current_state();
  system.unpack(z, until, motion);
  for (; next < times.size(); ++next) visit(next, motion);
}

}  // namespace titrate
