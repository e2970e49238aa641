// What planned doses add to an output of a linear system, of many plans side by side.
//
// The course of dy/dt = A y + b + u is that without u and what u adds, which begins at nothing and knows neither b nor anything
// given before. Along the modes A = V L V^-1 (sim/solve_linear), with w = V^-1 u constant between two changes of any plan,
//
//   z(t + h) = e^(l h) z + h exp[l h, 0] w,      value = c z,      area = sum of c (h exp[l h, 0] z + h^2 exp[l h, 0, 0] w)
//
// All plans stop where one of them changes, so that the exponentials of a gap are computed once for all. Each term c_i z_i only
// rises or only falls within a gap: no value between lies above the sum of what each is at its higher end (`top`).
//
// Units: the coherent set, as sim/simulate; area in (unit of the output) * h.

#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include "sim/exposure.hpp"
#include "sim/timeline.hpp"

namespace titrate {

class AddedCourses {
 public:
  // `schedule` has the parameters that hold when; its own doses are not looked at. It must outlive this.
  // All plans are read from `from` on, each to a time of its own; the one that is read longest comes first.
  AddedCourses(const CompiledModel& model, const System& system, const Schedule& schedule, int output, double from,
               std::vector<double> until)
      : model_(model), system_(system), schedule_(schedule), output_(output), from_(from), until_(std::move(until)) {}

  // Once for all individuals with the same inputs: what each plan gives; then the gaps, which end at the times `also`, too.
  void forget() { events_.clear(); }
  void add(std::size_t plan, const Action& action);  // a bolus, or the start or end of an infusion
  void lay_out(const std::vector<double>& also, const Segments& segments);

  // Of the next individual. False where one of its segments has no modes, the output is an integral of the system, or a number
  // became infinite.
  [[nodiscard]] bool set(Individual& individual, const Segments& segments);

  // Over its window.
  [[nodiscard]] double area(std::size_t plan) const { return area_[plan]; }
  // The gaps of all windows, one after another, and how many plans are still read in one. Of these: the values after what happens
  // at its beginning, those before what happens at its end, and what no value between exceeds.
  [[nodiscard]] std::size_t gaps() const { return gaps_.size() - first_inside_; }
  [[nodiscard]] double begin(std::size_t gap) const { return gaps_[first_inside_ + gap].begin; }
  [[nodiscard]] double end(std::size_t gap) const { return gap + 1 < gaps() ? begin(gap + 1) : until_.front(); }
  [[nodiscard]] std::size_t read_in(std::size_t gap) const { return gaps_[first_inside_ + gap].plans; }
  [[nodiscard]] const double* starts(std::size_t gap) const { return start_.data() + gap * until_.size(); }
  [[nodiscard]] const double* ends(std::size_t gap) const { return end_.data() + gap * until_.size(); }
  [[nodiscard]] const double* tops(std::size_t gap) const { return top_.data() + gap * until_.size(); }
  // Value and slope of a plan some time after the beginning of a gap, and between what its slopes in the gap lie.
  [[nodiscard]] Point at(std::size_t gap, std::size_t plan, double passed) const;
  struct Range {
    double least = 0.0, most = 0.0;
  };
  [[nodiscard]] Range slopes(std::size_t gap, std::size_t plan) const;

 private:
  // From `time` on: an amount given at once, or the total rate into a state.
  struct Event {
    double time = 0.0;
    std::size_t plan = 0;
    int state = 0;
    bool at_once = false;
    double amount = 0.0;  // an infusion's: what it adds to the rate, then the total
  };
  struct Gap {
    double begin = 0.0, h = 0.0;
    std::size_t parameters = 0, factors = 0;
    std::size_t events = 0;  // up to here all have happened
    bool inside = false;     // a window
    std::size_t inputs = 0;  // which w
    std::size_t plans = 0;   // those that are still followed
  };
  // Of segments with the same inputs.
  struct Parameters {
    std::size_t segment = 0;  // one of them
    LinearSolver::Modal modal;
  };
  struct Factors {
    std::size_t parameters = 0;
    double h = 0.0;
  };

  // z_i of a plan at the beginning of a gap of the windows, and w_i in it.
  struct Mode {
    double z = 0.0, w = 0.0;
  };
  [[nodiscard]] Mode mode(std::size_t i, std::size_t gap, std::size_t plan) const;

  void set_total_rates();
  [[nodiscard]] std::size_t parameters_of(std::size_t segment, const Segments& segments);
  [[nodiscard]] std::size_t factors_of(std::size_t parameters, double h, double time);
  [[nodiscard]] bool set_factors(LinearSolver& solver, const Segments& segments);
  void change_parameters(const LinearSolver::Modal* before, const LinearSolver::Modal& now, std::size_t plans, double* z,
                         double* w);
  void happen(const Event& event, const LinearSolver::Modal& now, double* z, double* w);
  void move(std::size_t gap);
  [[nodiscard]] double* z_of(std::size_t gap) { return z_.data() + gap * modes_ * until_.size(); }
  [[nodiscard]] double* w_of(std::size_t inputs) { return w_.data() + inputs * modes_ * until_.size(); }

  const CompiledModel& model_;
  const System& system_;
  const Schedule& schedule_;
  int output_;
  double from_;
  std::vector<double> until_;  // of each plan
  std::size_t modes_ = 0;
  std::vector<Event> events_;  // by time
  std::vector<Gap> gaps_;      // those of the windows last
  std::size_t first_inside_ = 0, inputs_ = 0;
  std::vector<Parameters> parameters_;
  std::vector<Factors> factors_;
  // Of one individual. Numbers of a mode in all plans follow one another.
  const std::vector<Eigen::Index>* moving_ = nullptr;
  std::vector<double> e_;                  // e0, e1 and e2 of all modes, of all factors
  std::vector<double> z_, w_;              // of all modes at the beginning of each gap; of all modes for each set of inputs
  std::vector<double> rates_, y_;          // of all moving states
  std::vector<double> start_, end_, top_;  // of all plans in each gap of the windows
  std::vector<double> area_;               // of all plans
};

}  // namespace titrate
