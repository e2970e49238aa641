// Calls of formulas, replaced by their bodies. Arguments are put in as trees; every node of a body takes the place of the call
// in the text, so that later messages underline the call. The result is bounded in size and depth, since bodies may repeat
// their arguments.

#include <algorithm>

#include "expr/parser.hpp"
#include "expr/words.hpp"

namespace titrate {

namespace {

constexpr std::size_t max_expanded_nodes = 20000;
constexpr int max_expanded_depth = 1500;

using Arguments = std::map<std::string, AstPtr>;

class Expander {
 public:
  Expander(const std::map<std::string, Formula>& formulas, std::string path) : formulas_(formulas), path_(std::move(path)) {}

  AstPtr expand(const AstPtr& ast, const Arguments* arguments, const Span* place, int depth) {
    if (has_error(diagnostics)) return ast;
    if (++nodes_ > max_expanded_nodes || depth > max_expanded_depth) {
      complain("expr.too_large", place ? *place : ast->span, "The expression is too large once its formulas are written out.",
               "Name intermediate results and use the names.");
      return ast;
    }
    if (arguments && ast->kind == Ast::Kind::name) {
      const auto found = arguments->find(ast->text);
      if (found != arguments->end()) return copy_size(found->second, depth);
      if (ast->text == "t") return moved(*ast, place, {});
      complain("expr.formula", *place,
               "The formula " + stack_.back() + " uses \"" + ast->text + "\", which is not one of its arguments.", "");
      return ast;
    }
    std::vector<AstPtr> children;
    for (const AstPtr& child : ast->children) children.push_back(expand(child, arguments, place, depth + 1));
    if (ast->kind == Ast::Kind::call && !find_function(ast->text)) {
      const auto formula = formulas_.find(ast->text);
      if (formula != formulas_.end()) return body_of(formula->second, children, place ? *place : ast->span, depth);
    }
    return moved(*ast, place, std::move(children));
  }

  Diagnostics diagnostics;

 private:
  void complain(const char* code, Span span, std::string message, std::string hint) {
    if (diagnostics.empty()) diagnostics.push_back({code, Severity::error, path_, span, std::move(message), std::move(hint)});
  }

  static AstPtr moved(const Ast& ast, const Span* place, std::vector<AstPtr> children) {
    Ast copy = ast;
    if (place) copy.span = *place;
    copy.children = std::move(children);
    return std::make_shared<const Ast>(std::move(copy));
  }

  // An argument is shared, not copied, but later passes walk it again wherever it stands.
  AstPtr copy_size(const AstPtr& argument, int depth) {
    std::vector<std::pair<const Ast*, int>> open{{argument.get(), depth}};
    while (!open.empty()) {
      const auto [ast, level] = open.back();
      open.pop_back();
      if (++nodes_ > max_expanded_nodes || level > max_expanded_depth) {
        complain("expr.too_large", argument->span, "The expression is too large once its formulas are written out.",
                 "Name intermediate results and use the names.");
        break;
      }
      for (const AstPtr& child : ast->children) open.push_back({child.get(), level + 1});
    }
    return argument;
  }

  AstPtr body_of(const Formula& formula, const std::vector<AstPtr>& values, Span place, int depth) {
    if (formula.arguments.size() != values.size()) {
      std::string list;
      for (const std::string& name : formula.arguments) list += (list.empty() ? "" : ", ") + name;
      complain("expr.arguments", place,
               formula.name + " takes " + std::to_string(formula.arguments.size()) + " arguments, not " +
                   std::to_string(values.size()) + ".",
               "Write " + formula.name + "(" + list + ").");
      return values.empty() ? nullptr : values.front();
    }
    if (std::find(stack_.begin(), stack_.end(), formula.name) != stack_.end()) {
      complain("expr.formula", place, "The formula " + formula.name + " calls itself.", "");
      return nullptr;
    }
    const AstPtr body = parsed(formula, place);
    if (!body) return nullptr;
    Arguments arguments;
    for (std::size_t i = 0; i < values.size(); ++i) arguments[formula.arguments[i]] = values[i];
    stack_.push_back(formula.name);
    AstPtr result = expand(body, &arguments, &place, depth);
    stack_.pop_back();
    return result;
  }

  AstPtr parsed(const Formula& formula, Span place) {
    const auto known = bodies_.find(formula.name);
    if (known != bodies_.end()) return known->second;
    const auto body = parse_expression({formula.text, path_});
    if (!body) {
      const Diagnostic& first = body.diagnostics().front();
      complain("expr.formula", place, "The formula " + formula.name + " cannot be read: " + first.message, first.hint);
      return nullptr;
    }
    return bodies_[formula.name] = *body;
  }

  const std::map<std::string, Formula>& formulas_;
  std::string path_;
  std::map<std::string, AstPtr> bodies_;
  std::vector<std::string> stack_;
  std::size_t nodes_ = 0;
};

}  // namespace

Result<AstPtr> expand(const AstPtr& ast, const std::map<std::string, Formula>& formulas, const std::string& path) {
  Expander expander(formulas, path);
  AstPtr expanded = expander.expand(ast, nullptr, nullptr, 0);
  if (has_error(expander.diagnostics)) return std::move(expander.diagnostics);
  return expanded;
}

}  // namespace titrate
