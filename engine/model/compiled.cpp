// Text to kernels: names are resolved on demand (so their order in the file does not matter and a cycle is found), typed, lowered
// into one graph, differentiated there, and cut into tapes along the stages of expr/ir.hpp.

#include "model/compiled.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <optional>
#include <set>
#include <unordered_map>

#include "expr/derive.hpp"
#include "expr/lower.hpp"
#include "expr/typing.hpp"
#include "expr/words.hpp"
#include "model/names.hpp"
#include "patient/formulas.hpp"

namespace titrate {

const std::map<std::string, Formula>& known_formulas() {
  static const std::map<std::string, Formula> formulas = [] {
    std::map<std::string, Formula> all;
    for (const auto& list : {renal_formulas(), body_formulas(), blood_formulas()})
      for (const CovariateFormula& f : list) all[f.name] = Formula{f.name, f.arguments, f.text, f.source};
    all["logit"] = {"logit", {"p"}, "log(p / (1 - p))", ""};
    all["expit"] = {"expit", {"x"}, "0.5 + 0.5 * tanh(0.5 * x)", ""};  // 1 / (1 + exp(-x)) that does not overflow
    return all;
  }();
  return formulas;
}

namespace {

const Dimension kTime = parse_unit("h")->dimension;

// The node with every state replaced by zero: the constant part of an affine right-hand side.
class AtZeroState {
 public:
  explicit AtZeroState(Graph& graph) : graph_(graph) {}
  NodeId of(NodeId id) {
    const auto found = known_.find(id);
    if (found != known_.end()) return found->second;
    const Node node = graph_[id];
    NodeId result = id;
    if (node.op == Op::input && node.input == Input::state) {
      result = graph_.constant(0.0);
    } else if (node.stage == Stage::dynamic && node.op != Op::input) {
      const NodeId a = of(node.a);
      const NodeId b = node.b < 0 ? -1 : of(node.b);
      const NodeId c = node.c < 0 ? -1 : of(node.c);
      result = graph_.make(node.op, a, b, c);
    }
    known_[id] = result;
    return result;
  }

 private:
  Graph& graph_;
  std::map<NodeId, NodeId> known_;
};

// Individual-stage nodes become slots of p, in the order in which tapes first need them.
class Slots {
 public:
  explicit Slots(const Graph& graph) : graph_(graph) {}
  Leaf leaf() {
    return [this](NodeId id) -> std::optional<Load> {
      const Node& node = graph_[id];
      if (node.stage == Stage::individual) return Load{Load::From::p, slot(id), 0.0};
      if (node.op != Op::input) return std::nullopt;
      if (node.input == Input::time) return Load{Load::From::t, 0, 0.0};
      if (node.input == Input::tad) return Load{Load::From::y, 0, 0.0};
      return Load{Load::From::y, node.index, 0.0};
    };
  }
  int slot(NodeId id) {
    const auto [it, inserted] = index_.emplace(id, static_cast<int>(nodes_.size()));
    if (inserted) nodes_.push_back(id);
    return it->second;
  }
  const std::vector<NodeId>& nodes() const { return nodes_; }

 private:
  const Graph& graph_;
  std::map<NodeId, int> index_;
  std::vector<NodeId> nodes_;
};

class Compiler {
 public:
  explicit Compiler(std::shared_ptr<const Model> model)
      : model_(std::move(model)), names_(*model_, graph_, problems_), slots_(graph_) {}

  Result<Compiled> run() {
    auto out = std::make_shared<CompiledModel>();
    out->model = model_;
    out->k = static_cast<int>(model_->random_effects.size());
    out->q = static_cast<int>(model_->occasion_effects.size());
    out->n = static_cast<int>(model_->states.size());
    out->m = static_cast<int>(model_->outputs.size());
    for (int j = 0; j < out->effects(); ++j) d_eta_.emplace_back(graph_, graph_.input(Input::eta, j));
    for (int i = 0; i < out->n; ++i) d_state_.emplace_back(graph_, graph_.input(Input::state, i));

    read_expressions();
    compile_residuals(*out);
    compile_covariates(*out);
    prior(*out);
    if (has_error(problems_)) return problems_;

    values(*out);
    const std::size_t n_values = slots_.nodes().size();
    derivatives(*out);

    out->n_inputs = names_.n_inputs();
    out->covariate_input = names_.covariate_input();
    const Leaf inputs = [&](NodeId id) -> std::optional<Load> {
      const Node& node = graph_[id];
      if (node.op != Op::input) return std::nullopt;
      return Load{Load::From::p, node.input == Input::covariate ? node.index : out->n_inputs + node.index, 0.0};
    };
    const std::vector<NodeId>& all = slots_.nodes();
    out->individual = make_tape(graph_, {all.begin(), all.begin() + static_cast<std::ptrdiff_t>(n_values)}, inputs);
    out->individual_sens = make_tape(graph_, all, inputs);
    for (std::size_t c = 0; c < model_->covariates.size(); ++c)
      if (uses_covariate(*out, static_cast<int>(c))) out->required.push_back(static_cast<int>(c));
    return Result<Compiled>(Compiled(out), problems_);
  }

 private:
  void read_expressions() {
    for (const auto* list : {&model_->individual, &model_->derived})
      for (const Intermediate& i : *list) names_.resolve_if_intermediate(i.name);
    for (const State& s : model_->states) {
      rhs_.push_back(read(s.derivative, s.unit.dimension / kTime, "The rate of change of '" + s.name + "'"));
      initial_.push_back(read_early(s.initial, s.unit.dimension, "The initial value of '" + s.name + "'"));
    }
    for (const Output& o : model_->outputs) outputs_.push_back(read(o.value, o.unit.dimension, "The output '" + o.name + "'"));
    for (const Route& r : model_->routes) read_route(r);
    for (const ConditionEvent& e : model_->events) read_event(e);
  }

  void read_event(const ConditionEvent& e) {
    CompiledCondition condition;
    condition.name = e.name;
    condition.first = static_cast<int>(conditions_.size());
    if (!e.when.text.empty()) {
      condition.compares = true;
      const Node comparison = graph_[read(e.when, Dimension{}, "The condition of '" + e.name + "'")];
      if (comparison.op == Op::less || comparison.op == Op::less_equal)
        conditions_.push_back(graph_.make(Op::sub, comparison.b, comparison.a));
      else
        problems_.push_back({"model.bad_value", Severity::error, e.when.path, Span{0, e.when.text.size()},
                             "The condition of '" + e.name + "' is one comparison that can become true and false.",
                             "Write for instance tumour < 1 [mm^3]."});
    }
    for (const auto& [name, value] : e.set)
      for (std::size_t i = 0; i < model_->states.size(); ++i)
        if (const State& state = model_->states[i]; state.name == name) {
          condition.states.push_back(static_cast<int>(i));
          conditions_.push_back(read(value, state.unit.dimension, "What '" + e.name + "' sets '" + name + "' to"));
        }
    for (const Expression& value : e.not_negative) {
      conditions_.push_back(read(value, std::nullopt, "A part of '" + e.name + "'"));
      ++condition.not_negative;
    }
    if (e.every) {
      condition.every = static_cast<int>(events_.size());
      events_.push_back(read_early(*e.every, kTime, "The interval of '" + e.name + "'"));
    }
    condition_events_.push_back(condition);
  }

  void read_route(const Route& r) {
    CompiledRoute route{r.name, {}};
    for (const Entry& e : r.entries) {
      CompiledEntry entry;
      for (std::size_t i = 0; i < model_->states.size(); ++i)
        if (model_->states[i].name == e.into) entry.state = static_cast<int>(i);
      if (entry.state < 0) {
        std::vector<std::string> states;
        for (const State& s : model_->states) states.push_back(s.name);
        problems_.push_back({"model.unknown_state", Severity::error, r.path, std::nullopt,
                             "Route '" + r.name + "' gives into '" + e.into + "', which is no state of the model.",
                             "Did you mean '" + nearest(e.into, states) + "'?"});
        continue;
      }
      const Dimension state = model_->states[static_cast<std::size_t>(entry.state)].unit.dimension;
      entry.sets = e.sets_to.has_value();
      entry.value = static_cast<int>(events_.size());
      if (entry.sets)
        events_.push_back(read_early(*e.sets_to, state, "What a dose sets '" + e.into + "' to"));
      else
        events_.push_back(
            read_early(e.bioavailability, state / r.amount_unit.dimension, "The bioavailability of '" + r.name + "'"));
      const auto event = [&](const Expression& text, const Dimension& expected, const std::string& what) {
        events_.push_back(read_early(text, expected, what + " of '" + r.name + "'"));
        return static_cast<int>(events_.size()) - 1;
      };
      entry.lag = event(e.lag, kTime, "The lag time");
      if (e.duration) entry.duration = event(*e.duration, kTime, "The duration");
      if (e.rate) entry.rate = event(*e.rate, state / kTime, "The rate");
      if (e.profile) {
        entry.profile = static_cast<int>(profiles_.size());
        profiles_.push_back(read_profile(*e.profile, "The input profile of '" + r.name + "'"));
      }
      route.entries.push_back(entry);
    }
    routes_.push_back(route);
  }

  // A density over the time since a dose began to enter: it may use tad, but no states and no time.
  NodeId read_profile(const Expression& e, const std::string& what) {
    names_.allow_tad(true);
    const NodeId node = read(e, Dimension{} / kTime, what);
    names_.allow_tad(false);
    bool moves = false;
    for (Derivative& d : d_state_) moves = moves || !graph_.is_constant(d.of(node), 0.0);
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

  void values(CompiledModel& out) {
    const Leaf leaf = slots_.leaf();
    for (const Intermediate& i : model_->individual) {
      const auto node = names_.node_of(i.name);
      if (node && graph_[*node].stage != Stage::dynamic) out.named[i.name] = slots_.slot(*node);
    }
    out.outputs = make_tape(graph_, outputs_, leaf);
    out.initial = make_tape(graph_, initial_, leaf);
    out.events = make_tape(graph_, events_, leaf);
    out.profiles = make_tape(graph_, profiles_, leaf);
    out.conditions = make_tape(graph_, conditions_, leaf);
    out.condition_events = condition_events_;
    out.routes = routes_;
    std::vector<NodeId> extended = rhs_;
    extended.insert(extended.end(), outputs_.begin(), outputs_.end());
    system_values(out.states, rhs_);
    system_values(out.with_auc, extended);
    linear_outputs(out);
    for (const State& s : model_->states) {
      if (s.at_steady_state) out.at_rest.push_back(static_cast<Eigen::Index>(out.states.scale.size()));
      out.states.scale.push_back(s.unit.factor);
    }
    out.with_auc.scale = out.states.scale;
    for (const Output& o : model_->outputs) out.with_auc.scale.push_back(o.unit.factor);
  }

  // dy/dt = A y + b with A and b fixed within a segment, when the Jacobian and the right-hand side at y = 0 are.
  void system_values(System& system, const std::vector<NodeId>& rhs) {
    system.n = static_cast<int>(rhs.size());
    for (std::size_t i = 0; i < model_->states.size(); ++i)
      if (model_->states[i].non_negative) system.non_negative.push_back(static_cast<int>(i));
    const Leaf leaf = slots_.leaf();
    system.rhs = make_tape(graph_, rhs, leaf);
    AtZeroState at_zero(graph_);
    std::vector<NodeId> parts = jacobian(rhs);
    for (const NodeId f : rhs) parts.push_back(at_zero.of(f));
    system.linear = std::all_of(parts.begin(), parts.end(), [&](NodeId id) { return graph_[id].stage != Stage::dynamic; });
    if (system.linear) system.linear_parts = make_tape(graph_, parts, leaf);
    std::vector<NodeId> list = rhs;
    system.J = pattern(jacobian(rhs), rhs.size(), rhs.size(), &list);
    Derivative d_time(graph_, graph_.input(Input::time, 0));
    for (const NodeId f : rhs) list.push_back(d_time.of(f));
    system.autonomous = std::all_of(list.end() - system.n, list.end(), [&](NodeId id) { return graph_.is_constant(id, 0.0); });
    system.rhs_jacobian = make_tape(graph_, list, leaf);
  }

  // y = C states + d with C and d fixed within a segment, when all outputs are so.
  void linear_outputs(CompiledModel& out) {
    AtZeroState at_zero(graph_);
    std::vector<NodeId> parts;
    for (const NodeId f : outputs_)
      for (Derivative& d : d_state_) parts.push_back(d.of(f));
    for (const NodeId f : outputs_) parts.push_back(at_zero.of(f));
    const bool linear = std::all_of(parts.begin(), parts.end(), [&](NodeId id) { return graph_[id].stage != Stage::dynamic; });
    if (out.states.linear && linear) out.output_parts = make_tape(graph_, parts, slots_.leaf());
  }

  // Where a matrix (row major) is not the constant 0; those entries are added to `list`.
  Pattern pattern(const std::vector<NodeId>& entries, std::size_t rows, std::size_t columns, std::vector<NodeId>* list) {
    Pattern found;
    for (std::size_t i = 0; i < rows; ++i) {
      for (std::size_t j = 0; j < columns; ++j) {
        const NodeId entry = entries[i * columns + j];
        if (graph_.is_constant(entry, 0.0)) continue;
        found.column.push_back(static_cast<int>(j));
        list->push_back(entry);
      }
      found.start.push_back(static_cast<int>(found.column.size()));
    }
    return found;
  }

  void derivatives(CompiledModel& out) {
    const Leaf leaf = slots_.leaf();
    system_derivatives(out.states, rhs_);
    std::vector<NodeId> extended = rhs_;
    extended.insert(extended.end(), outputs_.begin(), outputs_.end());
    system_derivatives(out.with_auc, extended);

    std::vector<NodeId> list = outputs_;
    for (const NodeId f : outputs_)
      for (Derivative& d : d_state_) list.push_back(d.of(f));
    add_eta_derivatives(list, outputs_);
    Derivative d_time(graph_, graph_.input(Input::time, 0));
    for (const NodeId f : outputs_) list.push_back(d_time.of(f));
    out.outputs_sens = make_tape(graph_, list, leaf);

    list = initial_;
    add_eta_derivatives(list, initial_);
    out.initial_sens = make_tape(graph_, list, leaf);
    list = events_;
    add_eta_derivatives(list, events_);
    out.events_sens = make_tape(graph_, list, leaf);

    list.clear();
    const NodeId tad = graph_.input(Input::tad, 0);
    for (const NodeId g : profiles_) {
      list.push_back(g);
      list.push_back(Derivative(graph_, tad).of(g));
      add_eta_derivatives(list, {g});
    }
    out.profiles_sens = make_tape(graph_, list, leaf);
    std::vector<NodeId> of_conditions;
    for (const NodeId g : conditions_) {
      of_conditions.push_back(g);
      of_conditions.push_back(d_time.of(g));
      for (Derivative& d : d_state_) of_conditions.push_back(d.of(g));
      add_eta_derivatives(of_conditions, {g});
    }
    out.conditions_sens = make_tape(graph_, of_conditions, leaf);
    Derivative d_tad(graph_, tad);
    for (NodeId& node : list) node = d_tad.of(node);
    out.profiles_slope = make_tape(graph_, list, leaf);
  }

  void system_derivatives(System& system, const std::vector<NodeId>& rhs) {
    const Leaf leaf = slots_.leaf();
    const std::vector<NodeId> J = jacobian(rhs);
    std::vector<NodeId> B;
    add_eta_derivatives(B, rhs);
    std::vector<NodeId> list = rhs;
    pattern(J, rhs.size(), rhs.size(), &list);
    system.B = pattern(B, rhs.size(), d_eta_.size(), &list);
    system.rhs_sens = make_tape(graph_, list, leaf);

    std::unordered_map<NodeId, NodeId> direction;
    for (int i = 0; i < system.n; ++i) direction[graph_.input(Input::state, i)] = graph_.input(Input::state, system.n + i);
    direction[graph_.input(Input::time, 0)] = graph_.input(Input::state, 2 * system.n);
    Derivative along(graph_, std::move(direction));
    std::vector<NodeId> dJ, dB;
    for (const NodeId entry : J) dJ.push_back(along.of(entry));
    for (const NodeId entry : B) dB.push_back(along.of(entry));
    list.clear();
    system.curved_J = pattern(dJ, rhs.size(), rhs.size(), &list);
    system.curved_B = pattern(dB, rhs.size(), d_eta_.size(), &list);
    system.curvature = make_tape(graph_, list, leaf);
    if (!system.linear) return;
    AtZeroState at_zero(graph_);
    list.clear();
    for (Derivative& d : d_eta_) {
      for (const NodeId a : J) list.push_back(d.of(a));
      for (const NodeId f : rhs) list.push_back(d.of(at_zero.of(f)));
    }
    system.linear_sens = make_tape(graph_, list, leaf);
  }

  // Row major; integrals of outputs, which follow the states, act on nothing.
  std::vector<NodeId> jacobian(const std::vector<NodeId>& rhs) {
    std::vector<NodeId> J;
    for (const NodeId f : rhs)
      for (std::size_t j = 0; j < rhs.size(); ++j) J.push_back(j < d_state_.size() ? d_state_[j].of(f) : graph_.constant(0.0));
    return J;
  }

  void add_eta_derivatives(std::vector<NodeId>& list, const std::vector<NodeId>& of) {
    for (const NodeId f : of)
      for (Derivative& d : d_eta_) list.push_back(d.of(f));
  }

  void compile_residuals(CompiledModel& out) {
    for (const Output& o : model_->outputs) {
      std::vector<CompiledResidual> list;
      for (const Residual& r : o.residuals) {
        const auto V = residual_variance(o, r);
        if (!V) continue;
        const NodeId dV = Derivative(graph_, graph_.input(Input::prediction, 0)).of(*V);
        const Leaf leaf = [this](NodeId id) -> std::optional<Load> {
          if (graph_[id].op == Op::input) return Load{Load::From::y, 0, 0.0};
          return std::nullopt;
        };
        list.push_back({r.assay, r.log_scale, r.box_cox, o.unit.factor,
                        r.student_t ? std::make_shared<const StudentT>(*r.student_t) : nullptr,
                        make_tape(graph_, {*V, dV}, leaf)});
      }
      out.residuals.push_back(std::move(list));
    }
  }

  std::optional<NodeId> residual_variance(const Output& o, const Residual& r) {
    auto parsed = parse_expression(r.variance);
    append(problems_, parsed.diagnostics());
    if (!parsed) return std::nullopt;
    std::map<std::string, Meaning> known;
    known["prediction"] = {r.log_scale ? Dimension{} : o.unit.dimension, graph_.input(Input::prediction, 0)};
    for (const Parameter& p : model_->parameters) known[p.name] = {p.unit.dimension, graph_.constant(p.value)};
    std::vector<std::string> all;
    for (const auto& [name, meaning] : known) all.push_back(name);
    const Scope scope{[&](const std::string& name) -> std::optional<Dimension> {
                        const auto found = known.find(name);
                        if (found == known.end()) return std::nullopt;
                        return found->second.dimension;
                      },
                      all, model_->unchecked_units};
    auto dimension = type_of(*parsed, scope, r.variance.path);
    append(problems_, dimension.diagnostics());
    if (!dimension) return std::nullopt;
    const Dimension expected = r.transformed() ? Dimension{} : o.unit.dimension * o.unit.dimension;
    if (!model_->unchecked_units && !(*dimension == expected)) {
      problems_.push_back({"expr.unit_mismatch", Severity::error, r.variance.path, Span{0, r.variance.text.size()},
                           "The residual variance of '" + o.name + "' should have the unit " + describe(expected) + ", but has " +
                               describe(*dimension) + ".",
                           "A variance has the squared unit of its output; on a transformed scale it has none."});
      return std::nullopt;
    }
    return lower(graph_, *parsed, [&](const std::string& name) -> std::optional<NodeId> { return known.at(name).node; });
  }

  // Computed covariates: each an expression in other covariates (and constants), ordered so that what is needed comes first.
  void compile_covariates(CompiledModel& out) {
    const auto& covariates = model_->covariates;
    std::map<std::string, int> index;
    for (std::size_t i = 0; i < covariates.size(); ++i) index[covariates[i].name] = static_cast<int>(i);
    Model only;  // the names that a computed covariate may use
    only.unchecked_units = model_->unchecked_units;
    only.parameters = model_->parameters;
    only.covariates = covariates;
    for (Covariate& c : only.covariates) c.over_time = OverTime::last;
    std::map<int, ComputedCovariate> all;
    for (std::size_t i = 0; i < covariates.size(); ++i) {
      const Covariate& c = covariates[i];
      if (!c.from) continue;
      Graph graph;
      Names names(only, graph, problems_);
      const auto meaning = names.read(*c.from, c.unit.dimension, "The computed covariate '" + c.name + "'");
      if (!meaning) continue;
      ComputedCovariate computed;
      computed.covariate = static_cast<int>(i);
      computed.value = make_tape(graph, {meaning->node}, [&](NodeId id) -> std::optional<Load> {
        const Node& node = graph[id];
        if (node.op != Op::input) return std::nullopt;
        return Load{Load::From::p, node.index, 0.0};
      });
      for (const Load& load : computed.value.loads)
        if (load.from == Load::From::p) computed.needs.push_back(load.index);
      all[computed.covariate] = computed;
    }
    std::set<int> done, open;
    const std::function<void(int)> visit = [&](int i) {
      if (all.count(i) == 0 || done.count(i) > 0) return;
      if (!open.insert(i).second) {
        const Covariate& c = covariates[static_cast<std::size_t>(i)];
        problems_.push_back({"model.cycle", Severity::error, c.from->path, std::nullopt,
                             "Covariate '" + c.name + "' is computed from itself.",
                             "One of the covariates in the circle must be given, not computed."});
        return;
      }
      for (const int need : all[i].needs) visit(need);
      done.insert(i);
      out.computed.push_back(all[i]);
    };
    for (const auto& entry : all) visit(entry.first);
  }

  void prior(CompiledModel& out) {
    out.omega = model_->omega;
    out.pi = model_->pi;
    if (out.q > 0 && Eigen::LLT<Matrix>(out.pi).info() != Eigen::Success)
      problems_.push_back({"model.omega", Severity::error, "/inter_occasion", std::nullopt,
                           "The matrix of variances and covariances between occasions is not positive definite.",
                           "A correlation is too large for the variances beside it, or a variance is zero."});
    if (out.k == 0) return;
    const Eigen::LLT<Matrix> llt(out.omega);
    if (llt.info() != Eigen::Success) {
      problems_.push_back({"model.omega", Severity::error, "/random_effects", std::nullopt,
                           "The matrix of variances and covariances of the random effects is not positive definite.",
                           "A correlation is too large for the variances beside it, or a variance is zero."});
      return;
    }
    out.omega_inverse = llt.solve(Matrix::Identity(out.k, out.k));
    out.log_det_omega = 2.0 * llt.matrixLLT().diagonal().array().log().sum();
  }

  bool uses_covariate(const CompiledModel& out, int c) const {
    const int first = out.covariate_input[static_cast<std::size_t>(c)];
    const int width = model_->covariates[static_cast<std::size_t>(c)].over_time == OverTime::linear ? 2 : 1;
    return std::any_of(out.individual.loads.begin(), out.individual.loads.end(), [&](const Load& load) {
      return load.from == Load::From::p && load.index >= first && load.index < first + width;
    });
  }

  std::shared_ptr<const Model> model_;
  Graph graph_;
  Diagnostics problems_;
  Names names_;
  Slots slots_;
  std::vector<Derivative> d_eta_, d_state_;
  std::vector<NodeId> rhs_, initial_, outputs_, events_, profiles_, conditions_;
  std::vector<CompiledCondition> condition_events_;
  std::vector<CompiledRoute> routes_;
};

}  // namespace

Result<Compiled> compile(std::shared_ptr<const Model> model) { return Compiler(std::move(model)).run(); }

}  // namespace titrate
