// Runs the timeline: carry the state to the next event, let it happen, note what is asked for.

#include "sim/simulate.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <span>

#include "base/work.hpp"
#include "expr/cost.hpp"
#include "sim/carrier.hpp"
#include "sim/equilibrium.hpp"
#include "sim/history.hpp"
#include "sim/modal_course.hpp"
#include "sim/simulation.hpp"
#include "sim/steady_state.hpp"

namespace titrate {

namespace {

bool steps(Solver solver) { return solver == Solver::dopri5 || solver == Solver::rosenbrock; }

}  // namespace

class Simulation::Run {
 public:
  Run(const CompiledModel& model, const Schedule& schedule, const SimulateOptions& options)
      : model_(model),
        schedule_(schedule),
        options_(options),
        system_(options.auc ? model.with_auc : model.states),
        exact_(!steps(options.solver) && system_.linear && !uses_profiles() && !watches()),
        k_(options.sensitivities ? schedule.effects.size : 0),
        reads_(exact_ && !options.sensitivities && !model.output_parts.outputs.empty()),
        segments_(model, schedule, needs_derivatives()),
        modal_(model, system_, schedule) {
    motion_.y = Vector::Zero(system_.n);
    motion_.S = Matrix::Zero(system_.n, k_);
    forcing_ = {Vector::Zero(system_.n), Matrix::Zero(system_.n, k_), {}};
    if (options.slopes) readout_.slopes = &course_.slopes;
    if (options.auc) readout_.areas = &course_.auc;
  }

  // `history`: may be null.
  Course& of(Individual& individual, History* history) {
    individual_ = &individual;
    history_ = model_.condition_events.empty() ? history : nullptr;
    eta_ = all_effects(schedule_, individual.eta());
    segments_.set(individual);
    if (carrier_ && exact_ && model_.condition_events.empty())
      carrier_->take_up(individual);
    else
      carrier_.emplace(model_, system_, schedule_, segments_, k_, exact_, options_, individual);
    states_.reset();
    cancelled_ = 0;
    failure_ = {};
    if (options_.solver == Solver::exact && !exact_)
      fail("the model is not linear, so it has no exact solution", schedule_.start);
    if (!segments_.ok()) fail("an individual parameter is infinite or undefined", schedule_.start);
    if (!failure_.failed) {
      prepare();
      const auto& actions = timeline_.of(model_, schedule_, segments_, failure_);
      const bool moments_moved = moments_.set(schedule_, eta_);
      if (!failure_.failed && !(reads_ && model_.condition_events.empty() && walk(actions, moments_moved))) follow(actions);
    }
    course_.ok = !failure_.failed;
    course_.why = failure_.why;
    course_.at = failure_.at;
    return course_;
  }

 private:
  bool uses_profiles() const {
    return std::any_of(schedule_.doses.begin(), schedule_.doses.end(), [&](const ScheduledDose& d) {
      const auto& entries = model_.routes[static_cast<std::size_t>(d.route)].entries;
      return std::any_of(entries.begin(), entries.end(), [](const CompiledEntry& e) { return e.profile >= 0; });
    });
  }
  bool needs_derivatives() const {
    // Events on conditions look at how what they compare moves.
    if (options_.sensitivities || options_.slopes || !model_.at_rest.empty() || !model_.condition_events.empty()) return true;
    return std::any_of(schedule_.doses.begin(), schedule_.doses.end(), [](const ScheduledDose& d) { return d.ss > 0; });
  }
  bool watches() const {
    return std::any_of(model_.condition_events.begin(), model_.condition_events.end(),
                       [](const CompiledCondition& c) { return c.compares && c.every < 0; });
  }
  void fail(std::string why, double at) { failure_ = {true, std::move(why), at}; }

  // Nothing enters any more.
  void stop_forcing() {
    forcing_.rate.setZero();
    forcing_.d_rate.setZero();
    forcing_.rest.setZero();
    forcing_.pulses.clear();
  }

  void prepare() {
    const auto rows = static_cast<Eigen::Index>(schedule_.samples.size());
    course_.outputs.setZero(rows, model_.m);
    if (options_.slopes) course_.slopes.setZero(rows, model_.m);
    if (options_.auc) course_.auc.setZero(rows, model_.m);
    course_.sens.resize(static_cast<std::size_t>(k_));
    for (Matrix& values : course_.sens) values.setZero(rows, model_.m);
    motion_.y.setZero();
    motion_.S.setZero();
  }

  // The states as the model says they begin, with what is known at the record; integrals go on.
  void initialise(double time, int order = before_all) {
    const std::size_t segment = segment_at(schedule_, time, order);
    const SegmentValues& p = segments_.values(segment);
    const Tape& tape = k_ > 0 ? model_.initial_sens : model_.initial;
    values_.resize(tape.outputs.size());
    titrate::run(tape, 0.0, static_cast<const double*>(nullptr), p.p.data(), values_.data(), registers_);
    motion_.t = time;
    carrier_->forget_conditions();
    motion_.S.topRows(model_.n).setZero();
    for (Eigen::Index i = 0; i < model_.n; ++i) {
      motion_.y(i) = values_[static_cast<std::size_t>(i)];
      if (k_ > 0) segments_.add_spread(segment, values_.data() + model_.n + i * model_.effects(), motion_.S.row(i));
    }
    stop_forcing();
    if (!model_.at_rest.empty()) rest(p);
  }

  // States that the model lets begin where nothing changes without doses.
  void rest(const SegmentValues& p) {
    Motion motion{motion_.t, motion_.y.head(model_.n), motion_.S.topRows(model_.n)};
    const Forcing none{Vector::Zero(model_.n), Matrix::Zero(model_.n, k_), {}};
    come_to_rest(model_.states, model_.at_rest, p, none, motion, failure_);
    motion_.y.head(model_.n) = motion.y;
    motion_.S.topRows(model_.n) = motion.S;
  }

  // What a transferred patient may hold from doses that nobody recorded.
  void add_initial_amounts() {
    const Effects& effects = schedule_.effects;
    for (std::size_t i = 0; i < effects.initial_states.size(); ++i) {
      const Eigen::Index column = effects.first_initial + static_cast<Eigen::Index>(i);
      const double amount = effects.initial_amounts[i] * std::exp(eta_(column));
      motion_.y(effects.initial_states[i]) += amount;
      if (k_ > 0) motion_.S(effects.initial_states[i], column) += amount;
    }
  }

  // At the schedule's start, or where another course of this individual came by before the first wanted value. Says which action
  // comes next.
  std::size_t begin(const std::vector<Action>& actions) {
    if (history_ != nullptr) {
      std::size_t past = 0;
      while (past < actions.size() && !follows_a_value(actions[past])) ++past;
      const History::Moves moves{&system_, k_, options_, &schedule_, &segments_, &actions, past};
      if (const auto shared = history_->shared_with(moves)) {
        motion_ = shared->mark->motion;
        forcing_ = shared->mark->forcing;
        cancelled_ = shared->mark->cancelled;
        carrier_->remember(shared->mark->solver);
        history_ = nullptr;  // the one that marked goes on serving
        return shared->action;
      }
      history_->begin(moves);
    }
    initialise(schedule_.start);
    add_initial_amounts();
    return 0;
  }

  [[nodiscard]] bool follows_a_value(const Action& action) const {
    return !moments_.row.empty() && !happens_before(action, moments_.time.front(), schedule_.samples[moments_.row.front()].order);
  }

  // Along the modes, where this individual has them everywhere. False: it has not, or a number became infinite; then the
  // states are followed, which says where.
  bool walk(const std::vector<Action>& actions, bool moments_moved) {
    if (moments_moved || laid_out_ != timeline_.version()) modal_.lay_out(actions, moments_, segments_);
    laid_out_ = timeline_.version();
    if (!modal_.take_up(individual_->linear(system_, k_), segments_)) return false;
    stop_forcing();
    if (!modal_.begin_at(history_ != nullptr ? &history_->modal : nullptr, forcing_)) {
      initialise(schedule_.start);
      add_initial_amounts();
    }
    while (!failure_.failed) {
      const ModalCourse::Place place = modal_.go(motion_, forcing_, cancelled_, readout_);
      if (place.stop == ModalCourse::Stop::end) break;
      if (place.stop == ModalCourse::Stop::action) happen(actions[place.index]);
      if (place.stop == ModalCourse::Stop::sample) note(place.index, motion_);
    }
    if (modal_.finite()) return true;
    cancelled_ = 0;
    failure_ = {};
    prepare();
    return false;
  }

  void follow(const std::vector<Action>& actions) {
    std::size_t next = 0;
    for (std::size_t i = begin(actions); i < actions.size() && !failure_.failed; ++i) {
      // A stretch: samples up to the next event, carried through in one go.
      const Action& action = actions[i];
      std::size_t last = first_from(next, action.time);
      while (last < moments_.row.size() &&
             !happens_before(action, moments_.time[last], schedule_.samples[moments_.row[last]].order))
        ++last;
      stretch(next, last, action.time);
      if (failure_.failed) return;
      if (history_ != nullptr && last == 0) history_->mark(action, motion_, forcing_, cancelled_, carrier_->memory());
      happen(action);
      next = last;
    }
    if (failure_.failed) return;
    if (next < moments_.row.size()) stretch(next, moments_.row.size(), moments_.time.back());
  }

  // The first wanted moment that is not before `time`, from `next` on.
  [[nodiscard]] std::size_t first_from(std::size_t next, double time) const {
    const auto begin = moments_.time.begin();
    return static_cast<std::size_t>(std::lower_bound(begin + static_cast<std::ptrdiff_t>(next), moments_.time.end(), time) -
                                    begin);
  }

  void stretch(std::size_t first, std::size_t last, double until) {
    for (; first < last && moments_.time[first] <= motion_.t; ++first) note(moments_.row[first], motion_);
    if (until < motion_.t) return fail("an event lies before the start (a negative lag?)", until);
    std::size_t inside = std::min(first_from(first, until), last);
    const std::span<const double> times{moments_.time.data() + first, inside - first};
    if (until > motion_.t)
      carrier_->move(
          motion_, until, forcing_, times,
          [this, first](std::size_t i, const Motion& motion) { note(moments_.row[first + i], motion); }, failure_);
    for (; inside < last && !failure_.failed; ++inside) note(moments_.row[inside], motion_);
  }

  void happen(const Action& action) {
    switch (action.kind) {
      case Action::Kind::reset:
        initialise(action.time, action.order);
        cancelled_ =
            static_cast<std::size_t>(std::count_if(schedule_.doses.begin(), schedule_.doses.end(), [&](const ScheduledDose& d) {
              return d.time < action.time || (d.time == action.time && d.order < action.order);
            }));
        break;
      case Action::Kind::steady_state:
        begin_steady_state(schedule_.doses[action.index], action.index);
        break;
      default:
        if (action.index >= cancelled_) carrier_->apply(action, motion_, forcing_);
    }
  }

  void begin_steady_state(const ScheduledDose& dose, std::size_t index) {
    const bool linear = exact_ && model_.states.linear;
    if (!states_) states_.emplace(model_, model_.states, schedule_, segments_, k_, linear, options_, *individual_);
    Motion steady{dose.time, motion_.y.head(model_.n), Matrix::Zero(model_.n, k_)};
    Forcing running = states_->at_rest();
    steady_state(model_, schedule_, segments_, dose, *states_, linear, k_, steady, running, failure_);
    if (failure_.failed) return;
    if (dose.ss == 1) {
      motion_.y.head(model_.n).setZero();
      motion_.S.topRows(model_.n).setZero();
      stop_forcing();
      cancelled_ = index;
    }
    motion_.y.head(model_.n) += steady.y;
    add_infusions(forcing_, running);
    forcing_.pulses.insert(forcing_.pulses.end(), running.pulses.begin(), running.pulses.end());
    if (k_ > 0) {
      motion_.S.topRows(model_.n) += steady.S;
      forcing_.d_rate.topRows(model_.n) += running.d_rate;
    }
  }

  void note(std::size_t row, const Motion& motion) {
    const Sample& sample = schedule_.samples[row];
    const std::size_t segment = segment_at(schedule_, motion.t, sample.shift < 0 ? sample.order : before_all);
    if (reads_ && carrier_->read(motion, segment, forcing_, readout_, row)) return;
    const SegmentValues& p = segments_.values(segment);
    const auto r = static_cast<Eigen::Index>(row);
    const Eigen::Index m = model_.m, n = model_.n, local = model_.effects();
    const bool derivatives = options_.sensitivities || options_.slopes;
    const Tape& tape = derivatives ? model_.outputs_sens : model_.outputs;
    Work::spend(100.0 + cost(tape));
    values_.resize(tape.outputs.size());
    titrate::run(tape, motion.t, motion.y.data(), p.p.data(), values_.data(), registers_);
    course_.outputs.row(r) = Eigen::Map<const Vector>(values_.data(), m).transpose();
    if (options_.auc) course_.auc.row(r) = motion.y.tail(m).transpose();
    if (!derivatives) return;
    using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
    const Eigen::Map<const RowMajor> f_y(values_.data() + m, m, n);
    const double* const f_eta = values_.data() + m + m * n;
    if (options_.slopes || sample.shift >= 0) {
      const Eigen::Map<const Vector> f_t(f_eta + m * local, m);
      carrier_->rate_of_change(motion, forcing_, dy_);
      slopes_ = f_y.lazyProduct(dy_.head(n)) + f_t;
    }
    if (options_.slopes) course_.slopes.row(r) = slopes_.transpose();
    if (k_ == 0) return;
    d_ = f_y.lazyProduct(motion.S.topRows(n));
    for (Eigen::Index i = 0; i < m; ++i) segments_.add_spread(segment, f_eta + i * local, d_.row(i));
    if (sample.shift >= 0) d_.col(sample.shift) += slopes_;
    for (Eigen::Index j = 0; j < k_; ++j) course_.sens[static_cast<std::size_t>(j)].row(r) = d_.col(j).transpose();
  }

  const CompiledModel& model_;
  const Schedule& schedule_;
  const SimulateOptions options_;
  const System& system_;
  bool exact_;
  Individual* individual_ = nullptr;
  Vector eta_;
  int k_;       // effects with sensitivities, else 0
  bool reads_;  // outputs come from the solver itself
  Segments segments_;
  Timeline timeline_;
  Moments moments_;
  ModalCourse modal_;
  std::uint64_t laid_out_ = 0;  // of the timeline
  std::optional<Carrier> carrier_;
  History* history_ = nullptr;
  std::optional<Carrier> states_;  // the states without integrals, for steady states
  Motion motion_;
  Forcing forcing_;
  std::size_t cancelled_ = 0;  // doses before this one act no more
  Failure failure_;
  Course course_;
  Readout readout_{model_.output_parts, course_.outputs};
  std::vector<double> values_, registers_;
  Vector dy_, slopes_;
  Matrix d_;  // of one sample: outputs x effects
};

Simulation::Simulation(const CompiledModel& model, const Schedule& schedule, const SimulateOptions& options)
    : run_(std::make_unique<Run>(model, schedule, options)) {}
Simulation::~Simulation() = default;
Simulation::Simulation(Simulation&&) noexcept = default;
Simulation& Simulation::operator=(Simulation&&) noexcept = default;
Course& Simulation::of(Individual& individual, History* history) { return run_->of(individual, history); }

Course simulate(const CompiledModel& model, const Schedule& schedule, const Vector& eta, const SimulateOptions& options) {
  Individual individual(model, eta);
  return simulate(model, schedule, individual, options);
}

Course simulate(const CompiledModel& model, const Schedule& schedule, Individual& individual, const SimulateOptions& options) {
  Simulation simulation(model, schedule, options);
  return std::move(simulation.of(individual));
}

std::vector<std::pair<std::string, double>> individual_parameters(const CompiledModel& model, const Schedule& schedule,
                                                                  const Vector& eta, double time) {
  Individual individual(model, eta);
  const Segments segments(model, schedule, individual, false);
  const SegmentValues& p = segments.values(segment_at(schedule, time));
  std::vector<std::pair<std::string, double>> values;
  for (const Intermediate& i : model.model->individual) {
    const auto named = model.named.find(i.name);
    if (named != model.named.end()) values.emplace_back(i.name, p.p[static_cast<std::size_t>(named->second)]);
  }
  return values;
}

}  // namespace titrate
