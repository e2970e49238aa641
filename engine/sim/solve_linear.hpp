// Exact solution of a linear system with constant coefficients, dy/dt = A y + u.
//
// States that act on nothing (areas under the curve, amounts excreted) are integrals q of the others: with the moving states y
// alone
//
//   dy/dt = A y + u,   dq/dt = C y + v,         u = b + rate, v = d + rate of the integrals
//
// Where A = V L V^-1 has real rates l and well-conditioned modes V, all follows from exponentials of single numbers
// (sim/exp_differences; x = l h). With z = V^-1 y and w = V^-1 u, each mode by itself:
//
//   z(t + h) = e^x z + h exp[x,0] w,     integral of z = h exp[x,0] z + h^2 exp[x,0,0] w,     q(t + h) = q + C V (integral) + v h
//
// and, in the direction dA of an effect, with E = V^-1 dA V,
//
//   dz(t + h)_i  += sum_j E_ij (h exp[xi,xj] z_j + h^2 exp[xi,xj,0] w_j)
//   d(integral)_i += sum_j E_ij (h^2 exp[xi,xj,0] z_j + h^3 exp[xi,xj,0,0] w_j)
//
// Elsewhere (chains of equal rates, cycles that swing) one exponential of a block matrix (Van Loan 1978, IEEE TAC 23:395) gives
// exp([A I; 0 0] h) = [Phi Psi; 0 I],  y(t + h) = Phi y + Psi u,  and its derivative in the direction dA is again the block of
// one, exp([X E; 0 X]) = [exp X, L(X, E); 0, exp X] (Najfeld & Havel 1995); these propagators are kept per p and interval.
//
// Outputs that are linear in the states, f = C y + d, are sums of modes too (solve_linear_outputs.cpp), which sim/modal_course
// follows without the states.

#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "base/modes.hpp"
#include "sim/motion.hpp"
#include "sim/readout.hpp"

namespace titrate {

class LinearSolver {
  struct Segment;

 public:
  // `k` effects with sensitivities, 0 without.
  LinearSolver(const System& system, int k);

  // From motion.t to `until` with one p, which holds derivatives when k > 0, and which is known again by its address.
  void advance(Motion& motion, double until, const SegmentValues& p, const Forcing& forcing);
  // Under one p, of the n moving states: rates and modes, the constant input of every state, and the outputs c z + d of the modes
  // (c: n x m, d: m). All null where the system has no modes or an output is one of its integrals.
  struct Modal {
    const double *rate = nullptr, *V = nullptr, *V_inverse = nullptr, *b = nullptr, *c = nullptr, *d = nullptr;
    Segment* segment = nullptr;
  };
  [[nodiscard]] Modal modal(const SegmentValues& p, const Tape& parts, Eigen::Index m);
  // Of all modes e^x, then h exp[x, 0], then h^2 exp[x, 0, 0], of the gap h that ends at `time`. `place`: where such factors were
  // kept in the individual before, and now.
  void factors(const Modal& modal, double h, double time, std::size_t& place, std::vector<double>& out) const;
  [[nodiscard]] Eigen::Index modes() const { return y_.size(); }
  [[nodiscard]] const std::vector<Eigen::Index>& moving() const { return moving_; }
  // Writes what is read at motion.t, from the states themselves; any linear system can.
  void read_here(const Motion& motion, std::size_t row, const SegmentValues& p, const Forcing& forcing, const Readout& readout);

 private:
  // Rates and modes of the moving states, and what the modes do to the integrals.
  struct Modes {
    Vector rate;
    Matrix V, V_inverse;
    Matrix CV;
    std::vector<Matrix> E, dCV;  // per effect: V^-1 dA V, dC V
  };
  struct Coefficients {
    Matrix A;  // of all states
    Vector b;
    std::vector<Matrix> dA;
    std::vector<Vector> db;
    bool has_modes = false;
    Modes modes;
  };
  // h and its powers times the exponentials of all modes, and of all pairs where they are wanted.
  struct Factors {
    double h = 0.0;
    Vector e0, e1, e2;
    Matrix f0, f1, f2;
  };
  // Gaps between events, and between the values that are read, recur: the factors of the last ones are kept.
  struct Gaps {
    std::vector<Factors> factors;
    std::size_t known = 0, last = 0;
  };
  struct Propagator {
    Matrix Phi, Psi;
    std::vector<Matrix> dPhi, dPsi;
  };
  // Outputs of the states, C and C A (transposed: states x m) and d, and of the modes, c = C V (moving states x m).
  struct Outputs {
    bool known = false;
    Matrix C, CA, c;
    Vector d;
    bool of_integrals = false;
  };
  struct Segment {
    std::optional<std::uint64_t> version;  // of the p that all this follows from
    Coefficients coefficients;
    Outputs outputs;
    Gaps gaps;
    std::map<double, Propagator> propagators;
  };

  Segment& segment_of(const SegmentValues& p);
  void find_modes(Coefficients& c);
  const Outputs& outputs_of(Segment& segment, const SegmentValues& p, const Tape& parts, Eigen::Index m);
  void set_modes(const Motion& motion, const Coefficients& c, const Forcing& forcing);
  // Of the gap h that ends at `time`.
  const Factors& factors_of(Segment& segment, double h, double time) const;
  void set_factors(Factors& factors, const Modes& modes, double h) const;
  const Propagator& propagator(Segment& segment, double h) const;
  void advance_modes(Motion& motion, double h, Segment& segment, const SegmentValues& p, const Forcing& forcing);
  void advance_sensitivities(Motion& motion, double h, const Coefficients& c, const Factors& f, const SegmentValues& p,
                             const Forcing& forcing);
  void advance_propagator(Motion& motion, double h, Segment& segment, const SegmentValues& p, const Forcing& forcing);

  const System& system_;
  int k_;
  std::vector<Eigen::Index> moving_, integrals_;
  std::map<const SegmentValues*, Segment> segments_;
  RealModes real_modes_;
  std::vector<double> registers_, values_;
  Vector y_, u_, z_, w_, z_next_, z_area_, dz_, dw_, dz_next_, dz_area_;  // of the moving states, or their modes
};

}  // namespace titrate
