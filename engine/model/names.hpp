// The names of one model as nodes of one graph, with their dimensions: found on demand, so their order in the file does not
// matter and a circle is seen, and every error reported once, where it lies.

#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "expr/ir.hpp"
#include "model/model.hpp"

namespace titrate {

struct Meaning {
  Dimension dimension;
  NodeId node;
};

class Names {
 public:
  Names(const Model& model, Graph& graph, Diagnostics& problems);

  // The expression as a node, when it is right and has the expected dimension (none expected: any). `what` opens the message.
  std::optional<Meaning> read(const Expression& expression, const std::optional<Dimension>& expected, const std::string& what);

  // Makes the intermediate of this name known; false when it is wrong. Other names are left to the typing.
  bool resolve_if_intermediate(const std::string& name);

  // tad, the time since a dose began to enter, has a meaning in input profiles alone.
  void allow_tad(bool allowed);

  [[nodiscard]] std::optional<NodeId> node_of(const std::string& name) const;
  // Inputs of the individual tape: intercept and slope for a covariate that is linear over time, else its value.
  [[nodiscard]] const std::vector<int>& covariate_input() const { return covariate_input_; }
  [[nodiscard]] int n_inputs() const { return n_inputs_; }

 private:
  [[nodiscard]] Meaning covariate(std::size_t i);
  [[nodiscard]] NodeId with_occasions(const std::string& name, NodeId node);
  [[nodiscard]] std::optional<Meaning> find(const std::string& name) const;

  const Model& model_;
  Graph& graph_;
  Diagnostics& problems_;
  std::map<std::string, Meaning> known_;
  std::map<std::string, const Intermediate*> intermediates_;
  std::vector<std::string> all_names_;
  std::vector<std::string> path_;  // what is being resolved, from the outermost in
  std::set<std::string> failed_;
  std::vector<int> covariate_input_;
  int n_inputs_ = 0;
};

}  // namespace titrate
