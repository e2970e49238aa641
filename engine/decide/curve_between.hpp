// Curves on the line between two, f = (1 - part) f_least + part f_most: those of regimens that differ in the amount alone
// (decide/judge). One after another is read where it is wanted and not computed elsewhere.

#pragma once

#include <cstddef>
#include <vector>

#include "sim/exposure.hpp"

namespace titrate {

class CurveBetween {
 public:
  // Both have the same times and stay in place while they are used.
  void set_ends(const Curve& least, const Curve& most);
  // Where the curves between can be highest, and around the trough: for highest() and value_at().
  void find_gaps(double trough_time);
  void move_to(double part) { part_ = part; }  // 0: least; 1: most

  // Of these curves, areas alone are of use, and only the first and the last; or everything, but areas between.
  [[nodiscard]] const Curve& areas_at_ends();
  [[nodiscard]] const Curve& whole();
  [[nodiscard]] double highest();
  [[nodiscard]] double value_at(double trough_time);

 private:
  [[nodiscard]] double on_line(double least, double most) const { return (1.0 - part_) * least + part_ * most; }
  void set_sample(std::size_t i);
  void set_gap(std::size_t i);

  const Curve *least_ = nullptr, *most_ = nullptr;
  double part_ = 0.0;
  Curve curve_;
  std::vector<std::size_t> highest_gaps_;
  std::size_t trough_gap_ = 0;
};

}  // namespace titrate
