#include "sim/solve_stiff.hpp"

#include <algorithm>
#include <boost/numeric/odeint.hpp>
#include <cmath>

#include "base/work.hpp"
#include "expr/cost.hpp"

namespace titrate {

namespace {

using Eigen::Index;

// An explicit step of order 5 is stable up to about this over the largest rate.
constexpr double kStableStep = 3.3;
// More steps than this over one interval: stability rules. Measured on the docetaxel model, where both cost the same near 250.
constexpr double kManySteps = 300.0;

// The time derivative's weight in the fourth stage. Boost 1.74 lists it with the wrong sign (Hairer & Wanner's program has this
// one); with it, equations that change with time lose their order.
constexpr double kD4 = -0.3620000000000023e-01;

const boost::numeric::odeint::default_rosenbrock_coefficients<double>& coefficients() {
  static const boost::numeric::odeint::default_rosenbrock_coefficients<double> c;
  return c;
}

// One step and all it needs, in scaled states z = y / scale.
class Step {
 public:
  Step(const System& system, const SegmentValues& p, const Forcing& forcing)
      : n_(system.n),
        rhs_(system.rhs),
        rhs_jacobian_(system.rhs_jacobian),
        kernels_cost_(6.0 * titrate::cost(system.rhs) + titrate::cost(system.rhs_jacobian)),
        scale_(Eigen::Map<const Vector>(system.scale.data(), system.n)),
        rate_(forcing.rate.cwiseQuotient(scale_)),
        y_(n_),
        f_(n_),
        f_t_(n_),
        next_(n_),
        J_(n_, n_),
        W_(n_, n_),
        lu_(n_),
        values_(static_cast<std::size_t>(n_ * (n_ + 2))) {
    rhs_.set(p.p.data());
    rhs_jacobian_.set(p.p.data());
  }

  const Vector& scale() const { return scale_; }

  // Of one attempt: its evaluations, one decomposition, six solutions.
  double cost() const {
    const auto n = static_cast<double>(n_);
    return 200.0 + kernels_cost_ + n * (40.0 + n * (8.0 + n / 3.0));
  }

  // f, J and df/dt at the start of a step; serves every attempt at it.
  void begin(const Vector& z, double t) {
    y_ = z.cwiseProduct(scale_);
    rhs_jacobian_(t, y_.data(), values_.data());
    f_ = Eigen::Map<const Vector>(values_.data(), n_).cwiseQuotient(scale_) + rate_;
    using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
    J_ = scale_.cwiseInverse().asDiagonal() * Eigen::Map<const RowMajor>(values_.data() + n_, n_, n_) * scale_.asDiagonal();
    f_t_ = Eigen::Map<const Vector>(values_.data() + n_ + n_ * n_, n_).cwiseQuotient(scale_);
  }

  void attempt(const Vector& z, double t, double h, Vector& z_new, Vector& error) {
    const auto& c = coefficients();
    W_ = -J_;
    W_.diagonal().array() += 1.0 / (c.gamma * h);
    lu_.compute(W_);
    g1_ = lu_.solve(f_ + h * c.d1 * f_t_);
    g2_ = lu_.solve(f(z + c.a21 * g1_, t + c.c2 * h) + h * c.d2 * f_t_ + c.c21 / h * g1_);
    g3_ = lu_.solve(f(z + c.a31 * g1_ + c.a32 * g2_, t + c.c3 * h) + h * c.d3 * f_t_ + (c.c31 * g1_ + c.c32 * g2_) / h);
    g4_ = lu_.solve(f(z + c.a41 * g1_ + c.a42 * g2_ + c.a43 * g3_, t + c.c4 * h) + h * kD4 * f_t_ +
                    (c.c41 * g1_ + c.c42 * g2_ + c.c43 * g3_) / h);
    z_new = z + c.a51 * g1_ + c.a52 * g2_ + c.a53 * g3_ + c.a54 * g4_;
    g5_ = lu_.solve(f(z_new, t + h) + (c.c51 * g1_ + c.c52 * g2_ + c.c53 * g3_ + c.c54 * g4_) / h);
    z_new += g5_;
    error = lu_.solve(f(z_new, t + h) + (c.c61 * g1_ + c.c62 * g2_ + c.c63 * g3_ + c.c64 * g4_ + c.c65 * g5_) / h);
    z_new += error;
  }

 private:
  const Vector& f(const Vector& z, double t) {
    y_ = z.cwiseProduct(scale_);
    rhs_(t, y_.data(), next_.data());
    next_ = next_.cwiseQuotient(scale_) + rate_;
    return next_;
  }

  Index n_;
  Kernel rhs_, rhs_jacobian_;
  double kernels_cost_;
  Vector scale_, rate_, y_, f_, f_t_, next_;
  Matrix J_, W_;
  Eigen::PartialPivLU<Matrix> lu_;
  Vector g1_, g2_, g3_, g4_, g5_;
  std::vector<double> values_;
};

// Root mean square of the error over what is allowed.
double size(const Vector& error, const Vector& z, const Vector& z_new, const Tolerance& tolerance) {
  double sum = 0.0;
  for (Index i = 0; i < error.size(); ++i) {
    const double allowed = tolerance.atol + tolerance.rtol * std::max(std::abs(z(i)), std::abs(z_new(i)));
    sum += (error(i) / allowed) * (error(i) / allowed);
  }
  return std::sqrt(sum / static_cast<double>(error.size()));
}

}  // namespace

bool StiffSolver::pays(const Motion& motion, double until, const SegmentValues& p) {
  std::vector<double> values(system_.rhs_jacobian.outputs.size());
  Kernel kernel(system_.rhs_jacobian);
  kernel.set(p.p.data());
  kernel(motion.t, motion.y.data(), values.data());
  const Index n = system_.n;
  using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  // The diagonal of a network of transfers bounds its rates to a factor of two, and does not depend on units.
  const double fastest = Eigen::Map<const RowMajor>(values.data() + n, n, n).diagonal().cwiseAbs().maxCoeff();
  return std::isfinite(fastest) && fastest * (until - motion.t) > kManySteps * kStableStep;
}

void StiffSolver::advance(Motion& motion, double until, const SegmentValues& p, const Forcing& forcing,
                          const std::vector<double>& times, const Visit& visit, Failure& failure) {
  Step step(system_, p, forcing);
  Vector z = motion.y.cwiseQuotient(step.scale()), z_new(z), error(z);
  double t = motion.t, h = 1e-4 * (until - t);
  const double smallest = 1e-13 * std::max(std::abs(until), 1.0);
  std::size_t next = 0;
  const auto fail = [&](std::string why) { failure = {true, std::move(why), t}; };
  while (until - t > smallest) {
    const double stop = next < times.size() ? times[next] : until;
    step.begin(z, t);
    for (bool accepted = false; !accepted;) {
      if (++steps_ > tolerance_.max_steps) return fail("the solver needed more steps than allowed");
      const bool arrives = h >= stop - t;
      const double taken = arrives ? stop - t : h;
      if (taken < smallest && !arrives) return fail("the step size became too small");
      Work::spend(step.cost());
      step.attempt(z, t, taken, z_new, error);
      const double e = size(error, z, z_new, tolerance_);
      if (!std::isfinite(e)) {
        h = 0.2 * taken;
        continue;
      }
      accepted = e <= 1.0;
      const double proposed = taken * std::clamp(0.9 * std::pow(std::max(e, 1e-12), -0.25), 0.2, 5.0);
      h = accepted && arrives ? std::max(h, proposed) : proposed;  // a step cut short by a wanted time says little about the next
      if (accepted) t = arrives ? stop : t + taken;
    }
    z = z_new;
    for (; next < times.size() && times[next] <= t; ++next) {
      motion.t = t;
      motion.y = z.cwiseProduct(step.scale());
      visit(next, motion);
    }
  }
  motion.t = until;
  motion.y = z.cwiseProduct(step.scale());
}

}  // namespace titrate
