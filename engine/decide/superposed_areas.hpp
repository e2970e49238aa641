// Areas of many plans in one individual by superposition.
//
// Where the states are linear and what a plan adds is given as boluses or infusions, its area over a window is that of no dose
// and what each planned dose adds to it (sim/area_weights): one walk forward and one back serve all plans of a window. A dose
// adds in proportion to its amount, so that the regimens that differ in it alone need one list of doses.

#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "decide/judge.hpp"
#include "sim/area_weights.hpp"
#include "sim/history.hpp"

namespace titrate {

// Regimens that differ in the amount alone, by amount; and one future.
struct PlanFamily {
  std::vector<std::size_t> questions;
  std::size_t future = 0;
};

class SuperposedAreas {
 public:
  // Nothing where areas do not add up in this way, or a schedule cannot be built: then each plan is simulated.
  [[nodiscard]] static std::optional<SuperposedAreas> make(const Judging& judging, const std::vector<Question>& questions,
                                                           const std::vector<PlanFamily>& families);

  // One draw's areas; `history` is of this draw. False where its system has no modes or a course fails: then this cannot say
  // anything of it.
  [[nodiscard]] bool read(Individual& individual, std::size_t variant, History& history);
  // Over the window of each question of a family, of the last individual.
  [[nodiscard]] double area(std::size_t family, std::size_t question) const;

 private:
  // A unit given at once, or per time from then on: what it adds to the area.
  struct Term {
    std::size_t input = 0;
    bool at_once = false;
    double amount = 0.0;
  };
  // A family under one variant: the planned doses of its largest amount.
  struct Plan {
    Schedule schedule;
    std::vector<char> planned;  // of its doses
    std::vector<Term> terms;
  };
  // Of one window under one future and variant.
  struct Weighing {
    Segments segments;
    AreaWeights weights;
    std::vector<Plan> plans;  // of the families of the window
    std::vector<double> moved_by;
    bool laid_out = false;
  };
  struct Group {
    std::size_t future = 0;
    std::vector<std::size_t> families;
    std::unique_ptr<Probe> none;  // no dose; in place, since curves and weights refer to it
    std::optional<ProbeCurves> curves;
    std::vector<Weighing> of_variant;
    double without = 0.0;           // the area of no dose
    std::vector<double> with_most;  // what the largest amount of each family adds
  };

  SuperposedAreas(const Judging& judging, const std::vector<Question>& questions, const std::vector<PlanFamily>& families)
      : model_(*judging.situation.model), questions_(questions), families_(families) {}
  bool add(const Judging& judging, std::size_t family);
  bool add_plan(const Judging& judging, Group& group, std::size_t family);
  bool lay_out(Weighing& weighing);
  [[nodiscard]] double amount(std::size_t question) const;

  const CompiledModel& model_;
  const std::vector<Question>& questions_;
  const std::vector<PlanFamily>& families_;
  std::vector<Group> groups_;
  struct Place {
    std::size_t group = 0, plan = 0;
  };
  std::vector<Place> place_;  // of each family
};

}  // namespace titrate
