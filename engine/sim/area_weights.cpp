#include "sim/area_weights.hpp"

#include <algorithm>

#include "base/work.hpp"
#include "sim/exp_differences.hpp"

namespace titrate {

using Eigen::Index;

void AreaWeights::forget() {
  inputs_.clear();
  steps_.clear();
}

std::size_t AreaWeights::ask(int state, double time) {
  for (std::size_t i = 0; i < inputs_.size(); ++i)
    if (inputs_[i].state == state && inputs_[i].time == time) return i;
  inputs_.push_back({state, time});
  return inputs_.size() - 1;
}

// Stops are the inputs, the changes of parameters and the beginning of the window, the last one first.
void AreaWeights::lay_out() {
  at_once_.assign(inputs_.size(), 0.0);
  per_time_.assign(inputs_.size(), 0.0);
  std::vector<double> stops{window_.to};
  double first = window_.to;
  for (const Input& input : inputs_) first = std::min(first, input.time);
  const auto add = [&](double time) {
    if (time >= first && time < window_.to) stops.push_back(time);
  };
  for (const Input& input : inputs_) add(input.time);
  for (const Position& at : schedule_.breaks) add(at.time);
  add(window_.from);
  std::sort(stops.begin(), stops.end());
  std::reverse(stops.begin(), stops.end());
  stops.erase(std::unique(stops.begin(), stops.end()), stops.end());
  steps_.clear();
  for (std::size_t i = 1; i < stops.size(); ++i) {
    Step step{segment_after(schedule_, stops[i]), stops[i - 1] - stops[i], stops[i] >= window_.from, {}};
    for (std::size_t k = 0; k < inputs_.size(); ++k)
      if (inputs_[k].time == stops[i]) step.inputs.push_back(k);
    steps_.push_back(std::move(step));
  }
}

bool AreaWeights::set(Individual& individual, const Segments& segments) {
  LinearSolver& solver = individual.linear(system_, 0);
  const std::vector<Index>& moving = solver.moving();
  const Index n = solver.modes();
  Work::spend((20.0 + static_cast<double>(n * n)) * static_cast<double>(steps_.size()));
  for (Vector* const v : {&m_, &M_, &n_}) v->setZero(n);
  const SegmentValues* here = nullptr;
  LinearSolver::Modal modal;
  for (const Step& step : steps_) {
    const SegmentValues& values = segments.values(step.segment);
    if (&values != here) {
      if (here != nullptr)  // m = V^-T n
        for (Index i = 0; i < n; ++i) m_[i] = Eigen::Map<const Vector>(modal.V_inverse + i * n, n).dot(n_);
      here = &values;
      modal = solver.modal(values, model_.output_parts, model_.m);
      if (modal.c == nullptr) return false;
      for (Index i = 0; i < n; ++i) n_[i] = Eigen::Map<const Vector>(modal.V + i * n, n).dot(m_);  // n = V' m
    }
    move_back(step, modal, moving);
  }
  return true;
}

void AreaWeights::move_back(const Step& step, const LinearSolver::Modal& modal, const std::vector<Index>& moving) {
  const Index n = n_.size();
  const double h = step.h;
  const double* const c = modal.c + output_ * n;
  for (Index i = 0; i < n; ++i) {
    const Exponentials e = exponentials(modal.rate[i] * h);
    const double enters = step.inside ? c[i] : 0.0;
    const double area = h * (e.e1 * n_[i] + h * e.e2 * enters);
    n_[i] = e.e0 * n_[i] + h * e.e1 * enters;
    for (Index j = 0; j < n; ++j) M_[j] += modal.V_inverse[i + j * n] * area;
  }
  for (const std::size_t input : step.inputs) {
    const Index into = std::find(moving.begin(), moving.end(), Index{inputs_[input].state}) - moving.begin();
    if (into == n) continue;  // an integral: what enters it moves nothing
    at_once_[input] = Eigen::Map<const Vector>(modal.V_inverse + into * n, n).dot(n_);
    per_time_[input] = M_[into];
  }
}

}  // namespace titrate
