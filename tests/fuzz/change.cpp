// Related texts, from a seed: the changes that keep a request or a list of records readable, so that fuzzing gets past reading.

#include <array>
#include <sstream>

#include "base/json.hpp"
#include "base/rng.hpp"
#include "fuzz/targets.hpp"

namespace titrate::fuzz {

namespace {

using json::Value;

// Numbers that have gone wrong somewhere before: bounds, signs, subnormals, one more or less than a round one.
constexpr std::array numbers{"0",      "-0",    "1",    "-1",         "2",    "0.5", "1e-300", "5e-324",
                             "1e300",  "1e9",   "1e-9", "12",         "24",   "0.1", "11.9",   "1000",
                             "2000",   "1999",  "2001", "2147483647", "1e16", "64",  "1e-16",  "100000",
                             "0.3333", "-1e-9", "3",    "1e308",      "1e5",  "20",  "-20",    "7"};
constexpr std::array units{" h",   " min",  " day",  " mg", " mg/L", " kg",   " L/h",    " L",      " %",
                           " 1/h", " mg/h", " week", " g",  " ug/L", " year", " mL/min", " [mg/L]", ""};
constexpr std::array expressions{"TVCL * exp(eta_CL)",
                                 "1/0",
                                 "log(0)",
                                 "A^A",
                                 "0^0",
                                 "if(t > 3 [h], A, 0)",
                                 "sqrt(-1)",
                                 "lgamma(0)",
                                 "exp(1000)",
                                 "max(A, B)",
                                 "t",
                                 "central / V",
                                 "1e300 * 1e300",
                                 "A / (A - A)",
                                 "-A^-A^-A",
                                 "abs(eta_V)",
                                 "tanh(t)",
                                 "min(1, 2)",
                                 "not 1",
                                 "a == b",
                                 "1 < 2 and 3",
                                 "10 [mg] / WT",
                                 "log_phi(-40)"};

struct Dice {
  Rng rng;
  std::uint64_t at = 0;
  std::size_t below(std::size_t n) { return static_cast<std::size_t>(rng.uniform(at++) * static_cast<double>(n)) % n; }
};

void collect(Value& value, std::vector<Value*>& all) {
  all.push_back(&value);
  if (value.is_array())
    for (Value& element : value.array()) collect(element, all);
  if (value.is_object())
    for (json::Member& member : value.object()) collect(member.value, all);
}

Value invented(Dice& dice) {
  const std::string number = numbers[dice.below(numbers.size())];
  switch (dice.below(8)) {
    case 0:
      return json::Array{};
    case 1:
      return json::Object{};
    case 2:
      return nullptr;
    case 3:
      return dice.below(2) == 0;
    case 4:
      return Value(std::string(expressions[dice.below(expressions.size())]));
    case 5: {
      const auto parsed = json::parse(number);
      return parsed ? *parsed : Value(0.0);
    }
    default:
      return Value(number + units[dice.below(units.size())]);
  }
}

void remove_one(Value& value, Dice& dice) {
  if (value.is_array() && !value.array().empty())
    value.array().erase(value.array().begin() + static_cast<std::ptrdiff_t>(dice.below(value.array().size())));
  if (value.is_object() && !value.object().empty())
    value.object().erase(value.object().begin() + static_cast<std::ptrdiff_t>(dice.below(value.object().size())));
}

void double_one(Value& value, Dice& dice) {
  if (value.is_array() && !value.array().empty()) {
    const Value copy = value.array()[dice.below(value.array().size())];
    value.array().push_back(copy);
  }
  if (value.is_object() && !value.object().empty()) {
    json::Member copy = value.object()[dice.below(value.object().size())];
    copy.key += "2";
    value.object().push_back(copy);
  }
}

}  // namespace

std::string change_json(const std::string& text, std::uint64_t seed) {
  auto root = json::parse(text);
  if (!root) return {};
  Dice dice{Rng{seed, 1}};
  for (std::size_t times = 1 + dice.below(3); times > 0; --times) {
    std::vector<Value*> all;
    collect(*root, all);
    Value& chosen = *all[dice.below(all.size())];
    const std::size_t what = dice.below(10);
    if (what < 5) {
      chosen = invented(dice);
    } else if (what < 7) {
      const Value other = *all[dice.below(all.size())];
      chosen = other;
    } else if (what < 9) {
      remove_one(chosen, dice);
    } else {
      double_one(chosen, dice);
    }
  }
  return json::write(*root);
}

std::string change_lines(const std::string& text, std::uint64_t seed) {
  Dice dice{Rng{seed, 2}};
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  if (lines.empty()) return {};
  for (std::size_t times = 1 + dice.below(3); times > 0; --times) {
    std::string& line = lines[dice.below(lines.size())];
    const std::size_t what = dice.below(8);
    if (what == 0) {
      const std::string copy = lines[dice.below(lines.size())];
      lines.insert(lines.begin() + static_cast<std::ptrdiff_t>(dice.below(lines.size())), copy);
    } else if (what == 1 && lines.size() > 1) {
      lines.erase(lines.begin() + static_cast<std::ptrdiff_t>(dice.below(lines.size())));
    } else if (what == 2) {
      std::swap(line, lines[dice.below(lines.size())]);
    } else {
      std::vector<std::string> words;
      std::istringstream parts(line);
      for (std::string word; parts >> word;) words.push_back(word);
      if (words.empty()) continue;
      words[dice.below(words.size())] = numbers[dice.below(numbers.size())];
      line.clear();
      for (const std::string& word : words) line += (line.empty() ? "" : " ") + word;
    }
  }
  std::string out;
  for (const std::string& line : lines) out += line + "\n";
  return out;
}

}  // namespace titrate::fuzz
