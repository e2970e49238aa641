// Outputs of a linear system, f = C y + d: from its states, and as c z + d of its modes, c = C V (sim/solve_linear.hpp).

#include <algorithm>

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

LinearSolver::Modal LinearSolver::modal(const SegmentValues& p, const Tape& parts, Index m) {
  Segment& s = segment_of(p);
  const Coefficients& c = s.coefficients;
  if (!c.has_modes) return {};
  const Outputs& of = outputs_of(s, p, parts, m);
  if (of.of_integrals) return {};
  return {c.modes.rate.data(), c.modes.V.data(), c.modes.V_inverse.data(), c.b.data(), of.c.data(), of.d.data(), &s};
}

void LinearSolver::factors(const Modal& modal, double h, double time, std::size_t& place, std::vector<double>& out) const {
  Gaps& gaps = modal.segment->gaps;
  if (place < gaps.known) gaps.last = place;
  const Factors& f = factors_of(*modal.segment, h, time);
  place = gaps.last;
  const Index n = y_.size();
  out.resize(static_cast<std::size_t>(3 * n));
  double* to = out.data();
  for (const Vector* const e : {&f.e0, &f.e1, &f.e2})
    for (Index i = 0; i < n; ++i) *to++ = (*e)[i];
}

}  // namespace titrate
