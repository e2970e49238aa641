// Levels whose residual errors are correlated: two outputs or assays of one sample, and one output over time.
//
//   u_j = (y_j - f_j) / sqrt V_j,   u ~ Normal(0, C),   C fixed:  C_ij as stated for a pair drawn at the same time,
//   C_ij = 2^(-|t_i - t_j| / half_life) for two levels of an output with autocorrelation.
//
// With R = D^(1/2) C D^(1/2), D = diag(V), these levels add ln det R + r' R^-1 r to the objective, that is
//
//   sum_j ln V_j + ln det C + u' C^-1 u;     w = C^-1 u:   d/df_j = -2 w_j / sqrt V_j,   d/d ln V_j = 1 - w_j u_j
//
// and the expected information a' R^-1 a + tr(R^-1 dR R^-1 dR) / 2 becomes, with a = df/deta and c = d ln V/deta,
//
//   a' D^(-1/2) C^-1 D^(-1/2) a  +  c' (I + C o C^-1) c / 4          (o: entry by entry)
//
// which is the sum over levels of infer/residual when C = I. Reference: Karlsson, Beal and Sheiner 1995, J Pharmacokinet Biopharm
// 23:651 (replicates and autocorrelation); Magnus and Neudecker 1999 for the trace.
//
// A level known only to lie below or above a limit has no residual: inside a correlated group it is refused, as are levels of one
// time whose autocorrelation would be 1, and correlations that contradict one another.

#pragma once

#include <vector>

#include "infer/residual.hpp"

namespace titrate {

struct CorrelatedGroup {
  std::vector<std::size_t> members;  // indices into the measured levels, all used
  Matrix inverse;                    // C^-1
  Matrix mixed;                      // (I + C o C^-1) / 4
  double log_det = 0.0;              // of C
};

// All used levels that are correlated with another one, as one group: without any the group is empty.
[[nodiscard]] Result<CorrelatedGroup> correlated_group(const Model& model, const Patient& patient,
                                                       const std::vector<Measured>& measured);

// Replaces the terms of the group's members, so that their sum is the group's. Their information is the group's as a whole.
void correlate(const CorrelatedGroup& group, const std::vector<Measured>& measured, std::vector<Explained>& levels);
// a, c, V: rows of the members.
[[nodiscard]] Matrix group_information(const CorrelatedGroup& group, const Matrix& a, const Matrix& c, const Vector& V);

}  // namespace titrate
