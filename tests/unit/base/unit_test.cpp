#include "base/unit.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace titrate;

namespace {

double factor(const std::string& text) {
  const auto unit = parse_unit(text);
  REQUIRE_MESSAGE(unit, text);
  return unit->factor;
}

// How many `to` one `from` is.
double ratio(const std::string& from, const std::string& to) {
  const auto a = parse_unit(from), b = parse_unit(to);
  REQUIRE(a);
  REQUIRE(b);
  REQUIRE(a->dimension == b->dimension);
  return a->factor / b->factor;
}

std::string code_of(const std::string& text, const std::string& expected) {
  const auto quantity = parse_quantity(text, *parse_unit(expected), "/x");
  if (quantity) return "";
  REQUIRE(quantity.diagnostics().size() == 1);
  CHECK(quantity.diagnostics()[0].path == "/x");
  REQUIRE(quantity.diagnostics()[0].span);
  CHECK(quantity.diagnostics()[0].span->end <= text.size());
  return quantity.diagnostics()[0].code;
}

std::string hint_of(const std::string& text, const std::string& expected) {
  const auto quantity = parse_quantity(text, *parse_unit(expected), "/x");
  REQUIRE_FALSE(quantity);
  return quantity.diagnostics()[0].hint;
}

double value(const std::string& text, const std::string& expected) {
  const auto quantity = parse_quantity(text, *parse_unit(expected), "/x");
  REQUIRE_MESSAGE(quantity, text);
  return quantity->value;
}

}  // namespace

TEST_CASE("units convert by their defined factors") {
  CHECK(factor("mg/L") == 1.0);
  CHECK(factor("mg/dL") == 10.0);
  CHECK(factor("mL/min") == 0.06);
  CHECK(factor("ug/mL") == 1.0);
  CHECK(factor("ng/mL") == 1e-3);
  CHECK(factor("g/mol") == doctest::Approx(1e-3).epsilon(1e-15));
  CHECK(ratio("lb", "kg") == doctest::Approx(0.45359237).epsilon(1e-15));
  CHECK(ratio("ft", "in") == doctest::Approx(12.0).epsilon(1e-15));
  CHECK(ratio("in", "cm") == doctest::Approx(2.54).epsilon(1e-15));
  CHECK(ratio("year", "day") == 365.25);
  CHECK(ratio("week", "h") == 168.0);
  CHECK(ratio("day", "s") == doctest::Approx(86400.0).epsilon(1e-15));
  CHECK(ratio("m^2", "cm^2") == doctest::Approx(1e4).epsilon(1e-15));
  CHECK(ratio("cm^3", "mL") == doctest::Approx(1.0).epsilon(1e-15));
  CHECK(ratio("mmol/L", "nmol/mL") == doctest::Approx(1e3).epsilon(1e-15));
  CHECK(ratio("mIU/L", "IU/L") == 1e-3);
  CHECK(ratio("kPa", "kg/(m*s^2)") == doctest::Approx(1e3).epsilon(1e-15));
  CHECK(ratio("kPa", "mmHg") == doctest::Approx(7.500615759).epsilon(1e-9));
  CHECK(factor("%") == 0.01);
  CHECK(factor("1e9/L") == 1e9);
  CHECK(factor("10^9/L") == 1e9);
  CHECK(factor("1e6*cells/mL") == 1e9);
  CHECK(factor("mg*h/L") == 1.0);
  CHECK(factor("mg/(L*day)") == doctest::Approx(1.0 / 24).epsilon(1e-15));
  CHECK(ratio("mL/min/1.73m^2", "mL/min/m^2") == doctest::Approx(1 / 1.73).epsilon(1e-15));
  CHECK(ratio("mg/100mL", "mg/dL") == doctest::Approx(1.0).epsilon(1e-15));
}

TEST_CASE("spellings of one unit are one unit") {
  for (const char* text : {"ug", "mcg", "\xC2\xB5g", "\xCE\xBCg"}) CHECK(factor(text) == 1e-3);
  CHECK(parse_unit("mg\xC2\xB7h/L")->dimension == parse_unit("mg*h/L")->dimension);
  CHECK(parse_unit("m\xC2\xB2")->dimension == parse_unit("m^2")->dimension);
  CHECK(ratio("day", "d") == 1.0);
  CHECK(ratio("year", "yr") == 1.0);
}

TEST_CASE("dimensions multiply, divide and take roots") {
  const Dimension volume = parse_unit("L")->dimension, mass = parse_unit("mg")->dimension;
  CHECK(parse_unit("dm^3")->dimension == volume);
  CHECK(parse_unit("mg/L")->dimension == mass / volume);
  CHECK(power(power(volume, 1.0 / 3.0), 3.0) == volume);
  CHECK(power(mass, 0.75) * power(mass, 0.25) == mass);
  CHECK((mass / mass).none());
}

TEST_CASE("dimensions are described in the coherent set") {
  CHECK(describe({}) == "no unit");
  CHECK(describe(parse_unit("ng/mL")->dimension) == "mg/L");
  CHECK(describe(parse_unit("mL/min")->dimension) == "L/h");
  CHECK(describe(parse_unit("1/s")->dimension) == "1/h");
  CHECK(describe(parse_unit("ug*h/mL")->dimension) == "mg*h/L");
  CHECK(describe(parse_unit("m^2")->dimension) == "dm^2");
  CHECK(describe(parse_unit("L^2/h^2")->dimension) == "L^2/h^2");
  CHECK(describe(parse_unit("mg^0.5")->dimension) == "mg^(1/2)");
  for (const char* text : {"mg*h/L", "umol/L", "IU/L/h", "mg/dm^2", "1/h"})
    CHECK(parse_unit(describe(parse_unit(text)->dimension))->dimension == parse_unit(text)->dimension);
}

TEST_CASE("an unknown unit brings the nearest one") {
  const auto hint = [](const char* text) {
    const auto unit = parse_unit(text, "/u");
    REQUIRE_FALSE(unit);
    CHECK(unit.diagnostics()[0].code == "unit.unknown");
    return unit.diagnostics()[0].hint;
  };
  CHECK(hint("ml") == "Did you mean \"mL\"?");
  CHECK(hint("mg/ml") == "Did you mean \"mL\"?");
  CHECK(hint("hours") == "Did you mean \"h\"?");
  CHECK(hint("Kg") == "Did you mean \"kg\"?");
  CHECK(hint("month") == "Write it in days or weeks.");
  CHECK(hint("blobs").empty());
}

TEST_CASE("text that is no unit is refused") {
  for (const char* text : {"mg/", "/L", "mg**L", "mg^", "mg h", "(mg", "mg)", "mg^99", "5*mg", "0/L", "mg^20^20", "m^20*m^20",
                           "1e400/L", "mg/-L", "((((((((((mg))))))))))", "1e300*1e300"})
    CHECK_MESSAGE(!parse_unit(text), text);
  CHECK(parse_unit("  ").diagnostics()[0].code == "unit.missing");
  CHECK_FALSE(parse_unit(std::string(100000, '(')));
}

TEST_CASE("quantities are read into the coherent set") {
  CHECK(value("1000 mg", "mg") == 1000.0);
  CHECK(value("1 g", "mg") == 1000.0);
  CHECK(value("1000 [mg]", "g") == 1000.0);
  CHECK(value("1.5mg/dL", "mg/L") == 15.0);
  CHECK(value("1,5 mg", "mg") == 1.5);
  CHECK(value("0,125 mg", "mg") == 0.125);
  CHECK(value("-3 mg", "mg") == -3.0);
  CHECK(value("1e3 mg", "mg") == 1000.0);
  CHECK(value("39.8 %", "1") == doctest::Approx(0.398).epsilon(1e-15));
  CHECK(value("0.227", "1") == 0.227);
  CHECK(value("4.5 1e9/L", "1e9/L") == 4.5e9);
  CHECK(value("4.5e9/L", "1e9/L") == 4.5e9);
  CHECK(parse_quantity("2 g", *parse_unit("mg"), "")->unit.text == "g");
}

TEST_CASE("a number or a unit that is missing or of another kind is an error with an example") {
  CHECK(code_of("1000", "mg") == "unit.missing");
  CHECK(hint_of("1000", "mg") == "Write 1000 mg.");
  CHECK(code_of("", "mg") == "number.missing");
  CHECK(code_of("mg", "mg") == "number.missing");
  CHECK(code_of("ten", "1") == "number.missing");
  CHECK(code_of("5 mg", "mg/L") == "unit.mismatch");
  CHECK(hint_of("5 mg", "mg/L") == "Write 5 mg/L if mg/L and not mg is meant.");
  CHECK(code_of("5 mg", "1") == "unit.mismatch");
  CHECK(code_of("5 ml", "L") == "unit.unknown");
  CHECK(code_of("39.8", "%") == "unit.missing");
  CHECK(code_of("10 mg daily", "mg") == "unit.trailing");
  CHECK(code_of("5 mg/", "mg") == "unit.syntax");
}

TEST_CASE("a time of day is not a duration") {
  CHECK(code_of("24:00", "h") == "time.clock");
  CHECK(code_of("08:00", "h") == "time.clock");
  CHECK(hint_of("08:30", "h") == "Write 8.5 h for a duration.");
}

TEST_CASE("a number that can be read in two ways is refused") {
  for (const char* text :
       {"1,000.5 mg", "1,000 mg", "1.000,5 mg", "1,000,000 mg", "1.2.3 mg", "1 000 mg", "1 500", "1e400 mg", "1, mg", "5 5 mg"})
    CHECK_MESSAGE(code_of(text, "mg") == "number.malformed", text);
}

TEST_CASE("a number and its unit may be parted by a no-break space, as pasted text has it") {
  const Unit mg = *parse_unit("mg");
  for (const char* text : {"1000\xC2\xA0mg", "1000\xE2\x80\xAFmg", "\xC2\xA0 1000 mg\xC2\xA0"}) {
    const auto quantity = parse_quantity(text, mg, "/dose");
    REQUIRE(quantity);
    CHECK(quantity->value == 1000.0);
  }
}
