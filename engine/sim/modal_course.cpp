// The steps of a course, laid out once for all individuals with one timeline.

#include "sim/modal_course.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/work.hpp"

namespace titrate {

using Eigen::Index;

namespace {

constexpr double rounding = std::numeric_limits<double>::epsilon();

bool is_dose(const Action& action) {
  using Kind = Action::Kind;
  return action.kind == Kind::bolus || action.kind == Kind::infusion_start || action.kind == Kind::infusion_end;
}

bool same(const ModalPast::Event& a, const ModalPast::Event& b) {
  return a.moves == b.moves && a.h == b.h && a.inputs == b.inputs && a.first_kappa == b.first_kappa &&
         a.action.kind == b.action.kind && a.action.order == b.action.order && a.action.state == b.action.state &&
         a.action.amount == b.action.amount && a.action.index == b.action.index;
}

}  // namespace

void ModalCourse::lay_out(const std::vector<Action>& actions, const Moments& moments, const Segments& segments) {
  Work::spend(20.0 * static_cast<double>(actions.size() + moments.row.size()));
  actions_ = &actions;
  steps_.clear();
  runs_.clear();
  runs_.reserve(moments.row.size());
  steps_.reserve(3 * actions.size() + 2 * schedule_.breaks.size() + moments.row.size() + 4);
  parameters_.clear();
  gaps_.clear();
  of_segment_.clear();
  for (std::size_t segment = 0; segment < segments.size(); ++segment) of_segment_.push_back(parameters_of(segment, segments));
  t_ = schedule_.start;
  in_.reset();
  usable_ = true;
  enter(segment_at(schedule_, t_));
  std::size_t next = 0;
  for (std::size_t i = 0; i < actions.size() && usable_; ++i) {
    const Action& action = actions[i];
    std::size_t last = next;
    while (last < moments.row.size() && !happens_before(action, moments.time[last], schedule_.samples[moments.row[last]].order))
      ++last;
    usable_ = lay_stretch(next, last, action.time, moments);
    if (is_dose(action)) {
      if (usable_ && !in_) enter(segment_at(schedule_, t_));
      steps_.push_back({Step::Kind::act, i, 0, action.time});
    } else {
      steps_.push_back({Step::Kind::stop_at_action, i, 0, action.time});
      in_.reset();
    }
    next = last;
  }
  if (usable_ && next < moments.row.size()) usable_ = lay_stretch(next, moments.row.size(), moments.time.back(), moments);
  set_past(actions);
}

std::size_t ModalCourse::parameters_of(std::size_t segment, const Segments& segments) {
  for (std::size_t i = 0; i < parameters_.size(); ++i)
    if (&segments.values(parameters_[i].segment) == &segments.values(segment)) return i;
  parameters_.push_back({segment, {}});
  return parameters_.size() - 1;
}

void ModalCourse::enter(std::size_t segment) {
  const std::size_t parameters = of_segment_[segment];
  if (in_ == parameters) return;
  steps_.push_back({Step::Kind::enter, parameters, 0, t_});
  in_ = parameters;
}

// The wanted moments from `first` to `last` and the way to `until`; false where that lies before.
bool ModalCourse::lay_stretch(std::size_t first, std::size_t last, double until, const Moments& moments) {
  const auto upto = [&](std::size_t from, auto wanted) {
    while (from < last && wanted(moments.time[from])) ++from;
    return from;
  };
  std::size_t next = upto(first, [&](double time) { return time <= t_; });
  lay_values_here(first, next, moments);
  if (until < t_) return false;
  while (t_ < until) {
    const std::size_t segment = segment_after(schedule_, t_);
    const bool ends = segment < schedule_.breaks.size() && schedule_.breaks[segment].time < until;
    const double stop = ends ? schedule_.breaks[segment].time : until;
    enter(segment);
    const std::size_t inside = upto(next, [&](double time) { return time < stop; });
    lay_values(next, inside, moments);
    steps_.push_back({Step::Kind::move, gap_of(stop - t_, stop), 0, stop});
    t_ = stop;
    next = upto(inside, [&](double time) { return time <= stop; });
    lay_values_here(inside, next, moments);
  }
  return true;
}

// At t_, of which the parameters before a change are read but where a record says otherwise.
void ModalCourse::lay_values_here(std::size_t from, std::size_t to, const Moments& moments) {
  for (std::size_t i = from; i < to; ++i) {
    const Sample& sample = schedule_.samples[moments.row[i]];
    const std::size_t read = segment_at(schedule_, t_, sample.shift < 0 ? sample.order : before_all),
                      moved = segment_at(schedule_, t_);
    if (of_segment_[read] == of_segment_[moved]) {
      enter(read);
      steps_.push_back({Step::Kind::here, moments.row[i], 0, t_});
    } else {
      steps_.push_back({Step::Kind::stop_at_sample, moments.row[i], 0, t_});
      in_.reset();
    }
  }
}

// Between t_ and the next change.
void ModalCourse::lay_values(std::size_t from, std::size_t to, const Moments& moments) {
  if (from == to) return;
  double t = t_;
  const std::size_t first_run = runs_.size();
  for (std::size_t first = from, end = from; first < to; first = end) {
    const double time = moments.time[first], h = time - t;
    end = first + 1;
    while (end < to && moments.row[end] == moments.row[end - 1] + 1 &&
           std::abs(moments.time[end] - moments.time[end - 1] - h) <= 2.0 * rounding * std::abs(time))
      ++end;
    runs_.push_back({gap_of(h, time), moments.row[first], end - first});
    t = moments.time[end - 1];
  }
  steps_.push_back({Step::Kind::read, first_run, runs_.size() - first_run, t_});
}

// Differences of times carry the rounding of the times: gaps that differ by it are one. They come in the same sequence again and
// again, so that the one sought is most often the last one or the next.
std::size_t ModalCourse::gap_of(double h, double time) {
  for (std::size_t tried = 0; tried < gaps_.size(); ++tried) {
    if (last_gap_ >= gaps_.size()) last_gap_ = 0;
    const Gap& gap = gaps_[last_gap_];
    if (gap.parameters == *in_ && std::abs(gap.h - h) <= rounding * std::abs(time)) return last_gap_;
    ++last_gap_;
  }
  gaps_.push_back({*in_, h, time, 0, 0, {}});
  return last_gap_ = gaps_.size() - 1;
}

void ModalCourse::set_past(const std::vector<Action>& actions) {
  auto past = std::make_shared<ModalPast::Steps>();
  past->system = &system_;
  past->start = schedule_.start;
  for (const Step& step : steps_) {
    ModalPast::Event event;
    if (step.kind == Step::Kind::enter) {
      const std::size_t segment = parameters_[step.index].segment;
      event.inputs = schedule_.inputs[segment];
      event.inputs.push_back(0.0);  // an enter, though a model may have no inputs
      event.first_kappa = schedule_.effects.kappa_column(schedule_.occasion[segment]);
    } else if (step.kind == Step::Kind::act) {
      event.action = actions[step.index];
    } else if (step.kind == Step::Kind::move) {
      event.moves = true;
      event.h = gaps_[step.index].h;
    } else {
      break;
    }
    past->events.push_back(std::move(event));
  }
  past_steps_ = std::move(past);
  compared_with_.reset();
}

bool ModalCourse::take_up(LinearSolver& solver, const Segments& segments) {
  if (!usable_) return false;
  for (Parameters& p : parameters_) {
    p.modal = solver.modal(segments.values(p.segment), model_.output_parts, model_.m);
    if (p.modal.c == nullptr) return false;
  }
  solver_ = &solver;
  ++version_;
  next_ = 0;
  here_ = nullptr;
  mark_ = nullptr;
  past_ = nullptr;
  finite_ = true;
  area_.setZero(model_.m);
  return true;
}

// A mark: z, w, areas, then the forcing's rates with their rests.
bool ModalCourse::begin_at(ModalPast* past, Forcing& forcing) {
  if (past == nullptr) return false;
  const Index n = solver_->modes(), m = model_.m, N = system_.n;
  const auto size = static_cast<std::size_t>(2 * n + m + 2 * N);
  if (past->marks.empty()) {
    past->steps = past_steps_;
    past_ = past;
    return false;
  }
  if (compared_with_ != past->steps) {
    const ModalPast::Steps &theirs = *past->steps, &own = *past_steps_;
    const std::size_t most = std::min(theirs.events.size(), own.events.size());
    shared_ = 0;
    if (theirs.system == own.system && theirs.start == own.start)
      while (shared_ < most && same(theirs.events[shared_], own.events[shared_])) ++shared_;
    compared_with_ = past->steps;
  }
  const std::size_t step = std::min(shared_, past->marks.size() / size - 1);
  if (step == 0) return false;
  next_ = step;
  mark_ = past->marks.data() + step * size;
  for (std::size_t i = 0; i < step; ++i)
    if (steps_[i].kind == Step::Kind::enter) here_ = &parameters_[steps_[i].index];
  const double* const rate = mark_ + 2 * n + m;
  forcing.rate = Eigen::Map<const Vector>(rate, N);
  forcing.rest = Eigen::Map<const Vector>(rate + N, N);
  return true;
}

}  // namespace titrate
