#include "expr/lower.hpp"

#include <stdexcept>

#include "expr/words.hpp"

namespace titrate {

namespace {

NodeId lower_binary(Graph& graph, const std::string& sign, NodeId a, NodeId b) {
  if (sign == "+") return graph.make(Op::add, a, b);
  if (sign == "-") return graph.make(Op::sub, a, b);
  if (sign == "*") return graph.make(Op::mul, a, b);
  if (sign == "/") return graph.make(Op::div, a, b);
  if (sign == "^") return graph.make(Op::pow, a, b);
  if (sign == "<") return graph.make(Op::less, a, b);
  if (sign == "<=") return graph.make(Op::less_equal, a, b);
  if (sign == ">") return graph.make(Op::less, b, a);
  if (sign == ">=") return graph.make(Op::less_equal, b, a);
  if (sign == "==") return graph.make(Op::equal, a, b);
  if (sign == "!=") return graph.make(Op::not_equal, a, b);
  if (sign == "and") return graph.make(Op::both, a, b);
  if (sign == "or") return graph.make(Op::either, a, b);
  throw std::logic_error("unknown operator " + sign);
}

}  // namespace

NodeId lower(Graph& graph, const AstPtr& ast, const Binding& bind) {
  switch (ast->kind) {
    case Ast::Kind::number:
      return graph.constant(ast->value);
    case Ast::Kind::name: {
      if (const auto bound = bind(ast->text)) return *bound;
      if (ast->text == "t") return graph.input(Input::time, 0);
      throw std::logic_error("unbound name " + ast->text);
    }
    case Ast::Kind::unary: {
      const NodeId operand = lower(graph, ast->children.at(0), bind);
      return graph.make(ast->text == "-" ? Op::neg : Op::negate, operand);
    }
    case Ast::Kind::binary: {
      const NodeId a = lower(graph, ast->children.at(0), bind);
      const NodeId b = lower(graph, ast->children.at(1), bind);
      return lower_binary(graph, ast->text, a, b);
    }
    case Ast::Kind::call: {
      const auto function = find_function(ast->text);
      if (!function || ast->children.size() != static_cast<std::size_t>(function->arguments))
        throw std::logic_error("unknown function " + ast->text);
      NodeId arguments[3] = {-1, -1, -1};
      for (std::size_t i = 0; i < ast->children.size(); ++i) arguments[i] = lower(graph, ast->children[i], bind);
      return graph.make(function->op, arguments[0], arguments[1], arguments[2]);
    }
  }
  throw std::logic_error("unknown kind of expression");
}

}  // namespace titrate
