// Regimens and windows of time in words.

#include "model/regimen_text.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace titrate;

TEST_CASE("a regimen in one line is read into amount, infusion, interval and number of doses") {
  const auto infusions = parse_regimen("1 g over 90 min every 12 h, 5 doses");
  REQUIRE(infusions);
  CHECK(infusions->amt.value == doctest::Approx(1000.0));
  CHECK(infusions->amt.unit.text == "g");
  CHECK(infusions->dur == doctest::Approx(1.5));
  CHECK(infusions->ii == 12.0);
  CHECK(infusions->n == 5);
  CHECK(!infusions->steady_state);
}

TEST_CASE("a regimen may be given once, or for ever") {
  const auto once = parse_regimen("96 mg over 1 h once");
  REQUIRE(once);
  CHECK(once->n == 1);
  CHECK(once->ii == 0.0);
  const auto steady = parse_regimen("7 mg every 12 h at steady state");
  REQUIRE(steady);
  CHECK(steady->steady_state);
  CHECK(steady->dur == 0.0);
  CHECK(steady->n == 1);
  const auto two = parse_regimen("7 [mg] every 1 day at steady state, 2 doses");
  REQUIRE(two);
  CHECK(two->ii == 24.0);
  CHECK(two->n == 2);
}

TEST_CASE("a regimen may name its route and when it begins") {
  const auto later = parse_regimen("sc: 60 mg every 26 weeks, 2 doses from 30 days");
  REQUIRE(later);
  CHECK(later->route == "sc");
  CHECK(later->start == 720.0);
  CHECK(later->n == 2);
  const auto once = parse_regimen("5 mg over 30 s once at 90 min");
  REQUIRE(once);
  CHECK(once->route.empty());
  CHECK(once->start == 1.5);
  CHECK(once->dur == doctest::Approx(30.0 / 3600.0));
  CHECK(parse_regimen("7 mg every 12 h at steady state from 3 h")->steady_state);
  CHECK(!parse_regimen(": 5 mg once"));
  CHECK(!parse_regimen("5 mg once at noon"));
  CHECK(!parse_regimen("5 mg every 12 h, 3 doses from"));
}

TEST_CASE("a regimen that leaves something open is refused, with the words at fault") {
  for (const char* text :
       {"", "1000 mg", "1000 mg every 12 h", "1000 every 12 h, 3 doses", "0 mg once", "1000 mg over 1 once",
        "1000 mg over 0 h once", "1000 mg every 12, 3 doses", "1000 mg every 12 h, 0 doses", "1000 mg every 12 h, 2.5 doses",
        "1000 mg every 12 h, 3", "1000 xyz once", "1000 mg every 12 h once"}) {
    CAPTURE(text);
    const auto regimen = parse_regimen(text, "/here");
    REQUIRE(!regimen);
    CHECK(regimen.diagnostics()[0].code == "model.bad_regimen");
    CHECK(regimen.diagnostics()[0].path == "/here");
    REQUIRE(regimen.diagnostics()[0].span);
    CHECK(regimen.diagnostics()[0].span->end <= std::string(text).size());
  }
}

TEST_CASE("windows are read in hours and must run forwards") {
  const auto window = parse_window("1 to 21 days");
  REQUIRE(window);
  CHECK(window->from == 24.0);
  CHECK(window->to == 504.0);
  CHECK(!parse_window("48 to 24 h"));
  CHECK(!parse_window("24 to 24 h"));
  CHECK(!parse_window("24 to 48"));
  CHECK(!parse_window("from 24 to 48 h"));
}

TEST_CASE("a target's window is one of the words that the engine knows") {
  for (const char* known : {"first 24 h", "24 to 48 h", "at 48 h", "at 42 h after the last dose",
                            "5 to 7 days after the first dose", "last interval", "cycle", "steady state"})
    CHECK_MESSAGE(is_during(known), known);
  for (const char* other : {"", "day 1", "Steady state", "first", "first 0 h", "24 h", "soon", "after the last dose",
                            "first 24 h after the last dose", "cycle after the last dose"})
    CHECK_MESSAGE(!is_during(other), other);
}
