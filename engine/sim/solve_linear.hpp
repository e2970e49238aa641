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

#pragma once

#include <map>
#include <optional>
#include <vector>

#include "sim/motion.hpp"
#include "sim/readout.hpp"

namespace titrate {

class LinearSolver {
 public:
  // `k` effects with sensitivities, 0 without.
  LinearSolver(const System& system, int k);

  // From motion.t to `until` with one p, which holds derivatives when k > 0, and which is known again by its address.
  void advance(Motion& motion, double until, const SegmentValues& p, const Forcing& forcing);
  // Writes outputs at times[first ... last), ascending from motion.t on, while p and forcing hold. The motion stays where it is.
  // False, and nothing written, where the system has no modes or an output is one of its integrals.
  [[nodiscard]] bool read(const Motion& motion, const std::vector<double>& times, std::size_t first, std::size_t last,
                          const SegmentValues& p, const Forcing& forcing, const Readout& readout);

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
    std::optional<Modes> modes;
  };
  // h and its powers times the exponentials of all modes, and of all pairs where they are wanted.
  struct Factors {
    double h = -1.0;
    Vector e0, e1, e2;
    Matrix f0, f1, f2;
  };
  struct Propagator {
    Matrix Phi, Psi;
    std::vector<Matrix> dPhi, dPsi;
  };
  // Outputs as sums of modes: c (moving states x m) and d.
  struct OutputModes {
    Matrix c;
    Vector d;
    bool of_integrals = false;
  };
  struct Segment {
    Coefficients coefficients;
    std::optional<OutputModes> outputs;
    Factors factors;
    std::map<double, Propagator> propagators;
  };

  Segment& segment_of(const SegmentValues& p);
  void find_modes(Coefficients& c) const;
  const OutputModes& output_modes(Segment& segment, const SegmentValues& p, const Tape& parts, Eigen::Index m);
  void set_modes(const Motion& motion, const Coefficients& c, const Forcing& forcing);
  void set_factors(Factors& factors, const Modes& modes, double h) const;
  const Propagator& propagator(Segment& segment, double h) const;
  void advance_modes(Motion& motion, double h, Segment& segment, const SegmentValues& p, const Forcing& forcing);
  void advance_sensitivities(Motion& motion, double h, const Segment& segment, const SegmentValues& p, const Forcing& forcing);
  void advance_propagator(Motion& motion, double h, Segment& segment, const SegmentValues& p, const Forcing& forcing);

  const System& system_;
  int k_;
  std::vector<Eigen::Index> moving_, integrals_;
  std::map<const SegmentValues*, Segment> segments_;
  std::vector<double> registers_, values_, grid_;
  Vector y_, u_, z_, w_, z_next_, z_area_, dz_, dw_, dz_next_, dz_area_;  // of the moving states, or their modes
};

}  // namespace titrate
