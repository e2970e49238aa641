// The rates of a linear system dz/dt = A z, in groups of those that lie together:
//
//   V^-1 A V = T,   block by block:   T_g = l_g + N_g,   e^(T_g s) = e^(l_g s) sum_q (s^q / q!) N_g^q
//
// A rate by itself has a mode: N is 0 and one term is all. A chain of m equal rates has none but these m terms, as N^m = 0; where
// the rates of a group differ a little, a few more terms follow until the rest is below rounding. So no quotient of a small
// difference of rates ever appears, however close two of them are.
//
// States that act on each other (exchange between compartments) are components; of each the modes are found. In the order of
// what acts on what, A is then triangular with its rates on the diagonal: exactly those of the model, for the states of a chain.
// What joins two groups is taken out entry by entry (Golub & Van Loan, Matrix Computations, 7.6.3):
//
//   L S = S T:   S_ij (d_j - d_i) or T_ij  =  L_ij + sum_(j<k<i) (L_ik S_kj - S_ik T_kj)

#pragma once

#include <vector>

#include "base/modes.hpp"

namespace titrate {

class RateGroups {
 public:
  using Index = Eigen::Index;

  struct Group {
    Index first = 0, size = 0;  // its columns of V
    double rate = 0.0;          // the middle
    Index powers = 1;           // of N, from the 0th on, that matter
  };

  // Of `n` states; entry k of A is where column[k] acts on row[k].
  RateGroups(Index n, const std::vector<Index>& row, const std::vector<Index>& column);

  // False: rates that swing, that grow together, or too many terms.
  [[nodiscard]] bool find(const Matrix& A);

  [[nodiscard]] const std::vector<Group>& groups() const { return groups_; }
  [[nodiscard]] const Matrix& V() const { return V_; }  // columns of length 1
  [[nodiscard]] const Matrix& V_inverse() const { return V_inverse_; }
  [[nodiscard]] Eigen::Block<const Matrix> N(const Group& g) const { return N_.block(g.first, g.first, g.size, g.size); }

  // X with X T - T X = E between the groups, which leaves of E what is within them.
  void decouple(Matrix& E, Matrix& X) const;

 private:
  [[nodiscard]] bool make_triangular(const Matrix& A);
  void group_rates();
  void separate();
  void collect();
  [[nodiscard]] bool count_powers(Group& g);

  std::vector<Index> order_;  // of the states: what acts comes before what it acts on
  std::vector<Index> ends_;   // of the components, in `order_`
  RealModes real_modes_;
  Vector rates_;
  Matrix L_, U_, S_, T_, W_;  // L S = S T, W = U S
  Matrix V_, V_inverse_, N_, power_, largest_;
  std::vector<Index> by_rate_, group_of_, place_;  // of each place in `order_`: its group, its column of V
  std::vector<Group> groups_;
};

}  // namespace titrate
