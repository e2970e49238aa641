#include "expr/typing.hpp"

#include <doctest/doctest.h>

#include <map>
#include <string>

#include "expr/parser.hpp"
#include "expr/words.hpp"

using namespace titrate;

namespace {

Scope scope() {
  static const std::map<std::string, std::string> units{{"CL", "L/h"}, {"V1", "L"},  {"WT", "kg"},   {"central", "mg"},
                                                        {"k", "1"},    {"eta", "1"}, {"Cc", "mg/L"}, {"HT", "cm"}};
  Scope s;
  for (const auto& entry : units) s.known.push_back(entry.first);
  s.dimension_of = [](const std::string& name) -> std::optional<Dimension> {
    const auto found = units.find(name);
    if (found == units.end()) return std::nullopt;
    return parse_unit(found->second)->dimension;
  };
  return s;
}

Result<Dimension> type(const std::string& text, bool unchecked = false) {
  const auto ast = parse_expression({text, "/e"});
  REQUIRE_MESSAGE(ast, text);
  Scope s = scope();
  s.unchecked = unchecked;
  return type_of(*ast, s, "/e");
}

std::string unit_of(const std::string& text) {
  const auto dimension = type(text);
  REQUIRE_MESSAGE(dimension, text);
  return describe(*dimension);
}

// The only error, as "code begin-end".
std::string error(const std::string& text) {
  const auto dimension = type(text);
  REQUIRE_FALSE_MESSAGE(dimension, text);
  REQUIRE(dimension.diagnostics().size() == 1);
  const Diagnostic& d = dimension.diagnostics()[0];
  CHECK(d.path == "/e");
  CHECK_FALSE(d.message.empty());
  return d.code + " " + text.substr(d.span->begin, d.span->end - d.span->begin);
}

}  // namespace

TEST_CASE("dimensions follow the operations") {
  CHECK(unit_of("CL / V1") == "1/h");
  CHECK(unit_of("-CL / V1 * central") == "mg/h");
  CHECK(unit_of("central / V1 + 3 [ug/mL]") == "mg/L");
  CHECK(unit_of("CL * (WT / 70 [kg])^0.75 * exp(eta)") == "L/h");
  CHECK(unit_of("sqrt(WT * HT)") == "mg^(1/2)*dm^(1/2)");
  CHECK(unit_of("V1^(1/3)") == "dm");
  CHECK(unit_of("V1^-2") == "1/L^2");
  CHECK(unit_of("abs(-V1)") == "L");
  CHECK(unit_of("max(CL, 120 [mL/min])") == "L/h");
  CHECK(unit_of("if(WT > 70 [kg] and not k == 1, CL, 0)") == "L/h");
  CHECK(unit_of("if(k, 0, V1)") == "L");
  CHECK(unit_of("max(0, central)") == "mg");
  CHECK(unit_of("t - 3 [day]") == "h");
  CHECK(unit_of("t < 2 [h]") == "no unit");
  CHECK(unit_of("(CL / 1 [L/h])^(k + 1)") == "no unit");
  CHECK(unit_of("k^eta + log_phi(k) + lgamma(2) + erf(k)") == "no unit");
}

TEST_CASE("a sum, a comparison, min, max and if need equal units on both sides") {
  CHECK(error("central / V1 + central") == "expr.dimension central / V1 + central");
  CHECK(error("CL - V1") == "expr.dimension CL - V1");
  CHECK(error("WT > 70") == "expr.dimension WT > 70");
  CHECK(error("min(CL, V1)") == "expr.dimension min(CL, V1)");
  CHECK(error("k * max(CL, 1)") == "expr.dimension max(CL, 1)");
  CHECK(error("if(k, CL, V1)") == "expr.dimension if(k, CL, V1)");
}

TEST_CASE("a message shows both units, and the hint what separates them") {
  const Diagnostic d = type("central + Cc").diagnostics().at(0);
  CHECK(d.message == "A sum needs equal units, but the first is in mg and the second in mg/L.");
  CHECK(d.hint == "The two differ by a factor in L: multiply or divide one of them.");
}

TEST_CASE("functions, exponents and conditions need numbers without units") {
  CHECK(error("exp(WT)") == "expr.dimension WT");
  CHECK(error("log(Cc)") == "expr.dimension Cc");
  CHECK(error("sin(t)") == "expr.dimension t");
  CHECK(error("2^WT") == "expr.dimension WT");
  CHECK(error("if(WT, 1, 2)") == "expr.dimension WT");
  CHECK(error("not WT") == "expr.dimension WT");
  CHECK(error("k and WT") == "expr.dimension WT");
}

TEST_CASE("a quantity with a unit needs a constant exponent that its unit can take") {
  CHECK(error("WT^k") == "expr.exponent k");
  CHECK(error("WT^0.425") == "expr.exponent 0.425");
  CHECK(error("WT^1000") == "expr.exponent 1000");
  CHECK(error("WT^30^2") == "expr.exponent 30^2");
  CHECK(error("WT^20 * WT^20") == "expr.exponent WT^20 * WT^20");
}

TEST_CASE("unknown names and functions bring the nearest known one") {
  CHECK(error("2 * cl") == "expr.unknown_name cl");
  CHECK(type("cl").diagnostics()[0].hint == "Did you mean \"CL\"?");
  CHECK(type("centrl").diagnostics()[0].hint == "Did you mean \"central\"?");
  CHECK(type("xyzzy").diagnostics()[0].hint.empty());
  CHECK(error("1 + ln(2)") == "expr.unknown_function ln");
  CHECK(type("ln(2)").diagnostics()[0].hint == "Did you mean \"log\"?");
  CHECK(type("sqr(2)").diagnostics()[0].hint == "Did you mean \"sqrt\"?");
  CHECK(type("CL(2)").diagnostics()[0].hint == "Write CL * (...) for a product.");
}

TEST_CASE("every mistake is reported, each once") {
  const auto found = type("(CL + V1) * 2 + exp(WT) + nobody + nobody2 * (WT > 70)");
  CHECK(found.diagnostics().size() == 5);
  CHECK(type("(CL + V1) + central").diagnostics().size() == 1);
}

TEST_CASE("models without units are checked for names only") {
  CHECK(type("CL + V1 * exp(WT)^k", true));
  CHECK(type("WT^k", true));
  CHECK(type("CL + nobody", true).diagnostics()[0].code == "expr.unknown_name");
}

TEST_CASE("a literal 0 may stand for any dimension, other numbers may not") {
  const auto fits = [](const char* text) { return fits_any_dimension(*parse_expression({text, ""})); };
  CHECK(fits("0"));
  CHECK(fits("-0"));
  CHECK(fits("if(t > 1 [h], 0, 0)"));
  CHECK_FALSE(fits("1"));
  CHECK_FALSE(fits("0 [mg]"));
  CHECK_FALSE(fits("if(k, 0, V1)"));
}

TEST_CASE("reserved words are t, the operators in letters and the functions") {
  for (const char* word : {"t", "if", "and", "or", "not", "exp", "log_phi", "min"}) CHECK(is_reserved(word));
  for (const char* word : {"", "T", "CL", "digamma", "time"}) CHECK_FALSE(is_reserved(word));
  CHECK(find_function("if")->arguments == 3);
  CHECK(nearest("", {"a"}).empty());
  CHECK(nearest("CRLC", {"CL", "CRCL"}) == "CRCL");
}
