// Outputs of a linear system between events, f = C y + d, from its modes (sim/solve_linear.hpp): with c = C V and rates l
//
//   f = c z + d,   df/dt = c (l z + w),   integral of f over h = c (integral of z) + d h
//
// so that no state is computed for a value that is only read.

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/work.hpp"
#include "sim/solve_linear.hpp"

namespace titrate {

using Eigen::Index;

const LinearSolver::Outputs& LinearSolver::outputs_of(Segment& segment, const SegmentValues& p, const Tape& parts, Index m) {
  Outputs& of = segment.outputs;
  if (of.known) return of;
  of.known = true;
  const Index n = static_cast<Index>(parts.outputs.size()) / m - 1;  // the model's states, which come before the areas
  values_.resize(parts.outputs.size());
  run(parts, 0.0, static_cast<const double*>(nullptr), p.p.data(), values_.data(), registers_);
  of.C.setZero(system_.n, m);
  of.C.topRows(n) = Eigen::Map<const Matrix>(values_.data(), n, m);  // C is row major
  of.d = Eigen::Map<const Vector>(values_.data() + m * n, m);
  of.CA.noalias() = segment.coefficients.A.transpose().lazyProduct(of.C);
  of.of_integrals = std::any_of(integrals_.begin(), integrals_.end(), [&](Index i) { return !of.C.row(i).isZero(0.0); });
  if (!segment.coefficients.has_modes) return of;
  const Matrix& V = segment.coefficients.modes.V;
  of.c.setZero(V.cols(), m);
  for (Index i = 0; i < V.rows(); ++i) of.c += V.row(i).transpose() * of.C.row(moving_[static_cast<std::size_t>(i)]);
  return of;
}

void LinearSolver::read_here(const Motion& motion, std::size_t row, const SegmentValues& p, const Forcing& forcing,
                             const Readout& readout) {
  const Index m = readout.outputs.cols(), N = system_.n, r = static_cast<Index>(row);
  Segment& segment = segment_of(p);
  const Outputs& of = outputs_of(segment, p, readout.parts, m);
  Work::spend(20.0 + 4.0 * static_cast<double>(m * N));
  for (Index o = 0; o < m; ++o) {
    double value = of.d[o], slope = 0.0;
    for (Index i = 0; i < N; ++i) {
      value += of.C(i, o) * motion.y[i];
      slope += of.CA(i, o) * motion.y[i] + of.C(i, o) * (segment.coefficients.b[i] + forcing.rate[i]);
    }
    readout.outputs(r, o) = value;
    if (readout.slopes != nullptr) (*readout.slopes)(r, o) = slope;
    if (readout.areas != nullptr) (*readout.areas)(r, o) = motion.y[N - m + o];
  }
}

bool LinearSolver::read(const Motion& motion, std::span<const double> times, std::span<const std::size_t> rows,
                        const SegmentValues& p, const Forcing& forcing, const Readout& readout) {
  Segment& s = segment_of(p);
  if (!s.coefficients.has_modes) return false;
  const Index m = readout.outputs.cols();
  const Outputs& of = outputs_of(s, p, readout.parts, m);
  if (of.of_integrals) return false;
  Work::spend(100.0 + 2.0 * static_cast<double>(m * (system_.n + 4)) * static_cast<double>(times.size()));
  set_modes(motion, s.coefficients, forcing);
  if (readout.slopes == nullptr && readout.areas == nullptr)
    read_grid(s, times, rows, of, motion.t, readout.outputs);
  else
    read_all(s, motion, times, rows, of, readout);
  return true;
}

// z_ and w_ are those of the time `from`.
void LinearSolver::read_grid(Segment& segment, std::span<const double> times, std::span<const std::size_t> rows,
                             const Outputs& of, double from, Matrix& outputs) {
  // Rows are in sequence but where uncertain times of draws change places.
  const bool in_place = rows.back() - rows.front() == rows.size() - 1 && std::is_sorted(rows.begin(), rows.end());
  if (!in_place) grid_.resize(times.size());
  double t = from;
  for (std::size_t first = 0, end = 0; first < times.size(); first = end) {
    // Steps that differ by the rounding of their times are equal.
    const double h = times[first] - t, rounding = std::numeric_limits<double>::epsilon() * std::abs(times[first]);
    end = first + 1;
    while (end < times.size() && std::abs(times[end] - times[end - 1] - h) <= 2.0 * rounding) ++end;
    const Factors& f = factors_of(segment, h, times[first]);
    dw_ = f.e1.cwiseProduct(w_);
    for (Index o = 0; o < outputs.cols(); ++o) {
      dz_ = z_;
      double* const column = outputs.col(o).data();
      follow_modes(dz_, f.e0, dw_, of.c.col(o).data(), of.d[o], end - first, in_place ? column + rows[first] : grid_.data());
      for (std::size_t i = first; i < end && !in_place; ++i) column[rows[i]] = grid_[i - first];
    }
    z_ = dz_;
    t = times[end - 1];
  }
}

// Slopes and areas as well; z_ and w_ are those of motion.t.
void LinearSolver::read_all(Segment& segment, const Motion& motion, std::span<const double> times,
                            std::span<const std::size_t> rows, const Outputs& of, const Readout& readout) {
  const Index m = of.c.cols(), n = z_.size();
  const double *const rate = segment.coefficients.modes.rate.data(), *const w = w_.data();
  double *const z = z_.data(), *const z_area = z_area_.data(), *const dz = dz_.data();
  area_ = motion.y.tail(m);
  double t = motion.t;
  for (std::size_t i = 0; i < times.size(); ++i) {
    const double h = times[i] - t;
    const Factors& f = factors_of(segment, h, times[i]);
    const double *const e0 = f.e0.data(), *const e1 = f.e1.data(), *const e2 = f.e2.data();
    for (Index k = 0; k < n; ++k) {
      z_area[k] = e1[k] * z[k] + e2[k] * w[k];
      z[k] = e0[k] * z[k] + e1[k] * w[k];
      dz[k] = rate[k] * z[k] + w[k];
    }
    const auto row = static_cast<Index>(rows[i]);
    for (Index o = 0; o < m; ++o) {
      const double* const c = of.c.col(o).data();
      double value = of.d[o], slope = 0.0, area = of.d[o] * h;
      for (Index k = 0; k < n; ++k) {
        value += c[k] * z[k];
        slope += c[k] * dz[k];
        area += c[k] * z_area[k];
      }
      area_[o] += area;
      readout.outputs(row, o) = value;
      if (readout.slopes != nullptr) (*readout.slopes)(row, o) = slope;
      if (readout.areas != nullptr) (*readout.areas)(row, o) = area_[o];
    }
    t = times[i];
  }
}

}  // namespace titrate
