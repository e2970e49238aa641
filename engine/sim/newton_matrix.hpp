// W = I / (gamma h) - J of an implicit step, factorised for many right sides.
//
// Models are chains and networks, so most entries of W are 0. Gaussian elimination with partial pivoting goes through the entries
// alone: beside the numbers stand, as one bit each, the columns of every row and the rows of every column that hold an entry. The
// factors' entries are then listed, so that a right side costs one multiplication for each.
//
// Large systems are eliminated in the order of minimum degree (Tinney & Walker 1967, Proc IEEE 55:1801), which creates few new
// entries: always the state that is coupled with the fewest of those left. Small ones keep the model's order.

#pragma once

#include <bit>
#include <cstdint>

#include "model/compiled.hpp"

namespace titrate {

// n sets of numbers below n.
class BitSets {
 public:
  explicit BitSets(std::size_t n) : words_((n + 63) / 64), bits_(n * words_, 0) {}

  void add(std::size_t set, std::size_t i) { word(set, i) |= bit(i); }
  void remove(std::size_t set, std::size_t i) { word(set, i) &= ~bit(i); }
  [[nodiscard]] std::size_t size(std::size_t set) const;
  // Adds what is in the other set; false when all of it was there.
  bool join(std::size_t set, std::size_t other);
  // In rising order, from the number `from` on.
  template <class Visit>
  void each(std::size_t set, std::size_t from, const Visit& visit) const {
    std::uint64_t first = ~std::uint64_t{0} << (from % 64);
    for (std::size_t w = from / 64; w < words_; ++w, first = ~std::uint64_t{0})
      for (std::uint64_t left = bits_[set * words_ + w] & first; left != 0; left &= left - 1)
        visit(64 * w + static_cast<std::size_t>(std::countr_zero(left)));
  }

 private:
  static std::uint64_t bit(std::size_t i) { return std::uint64_t{1} << (i % 64); }
  std::uint64_t& word(std::size_t set, std::size_t i) { return bits_[set * words_ + i / 64]; }

  std::size_t words_;
  std::vector<std::uint64_t> bits_;
};

class NewtonMatrix {
 public:
  explicit NewtonMatrix(const Pattern& J);

  // False when W is singular or not finite.
  [[nodiscard]] bool factorise(const std::vector<double>& J, double one_over_gamma_h);
  // Each of the `columns` columns of `right` (n x columns, one after the other) becomes W^-1 times it.
  void solve(double* right, Eigen::Index columns);

 private:
  struct Factor {  // rows of L below the diagonal, or of U above it
    std::vector<std::size_t> start;
    std::vector<std::size_t> column;
    std::vector<double> value;
  };
  [[nodiscard]] bool choose_pivot(std::size_t k);
  void eliminate(std::size_t k);
  void list_factors();

  std::size_t n_;
  std::vector<std::size_t> state_;  // in the order of elimination
  std::vector<std::size_t> place_;  // of each entry of J in W_
  std::vector<double> W_;           // row major, rows and columns in the order of elimination
  BitSets pattern_rows_, pattern_columns_, rows_, columns_;
  std::vector<std::size_t> row_;            // of each pivot
  std::vector<std::size_t> lower_, upper_;  // rows and columns with entries below and beside the pivot
  std::vector<char> used_;                  // rows that were pivots
  Factor L_, U_;                            // columns of L by the order of elimination, of U by state
  std::vector<double> pivot_, work_;        // 1 / U_ii
};

}  // namespace titrate
