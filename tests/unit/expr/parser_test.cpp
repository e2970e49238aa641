#include "expr/parser.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace titrate;

namespace {

// The tree with every operation in parentheses.
std::string shape(const AstPtr& ast) {
  switch (ast->kind) {
    case Ast::Kind::number: {
      const std::string text = std::to_string(ast->value);
      return text.substr(0, text.find_last_not_of(".0") + 1);
    }
    case Ast::Kind::name:
      return ast->text;
    case Ast::Kind::unary:
      return "(" + ast->text + " " + shape(ast->children[0]) + ")";
    case Ast::Kind::binary:
      return "(" + shape(ast->children[0]) + " " + ast->text + " " + shape(ast->children[1]) + ")";
    case Ast::Kind::call:
      break;
  }
  std::string list;
  for (const AstPtr& child : ast->children) list += (list.empty() ? "" : ", ") + shape(child);
  return ast->text + "(" + list + ")";
}

std::string parsed(const std::string& text) {
  const auto ast = parse_expression({text, "/e"});
  REQUIRE_MESSAGE(ast, text);
  return shape(*ast);
}

Diagnostics errors(const std::string& text) {
  const auto ast = parse_expression({text, "/e"});
  REQUIRE_FALSE_MESSAGE(ast, text);
  for (const Diagnostic& d : ast.diagnostics()) {
    CHECK(d.path == "/e");
    REQUIRE(d.span);
    CHECK(d.span->begin <= d.span->end);
    CHECK(d.span->end <= text.size());
  }
  return ast.diagnostics();
}

std::string first_code(const std::string& text) { return errors(text).front().code; }

}  // namespace

TEST_CASE("operators bind as in the grammar") {
  CHECK(parsed("a + b * c") == "(a + (b * c))");
  CHECK(parsed("a - b - c") == "((a - b) - c)");
  CHECK(parsed("a / b / c") == "((a / b) / c)");
  CHECK(parsed("a ^ b ^ c") == "(a ^ (b ^ c))");
  CHECK(parsed("-a^b") == "(- (a ^ b))");
  CHECK(parsed("a^-b^c") == "(a ^ (- (b ^ c)))");
  CHECK(parsed("-a*b") == "((- a) * b)");
  CHECK(parsed("a*-b") == "(a * (- b))");
  CHECK(parsed("2*a^2") == "(2 * (a ^ 2))");
  CHECK(parsed("a + b < c - d") == "((a + b) < (c - d))");
  CHECK(parsed("not a < b and c or d") == "(((not (a < b)) and c) or d)");
  CHECK(parsed("a or b and not c") == "(a or (b and (not c)))");
  CHECK(parsed("(a + b) * c") == "((a + b) * c)");
  CHECK(parsed("if(a >= 2, b, max(c, d))") == "if((a >= 2), b, max(c, d))");
  CHECK(parsed("exp(-k*t)") == "exp(((- k) * t))");
  CHECK(parsed("1e-3 + .5 + 2.") == "((0.001 + 0.5) + 2)");
  CHECK(parsed("CRCL_on_CL2\t!= x1") == "(CRCL_on_CL2 != x1)");
}

TEST_CASE("a number carries its unit and its value in the coherent set") {
  const auto ast = parse_expression({"120 [mL/min]", ""});
  REQUIRE(ast);
  CHECK((*ast)->value == doctest::Approx(7.2).epsilon(1e-15));
  CHECK((*ast)->unit.text == "mL/min");
  CHECK((*ast)->has_unit);
  CHECK((*ast)->span.begin == 0);
  CHECK((*ast)->span.end == 12);
  CHECK_FALSE((*parse_expression({"120", ""}))->has_unit);
}

TEST_CASE("every node knows its bytes") {
  const std::string text = "TVCL * (CRCL / 120 [mL/min])^k";
  const auto ast = parse_expression({text, ""});
  const Ast& power = *(*ast)->children[1];
  const Ast& ratio = *power.children[0];
  CHECK((*ast)->span.end == text.size());
  CHECK(text.substr(ratio.span.begin, ratio.span.end - ratio.span.begin) == "CRCL / 120 [mL/min]");
}

TEST_CASE("errors have codes, places and hints") {
  CHECK(first_code("") == "expr.syntax");
  CHECK(first_code("1 +") == "expr.syntax");
  CHECK(first_code("(1 + 2") == "expr.syntax");
  CHECK(first_code("1 + 2)") == "expr.syntax");
  CHECK(first_code("2 a") == "expr.syntax");
  CHECK(first_code("2a") == "expr.syntax");
  CHECK(first_code("1.2.3") == "expr.syntax");
  CHECK(first_code("a [mg]") == "expr.syntax");
  CHECK(first_code("3 [mg") == "expr.syntax");
  CHECK(first_code("1e999") == "expr.syntax");
  CHECK(first_code("exp") == "expr.syntax");
  CHECK(first_code("a $ b") == "expr.syntax");
  CHECK(first_code("a \xC3\xA9 b") == "expr.syntax");
  CHECK(first_code("a < b < c") == "expr.chained_comparison");
  CHECK(first_code("min(1, 2, 3)") == "expr.arguments");
  CHECK(first_code("exp()") == "expr.arguments");
  CHECK(first_code("if(a, b)") == "expr.arguments");
  CHECK(errors("a ** 2").front().hint == "Write ^.");
  CHECK(errors("a && b").front().hint == "Write and.");
  CHECK(errors("if(a = b, 1, 2)").front().hint == "Write ==.");
  const Diagnostic unit = errors("x / 120 [ml/min]").front();
  CHECK(unit.code == "unit.unknown");
  CHECK(unit.hint == "Did you mean \"mL\"?");
  CHECK(unit.span->begin == 9);
  CHECK(unit.span->end == 15);
}

TEST_CASE("several errors are reported at once, in the order of the text") {
  const Diagnostics found = errors("exp(1, 2) + * 3 + 4 [blob] + if(a)");
  REQUIRE(found.size() == 4);
  CHECK(found[0].code == "expr.arguments");
  CHECK(found[1].code == "expr.syntax");
  CHECK(found[2].code == "unit.unknown");
  CHECK(found[3].code == "expr.arguments");
  for (std::size_t i = 1; i < found.size(); ++i) CHECK(found[i - 1].span->begin < found[i].span->begin);
}

TEST_CASE("length, depth and size are bounded") {
  CHECK(first_code(std::string(4001, ' ')) == "expr.too_long");
  CHECK(first_code(std::string(1000, '(') + "1") == "expr.too_deep");
  CHECK(first_code(std::string(3999, '-') + "1") == "expr.too_deep");
  std::string powers = "a", nots = "a", sum = "a", longest = "a";
  for (int i = 0; i < 500; ++i) powers += "^a", nots = "not " + nots;
  CHECK(first_code(powers) == "expr.too_deep");
  CHECK(first_code(nots) == "expr.too_deep");
  for (int i = 0; i < 1500; ++i) sum += "+a";
  CHECK(first_code(sum) == "expr.too_large");
  for (int i = 0; i < 999; ++i) longest += "+a";
  CHECK(parse_expression({longest, ""}));
  CHECK(errors(std::string(4000, ')')).size() <= 20);
}

TEST_CASE("names are listed in the order of first use, without functions") {
  const auto ast = parse_expression({"exp(b) * a / max(b, V1) + t", ""});
  CHECK(names_in(*ast) == std::vector<std::string>{"b", "a", "V1", "t"});
}

namespace {

const std::map<std::string, Formula> formulas{
    {"twice", {"twice", {"x"}, "x + x", ""}},
    {"area", {"area", {"w", "h"}, "sqrt(w * twice(h))", ""}},
    {"loop", {"loop", {"x"}, "pool(x)", ""}},
    {"pool", {"pool", {"x"}, "loop(x)", ""}},
    {"free", {"free", {"x"}, "x * WT", ""}},
    {"broken", {"broken", {"x"}, "x +", ""}},
    {"bomb1", {"bomb1", {"x"}, "x*x*x*x*x*x*x*x*x*x", ""}},
    {"bomb2", {"bomb2", {"x"}, "bomb1(bomb1(bomb1(bomb1(bomb1(bomb1(bomb1(bomb1(x))))))))", ""}},
};

std::string expand_code(const std::string& text) {
  const auto expanded = expand(*parse_expression({text, "/e"}), formulas, "/e");
  if (expanded) return "";
  CHECK(expanded.diagnostics()[0].path == "/e");
  CHECK(expanded.diagnostics()[0].span->end <= text.size());
  return expanded.diagnostics()[0].code;
}

}  // namespace

TEST_CASE("formulas are replaced by their bodies, also inside each other") {
  const auto expanded = expand(*parse_expression({"1 + area(a * 2, twice(b))", "/e"}), formulas, "/e");
  REQUIRE(expanded);
  CHECK(shape(*expanded) == "(1 + sqrt(((a * 2) * ((b + b) + (b + b)))))");
  CHECK((*expanded)->children[1]->span.begin == 4);  // the body stands where the call stands
  CHECK((*expanded)->children[1]->children[0]->span.begin == 4);
}

TEST_CASE("a formula's arguments do not catch names of the caller") {
  const auto expanded = expand(*parse_expression({"area(h, w)", ""}), formulas, "");
  CHECK(shape(*expanded) == "sqrt((h * (w + w)))");
}

TEST_CASE("formulas that cycle, grow without bound, or are called wrongly are errors") {
  CHECK(expand_code("loop(1)") == "expr.formula");
  CHECK(expand_code("free(1)") == "expr.formula");
  CHECK(expand_code("broken(1)") == "expr.formula");
  CHECK(expand_code("twice(1, 2)") == "expr.arguments");
  CHECK(expand_code("area()") == "expr.arguments");
  CHECK(expand_code("bomb2(a)") == "expr.too_large");
  CHECK(expand_code("unheard_of(a)") == "");  // typing names it
}
