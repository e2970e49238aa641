#include "base/json.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <stdexcept>
#include <string>

using namespace titrate;

namespace {

std::string rewritten(const std::string& text) {
  const auto value = json::parse(text);
  REQUIRE(value);
  return json::write(*value);
}

Diagnostic only_error(const std::string& text, const json::Limits& limits = {}) {
  const auto value = json::parse(text, limits);
  REQUIRE_FALSE(value);
  REQUIRE(value.diagnostics().size() == 1);
  return value.diagnostics().front();
}

}  // namespace

TEST_CASE("JSON keeps the order of its members and loses its white space") {
  CHECK(rewritten(" { \"b\" : [ 1 , true , null ] ,\n \"a\" : { } , \"c\":[] } ") == R"({"b":[1,true,null],"a":{},"c":[]})");
}

TEST_CASE("numbers are written in the shortest form that reads back as the same double") {
  CHECK(rewritten("[3.0, 0.1, -0.0, 1e20, 5e-324, 1.7976931348623157e308]") == "[3,0.1,0,1e+20,5e-324,1.7976931348623157e+308]");
  CHECK(json::write(json::Value(0.1 + 0.2)) == "0.30000000000000004");
  CHECK(json::write(json::Value(std::size_t{1000000})) == "1000000");
  std::uint64_t state = 88172645463325252u;
  for (int i = 0; i < 2000; ++i) {
    state ^= state << 13, state ^= state >> 7, state ^= state << 17;
    const double x = std::ldexp(static_cast<double>(state >> 11), static_cast<int>(state % 400) - 250);
    CHECK(json::parse(json::write(json::Value(x)))->number() == x);
  }
}

TEST_CASE("a number that is not finite is never written") {
  CHECK_THROWS_AS((void)json::write(json::Value(std::numeric_limits<double>::quiet_NaN())), std::domain_error);
  CHECK_THROWS_AS((void)json::write(json::Value(json::Array{1.0, std::numeric_limits<double>::infinity()})), std::domain_error);
}

TEST_CASE("every value and every key knows its bytes") {
  const std::string text = R"({"dose": {"amt": "1000 mg", "n": [12.5, false]}, "x\"y": -1e3})";
  const auto value = json::parse(text);
  REQUIRE(value);
  const auto at = [&](Span s) { return text.substr(s.begin, s.end - s.begin); };
  CHECK(at(value->span) == text);
  CHECK(at(value->object()[0].key_span) == "\"dose\"");
  CHECK(at(value->find("dose")->span) == R"({"amt": "1000 mg", "n": [12.5, false]})");
  CHECK(at(value->find("dose")->find("amt")->span) == "\"1000 mg\"");
  CHECK(at(value->find("dose")->find("n")->span) == "[12.5, false]");
  CHECK(at(value->find("dose")->find("n")->array()[0].span) == "12.5");
  CHECK(at(value->find("dose")->find("n")->array()[1].span) == "false");
  CHECK(at(value->object()[1].key_span) == "\"x\\\"y\"");
  CHECK(at(value->find("x\"y")->span) == "-1e3");
}

TEST_CASE("a key written twice is an error at the second place, whatever lies between") {
  const std::string text = R"({"a": 1, "b": [0, {"c": [1, 2], "d": 0, "c": 3}]})";
  const Diagnostic d = only_error(text);
  CHECK(d.code == "json.duplicate_key");
  CHECK(d.path == "/b/1/c");
  CHECK(d.span->begin == text.rfind("\"c\""));
}

TEST_CASE("a syntax error names its line and column") {
  const Diagnostic d = only_error("{\n  \"a\": 1,\n  \"b\" 2\n}");
  CHECK(d.code == "json.syntax");
  CHECK(d.message.find("line 3, column 7") != std::string::npos);
  for (const char* text :
       {"", "  ", "[1,2", "{", "tru", "[01]", "[1,]", "1 2", "{'a':1}", "[\"\\ud800\"]", "[\"a\nb\"]", "NaN", "]", "\"\\"})
    CHECK_MESSAGE(only_error(text).code == "json.syntax", text);
}

TEST_CASE("a number that overflows is an error and not infinity") {
  const Diagnostic d = only_error("[1, 1e999]");
  CHECK(d.code == "json.number");
  CHECK(d.span->begin == 4);
  CHECK(d.span->end == 9);
}

TEST_CASE("invalid UTF-8 is an error when read and replaced when written") {
  CHECK(only_error("\"\xff\"").code == "json.utf8");
  CHECK(only_error("\"\xC0\xAF\"").code == "json.utf8");
  CHECK(only_error("\"\xED\xA0\x80\"").code == "json.utf8");
  CHECK(only_error("\"\xE2\x82").code == "json.utf8");
  CHECK(rewritten("\"\xC2\xB5g\"") == "\"\xC2\xB5g\"");
  CHECK(json::write(json::Value("a\xff\xE2\x82z")) == "\"a\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBDz\"");
}

TEST_CASE("control characters and quotes are escaped and come back") {
  const std::string s = std::string("\"\\\b\f\n\r\t\x01\x1f/") + '\0';
  const std::string written = json::write(json::Value(s));
  CHECK(written == R"("\"\\\b\f\n\r\t\u0001\u001f/\u0000")");
  CHECK(json::parse(written)->string() == s);
}

TEST_CASE("depth and size are bounded before a tree is built") {
  CHECK(json::parse(std::string(64, '[') + std::string(64, ']')));
  CHECK(only_error(std::string(65, '[') + std::string(65, ']')).code == "json.too_deep");
  CHECK(only_error(std::string(1000000, '[')).code == "json.too_deep");
  CHECK(json::parse("\"" + std::string(1000, '[') + "\\\"[[[\""));
  CHECK(only_error("\"" + std::string(10u << 20, 'x') + "\"").code == "json.too_large");
  CHECK(json::parse("\"" + std::string(10u << 20, 'x') + "\"", {16u << 20, 64})->string().size() == 10u << 20);
}

TEST_CASE("set adds or replaces, find misses quietly") {
  json::Value value;
  value.set("a", 1).set("b", "x").set("a", std::vector<double>{1.0, 2.5});
  CHECK(json::write(value) == R"({"a":[1,2.5],"b":"x"})");
  CHECK(value.find("c") == nullptr);
  CHECK(json::Value(1.0).find("a") == nullptr);
}

TEST_CASE("indented text breaks lines where there are objects, and reads back as the same value") {
  const std::string compact = R"({"a":[1,2],"b":[{"c":"d"},[]],"e":{}})";
  const std::string indented = json::write_indented(*json::parse(compact));
  CHECK(indented == "{\n  \"a\": [1, 2],\n  \"b\": [\n    {\n      \"c\": \"d\"\n    },\n    []\n  ],\n  \"e\": {}\n}\n");
  CHECK(rewritten(indented) == compact);
}

TEST_CASE("pointers escape ~ and / as RFC 6901 asks") {
  CHECK(json::child("/doses", "amt") == "/doses/amt");
  CHECK(json::child("", "a/b~c") == "/a~1b~0c");
  CHECK(json::child("/doses", std::size_t{3}) == "/doses/3");
}

TEST_CASE("the hash is FNV-1a of the compact text") {
  // The published 64-bit value for the single byte "1".
  CHECK(json::hash(*json::parse("1")) == "af63ac4c86019afc");
  CHECK(json::hash(*json::parse("{\"a\": 1}")) == json::hash(*json::parse(" {\"a\":1.0}")));
  CHECK(json::hash(*json::parse("{\"a\": 1}")) != json::hash(*json::parse("{\"a\": 2}")));
}
