// Metrics, peaks and troughs of many plans in one individual by superposition.
//
// Where the states are linear and what a plan adds is given as boluses or infusions, its output is that of no dose and what the
// planned doses add (sim/added_courses): one course without a planned dose and one walk serve all plans whose windows begin at
// one time. A dose adds in proportion to its amount, so that the regimens that differ in it alone need one list of doses:
//
//   f = f_none + (amount / largest amount) f_added
//
// A peak is the highest of the values at the ends of gaps, and of what lies within those gaps that could hold more: by the bound
// of f_none's cubic (sim/exposure) and of f_added's modes, and unless the slopes of both say that f only rises or only falls.
// Within such a gap it is found as in a simulated curve.

#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "decide/judge.hpp"
#include "sim/added_courses.hpp"
#include "sim/history.hpp"

namespace titrate {

// Regimens that differ in the amount alone, by amount; and one future.
struct PlanFamily {
  std::vector<std::size_t> questions;
  std::size_t future = 0;
};

class SuperposedPlans {
 public:
  // Nothing where courses do not add up in this way, the metric needs the whole curve, or a schedule cannot be built: then each
  // plan is simulated.
  [[nodiscard]] static std::optional<SuperposedPlans> make(const Judging& judging, const std::vector<Question>& questions,
                                                           const std::vector<PlanFamily>& families);

  struct Reading {
    double metric = 0.0, peak = 0.0, trough = 0.0;  // peak: 0 where neither it nor a metric of it is wanted
  };
  // One draw; `history` is of this draw. False where its system has no modes or a course fails: then this cannot say anything of
  // it.
  [[nodiscard]] bool read(Individual& individual, std::size_t variant, History& history);
  // Of the last draw: the questions of a family in its order.
  [[nodiscard]] const Reading* of(std::size_t family) const {
    return groups_[place_[family].group].readings.data() + place_[family].first;
  }

 private:
  // One question under one future.
  struct Member {
    std::size_t question = 0, plan = 0;
    double share = 0.0;  // of the plan's amount
  };
  // A family under one variant: the planned doses of its largest amount.
  struct Plan {
    Schedule schedule;
    std::vector<char> planned;  // of its doses
  };
  // Where the course without a dose is read for one end of a gap: at a sample or, where an individual's times are not those of
  // the typical one, between two.
  struct Side {
    std::optional<std::size_t> sample;
    double time = 0.0;
  };
  struct Sides {
    Side begin, end;
  };
  // Which gaps end at a member's trough and at the end of its window.
  struct Ends {
    std::size_t trough = 0, window = 0;
  };
  struct OfVariant {
    std::vector<Plan> plans;
    std::optional<Segments> segments;
    std::optional<AddedCourses> added;
    std::vector<double> moved_by;
    bool laid_out = false;
    std::vector<Sides> sides;  // of each gap
    std::vector<Ends> ends;    // of each member
  };
  // The plans under one future whose windows begin together; the longest window comes first.
  struct Group {
    std::size_t future = 0;
    TargetWindow window;  // the longest
    std::vector<Member> members;
    std::vector<double> until;    // of each plan
    std::unique_ptr<Probe> none;  // no dose; in place, since curves refer to it
    std::optional<ProbeCurves> curves;
    std::vector<OfVariant> of_variant;
    std::vector<Reading> readings;  // of the members
  };
  // The course without a dose in one gap.
  struct Without {
    Point begin, end;
    double top = 0.0;
  };
  struct Place {
    std::size_t group = 0, first = 0;  // member
  };

  SuperposedPlans(const Judging& judging, const std::vector<Question>& questions, const std::vector<PlanFamily>& families);
  [[nodiscard]] Group* group_of(const PlanFamily& family);
  [[nodiscard]] bool add(std::size_t family);
  [[nodiscard]] bool add_plan(Group& group, const Question& most);
  [[nodiscard]] bool prepare(Group& group);
  [[nodiscard]] bool lay_out(const Group& group, OfVariant& of, const Curve& none) const;
  void read_without(const OfVariant& of, const Curve& none);
  void read_peaks(Group& group, const AddedCourses& added);
  [[nodiscard]] double highest_within(const AddedCourses& added, std::size_t gap, const Member& member);
  [[nodiscard]] double metric(const Window& window, const Reading& reading, double area, double last);
  [[nodiscard]] double amount(std::size_t question) const;
  [[nodiscard]] const TargetWindow& window(const Member& member) const { return questions_[member.question].window; }

  const Judging& judging_;
  const CompiledModel& model_;
  const std::vector<Question>& questions_;
  const std::vector<PlanFamily>& families_;
  bool peaks_;  // are wanted
  std::vector<Group> groups_;
  std::vector<Place> place_;  // of each family
  std::vector<Without> without_;
  Curve ends_, gap_, within_;
};

}  // namespace titrate
