// Text to kernels: expressions are typed and lowered into one graph (model/compiled_nodes.cpp), differentiated there, and cut
// into tapes along the stages of expr/ir.hpp.

#include "model/compiled.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <unordered_map>

#include "expr/derive.hpp"
#include "model/compiled_parts.hpp"

namespace titrate {

namespace {

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

    nodes_ = read_nodes(*model_, graph_, names_, problems_);
    out->residuals = compile_residuals(*model_, graph_, problems_);
    out->computed = compile_covariates(*model_, problems_);
    out->service_conditions = compile_services(*model_, problems_);
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
  void values(CompiledModel& out) {
    const Leaf leaf = slots_.leaf();
    for (const Intermediate& i : model_->individual) {
      const auto node = names_.node_of(i.name);
      if (node && graph_[*node].stage != Stage::dynamic) out.named[i.name] = slots_.slot(*node);
    }
    out.outputs = make_tape(graph_, nodes_.outputs, leaf);
    out.initial = make_tape(graph_, nodes_.initial, leaf);
    out.events = make_tape(graph_, nodes_.events, leaf);
    std::vector<NodeId> profiles;
    Derivative d_tad(graph_, graph_.input(Input::tad, 0));
    for (const NodeId g : nodes_.profiles) {
      profiles.push_back(g);
      profiles.push_back(d_tad.of(g));
    }
    out.profiles = make_tape(graph_, profiles, leaf);
    out.conditions = make_tape(graph_, nodes_.conditions, leaf);
    out.condition_events = nodes_.condition_events;
    out.routes = nodes_.routes;
    std::vector<NodeId> extended = nodes_.rhs;
    extended.insert(extended.end(), nodes_.outputs.begin(), nodes_.outputs.end());
    system_values(out.states, nodes_.rhs);
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
    for (const NodeId f : nodes_.outputs)
      for (Derivative& d : d_state_) parts.push_back(d.of(f));
    for (const NodeId f : nodes_.outputs) parts.push_back(at_zero.of(f));
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
    system_derivatives(out.states, nodes_.rhs);
    std::vector<NodeId> extended = nodes_.rhs;
    extended.insert(extended.end(), nodes_.outputs.begin(), nodes_.outputs.end());
    system_derivatives(out.with_auc, extended);

    std::vector<NodeId> list = nodes_.outputs;
    for (const NodeId f : nodes_.outputs)
      for (Derivative& d : d_state_) list.push_back(d.of(f));
    add_eta_derivatives(list, nodes_.outputs);
    Derivative d_time(graph_, graph_.input(Input::time, 0));
    for (const NodeId f : nodes_.outputs) list.push_back(d_time.of(f));
    out.outputs_sens = make_tape(graph_, list, leaf);

    list = nodes_.initial;
    add_eta_derivatives(list, nodes_.initial);
    out.initial_sens = make_tape(graph_, list, leaf);
    list = nodes_.events;
    add_eta_derivatives(list, nodes_.events);
    out.events_sens = make_tape(graph_, list, leaf);

    list.clear();
    const NodeId tad = graph_.input(Input::tad, 0);
    for (const NodeId g : nodes_.profiles) {
      list.push_back(g);
      list.push_back(Derivative(graph_, tad).of(g));
      add_eta_derivatives(list, {g});
    }
    out.profiles_sens = make_tape(graph_, list, leaf);
    std::vector<NodeId> of_conditions;
    for (const NodeId g : nodes_.conditions) {
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
  Nodes nodes_;
};

}  // namespace

Result<Compiled> compile(std::shared_ptr<const Model> model) { return Compiler(std::move(model)).run(); }

}  // namespace titrate
