#include "expr/tape.hpp"

#include <stdexcept>

#include "base/work.hpp"
#include "expr/link.hpp"
#include "expr/run.hpp"

namespace titrate {

Tape make_tape(const Graph& graph, const std::vector<NodeId>& outputs, const Leaf& leaf) {
  Work::spend(20.0 * static_cast<double>(graph.size() + outputs.size()));
  // What is needed, from the outputs down: 1 read, 2 computed.
  std::vector<char> use(graph.size(), 0);
  std::vector<Load> loads(graph.size());
  std::vector<NodeId> open(outputs);
  while (!open.empty()) {
    const NodeId id = open.back();
    const auto at = static_cast<std::size_t>(id);
    open.pop_back();
    if (use.at(at) != 0) continue;
    const Node& node = graph[id];
    if (node.op == Op::constant) {
      loads[at] = {Load::From::constant, 0, node.value};
      use[at] = 1;
    } else if (const auto load = leaf(id)) {
      loads[at] = *load;
      use[at] = 1;
    } else if (node.op == Op::input) {
      throw std::logic_error("a tape reads an input that nobody supplies");
    } else {
      use[at] = 2;
      for (const NodeId argument : {node.a, node.b, node.c})
        if (argument >= 0) open.push_back(argument);
    }
  }

  Tape tape;
  std::vector<std::int32_t> place(graph.size(), -1);
  for (std::size_t i = 0; i < use.size(); ++i)
    if (use[i] == 1) {
      place[i] = tape.registers++;
      tape.loads.push_back(loads[i]);
    }
  for (std::size_t i = 0; i < use.size(); ++i)
    if (use[i] == 2) {
      const Node& node = graph[static_cast<NodeId>(i)];
      // An argument that an operation lacks repeats its first one, so that every register is one that exists.
      const auto at = [&](NodeId id) { return place[static_cast<std::size_t>(id >= 0 ? id : node.a)]; };
      place[i] = tape.registers++;
      tape.code.push_back({node.op, place[i], at(node.a), at(node.b), at(node.c)});
    }
  for (const NodeId id : outputs) tape.outputs.push_back(place[static_cast<std::size_t>(id)]);
  if (!tape.code.empty()) tape.link = std::make_shared<Link>();
  return tape;
}

Kernel::Kernel(const Tape& tape) : tape_(&tape), registers_(static_cast<std::size_t>(tape.registers)) {
  for (std::size_t i = 0; i < tape.loads.size(); ++i)
    if (const Load& load = tape.loads[i]; load.from == Load::From::t || load.from == Load::From::y) {
      per_call_.push_back(load);
      per_call_to_.push_back(static_cast<std::int32_t>(i));
    }
}

void Kernel::set(const double* p) {
  p_ = p;
  if (tape_->link && tape_->link->function() != nullptr) return;
  for (std::size_t i = 0; i < tape_->loads.size(); ++i) {
    const Load& load = tape_->loads[i];
    if (load.from == Load::From::constant) registers_[i] = load.value;
    if (load.from == Load::From::p) registers_[i] = p[load.index];
  }
}

void Kernel::operator()(double t, const double* y, double* out) {
  double* const r = registers_.data();
  if (tape_->link) {
    if (const Link::Function linked = tape_->link->function(); linked != nullptr) return linked(t, y, p_, out, r);
    tape_->link->count(*tape_);
  }
  for (std::size_t i = 0; i < per_call_.size(); ++i)
    r[per_call_to_[i]] = per_call_[i].from == Load::From::t ? t : y[per_call_[i].index];
  execute(*tape_, r);
  for (const std::int32_t from : tape_->outputs) *out++ = r[from];
}

template <>
void run(const Tape& tape, double t, const double* y, const double* p, double* out, std::vector<double>& registers) {
  if (tape.link) {
    if (const Link::Function linked = tape.link->function(); linked != nullptr) {
      if (registers.size() < tape.link->scratch()) registers.resize(tape.link->scratch());
      return linked(t, y, p, out, registers.data());
    }
    tape.link->count(tape);
  }
  interpret(tape, t, y, p, out, registers);
}

}  // namespace titrate
