// Targets: the words of a window resolved to hours, a metric evaluated in every draw, a loss and the chances to be below, in
// and above the window of the target.
//
//   P(in) = sum_s w_s 1[lo <= h_s <= hi],   Monte-Carlo error sqrt(p (1-p) / ESS); at 0 or 1 the exact 95 % bound 1 -
//   0.05^(1/ESS) loss  = a_low * d(lo, h) + a_high * d(h, hi),  d the distance outside, 0 inside:
//           on the logarithm max(0, ln(lo/h)) / ln(hi/lo), else max(0, lo - h) / (hi - lo);
//           one-sided targets use ln 2 (a factor of two costs 1) or the limit itself as the scale.
//
// An average is one of whole dosing intervals. Where auc24 or cavg is asked for in a window after the planned start ("24 to 48
// h") and the regimen's interval does not divide the window's length L, the window is extended from its beginning to the smallest
// number of intervals n with n ii >= L, and its area is scaled to 24 h: every 18, 36 or 48 h the stated window would hold more or
// fewer doses by chance. Where the interval divides L nothing changes. Neither does anything for no dose, a single dose, or a
// regimen whose last dose falls before the extended window ends.

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "decide/regimen.hpp"
#include "decide/scenario.hpp"
#include "infer/posterior.hpp"
#include "sim/exposure.hpp"

namespace titrate {

enum class Metric { auc24, auc, cmin, cmax, cavg, time_above, value_at, nadir, nadir_time };
[[nodiscard]] std::optional<Metric> read_metric(const std::string& word);
[[nodiscard]] std::string word(Metric metric);
// "mg*h/L" for an area of an output in mg/L; h or 1 for time_above as the target's own unit says.
[[nodiscard]] Unit metric_unit(const Unit& output, Metric metric);

// "first 24 h", "day 2", "24 to 48 h", "3 to 7 days" (after the planned start), "next 24 h" (after now), "last interval",
// "steady state", "cycle", "12 h" (a single time after the planned start), "at 42 h after the last dose" or "... the first dose":
// of those that were given, for a course that runs, as one infusion of methotrexate does.
struct During {
  enum class Kind {
    after_start,
    after_now,
    after_first_dose,
    after_last_dose,
    last_interval,
    steady_state,
    cycle
  } kind = Kind::after_start;
  double from = 0.0, to = 0.0;  // h, of the kinds that count
  std::string text;
};
// From a dose that was given, or from the planned start when none was.
[[nodiscard]] inline bool counts_from_dose(const During& during) {
  return during.kind == During::Kind::after_first_dose || during.kind == During::Kind::after_last_dose;
}
[[nodiscard]] Result<During> read_during(const std::string& text, const std::string& path);

// A target whose words were understood. Numbers in the coherent set; the unit is for writing.
struct Aim {
  Target target;
  Metric metric = Metric::auc24;
  During during;
  int output = 0;
  bool as_fraction = false;  // time_above: share of the window, not hours
};
[[nodiscard]] Result<Aim> read_aim(const Model& model, const Target& target);

struct Horizon {
  double hours = 0.0;   // after now
  bool stated = false;  // by the request; else default_horizon()
};
[[nodiscard]] double default_horizon(const Situation& situation, const std::optional<Regimen>& regimen,
                                     const std::optional<Aim>& aim);

// Where a metric of a regimen is read. `withheld` is why the words could not be followed; the window is then the last interval.
struct TargetWindow {
  Window window;
  double trough_time = 0.0;
  bool steady_state = false;
  std::string words;
  std::string withheld;
  std::string whole;  // "AUC24 over 36 h, 2 intervals of 18 h, scaled to 24 h" where the window was extended; else empty
  std::optional<double> time_to_90;  // h from the planned start, steady state alone
};
// Hours count from the regimen's start, or from `counted_from` where its first dose is held back.
[[nodiscard]] TargetWindow resolve(const Situation& situation, const Aim& aim, const std::optional<Regimen>& regimen,
                                   const Horizon& horizon, const Vector& eta, std::optional<double> counted_from = std::nullopt);

// AUC24 of a regimen that goes on for ever; nothing when it has no interval or no steady state.
[[nodiscard]] std::optional<double> steady_auc24(const Situation& situation, const Regimen& regimen, int output,
                                                 const Vector& eta);

// Hours from the first dose until an interval's area reaches 90 % of the one at steady state; nothing when that takes over 2
// years.
[[nodiscard]] std::optional<double> time_to_90_percent(const Situation& situation, const Regimen& regimen, int output,
                                                       const Vector& eta);

[[nodiscard]] double metric_of(const Aim& aim, const Curve& curve, double trough_time);
[[nodiscard]] double loss(const Target& target, double h);
[[nodiscard]] std::string describe_loss(const Target& target);

struct Spread {
  Unit unit;
  double median = 0.0, p5 = 0.0, p25 = 0.0, p75 = 0.0, p95 = 0.0;
};
[[nodiscard]] Spread spread(const Vector& h, const Vector& weights, const Unit& unit);

struct Chances {
  double loss = 0.0;        // expected
  double loss_error = 0.0;  // Monte-Carlo
  double p_below = 0.0, p_in = 0.0, p_above = 0.0;
  double p_error = 0.0;
};
// Of each draw.
[[nodiscard]] Vector losses(const Target& target, const Vector& h);
[[nodiscard]] Chances chances(const Target& target, const Vector& h, const Vector& losses, const Vector& weights);

}  // namespace titrate
