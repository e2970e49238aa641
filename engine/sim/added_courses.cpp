#include "sim/added_courses.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/stable_order.hpp"
#include "base/work.hpp"
#include "sim/exp_differences.hpp"

namespace titrate {

using Eigen::Index;

void AddedCourses::add(std::size_t plan, const Action& action) {
  const bool at_once = action.kind == Action::Kind::bolus, ends = action.kind == Action::Kind::infusion_end;
  events_.push_back({action.time, plan, action.state, at_once, ends ? -action.amount : action.amount});
}

// Each infusion's change becomes the total from then on. When all have ended nothing flows, whatever rounding says of the sum.
void AddedCourses::set_total_rates() {
  struct Total {
    int state = 0, running = 0;
    double rate = 0.0;
  };
  std::vector<std::vector<Total>> of_plans(until_.size());  // of the few states that each gives to
  for (Event& event : events_) {
    if (event.at_once) continue;
    std::vector<Total>& totals = of_plans[event.plan];
    auto total = std::find_if(totals.begin(), totals.end(), [&](const Total& known) { return known.state == event.state; });
    if (total == totals.end()) total = totals.insert(totals.end(), {event.state});
    total->running += event.amount < 0.0 ? -1 : 1;
    total->rate = total->running == 0 ? 0.0 : total->rate + event.amount;
    event.amount = total->rate;
  }
}

void AddedCourses::lay_out(const std::vector<double>& also, const Segments& segments) {
  sort_stably(events_.begin(), events_.end(), [](const Event& a, const Event& b) { return a.time < b.time; });
  set_total_rates();
  const double first = std::min(from_, events_.empty() ? from_ : events_.front().time), last = until_.front();
  std::vector<double> stops{first, from_, last};
  const auto stop = [&](double time) {
    if (time > first && time < last) stops.push_back(time);
  };
  for (const double time : until_) stop(time);
  for (const Event& event : events_) stop(event.time);
  for (const Position& at : schedule_.breaks) stop(at.time);
  for (const double time : also)
    if (time > from_) stop(time);
  std::sort(stops.begin(), stops.end());
  stops.erase(std::unique(stops.begin(), stops.end()), stops.end());
  Work::spend(20.0 * static_cast<double>(stops.size() + events_.size()));
  gaps_.clear();
  parameters_.clear();
  factors_.clear();
  first_inside_ = 0;
  inputs_ = 0;
  std::size_t next = 0;
  for (std::size_t i = 0; i + 1 < stops.size(); ++i) {
    Gap gap;
    gap.begin = stops[i];
    gap.h = stops[i + 1] - stops[i];
    gap.parameters = parameters_of(segment_after(schedule_, gap.begin), segments);
    gap.factors = factors_of(gap.parameters, gap.h, stops[i + 1]);
    const std::size_t before = next;
    while (next < events_.size() && events_[next].time <= gap.begin) ++next;
    gap.events = next;
    gap.inside = gap.begin >= from_;
    if (!gap.inside) ++first_inside_;
    if (gaps_.empty() || next > before || gap.parameters != gaps_.back().parameters) ++inputs_;
    gap.inputs = inputs_ - 1;
    const auto ended = std::find_if(until_.begin(), until_.end(), [&](double until) { return until <= gap.begin; });
    gap.plans = static_cast<std::size_t>(ended - until_.begin());
    gaps_.push_back(gap);
  }
}

std::size_t AddedCourses::parameters_of(std::size_t segment, const Segments& segments) {
  for (std::size_t i = 0; i < parameters_.size(); ++i)
    if (&segments.values(parameters_[i].segment) == &segments.values(segment)) return i;
  parameters_.push_back({segment, {}});
  return parameters_.size() - 1;
}

// Gaps that differ by the rounding of times are one.
std::size_t AddedCourses::factors_of(std::size_t parameters, double h, double time) {
  const double rounding = std::numeric_limits<double>::epsilon() * std::abs(time);
  for (std::size_t i = 0; i < factors_.size(); ++i)
    if (factors_[i].parameters == parameters && std::abs(factors_[i].h - h) <= rounding) return i;
  factors_.push_back({parameters, h});
  return factors_.size() - 1;
}

bool AddedCourses::set_factors(LinearSolver& solver, const Segments& segments) {
  for (Parameters& p : parameters_) {
    p.modal = solver.modal(segments.values(p.segment), model_.output_parts, model_.m);
    if (p.modal.c == nullptr) return false;
  }
  e_.resize(factors_.size() * 3 * modes_);
  double* out = e_.data();
  for (const Factors& f : factors_) {
    const double* const rate = parameters_[f.parameters].modal.rate;
    for (std::size_t i = 0; i < modes_; ++i) {
      const Exponentials e = exponentials(rate[i] * f.h);
      out[i] = e.e0;
      out[i + modes_] = f.h * e.e1;
      out[i + 2 * modes_] = f.h * f.h * e.e2;
    }
    out += 3 * modes_;
  }
  return true;
}

bool AddedCourses::set(Individual& individual, const Segments& segments) {
  LinearSolver& solver = individual.linear(system_, 0);
  moving_ = &solver.moving();
  modes_ = static_cast<std::size_t>(solver.modes());
  const std::size_t plans = until_.size(), numbers = modes_ * plans;
  Work::spend(static_cast<double>(gaps_.size()) * static_cast<double>(20 + 8 * numbers));
  if (!set_factors(solver, segments)) return false;
  z_.resize((gaps_.size() + 1) * numbers);
  w_.resize(inputs_ * numbers);
  rates_.assign(numbers, 0.0);
  for (std::vector<double>* const values : {&start_, &end_, &top_}) values->resize(gaps() * plans);
  area_.assign(plans, 0.0);
  std::fill_n(z_.begin(), numbers, 0.0);
  const Gap* before = nullptr;
  std::size_t next = 0;
  for (std::size_t g = 0; g < gaps_.size(); ++g) {
    const Gap& gap = gaps_[g];
    const LinearSolver::Modal& modal = parameters_[gap.parameters].modal;
    double *const z = z_of(g), *const w = w_of(gap.inputs);
    if (before == nullptr || gap.parameters != before->parameters)
      change_parameters(before == nullptr ? nullptr : &parameters_[before->parameters].modal, modal, gap.plans, z, w);
    else if (gap.inputs != before->inputs)
      std::copy_n(w_of(before->inputs), numbers, w);
    for (; next < gap.events; ++next)
      if (events_[next].plan < gap.plans) happen(events_[next], modal, z, w);
    move(g);
    before = &gap;
  }
  return std::all_of(area_.begin(), area_.end(), [](double x) { return std::isfinite(x); });
}

// The states stay, z = V^-1 y of the new parameters.
void AddedCourses::change_parameters(const LinearSolver::Modal* before, const LinearSolver::Modal& now, std::size_t plans,
                                     double* z, double* w) {
  const std::size_t n = modes_, all = until_.size();
  const auto times = [&](const double* M, const double* x, double* out) {
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t p = 0; p < plans; ++p) {
        double sum = 0.0;
        for (std::size_t j = 0; j < n; ++j) sum += M[i + j * n] * x[j * all + p];
        out[i * all + p] = sum;
      }
  };
  if (before != nullptr) {
    y_.resize(n * all);
    times(before->V, z, y_.data());
    times(now.V_inverse, y_.data(), z);
  }
  times(now.V_inverse, rates_.data(), w);
}

void AddedCourses::happen(const Event& event, const LinearSolver::Modal& now, double* z, double* w) {
  const std::size_t n = modes_, all = until_.size();
  const auto into = static_cast<std::size_t>(std::find(moving_->begin(), moving_->end(), Index{event.state}) - moving_->begin());
  if (into == n) return;  // an integral: what enters it moves nothing
  if (event.at_once) {
    for (std::size_t i = 0; i < n; ++i) z[i * all + event.plan] += event.amount * now.V_inverse[i + into * n];
    return;
  }
  rates_[into * all + event.plan] = event.amount;
  for (std::size_t i = 0; i < n; ++i) {
    double sum = 0.0;
    for (std::size_t j = 0; j < n; ++j) sum += now.V_inverse[i + j * n] * rates_[j * all + event.plan];
    w[i * all + event.plan] = sum;
  }
}

void AddedCourses::move(std::size_t g) {
  const Gap& gap = gaps_[g];
  const std::size_t n = modes_, all = until_.size(), plans = gap.plans;
  const double *const e0 = e_.data() + gap.factors * 3 * n, *const e1 = e0 + n, *const e2 = e1 + n;
  const double *const z = z_of(g), *const w = w_of(gap.inputs);
  double* const to = z_of(g + 1);
  if (!gap.inside) {
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t k = i * all; k < i * all + plans; ++k) to[k] = e0[i] * z[k] + e1[i] * w[k];
    return;
  }
  const double* const c = parameters_[gap.parameters].modal.c + static_cast<std::size_t>(output_) * n;
  const std::size_t row = (g - first_inside_) * all;
  double *const start = start_.data() + row, *const end = end_.data() + row, *const top = top_.data() + row;
  for (double* const values : {start, end, top}) std::fill_n(values, plans, 0.0);
  for (std::size_t i = 0; i < n; ++i) {
    const double E0 = e0[i], E1 = e1[i], E2 = e2[i], C = c[i];
    for (std::size_t p = 0; p < plans; ++p) {
      const double Z = z[i * all + p], W = w[i * all + p], next = E0 * Z + E1 * W;
      const double first = C * Z, last = C * next;
      to[i * all + p] = next;
      start[p] += first;
      end[p] += last;
      top[p] += first > last ? first : last;
      area_[p] += C * (E1 * Z + E2 * W);
    }
  }
}

AddedCourses::Mode AddedCourses::mode(std::size_t i, std::size_t gap, std::size_t plan) const {
  const std::size_t z = ((first_inside_ + gap) * modes_ + i) * until_.size(),
                    w = (gaps_[first_inside_ + gap].inputs * modes_ + i) * until_.size();
  return {z_[z + plan], w_[w + plan]};
}

Point AddedCourses::at(std::size_t gap, std::size_t plan, double passed) const {
  const Gap& of = gaps_[first_inside_ + gap];
  const LinearSolver::Modal& modal = parameters_[of.parameters].modal;
  const double* const c = modal.c + static_cast<std::size_t>(output_) * modes_;
  Point point;
  for (std::size_t i = 0; i < modes_; ++i) {
    const auto [z, w] = mode(i, gap, plan);
    const Exponentials e = exponentials(modal.rate[i] * passed);
    const double now = e.e0 * z + passed * e.e1 * w;
    point.value += c[i] * now;
    point.slope += c[i] * (modal.rate[i] * now + w);
  }
  return point;
}

AddedCourses::Range AddedCourses::slopes(std::size_t gap, std::size_t plan) const {
  const Gap& of = gaps_[first_inside_ + gap];
  const LinearSolver::Modal& modal = parameters_[of.parameters].modal;
  const double *const c = modal.c + static_cast<std::size_t>(output_) * modes_, *const e0 = e_.data() + of.factors * 3 * modes_;
  Range range;
  for (std::size_t i = 0; i < modes_; ++i) {
    const auto [z, w] = mode(i, gap, plan);
    const double first = c[i] * (modal.rate[i] * z + w), last = e0[i] * first;
    range.least += std::min(first, last);
    range.most += std::max(first, last);
  }
  return range;
}

}  // namespace titrate
