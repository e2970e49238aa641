// Expressions to nodes: states, outputs, routes and events, in the order of the file; names are resolved on demand.

#include <optional>

#include "base/names.hpp"
#include "expr/derive.hpp"
#include "expr/words.hpp"
#include "model/compiled_parts.hpp"

namespace titrate {

namespace {

const Dimension kTime = parse_unit("h")->dimension;

class Reading {
 public:
  Reading(const Model& model, Graph& graph, Names& names, Diagnostics& problems)
      : model_(model), graph_(graph), names_(names), problems_(problems) {}

  Nodes nodes() {
    for (const auto* list : {&model_.individual, &model_.derived})
      for (const Intermediate& i : *list) names_.resolve_if_intermediate(i.name);
    for (const State& s : model_.states) {
      nodes_.rhs.push_back(read(s.derivative, s.unit.dimension / kTime, "The rate of change of '" + s.name + "'"));
      nodes_.initial.push_back(read_early(s.initial, s.unit.dimension, "The initial value of '" + s.name + "'"));
    }
    for (const Output& o : model_.outputs)
      nodes_.outputs.push_back(read(o.value, o.unit.dimension, "The output '" + o.name + "'"));
    for (const Route& r : model_.routes) read_route(r);
    for (const ConditionEvent& e : model_.events) read_event(e);
    return std::move(nodes_);
  }

 private:
  void read_event(const ConditionEvent& e) {
    CompiledCondition condition;
    condition.name = e.name;
    condition.first = static_cast<int>(nodes_.conditions.size());
    if (!e.when.text.empty()) {
      condition.compares = true;
      const Node comparison = graph_[read(e.when, Dimension{}, "The condition of '" + e.name + "'")];
      if (comparison.op == Op::less || comparison.op == Op::less_equal)
        nodes_.conditions.push_back(graph_.make(Op::sub, comparison.b, comparison.a));
      else
        problems_.push_back({"model.bad_value", Severity::error, e.when.path, Span{0, e.when.text.size()},
                             "The condition of '" + e.name + "' is one comparison that can become true and false.",
                             "Write for instance tumour < 1 [mm^3]."});
    }
    for (const auto& [name, value] : e.set)
      for (std::size_t i = 0; i < model_.states.size(); ++i)
        if (const State& state = model_.states[i]; state.name == name) {
          condition.states.push_back(static_cast<int>(i));
          nodes_.conditions.push_back(read(value, state.unit.dimension, "What '" + e.name + "' sets '" + name + "' to"));
        }
    for (const Expression& value : e.not_negative) {
      nodes_.conditions.push_back(read(value, std::nullopt, "A part of '" + e.name + "'"));
      ++condition.not_negative;
    }
    if (e.every) {
      condition.every = static_cast<int>(nodes_.events.size());
      nodes_.events.push_back(read_early(*e.every, kTime, "The interval of '" + e.name + "'"));
    }
    nodes_.condition_events.push_back(condition);
  }

  void read_route(const Route& r) {
    CompiledRoute route{r.name, {}};
    for (const Entry& e : r.entries) {
      CompiledEntry entry;
      for (std::size_t i = 0; i < model_.states.size(); ++i)
        if (model_.states[i].name == e.into) entry.state = static_cast<int>(i);
      if (entry.state < 0) {
        const std::vector<std::string> states = names_of(model_.states);
        problems_.push_back({"model.unknown_state", Severity::error, r.path, std::nullopt,
                             "Route '" + r.name + "' gives into '" + e.into + "', which is no state of the model.",
                             "Did you mean '" + nearest(e.into, states) + "'?"});
        continue;
      }
      const Dimension state = model_.states[static_cast<std::size_t>(entry.state)].unit.dimension;
      entry.sets = e.sets_to.has_value();
      entry.value = static_cast<int>(nodes_.events.size());
      if (entry.sets)
        nodes_.events.push_back(read_early(*e.sets_to, state, "What a dose sets '" + e.into + "' to"));
      else
        nodes_.events.push_back(
            read_early(e.bioavailability, state / r.amount_unit.dimension, "The bioavailability of '" + r.name + "'"));
      const auto event = [&](const Expression& text, const Dimension& expected, const std::string& what) {
        nodes_.events.push_back(read_early(text, expected, what + " of '" + r.name + "'"));
        return static_cast<int>(nodes_.events.size()) - 1;
      };
      entry.lag = event(e.lag, kTime, "The lag time");
      if (e.duration) entry.duration = event(*e.duration, kTime, "The duration");
      if (e.rate) entry.rate = event(*e.rate, state / kTime, "The rate");
      if (e.profile) {
        entry.profile = static_cast<int>(nodes_.profiles.size());
        nodes_.profiles.push_back(read_profile(*e.profile, "The input profile of '" + r.name + "'"));
      }
      route.entries.push_back(entry);
    }
    nodes_.routes.push_back(route);
  }

  // A density over the time since a dose began to enter: it may use tad, but no states and no time.
  NodeId read_profile(const Expression& e, const std::string& what) {
    names_.allow_tad(true);
    const NodeId node = read(e, Dimension{} / kTime, what);
    names_.allow_tad(false);
    bool moves = false;
    for (int i = 0; i < static_cast<int>(model_.states.size()); ++i)
      moves = moves || !graph_.is_constant(Derivative(graph_, graph_.input(Input::state, i)).of(node), 0.0);
    if (moves || !graph_.is_constant(Derivative(graph_, graph_.input(Input::time, 0)).of(node), 0.0))
      problems_.push_back({"model.not_yet", Severity::error, e.path, Span{0, e.text.size()},
                           what + " may depend on tad, covariates and random effects, not on time or states.",
                           "Use tad and individual parameters only."});
    return node;
  }

  NodeId read(const Expression& e, const std::optional<Dimension>& expected, const std::string& what) {
    const auto meaning = names_.read(e, expected, what);
    return meaning ? meaning->node : graph_.constant(0.0);  // a placeholder after an error, never compiled
  }

  // An expression that must be known before the states move: no time, no states.
  NodeId read_early(const Expression& e, const Dimension& expected, const std::string& what) {
    const NodeId node = read(e, expected, what);
    if (graph_[node].stage != Stage::dynamic) return node;
    problems_.push_back({"model.not_yet", Severity::error, e.path, Span{0, e.text.size()},
                         what + " may depend on covariates and random effects, not on time or states.",
                         "Use individual parameters only."});
    return node;
  }

  const Model& model_;
  Graph& graph_;
  Names& names_;
  Diagnostics& problems_;
  Nodes nodes_;
};

}  // namespace

Nodes read_nodes(const Model& model, Graph& graph, Names& names, Diagnostics& problems) {
  return Reading(model, graph, names, problems).nodes();
}

}  // namespace titrate
