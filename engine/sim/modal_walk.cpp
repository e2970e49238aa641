// One individual's walk along the steps that sim/modal_course has laid out.

#include <algorithm>
#include <cmath>

#include "base/work.hpp"
#include "sim/modal_course.hpp"

namespace titrate {

using Eigen::Index;

namespace {

// z after `count` steps z -> f z + g: two steps are one with f^2 and f g + g.
void go_on(double& z, double f, double g, std::size_t count) {
  for (; count > 0; count /= 2) {
    if (count % 2 == 1) z = f * z + g;
    g += f * g;
    f *= f;
  }
}

// `count` values of c z + d at the ends of equal steps z -> f z + g. A value waits for the one before it, so that several are
// followed side by side: lane l holds c z(t + (l + 1) h), and all of them go on by `lanes` steps at once, F z + G. Where the
// compiler knows the number of modes, they stay in registers.
constexpr std::size_t lanes = 4;

template <int N>
void follow(double* z, const double* f, const double* g, const double* c, double d, std::size_t count, double* out) {
  double lane[N][lanes], F[N], G[N];
  for (int i = 0; i < N; ++i) {
    F[i] = 1.0, G[i] = 0.0;
    for (std::size_t l = 0; l < lanes; ++l) {
      G[i] = f[i] * G[i] + g[i];
      F[i] *= f[i];
      lane[i][l] = c[i] * (F[i] * z[i] + G[i]);
    }
    G[i] *= c[i];
  }
  std::size_t k = 0;
  for (; k + lanes <= count; k += lanes)
    for (std::size_t l = 0; l < lanes; ++l) {
      double sum = d;
      for (int i = 0; i < N; ++i) {
        sum += lane[i][l];
        lane[i][l] = F[i] * lane[i][l] + G[i];
      }
      out[k + l] = sum;
    }
  for (std::size_t l = 0; k + l < count; ++l) {
    out[k + l] = d;
    for (int i = 0; i < N; ++i) out[k + l] += lane[i][l];
  }
  for (int i = 0; i < N; ++i) go_on(z[i], f[i], g[i], count);
}

}  // namespace

// e0, e1 and e2 of all modes.
const double* ModalCourse::factors(std::size_t which) {
  Gap& gap = gaps_[which];
  if (gap.version == version_) return gap.factors.data();
  solver_->factors(parameters_[gap.parameters].modal, gap.h, gap.time, gap.kept_at, gap.factors);
  gap.version = version_;
  return gap.factors.data();
}

// The number of modes is known to the compiler only where values are read, which is most of the work: elsewhere it would make
// the code larger and gain little.
class ModalCourse::Walk {
 public:
  Walk(ModalCourse& course, Motion& motion, Forcing& forcing, std::size_t cancelled, const Readout& readout)
      : course_(course),
        motion_(motion),
        forcing_(forcing),
        cancelled_(cancelled),
        readout_(readout),
        n_(course.solver_->modes()),
        m_(course.model_.m),
        state_(course.solver_->moving().data()),
        slopes_(readout.slopes != nullptr),
        areas_(readout.areas != nullptr),
        z_(course.z_),
        w_(course.w_) {
    for (Vector* const modes : {&z_, &w_}) modes->setZero(n_);
    if (course.mark_ != nullptr) take_up_mark();
  }

  Place run() {
    const std::size_t past = course_.past_ != nullptr ? course_.past_steps_->events.size() : 0;
    double work = 100.0;
    while (course_.next_ < course_.steps_.size()) {
      const Step& step = course_.steps_[course_.next_];
      if (course_.past_ != nullptr && course_.next_ <= past) mark();
      ++course_.next_;
      work += 60.0;
      switch (step.kind) {
        case Step::Kind::enter:
          enter(course_.parameters_[step.index]);
          break;
        case Step::Kind::act:
          act((*course_.actions_)[step.index]);
          break;
        case Step::Kind::move:
          move(step.index);
          break;
        case Step::Kind::read:
          work += read(step);
          break;
        case Step::Kind::here:
          write(step.index);
          break;
        default:
          leave();
          motion_.t = step.time;
          Work::spend(work);
          return {step.kind == Step::Kind::stop_at_action ? Stop::action : Stop::sample, step.index};
      }
    }
    leave();
    course_.finite_ = course_.finite_ && course_.area_.allFinite();
    Work::spend(work);
    return {};
  }

 private:
  void take_up_mark() {
    of_ = course_.here_->modal;
    const double* const mark = course_.mark_;
    std::copy(mark, mark + n_, z_.data());
    std::copy(mark + n_, mark + 2 * n_, w_.data());
    std::copy(mark + 2 * n_, mark + 2 * n_ + m_, course_.area_.data());
    course_.mark_ = nullptr;
  }

  void mark() {
    std::vector<double>& marks = course_.past_->marks;
    const auto add = [&](const Vector& from) { marks.insert(marks.end(), from.data(), from.data() + from.size()); };
    if (forcing_.rest.size() == 0) forcing_.rest = Vector::Zero(forcing_.rate.size());
    marks.insert(marks.end(), z_.data(), z_.data() + n_);
    marks.insert(marks.end(), w_.data(), w_.data() + n_);
    add(course_.area_);
    add(forcing_.rate);
    add(forcing_.rest);
  }

  // out = V^-1 x of the moving states
  template <class X>
  void to_modes(const X& x, Vector& out) const {
    for (Index i = 0; i < n_; ++i) {
      double sum = 0.0;
      for (Index j = 0; j < n_; ++j) sum += of_.V_inverse[i + j * n_] * x(state_[j]);
      out[i] = sum;
    }
  }
  void set_w() {
    to_modes([this](Index i) { return of_.b[i] + forcing_.rate[i]; }, w_);
  }

  void leave() {
    if (course_.here_ == nullptr) return;
    for (Index i = 0; i < n_; ++i) {
      double sum = 0.0;
      for (Index j = 0; j < n_; ++j) sum += of_.V[i + j * n_] * z_[j];
      motion_.y[state_[i]] = sum;
      course_.finite_ = course_.finite_ && std::isfinite(sum);
    }
    if (areas_) motion_.y.tail(m_) = course_.area_;
    course_.here_ = nullptr;
  }
  void enter(Parameters& parameters) {
    leave();
    course_.here_ = &parameters;
    of_ = parameters.modal;
    to_modes(motion_.y, z_);
    if (areas_) course_.area_ = motion_.y.tail(m_);
    set_w();
  }

  void act(const Action& action) {
    if (action.index < cancelled_) return;
    if (action.kind != Action::Kind::bolus) {
      add_infusion(forcing_, action.state, action.kind == Action::Kind::infusion_start ? action.amount : -action.amount);
      return set_w();
    }
    const Index into = std::find(state_, state_ + n_, action.state) - state_;
    if (into == n_) motion_.y[action.state] += action.amount;  // an integral
    for (Index i = 0; i < n_ && into < n_; ++i) z_[i] += action.amount * of_.V_inverse[i + into * n_];
  }

  void move(std::size_t gap) {
    const double *const e0 = course_.factors(gap), *const e1 = e0 + n_, *const e2 = e1 + n_;
    for (Index o = 0; o < m_ && areas_; ++o) {
      double sum = of_.d[o] * course_.gaps_[gap].h;
      for (Index i = 0; i < n_; ++i) sum += of_.c[i + o * n_] * (e1[i] * z_[i] + e2[i] * w_[i]);
      course_.area_[o] += sum;
    }
    for (Index i = 0; i < n_; ++i) z_[i] = e0[i] * z_[i] + e1[i] * w_[i];
  }

  void write(std::size_t row) {
    const auto r = static_cast<Index>(row);
    for (Index o = 0; o < m_; ++o) {
      double value = of_.d[o], slope = 0.0;
      for (Index i = 0; i < n_; ++i) {
        value += of_.c[i + o * n_] * z_[i];
        slope += of_.c[i + o * n_] * (of_.rate[i] * z_[i] + w_[i]);
      }
      readout_.outputs(r, o) = value;
      if (slopes_) (*readout_.slopes)(r, o) = slope;
      if (areas_) (*readout_.areas)(r, o) = course_.area_[o];
    }
  }

  // What it costs is returned.
  double read(const Step& step) {
    const bool values_alone = !slopes_ && !areas_;
    switch (n_) {
      case 1:
        return values_alone ? read_values<1>(step) : read_all<1>(step);
      case 2:
        return values_alone ? read_values<2>(step) : read_all<2>(step);
      case 3:
        return values_alone ? read_values<3>(step) : read_all<3>(step);
      default:
        return read_all<Eigen::Dynamic>(step);
    }
  }

  template <int N>
  double read_values(const Step& step) {
    double count = 0.0, z[N], next[N], g[N];
    std::copy(z_.data(), z_.data() + N, z);
    for (std::size_t k = step.index; k < step.index + step.count; ++k) {
      const Run& run = course_.runs_[k];
      const double* const f = course_.factors(run.gap);
      for (int i = 0; i < N; ++i) g[i] = f[N + i] * w_[i];
      for (Index o = 0; o < m_; ++o) {
        std::copy(z, z + N, next);
        follow<N>(next, f, g, of_.c + o * N, of_.d[o], run.count, readout_.outputs.col(o).data() + run.row);
      }
      std::copy(next, next + N, z);
      count += static_cast<double>(run.count);
    }
    return 2.0 * static_cast<double>(m_ * (n_ + 4)) * count;
  }

  // Slopes and areas as well: of one output after another, so that its numbers stay in registers.
  template <int N>
  double read_all(const Step& step) {
    using Modes = Eigen::Matrix<double, N, 1>;
    const Index n = N == Eigen::Dynamic ? n_ : N;
    double count = 0.0;
    for (Index o = 0; o < m_; ++o) {
      const Modes w = w_, c = Eigen::Map<const Modes>(of_.c + o * n, n),
                  cl = c.cwiseProduct(Eigen::Map<const Modes>(of_.rate, n));
      const double d = of_.d[o], cw = c.dot(w);
      double* const values = readout_.outputs.col(o).data();
      double* const slopes = slopes_ ? readout_.slopes->col(o).data() : nullptr;
      double* const areas = areas_ ? readout_.areas->col(o).data() : nullptr;
      double area = course_.area_[o];
      Modes z = z_;
      for (std::size_t k = step.index; k < step.index + step.count; ++k) {
        const Run run = course_.runs_[k];
        const double *const e0 = course_.factors(run.gap), *const e1 = e0 + n, *const e2 = e1 + n;
        const double h = course_.gaps_[run.gap].h;
        for (std::size_t row = run.row; row < run.row + run.count; ++row) {
          double value = d, slope = cw, more = d * h;
          for (Index i = 0; i < n; ++i) {
            more += c[i] * (e1[i] * z[i] + e2[i] * w[i]);
            z[i] = e0[i] * z[i] + e1[i] * w[i];
            value += c[i] * z[i];
            slope += cl[i] * z[i];
          }
          area += more;
          values[row] = value;
          if (slopes != nullptr) slopes[row] = slope;
          if (areas != nullptr) areas[row] = area;
        }
        count += static_cast<double>(run.count);
      }
    }
    return 2.0 * static_cast<double>(n + 4) * count;
  }

  ModalCourse& course_;
  Motion& motion_;
  Forcing& forcing_;
  std::size_t cancelled_;
  const Readout& readout_;
  Index n_, m_;
  const Index* state_;  // of each mode's row
  bool slopes_, areas_;
  LinearSolver::Modal of_;
  Vector &z_, &w_;
};

ModalCourse::Place ModalCourse::go(Motion& motion, Forcing& forcing, std::size_t cancelled, const Readout& readout) {
  return Walk(*this, motion, forcing, cancelled, readout).run();
}

}  // namespace titrate
