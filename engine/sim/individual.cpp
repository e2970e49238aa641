#include "sim/individual.hpp"

#include <algorithm>
#include <cmath>

#include "base/work.hpp"
#include "expr/cost.hpp"

namespace titrate {

Individual::Parameters& Individual::under(const std::vector<double>& inputs, int first_kappa, bool derivatives) {
  key_ = inputs;
  key_.push_back(first_kappa);
  key_.push_back(derivatives ? 1.0 : 0.0);
  const auto place = known_->parameters.try_emplace(key_).first;
  Parameters& known = place->second;
  known.first_kappa = first_kappa;
  known.derivatives = derivatives;
  known.key = &place->first;
  renew(known);
  return known;
}

void Individual::renew(Parameters& known) {
  if (known.values.version == version_) return;
  const int first_kappa = known.first_kappa;
  const bool derivatives = known.derivatives;
  const Tape& tape = derivatives ? model_.individual_sens : model_.individual;
  const Tape& events = derivatives ? model_.events_sens : model_.events;
  Work::spend(200.0 + cost(tape) + cost(events));
  const auto effect = [&](Eigen::Index column) { return column < eta_.size() ? eta_(column) : 0.0; };
  inputs_.assign(known.key->begin(), known.key->end() - 2);
  known.values.columns.clear();
  for (Eigen::Index j = 0; j < model_.k; ++j) {
    known.values.columns.push_back(j);
    inputs_.push_back(effect(j));
  }
  for (Eigen::Index j = 0; j < model_.q; ++j) {
    known.values.columns.push_back(first_kappa < 0 ? -1 : first_kappa + j);
    inputs_.push_back(first_kappa < 0 ? 0.0 : effect(first_kappa + j));
  }
  const double* const no_state = nullptr;
  std::vector<double>& p = known.values.p;
  p.resize(tape.outputs.size());
  run(tape, 0.0, no_state, inputs_.data(), p.data(), registers_);
  const auto values_end = p.begin() + static_cast<std::ptrdiff_t>(model_.individual.outputs.size());
  known.finite = std::all_of(p.begin(), values_end, [](double x) { return std::isfinite(x); });
  known.events.resize(events.outputs.size());
  run(events, 0.0, no_state, p.data(), known.events.data(), registers_);
  known.values.version = version_;
}

LinearSolver& Individual::linear(const System& system, int k) {
  return known_->linear.try_emplace(std::make_pair(&system, k), system, k).first->second;
}

}  // namespace titrate
