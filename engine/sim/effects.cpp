#include "sim/effects.hpp"

#include <algorithm>

namespace titrate {

namespace {

constexpr int kMostEffects = 150;

Diagnostic error(const char* code, std::string path, std::string message, std::string hint) {
  return {code, Severity::error, std::move(path), std::nullopt, std::move(message), std::move(hint)};
}

// As the record says. `next`: the occasion of a record holds since the record before it.
void recorded_occasions(const Occasions& given, Effects& effects) {
  effects.occasions = given.count;
  effects.future = given.future;
  for (std::size_t i = 0; i < given.time.size(); ++i) {
    Position at{given.time[i], given.order[i]};
    if (given.over_time == Occasions::OverTime::next)
      at = i > 0 ? Position{given.time[i - 1], given.order[i - 1] + 1} : Position{-1e300, 0};
    effects.changes.push_back({at, given.number[i]});
    if (!given.future) effects.occasions = std::max(effects.occasions, given.number[i]);
  }
}

// One per interval between dose times that holds a level, and the one to come.
void dosing_occasions(const Patient& patient, const std::vector<ScheduledDose>& doses, Effects& effects) {
  std::vector<Position> starts;
  for (const ScheduledDose& dose : doses)
    if (starts.empty() || starts.back().time < dose.time) starts.push_back({dose.time, dose.order});
  const auto holds_level = [&](const Position& from, const Position* to) {
    return std::any_of(patient.observations.begin(), patient.observations.end(), [&](const Observation& o) {
      const bool after = o.time > from.time || (o.time == from.time && o.order > from.order);
      // A level that stands where the next dose does is the trough before it.
      const bool before = to == nullptr || o.time < to->time || (o.time == to->time && o.order <= to->order);
      return !o.excluded && after && before;
    });
  };
  const int to_come = 1000000000;  // renumbered when the last occasion is known
  for (std::size_t i = 0; i < starts.size(); ++i) {
    const Position* end = i + 1 < starts.size() ? &starts[i + 1] : nullptr;
    int number = 0;
    if (holds_level(starts[i], end))
      number = ++effects.occasions;
    else if (patient.now && (end == nullptr || end->time > *patient.now))
      number = to_come;
    const bool as_before = !effects.changes.empty() && effects.changes.back().number == number;
    if (!as_before) effects.changes.push_back({starts[i], number});
  }
  if (patient.now && starts.empty()) effects.changes.push_back({{*patient.now, before_all}, to_come});
  effects.future = patient.now.has_value();
  for (OccasionChange& change : effects.changes) change.number = std::min(change.number, effects.occasions + 1);
}

// Appends independent effects of one prior variance each.
class Layout {
 public:
  explicit Layout(Effects& effects) : effects_(effects) {}
  int add(const std::string& name, double variance) {
    effects_.names.push_back(name);
    blocks_.push_back(Matrix::Constant(1, 1, variance));
    return effects_.size++;
  }
  void add(const std::vector<RandomEffect>& list, const std::string& of, const Matrix& variances) {
    for (const RandomEffect& effect : list) effects_.names.push_back(effect.name + of);
    blocks_.push_back(variances);
    effects_.size += static_cast<int>(list.size());
  }
  void inform() { effects_.informed = effects_.size; }
  void finish() {
    effects_.omega = Matrix::Zero(effects_.size, effects_.size);
    effects_.omega_inverse = effects_.omega;
    Eigen::Index at = 0;
    for (const Matrix& block : blocks_) {
      const Eigen::Index n = block.rows();
      if (n == 0) continue;
      const Eigen::LLT<Matrix> llt(block);
      effects_.omega.block(at, at, n, n) = block;
      effects_.omega_inverse.block(at, at, n, n) = llt.solve(Matrix::Identity(n, n));
      if (at < effects_.informed) effects_.log_det_omega += 2.0 * llt.matrixLLT().diagonal().array().log().sum();
      at += n;
    }
  }

 private:
  Effects& effects_;
  std::vector<Matrix> blocks_;
};

void add_initial_amounts(const CompiledModel& model, const Patient& patient, Effects& effects, Layout& layout,
                         Diagnostics& problems) {
  effects.first_initial = effects.size;
  for (const InitialAmount& initial : patient.initial_amounts) {
    const auto& states = model.model->states;
    const auto found =
        std::find_if(states.begin(), states.end(), [&](const State& state) { return state.name == initial.state; });
    if (found == states.end()) {
      problems.push_back(error("patient.unknown_state", initial.path, "The model has no state '" + initial.state + "'.", ""));
      continue;
    }
    effects.initial_states.push_back(static_cast<int>(found - states.begin()));
    effects.initial_amounts.push_back(initial.amount);
    layout.add("initial amount of " + initial.state, initial.variance);
  }
}

void add_draw_times(const Patient& patient, Effects& effects, Layout& layout) {
  for (std::size_t i = 0; i < patient.observations.size(); ++i) {
    const Observation& o = patient.observations[i];
    if (!(o.sd_time > 0.0) || o.excluded) continue;
    effects.shift_of_observation.resize(patient.observations.size(), -1);
    effects.shift_of_observation[i] = layout.add("draw time of level " + std::to_string(i + 1), o.sd_time * o.sd_time);
  }
  for (const double variance : patient.past_draw_times) layout.add("draw time of an earlier level", variance);
}

}  // namespace

int Effects::occasion_at(const Position& at) const {
  int number = 0;
  for (const OccasionChange& change : changes) {
    if (change.at.time > at.time || (change.at.time == at.time && change.at.order > at.order)) break;
    number = change.number;
  }
  return number;
}

Occasions as_recorded(const Effects& effects) {
  Occasions occasions;
  occasions.count = effects.occasions;
  occasions.future = effects.future;
  for (const OccasionChange& change : effects.changes) {
    occasions.time.push_back(change.at.time);
    occasions.order.push_back(change.at.order);
    occasions.number.push_back(change.number);
  }
  return occasions;
}

Effects lay_out_effects(const CompiledModel& model, const Patient& patient, const std::vector<ScheduledDose>& doses,
                        Diagnostics& problems) {
  Effects effects;
  effects.k = model.k;
  effects.q = model.q;
  if (model.q > 0) {
    if (patient.occasions)
      recorded_occasions(*patient.occasions, effects);
    else
      dosing_occasions(patient, doses, effects);
  }
  Layout layout(effects);
  layout.add(model.model->random_effects, "", model.omega);
  if (model.k + effects.occasions * model.q > kMostEffects) {
    problems.push_back(error("patient.too_many_occasions", "/patient/observations",
                             "The levels lie in " + std::to_string(effects.occasions) +
                                 " dosing intervals, and the model varies between them: that is more than can be fitted.",
                             "Exclude the older levels."));
    return effects;
  }
  for (int i = 1; i <= effects.occasions; ++i)
    layout.add(model.model->occasion_effects, ", occasion " + std::to_string(i), model.pi);
  add_initial_amounts(model, patient, effects, layout, problems);
  add_draw_times(patient, effects, layout);
  layout.inform();
  if (effects.future) layout.add(model.model->occasion_effects, ", to come", model.pi);
  layout.finish();
  return effects;
}

}  // namespace titrate
