// Recursive descent, one function a level of the grammar. After an error a stand-in node takes the place of what is missing,
// so that the rest is still read; two errors at one place are one error.

#include "expr/parser.hpp"

#include <algorithm>
#include <initializer_list>

#include "base/stable_order.hpp"
#include "expr/lexer.hpp"
#include "expr/words.hpp"

namespace titrate {

namespace {

constexpr std::size_t max_bytes = 4000;
constexpr int max_levels = 64;
constexpr int max_nodes = 2000;
constexpr std::size_t max_errors = 20;

class Parser {
 public:
  explicit Parser(const Expression& expression) : path_(expression.path) {
    Tokens read = read_tokens(expression.text);
    tokens_ = std::move(read.tokens);
    diagnostics_ = std::move(read.diagnostics);
    for (Diagnostic& d : diagnostics_) d.path = path_;
  }

  Result<AstPtr> parse() {
    if (tokens_.size() == 1 && diagnostics_.empty())
      complain("expr.syntax", token().span, "The expression is empty.", "Write 0 for nothing.");
    AstPtr root = diagnostics_.empty() || tokens_.size() > 1 ? either() : nullptr;
    while (token().kind != Token::Kind::end && !full()) {
      const bool closing = is(")");
      unexpected(closing ? "There is no ( to go with it." : "An operator may be missing before it.");
      if (closing || is(",") || token().kind == Token::Kind::unit) advance();
      if (closing && token().kind == Token::Kind::symbol && !is(")")) advance();
      const std::size_t before = at_;
      if (token().kind != Token::Kind::end) (void)either();
      if (at_ == before) advance();
    }
    sort_stably(diagnostics_.begin(), diagnostics_.end(),
                [](const Diagnostic& a, const Diagnostic& b) { return a.span->begin < b.span->begin; });
    if (!diagnostics_.empty()) return std::move(diagnostics_);
    return root;
  }

 private:
  const Token& token() const { return tokens_[at_]; }
  void advance() {
    if (at_ + 1 < tokens_.size()) ++at_;
  }
  bool is(std::string_view symbol) const { return token().kind == Token::Kind::symbol && token().text == symbol; }
  bool accept(std::string_view symbol) {
    if (!is(symbol)) return false;
    advance();
    return true;
  }
  bool full() const { return stopped_ || diagnostics_.size() >= max_errors; }

  void complain(const char* code, Span span, std::string message, std::string hint) {
    for (const Diagnostic& d : diagnostics_)
      if (d.span && d.span->begin == span.begin) return;
    if (!full()) diagnostics_.push_back({code, Severity::error, path_, span, std::move(message), std::move(hint)});
  }
  void unexpected(std::string hint) {
    const Token& found = token();
    if (found.kind == Token::Kind::end)
      complain("expr.syntax", found.span, "The expression ends too early.", std::move(hint));
    else if (found.kind == Token::Kind::unit)
      complain("expr.syntax", found.span, "The unit [" + found.text + "] does not follow a number.",
               "Units belong to numbers, as in 120 [mL/min].");
    else
      complain("expr.syntax", found.span, "\"" + found.text + "\" is not expected here.", std::move(hint));
  }
  // Ends the parse: what follows would only repeat the complaint.
  void stop(const char* code, std::string message, std::string hint) {
    complain(code, token().span, std::move(message), std::move(hint));
    stopped_ = true;
    at_ = tokens_.size() - 1;
  }

  AstPtr node(Ast ast) {
    if (++nodes_ > max_nodes && !stopped_)
      stop("expr.too_large", "The expression has more than " + std::to_string(max_nodes) + " parts.",
           "Name intermediate results and use the names.");
    return std::make_shared<const Ast>(std::move(ast));
  }
  AstPtr node(Ast::Kind kind, Span span, std::string text, std::vector<AstPtr> children) {
    Ast ast;
    ast.kind = kind;
    ast.span = span;
    ast.text = std::move(text);
    ast.children = std::move(children);
    return node(std::move(ast));
  }
  AstPtr binary(const std::string& text, const AstPtr& a, const AstPtr& b) {
    return node(Ast::Kind::binary, {a->span.begin, b->span.end}, text, {a, b});
  }
  AstPtr stand_in() {
    Ast ast;
    ast.span = token().span;
    return node(std::move(ast));
  }

  // Counts the levels of recursion for as long as it lives.
  struct Level {
    explicit Level(Parser& p) : parser(p) {
      if (++parser.levels_ > max_levels && !parser.stopped_)
        parser.stop("expr.too_deep", "The expression is nested more than " + std::to_string(max_levels) + " deep.",
                    "Name intermediate results and use the names.");
    }
    ~Level() { --parser.levels_; }
    Level(const Level&) = delete;
    Level& operator=(const Level&) = delete;
    Parser& parser;
  };

  std::string any_of(std::initializer_list<std::string_view> symbols) const {
    for (const std::string_view s : symbols)
      if (is(s)) return std::string(s);
    return {};
  }

  AstPtr either() {
    AstPtr left = both();
    while (accept("or")) left = binary("or", left, both());
    return left;
  }

  AstPtr both() {
    AstPtr left = negated();
    while (accept("and")) left = binary("and", left, negated());
    return left;
  }

  AstPtr negated() {
    const Span span = token().span;
    if (!accept("not")) return comparison();
    const Level level(*this);
    const AstPtr operand = negated();
    return node(Ast::Kind::unary, {span.begin, operand->span.end}, "not", {operand});
  }

  AstPtr comparison() {
    AstPtr left = sum();
    std::string sign = any_of({"<", "<=", ">", ">=", "==", "!="});
    if (sign.empty()) return left;
    advance();
    left = binary(sign, left, sum());
    for (sign = any_of({"<", "<=", ">", ">=", "==", "!="}); !sign.empty(); sign = any_of({"<", "<=", ">", ">=", "==", "!="})) {
      complain("expr.chained_comparison", token().span, "Comparisons cannot be chained.",
               "Join two comparisons with and: a < b and b < c.");
      advance();
      (void)sum();
    }
    return left;
  }

  AstPtr sum() {
    AstPtr left = term();
    for (std::string sign = any_of({"+", "-"}); !sign.empty(); sign = any_of({"+", "-"})) {
      advance();
      left = binary(sign, left, term());
    }
    return left;
  }

  AstPtr term() {
    AstPtr left = negative();
    for (std::string sign = any_of({"*", "/"}); !sign.empty(); sign = any_of({"*", "/"})) {
      advance();
      left = binary(sign, left, negative());
    }
    return left;
  }

  AstPtr negative() {
    const Span span = token().span;
    if (!accept("-")) return raised();
    const Level level(*this);
    const AstPtr operand = negative();
    return node(Ast::Kind::unary, {span.begin, operand->span.end}, "-", {operand});
  }

  // The exponent may carry its own minus (a^-b) and its own power (a^b^c is a^(b^c)).
  AstPtr raised() {
    AstPtr base = primary();
    if (!accept("^")) return base;
    const Level level(*this);
    const AstPtr exponent = negative();
    return binary("^", base, exponent);
  }

  AstPtr primary() {
    const Level level(*this);
    const Token here = token();
    if (here.kind == Token::Kind::number) return number();
    if (here.kind == Token::Kind::name) {
      advance();
      if (is("(")) return call(here);
      if (find_function(here.text))
        complain("expr.syntax", here.span, "\"" + here.text + "\" is a function.",
                 "Write its arguments, as in " + here.text + "(x).");
      if (token().kind == Token::Kind::unit) {
        unexpected("");
        advance();
      }
      return node(Ast::Kind::name, here.span, here.text, {});
    }
    if (accept("(")) {
      AstPtr inner = either();
      if (!accept(")")) unexpected("A closing parenthesis is missing.");
      return inner;
    }
    unexpected("A number, a name or an expression in parentheses belongs here.");
    AstPtr missing = stand_in();
    if (here.kind == Token::Kind::end || is(")") || is(",")) return missing;
    advance();
    const bool operand = token().kind == Token::Kind::number || token().kind == Token::Kind::name || is("(");
    return operand ? primary() : missing;  // "a + * b": the second operator is taken for a slip
  }

  AstPtr number() {
    Ast ast;
    ast.span = token().span;
    ast.value = token().value;
    advance();
    if (token().kind == Token::Kind::unit) {
      const Span bracket = token().span;
      const auto unit = parse_unit(token().text, path_);
      for (const Diagnostic& d : unit.diagnostics()) {
        const Span inside = d.span ? *d.span : Span{};
        complain(d.code.c_str(), {bracket.begin + 1 + inside.begin, bracket.begin + 1 + inside.end}, d.message, d.hint);
      }
      if (unit) {
        ast.unit = *unit;
        ast.has_unit = true;
        ast.value *= unit->factor;
      }
      ast.span.end = bracket.end;
      advance();
    }
    return node(std::move(ast));
  }

  AstPtr call(const Token& name) {
    advance();  // (
    std::vector<AstPtr> arguments;
    if (!is(")")) {
      arguments.push_back(either());
      while (accept(",")) arguments.push_back(either());
    }
    const Span span{name.span.begin, token().span.end};
    if (!accept(")")) unexpected("The parenthesis of " + name.text + "( is not closed, or a comma is missing.");
    const auto function = find_function(name.text);
    if (function && static_cast<std::size_t>(function->arguments) != arguments.size())
      complain("expr.arguments", span,
               name.text + " takes " + std::to_string(function->arguments) +
                   (function->arguments == 1 ? " argument" : " arguments") + ", not " + std::to_string(arguments.size()) + ".",
               function->arguments == 2   ? "Nest calls for more, as in " + name.text + "(a, " + name.text + "(b, c))."
               : function->arguments == 3 ? "Write if(condition, value when true, value when false)."
                                          : "Write a decimal point, not a comma.");
    return node(Ast::Kind::call, span, name.text, std::move(arguments));
  }

  std::string path_;
  std::vector<Token> tokens_;
  std::size_t at_ = 0;
  int levels_ = 0;
  int nodes_ = 0;
  bool stopped_ = false;
  Diagnostics diagnostics_;
};

void collect_names(const Ast& ast, std::vector<std::string>& names) {
  if (ast.kind == Ast::Kind::name && std::find(names.begin(), names.end(), ast.text) == names.end()) names.push_back(ast.text);
  for (const AstPtr& child : ast.children) collect_names(*child, names);
}

}  // namespace

Result<AstPtr> parse_expression(const Expression& expression) {
  if (expression.text.size() > max_bytes)
    return Diagnostic{"expr.too_long",
                      Severity::error,
                      expression.path,
                      Span{max_bytes, expression.text.size()},
                      "The expression has " + std::to_string(expression.text.size()) + " bytes; at most " +
                          std::to_string(max_bytes) + " are read.",
                      "Name intermediate results and use the names."};
  return Parser(expression).parse();
}

std::vector<std::string> names_in(const AstPtr& ast) {
  std::vector<std::string> names;
  collect_names(*ast, names);
  return names;
}

}  // namespace titrate
