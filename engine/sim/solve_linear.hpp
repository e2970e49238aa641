// Exact solution of a linear system with constant coefficients.
//
//   y(t + h) = Phi y(t) + Psi u,      Phi = exp(A h),  Psi = integral of exp(A s) ds over 0..h,  u = b + rate
//
// from one exponential of a block matrix (Van Loan 1978, IEEE TAC 23:395): exp([A I; 0 0] h) = [Phi Psi; 0 I]. The sensitivity to
// eta_j needs the derivative of that exponential in the direction dA/deta_j, again a block exponential (Najfeld & Havel 1995):
// exp([X E; 0 X]) = [exp X, L(X, E); 0, exp X]. Propagators are kept per segment and interval, so equal intervals cost one
// exponential.

#pragma once

#include <map>
#include <vector>

#include "sim/motion.hpp"

namespace titrate {

class LinearSolver {
 public:
  // `k` effects with sensitivities, 0 without.
  LinearSolver(const System& system, int k) : system_(system), k_(k) {}

  // From motion.t to `until` in one segment. `p` holds derivatives when k > 0.
  void advance(Motion& motion, double until, std::size_t segment, const SegmentValues& p, const Forcing& forcing);

  // exp(A h): what a state of now becomes, without any input.
  [[nodiscard]] const Matrix& transition(double h, std::size_t segment, const SegmentValues& p);

 private:
  struct Coefficients {
    Matrix A;
    Vector b;
    std::vector<Matrix> dA;
    std::vector<Vector> db;
  };
  struct Propagator {
    Matrix Phi, Psi;
    std::vector<Matrix> dPhi, dPsi;
  };
  const Coefficients& coefficients(std::size_t segment, const SegmentValues& p);
  const Propagator& propagator(double h, std::size_t segment, const SegmentValues& p);

  const System& system_;
  int k_;
  std::map<std::size_t, Coefficients> coefficients_;
  std::map<std::pair<std::size_t, double>, Propagator> propagators_;
  std::vector<double> registers_, values_;
};

}  // namespace titrate
