// When each level was drawn: during an infusion, before distribution ended, before the steady state. Such levels are used at
// their clock time, which is right for the fit; what is wrong is to read them as a trough or a peak.

#include <algorithm>
#include <cmath>

#include "base/modes.hpp"
#include "decide/cautions.hpp"
#include "decide/words.hpp"
#include "sim/timeline.hpp"

namespace titrate {

namespace {

struct Input {
  double begin = 0.0, end = 0.0;
};

// Inputs of the doses before a time, with lag and bioavailability of this eta; the number of administrations before it as well.
struct Before {
  std::vector<Input> inputs;
  int doses = 0;
  bool steady = false;  // a steady-state record among them
};

Before inputs_before(const CompiledModel& model, const Schedule& schedule, const Segments& segments, const Observation& o) {
  Before before;
  for (const ScheduledDose& dose : schedule.doses) {
    if (dose.time > o.time || (dose.time == o.time && dose.order >= o.order)) continue;
    ++before.doses;
    before.steady = before.steady || dose.ss > 0;
    for (const CompiledEntry& entry : model.routes[static_cast<std::size_t>(dose.route)].entries) {
      if (entry.sets) continue;
      const Entering e = entering(schedule, segments, dose, entry);
      before.inputs.push_back({dose.time + e.lag, dose.time + e.lag + e.duration});
    }
  }
  return before;
}

// Half-life of the second slowest process of a linear model, between 1 and 4 h: how long after an infusion the tissues still
// fill.
double distribution_time(const CompiledModel& model, const SegmentValues& p) {
  constexpr double least = 1.0, most = 4.0;
  if (!model.states.linear || model.n < 2) return least;
  const auto n = static_cast<Eigen::Index>(model.states.n);
  std::vector<double> parts(model.states.linear_parts.outputs.size()), registers;
  run<double>(model.states.linear_parts, 0.0, nullptr, p.p.data(), parts.data(), registers);
  const Matrix A = Eigen::Map<const Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>>(parts.data(), n, n);
  if (!A.allFinite()) return least;
  std::vector<double> rates;
  for (const double rate : RealModes().real_parts(A))
    if (rate < -1e-12) rates.push_back(-rate);
  std::sort(rates.begin(), rates.end());
  if (rates.size() < 2) return least;
  return std::clamp(std::log(2.0) / rates[1], least, most);
}

Caution about(std::string id, const Observation& o, std::string message, std::string why) {
  return {std::move(id),
          Caution::Grade::note,
          std::move(message),
          std::move(why),
          "The level is used at its clock time, so check that time; do not read it as a trough or a peak.",
          o.path,
          false};
}

Cautions timing_of(const Situation& situation, std::size_t index, const Vector& eta) {
  const CompiledModel& model = *situation.model;
  const Observation& o = situation.patient.observations[index];
  const auto built = build_schedule(model, situation.patient, {});
  if (!built || o.excluded) return {};
  for (const Output& output : model.model->outputs)
    if (output.name == o.output && counts_cells(output.unit)) return {};  // cells answer in days
  const Schedule& schedule = built->schedule;
  Individual individual(model, eta);
  const Segments segments(model, schedule, individual, false);
  if (!segments.ok()) return {};
  const Before before = inputs_before(model, schedule, segments, o);
  const double settle = distribution_time(model, segments.values(segment_at(schedule, o.time)));
  const std::string when = "The level at " + number_words(o.time, 4) + " h";
  Cautions all;
  for (const Input& input : before.inputs) {
    const bool infusion = input.end > input.begin;
    if (infusion && o.time > input.begin && o.time < input.end)
      merge(all, {about("trough_during_infusion", o, when + " was drawn during an infusion.",
                        "A line that carries the drug may have been used for the draw.")});
    else if (infusion && o.time >= input.end && o.time < input.end + settle)
      merge(all, {about("trough_in_distribution_phase", o,
                        when + " was drawn " + hours_words(o.time - input.end) + " after the end of an infusion.",
                        "Distribution lasts about " + hours_words(settle) + ": the level falls fast there, and minutes count.")});
  }
  const bool repeated = situation.current && situation.current->ii > 0.0;
  const bool early = repeated && before.doses > 0 && !before.steady && before.doses <= 3;
  if (early)
    all.push_back(about("before_steady_state", o,
                        when + " was drawn after dose " + std::to_string(before.doses) + ", before the steady state.",
                        "The model follows the doses from the first one and needs no steady state."));
  return all;
}

}  // namespace

Cautions timing_cautions(const Situation& situation, const Vector& eta) {
  Cautions all;
  for (std::size_t i = 0; i < situation.patient.observations.size(); ++i) merge(all, timing_of(situation, i, eta));
  return all;
}

std::vector<std::string> timing_remarks(const Situation& situation, std::size_t observation, const Vector& eta) {
  std::vector<std::string> remarks;
  for (const Caution& c : timing_of(situation, observation, eta)) remarks.push_back(c.message);
  return remarks;
}

}  // namespace titrate
