// Dimensions from the leaves up. A part whose dimension is unknown because of an error silences what contains it, so that one
// mistake is reported once.

#include "expr/typing.hpp"

#include <algorithm>
#include <cmath>

#include "base/text.hpp"
#include "expr/words.hpp"

namespace titrate {

namespace {

constexpr int largest_exponent = 60 * 30;  // sixtieths; beyond it an expression is nonsense and sums could overflow

struct Type {
  enum class Kind { known, any, unclear } kind = Kind::known;  // any: a literal 0; unclear: already reported
  Dimension dimension;
};

const Type no_unit{};
const Type unclear{Type::Kind::unclear, {}};

// The value of an expression in literals without units: what may stand as an exponent of a quantity.
std::optional<double> literal_value(const Ast& ast) {
  if (ast.kind == Ast::Kind::number) return ast.unit.dimension.none() ? std::optional(ast.value) : std::nullopt;
  if (ast.kind != Ast::Kind::unary && ast.kind != Ast::Kind::binary) return std::nullopt;
  const auto a = literal_value(*ast.children[0]);
  if (!a) return std::nullopt;
  if (ast.kind == Ast::Kind::unary) return ast.text == "-" ? std::optional(-*a) : std::nullopt;
  const auto b = literal_value(*ast.children[1]);
  if (!b) return std::nullopt;
  if (ast.text == "+") return *a + *b;
  if (ast.text == "-") return *a - *b;
  if (ast.text == "*") return *a * *b;
  if (ast.text == "/") return *a / *b;
  if (ast.text == "^") return std::pow(*a, *b);
  return std::nullopt;
}

class Typist {
 public:
  Typist(const Scope& scope, const std::string& path) : scope_(scope), path_(path) {}

  Type type(const Ast& ast) {
    switch (ast.kind) {
      case Ast::Kind::number:
        return ast.value == 0.0 && !ast.has_unit ? Type{Type::Kind::any, {}} : Type{Type::Kind::known, ast.unit.dimension};
      case Ast::Kind::name:
        return name(ast);
      case Ast::Kind::unary: {
        const Type operand = type(*ast.children[0]);
        if (ast.text == "-") return operand;
        bare(*ast.children[0], operand, "not");
        return no_unit;
      }
      case Ast::Kind::binary:
        return binary(ast);
      case Ast::Kind::call:
        return call(ast);
    }
    return unclear;
  }

  Diagnostics diagnostics;

 private:
  void complain(const char* code, Span span, std::string message, std::string hint) {
    diagnostics.push_back({code, Severity::error, path_, span, std::move(message), std::move(hint)});
  }

  static Dimension time() {
    Dimension d;
    d.sixtieths[2] = 60;
    return d;
  }

  Type name(const Ast& ast) {
    if (const auto dimension = scope_.dimension_of ? scope_.dimension_of(ast.text) : std::nullopt)
      return {Type::Kind::known, *dimension};
    if (ast.text == "t") return {Type::Kind::known, time()};
    if (ast.text == "tad") {
      complain("expr.unknown_name", ast.span,
               "\"tad\", the time since a dose began to enter, has a meaning in the absorption of a route alone.",
               "Use it in a \"profile\" of a route; elsewhere t is the time.");
      return unclear;
    }
    std::vector<std::string> known = scope_.known;
    known.emplace_back("t");
    const std::string near = nearest(ast.text, known);
    complain("expr.unknown_name", ast.span, "The name \"" + ast.text + "\" is not known.",
             near.empty() ? "" : "Did you mean \"" + near + "\"?");
    return unclear;
  }

  // An argument that must have no unit.
  void bare(const Ast& ast, const Type& type, const std::string& where) {
    if (scope_.unchecked || type.kind != Type::Kind::known || type.dimension.none()) return;
    const std::string unit = describe(type.dimension);
    complain("expr.dimension", ast.span, "What stands in " + where + " must have no unit, but this is in " + unit + ".",
             "Divide by a reference with a unit of this kind, as a weight by 70 [kg].");
  }

  static std::string unit_hint(const Ast& number, const std::string& kind) {
    return "Write the number's unit in brackets, as in 70 [kg]: " + to_text(number.value) + " needs a unit that converts to " +
           kind + ".";
  }

  // Two sides that must agree. The result is the side that says more.
  Type same(const Ast& whole, const Ast& left, const Type& a, const Ast& right, const Type& b, const std::string& doing) {
    if (a.kind == Type::Kind::unclear || b.kind == Type::Kind::unclear) return unclear;
    if (a.kind == Type::Kind::any) return b;
    if (b.kind == Type::Kind::any || scope_.unchecked || a.dimension == b.dimension) return a;
    const std::string first = describe(a.dimension), second = describe(b.dimension);
    std::string hint =
        "The two differ by a factor in " + describe(a.dimension / b.dimension) + ": multiply or divide one of them.";
    if (right.kind == Ast::Kind::number && !right.has_unit)
      hint = unit_hint(right, first);
    else if (left.kind == Ast::Kind::number && !left.has_unit)
      hint = unit_hint(left, second);
    complain("expr.dimension", whole.span,
             doing + " needs equal units, but the first is in " + first + " and the second in " + second + ".", hint);
    return unclear;
  }

  Type bounded(const Ast& ast, const Dimension& dimension) {
    for (const int n : dimension.sixtieths)
      if (std::abs(n) > largest_exponent) {
        complain("expr.exponent", ast.span, "The powers of units in this expression are too large.", "");
        return unclear;
      }
    return {Type::Kind::known, dimension};
  }

  Type binary(const Ast& ast) {
    const Ast &left = *ast.children[0], &right = *ast.children[1];
    const Type a = type(left), b = type(right);
    const std::string& sign = ast.text;
    if (sign == "+") return same(ast, left, a, right, b, "A sum");
    if (sign == "-") return same(ast, left, a, right, b, "A difference");
    if (sign == "*" || sign == "/") {
      if (a.kind == Type::Kind::unclear || b.kind == Type::Kind::unclear) return unclear;
      if (scope_.unchecked) return no_unit;
      return bounded(ast, sign == "*" ? a.dimension * b.dimension : a.dimension / b.dimension);
    }
    if (sign == "^") return raised(ast, a, b);
    if (sign == "and" || sign == "or") {
      bare(left, a, "a condition");
      bare(right, b, "a condition");
      return no_unit;
    }
    (void)same(ast, left, a, right, b, "A comparison");
    return no_unit;
  }

  Type raised(const Ast& ast, const Type& base, const Type& exponent) {
    const Ast& right = *ast.children[1];
    bare(right, exponent, "an exponent");
    if (base.kind == Type::Kind::unclear || exponent.kind == Type::Kind::unclear) return unclear;
    if (scope_.unchecked || base.kind == Type::Kind::any || base.dimension.none()) return no_unit;
    const std::string unit = describe(base.dimension);
    const std::string hint = "Divide by a reference with a unit of this kind first, as in (WT / 70 [kg])^k.";
    const auto value = literal_value(right);
    if (!value) {
      if (exponent.kind == Type::Kind::any || exponent.dimension.none())
        complain("expr.exponent", right.span, "A quantity in " + unit + " needs a constant number as its exponent.", hint);
      return unclear;
    }
    const double sixtieths = 60.0 * *value;
    if (!(std::abs(sixtieths) <= 60.0 * 30.0) || std::abs(sixtieths - std::round(sixtieths)) > 1e-6) {
      complain("expr.exponent", right.span,
               "A quantity in " + unit + " cannot be raised to this power: its unit would have no name.", hint);
      return unclear;
    }
    return bounded(ast, power(base.dimension, *value));
  }

  Type call(const Ast& ast) {
    std::vector<Type> types;
    for (const AstPtr& child : ast.children) types.push_back(type(*child));
    const auto function = find_function(ast.text);
    if (!function || static_cast<std::size_t>(function->arguments) != types.size()) {
      unknown_function(ast, function.has_value());
      return unclear;
    }
    switch (function->op) {
      case Op::abs:
        return types[0];
      case Op::sqrt:
        if (types[0].kind != Type::Kind::known) return types[0];
        return {Type::Kind::known, power(types[0].dimension, 0.5)};
      case Op::min:
      case Op::max:
        return same(ast, *ast.children[0], types[0], *ast.children[1], types[1], ast.text);
      case Op::select:
        bare(*ast.children[0], types[0], "a condition");
        return same(ast, *ast.children[1], types[1], *ast.children[2], types[2], "if, in both its values,");
      default:
        bare(*ast.children[0], types[0], ast.text + "()");
        return no_unit;
    }
  }

  void unknown_function(const Ast& ast, bool exists) {
    if (exists) {
      complain("expr.arguments", ast.span, "The number of arguments of " + ast.text + " is not right.", "");
      return;
    }
    const std::string near = ast.text == "ln" ? "log" : nearest(ast.text, function_names());
    const bool is_name = std::find(scope_.known.begin(), scope_.known.end(), ast.text) != scope_.known.end();
    complain("expr.unknown_function", {ast.span.begin, std::min(ast.span.begin + ast.text.size(), ast.span.end)},
             "There is no function \"" + ast.text + "\".",
             is_name        ? "Write " + ast.text + " * (...) for a product."
             : near.empty() ? ""
                            : "Did you mean \"" + near + "\"?");
  }

  static std::vector<std::string> function_names() {
    return {"exp", "log", "log10", "sqrt", "abs", "min", "max", "sin", "cos", "tanh", "lgamma", "erf", "erfc", "log_phi", "if"};
  }

  const Scope& scope_;
  const std::string& path_;
};

}  // namespace

bool fits_any_dimension(const AstPtr& ast) {
  if (ast->kind == Ast::Kind::number) return ast->value == 0.0 && !ast->has_unit;
  if (ast->kind == Ast::Kind::unary) return ast->text == "-" && fits_any_dimension(ast->children[0]);
  if (ast->kind != Ast::Kind::call || ast->children.size() < 2) return false;
  if (ast->text != "if" && ast->text != "min" && ast->text != "max") return false;
  return fits_any_dimension(ast->children[ast->children.size() - 2]) && fits_any_dimension(ast->children.back());
}

Result<Dimension> type_of(const AstPtr& ast, const Scope& scope, const std::string& path) {
  Typist typist(scope, path);
  const Type type = typist.type(*ast);
  if (!typist.diagnostics.empty()) return std::move(typist.diagnostics);
  return scope.unchecked ? Dimension{} : type.dimension;
}

}  // namespace titrate
