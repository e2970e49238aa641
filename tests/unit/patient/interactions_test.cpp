// The table of interactions: that it can be read one way only, and that a model finds its own pairs.

#include "patient/interactions.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <set>
#include <string>
#include <utility>

using namespace titrate;

TEST_CASE("every pair of drugs stands once, with what was measured and where it was read") {
  std::set<std::pair<std::string, std::string>> seen;
  for (const Interaction& pair : interactions()) {
    CAPTURE(pair.drug);
    CAPTURE(pair.other);
    CHECK(seen.insert({pair.drug, pair.other}).second);
    CHECK(std::string(pair.drug) != pair.other);
    CHECK_FALSE(std::string(pair.effect).empty());
    CHECK_FALSE(std::string(pair.source).empty());
  }
}

TEST_CASE("a ratio says the same as the direction beside it: more AUC or less clearance is more exposure") {
  int checked = 0;
  for (const Interaction& pair : interactions()) {
    const std::string effect = pair.effect;
    CAPTURE(effect);
    for (const auto& [words, more_is_more] :
         {std::pair("AUC times ", true), {"level times ", true}, {"clearance times ", false}}) {
      const auto place = effect.find(words);
      if (place == std::string::npos) continue;
      const double ratio = std::atof(effect.c_str() + place + std::string(words).size());
      CHECK(ratio > 0.0);
      CHECK((ratio > 1.0) == (pair.raises == more_is_more));
      ++checked;
    }
  }
  CHECK(checked > 30);
}

TEST_CASE("a model finds the pairs of its drug by the name that its own begins with, and by whole words") {
  REQUIRE_FALSE(interactions_of("tacrolimus").empty());
  for (const Interaction& pair : interactions_of("tacrolimus")) CHECK(std::string(pair.drug) == "tacrolimus");
  CHECK(interactions_of("mycophenolic acid (given as mycophenolate mofetil)").size() ==
        interactions_of("mycophenolic acid").size());
  CHECK(interactions_of("lithium carbonate").size() == 5);
  CHECK(interactions_of("lithiumlike").empty());
  CHECK(interactions_of("vancomycin").empty());
}
