// Curves on a line between two, read where it is wanted, against the same curves computed everywhere.

#include "decide/curve_between.hpp"

#include <doctest/doctest.h>

#include <cmath>

using namespace titrate;

namespace {

// Oral doses every `ii` hours on top of what is left of others, sampled every `gap` hours; doses lie on samples.
Curve oral(double amount, double left, double ii, double gap) {
  constexpr double ka = 0.9, ke = 0.15;
  Curve curve;
  for (int i = 0; gap * i <= 24.0; ++i) {
    const double t = gap * i;
    double value = left * std::exp(-ke * t), slope = -ke * value;
    for (double dose = 0.0; dose < t - 1e-9; dose += ii) {
      const double slow = std::exp(-ke * (t - dose)), fast = std::exp(-ka * (t - dose));
      value += amount * ka / (ka - ke) * (slow - fast);
      slope += amount * ka / (ka - ke) * (ka * fast - ke * slow);
    }
    curve.time.push_back(t);
    curve.value.push_back(value);
    curve.slope.push_back(slope);
    curve.auc.push_back(100.0 + t);
  }
  return curve;
}

}  // namespace

TEST_CASE("the highest value and the trough on a line are those of the whole curve there, to the last bit") {
  for (const double ii : {6.0, 8.0, 12.0})
    for (const double gap : {0.5, 1.0, 2.0})
      for (const double left : {0.0, 4.0, 40.0}) {  // nothing before; the last peak is the highest; the beginning is
        const Curve least = oral(1.0, left, ii, gap), most = oral(20.0, left, ii, gap);
        CurveBetween sparse, full;
        for (CurveBetween* const line : {&sparse, &full}) line->set_ends(least, most);
        for (const double trough : {0.0, 11.5, 12.25, 24.0, 30.0}) {
          sparse.find_gaps(trough);
          for (const double part : {0.0, 0.05, 0.3, 0.5, 0.9, 1.0}) {
            for (CurveBetween* const line : {&sparse, &full}) line->move_to(part);
            INFO("every " << ii << ", gap " << gap << ", left " << left << ", trough " << trough << ", part " << part);
            CHECK(sparse.highest() == highest(full.whole()).value);
            CHECK(sparse.value_at(trough) == value_at(full.whole(), trough));
          }
        }
      }
}

TEST_CASE("a window that is a single time has its value as the highest") {
  const Curve least{{3.0}, {1.0}, {0.5}, {0.0}}, most{{3.0}, {2.0}, {-0.5}, {0.0}};
  CurveBetween line;
  line.set_ends(least, most);
  line.find_gaps(3.0);
  line.move_to(0.25);
  CHECK(line.highest() == 1.25);
  CHECK(line.value_at(3.0) == 1.25);
}
