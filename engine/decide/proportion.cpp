#include "decide/proportion.hpp"

#include <algorithm>

namespace titrate {

namespace {

// Whether d output / d states, which outputs_sens computes, does not read the states.
bool linear_in_states(const CompiledModel& model, int output) {
  const Tape& tape = model.outputs_sens;
  std::vector<char> moves(static_cast<std::size_t>(tape.registers), 0);
  const auto at = [&](std::int32_t which) -> char& { return moves[static_cast<std::size_t>(which)]; };
  for (std::size_t i = 0; i < tape.loads.size(); ++i) moves[i] = tape.loads[i].from == Load::From::y ? 1 : 0;
  for (const Instruction& i : tape.code) at(i.out) = static_cast<char>(at(i.a) | at(i.b) | at(i.c));
  const auto first = tape.outputs.begin() + model.m + output * model.n;
  return std::none_of(first, first + model.n, [&](std::int32_t which) { return at(which) != 0; });
}

bool same_samples(const std::vector<Sample>& a, const std::vector<Sample>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const Sample& x, const Sample& y) {
    return x.time == y.time && x.order == y.order && x.shift == y.shift;
  });
}

bool in_proportion(const CompiledModel& model, const ScheduledDose& a, const ScheduledDose& b) {
  const bool alike = a.time == b.time && a.dur == b.dur && a.rate == b.rate && a.ii == b.ii && a.ss == b.ss &&
                     a.route == b.route && a.order == b.order;
  return alike && (a.amt == b.amt || acts_in_proportion(model, a));
}

}  // namespace

bool exactly_linear(const CompiledModel& model, int output, const SimulateOptions& options) {
  const bool exact = options.solver == Solver::automatic || options.solver == Solver::exact;
  return exact && model.with_auc.linear && model.condition_events.empty() && linear_in_states(model, output);
}

bool acts_in_proportion(const CompiledModel& model, const ScheduledDose& dose) {
  const auto& entries = model.routes[static_cast<std::size_t>(dose.route)].entries;
  return dose.rate <= 0.0 && std::all_of(entries.begin(), entries.end(), [&](const CompiledEntry& e) {
           return !e.sets && e.profile < 0 && (e.rate < 0 || dose.dur > 0.0);  // a rate would move the end of the infusion
         });
}

bool same_course_of_inputs(const Schedule& a, const Schedule& b) {
  const auto same_place = [](const Position& x, const Position& y) { return x.time == y.time && x.order == y.order; };
  return a.start == b.start && a.inputs == b.inputs && a.occasion == b.occasion && same_samples(a.samples, b.samples) &&
         std::equal(a.breaks.begin(), a.breaks.end(), b.breaks.begin(), b.breaks.end(), same_place);
}

bool on_a_line(const CompiledModel& model, const Probe& least, const Probe& most, int output, const SimulateOptions& options) {
  if (!exactly_linear(model, output, options)) return false;
  for (std::size_t v = 0; v < least.built.size(); ++v) {
    const Schedule &a = least.built[v].schedule, &b = most.built[v].schedule;
    const bool doses = std::equal(a.doses.begin(), a.doses.end(), b.doses.begin(), b.doses.end(),
                                  [&](const ScheduledDose& x, const ScheduledDose& y) { return in_proportion(model, x, y); });
    if (!doses || !same_course_of_inputs(a, b)) return false;
  }
  return true;
}

}  // namespace titrate
