#include "base/unit_table.hpp"

#include <utility>
#include <vector>

#include "base/text.hpp"

namespace titrate {

namespace {

constexpr NamedUnit table[] = {
    // mass, in mg (pound: 0.45359237 kg)
    {"mg", 1, 1, {1, 0, 0, 0, 0}},
    {"g", 1e3, 1, {1, 0, 0, 0, 0}},
    {"kg", 1e6, 1, {1, 0, 0, 0, 0}},
    {"ug", 1, 1e3, {1, 0, 0, 0, 0}},
    {"ng", 1, 1e6, {1, 0, 0, 0, 0}},
    {"pg", 1, 1e9, {1, 0, 0, 0, 0}},
    {"lb", 45359237, 100, {1, 0, 0, 0, 0}},
    // volume, in L = dm^3
    {"L", 1, 1, {0, 3, 0, 0, 0}},
    {"dL", 1, 10, {0, 3, 0, 0, 0}},
    {"mL", 1, 1e3, {0, 3, 0, 0, 0}},
    {"uL", 1, 1e6, {0, 3, 0, 0, 0}},
    {"nL", 1, 1e9, {0, 3, 0, 0, 0}},
    {"pL", 1, 1e12, {0, 3, 0, 0, 0}},
    {"fL", 1, 1e15, {0, 3, 0, 0, 0}},
    // time, in h (year: 365.25 days)
    {"h", 1, 1, {0, 0, 1, 0, 0}},
    {"min", 1, 60, {0, 0, 1, 0, 0}},
    {"s", 1, 3600, {0, 0, 1, 0, 0}},
    {"day", 24, 1, {0, 0, 1, 0, 0}},
    {"d", 24, 1, {0, 0, 1, 0, 0}},
    {"week", 168, 1, {0, 0, 1, 0, 0}},
    {"year", 8766, 1, {0, 0, 1, 0, 0}},
    {"yr", 8766, 1, {0, 0, 1, 0, 0}},
    // length, in dm
    {"m", 10, 1, {0, 1, 0, 0, 0}},
    {"dm", 1, 1, {0, 1, 0, 0, 0}},
    {"cm", 1, 10, {0, 1, 0, 0, 0}},
    {"mm", 1, 100, {0, 1, 0, 0, 0}},
    {"m2", 100, 1, {0, 2, 0, 0, 0}},
    {"ft", 3048, 1000, {0, 1, 0, 0, 0}},
    {"in", 254, 1000, {0, 1, 0, 0, 0}},
    // substance, in umol
    {"umol", 1, 1, {0, 0, 0, 1, 0}},
    {"mol", 1e6, 1, {0, 0, 0, 1, 0}},
    {"mmol", 1e3, 1, {0, 0, 0, 1, 0}},
    {"nmol", 1, 1e3, {0, 0, 0, 1, 0}},
    {"pmol", 1, 1e6, {0, 0, 0, 1, 0}},
    // international units; U is the enzyme unit and insulin's
    {"IU", 1, 1, {0, 0, 0, 0, 1}},
    {"kIU", 1e3, 1, {0, 0, 0, 0, 1}},
    {"MIU", 1e6, 1, {0, 0, 0, 0, 1}},
    {"mIU", 1, 1e3, {0, 0, 0, 0, 1}},
    {"uIU", 1, 1e6, {0, 0, 0, 0, 1}},
    {"U", 1, 1, {0, 0, 0, 0, 1}},
    {"mU", 1, 1e3, {0, 0, 0, 0, 1}},
    // pressure, in mg/(dm h^2) (1 Pa is 1 kg/(m s^2); mmHg: 133.322387415 Pa)
    {"kPa", 1296e12, 1, {1, -1, -2, 0, 0}},
    {"mmHg", 172785814089840, 1, {1, -1, -2, 0, 0}},
    // no dimension
    {"%", 1, 100, {0, 0, 0, 0, 0}},
    {"cells", 1, 1, {0, 0, 0, 0, 0}},
    {"copies", 1, 1, {0, 0, 0, 0, 0}},
};

// What people write for a unit that has one spelling here: given as a hint only.
constexpr std::pair<std::string_view, std::string_view> meant[] = {
    {"hr", "h"},        {"hrs", "h"},       {"hour", "h"},     {"hours", "h"},   {"H", "h"},        {"minute", "min"},
    {"minutes", "min"}, {"mins", "min"},    {"sec", "s"},      {"second", "s"},  {"seconds", "s"},  {"days", "day"},
    {"weeks", "week"},  {"wk", "week"},     {"years", "year"}, {"y", "year"},    {"month", "week"}, {"months", "week"},
    {"l", "L"},         {"liter", "L"},     {"litre", "L"},    {"ml", "mL"},     {"cc", "mL"},      {"dl", "dL"},
    {"ul", "uL"},       {"lbs", "lb"},      {"pound", "lb"},   {"gm", "g"},      {"gr", "g"},       {"gram", "g"},
    {"kgs", "kg"},      {"units", "IU"},    {"unit", "IU"},    {"iu", "IU"},     {"u", "U"},        {"inch", "in"},
    {"feet", "ft"},     {"M", "mol/L"},     {"mM", "mmol/L"},  {"uM", "umol/L"}, {"nM", "nmol/L"},  {"percent", "%"},
    {"cell", "cells"},  {"copy", "copies"},
};

}  // namespace

std::string plain_spelling(std::string_view text) {
  static constexpr std::pair<std::string_view, std::string_view> spellings[] = {
      {"\xC2\xB5", "u"}, {"\xCE\xBC", "u"}, {"\xC2\xB7", "*"}, {"\xE2\x8B\x85", "*"}, {"\xC2\xB2", "^2"}, {"\xC2\xB3", "^3"}};
  std::string plain;
  for (std::size_t i = 0; i < text.size();) {
    bool found = false;
    for (const auto& [from, to] : spellings)
      if (text.substr(i, from.size()) == from) {
        plain += to;
        i += from.size();
        found = true;
        break;
      }
    if (!found) plain += text[i++];
  }
  return plain;
}

const NamedUnit* find_unit(std::string_view name) {
  if (name == "mcg") name = "ug";
  for (const NamedUnit& entry : table)
    if (entry.name == name) return &entry;
  return nullptr;
}

std::string known_spelling(std::string_view name) {
  for (const auto& [wrong, right] : meant)
    if (wrong == name) return std::string(right);
  std::vector<std::string> names;
  for (const NamedUnit& entry : table) names.emplace_back(entry.name);
  return nearest_word(name, names);
}

}  // namespace titrate
