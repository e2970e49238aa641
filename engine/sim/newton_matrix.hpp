// W = I / (gamma h) - J of an implicit step, factorised for many right sides.
//
// Systems of up to some sixty states: Gaussian elimination with partial pivoting in place that passes over zeros; the factors'
// entries are then listed, so that a right side costs one multiplication for each. Models are chains and networks, so most
// entries are 0. Large systems with few entries: Eigen's SparseLU (partial pivoting, columns ordered by COLAMD); the pattern is
// analysed once. Where each pays was measured: see sparse_pays.

#pragma once

#include <Eigen/SparseLU>
#include <optional>

#include "model/compiled.hpp"

namespace titrate {

class NewtonMatrix {
 public:
  explicit NewtonMatrix(const Pattern& J);

  // False when W is singular or not finite.
  [[nodiscard]] bool factorise(const std::vector<double>& J, double one_over_gamma_h);
  // Each of the `columns` columns of `right` (n x columns, one after the other) becomes W^-1 times it.
  void solve(double* right, Eigen::Index columns);

  [[nodiscard]] static bool sparse_pays(const Pattern& J);

 private:
  using Sparse = Eigen::SparseMatrix<double>;
  struct Factor {  // rows of L below the diagonal, or of U above it
    std::vector<std::size_t> start;
    std::vector<std::size_t> column;
    std::vector<double> value;
  };
  void lay_out();
  bool eliminate();

  const Pattern& pattern_;
  std::size_t n_;
  std::vector<double> W_;  // row major
  std::vector<std::size_t> row_, entries_;
  Factor L_, U_;
  std::vector<double> pivot_, work_;  // 1 / U_ii
  Sparse S_;
  std::vector<std::size_t> place_, diagonal_;  // of each entry of J, and of each diagonal entry, in the values of S_
  std::optional<Eigen::SparseLU<Sparse, Eigen::COLAMDOrdering<int>>> sparse_;
  Matrix solution_;
};

}  // namespace titrate
