#include "request/reader.hpp"

#include <cmath>
#include <map>
#include <stdexcept>

#include "base/text.hpp"

namespace titrate {

namespace {

constexpr double longest_time = 24.0 * 365.25 * 120.0;  // h: more than a life is a slip

std::string kind_name(const json::Value& value) {
  switch (value.kind()) {
    case json::Kind::null:
      return "null";
    case json::Kind::boolean:
      return "true or false";
    case json::Kind::number:
      return "a number";
    case json::Kind::string:
      return "text";
    case json::Kind::array:
      return "a list";
    case json::Kind::object:
      return "an object";
  }
  return "something else";
}

// The number and the unit of "12.3 mg", when both can be read.
struct Typed {
  double number = 0.0;
  Unit unit;
};

std::optional<Typed> typed(std::string_view text) {
  text = trim(text);
  double sign = 1.0;
  if (!text.empty() && (text.front() == '-' || text.front() == '+')) {
    if (text.front() == '-') sign = -1.0;
    text.remove_prefix(1);
  }
  const std::size_t length = number_length(text);
  if (length == 0) return std::nullopt;
  std::string_view rest = trim(text.substr(length));
  if (rest.size() >= 2 && rest.front() == '[' && rest.back() == ']') rest = rest.substr(1, rest.size() - 2);
  if (rest.empty()) return std::nullopt;
  const Result<Unit> unit = parse_unit(rest);
  if (!unit) return std::nullopt;
  return Typed{sign * to_double(text.substr(0, length)), *unit};
}

const Dimension mass() { return known_unit("mg").dimension; }
const Dimension substance() { return known_unit("umol").dimension; }
const Dimension area() { return known_unit("m^2").dimension; }
const Dimension volume() { return known_unit("L").dimension; }

// What was probably meant when the dimension does not fit.
std::string slip(const Typed& given, const Unit& expected) {
  const Dimension& d = given.unit.dimension;
  const std::string number = to_text(given.number);
  if (d / volume() == expected.dimension)
    return "an amount was given where a concentration is meant: write " + number + " " + given.unit.text + "/L";
  if (d == expected.dimension / volume())
    return "a concentration was given where an amount is meant: write " + number + " " + expected.text;
  if (d * mass() == expected.dimension)
    return "this is per body weight: multiply by the weight and give the dose in " + expected.text;
  const auto of_173 = [](const Unit& unit) { return unit.text.find("1.73") != std::string::npos; };
  if (d * area() == expected.dimension)
    return "this is per body surface: multiply by the surface in m2" + std::string(of_173(given.unit) ? ", divide by 1.73" : "") +
           ", and give it in " + expected.text;
  if (d == expected.dimension * area())
    return "per body surface is meant: divide by the surface in m2" +
           std::string(of_173(expected) ? " and multiply by 1.73" : "");
  if (d * substance() == expected.dimension * mass() || d * mass() == expected.dimension * substance())
    return "mass and substance differ by the molar mass, which this model does not state: give it in " + expected.text;
  return "give it in " + expected.text;
}

}  // namespace

std::string list_of(const std::vector<std::string>& words) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) text += i + 1 == words.size() ? " or " : ", ";
    text += words[i];
  }
  return text;
}

const Unit& known_unit(const std::string& text) {
  static std::map<std::string, Unit> known;  // a cache: it changes no answer
  const auto found = known.find(text);
  if (found != known.end()) return found->second;
  const Result<Unit> unit = parse_unit(text);
  if (!unit) throw std::logic_error("the table of units lacks " + text);
  if (known.size() > 256) known.clear();
  return known.emplace(text, *unit).first->second;
}

std::string with_unit(double value, const Unit& unit) {
  double x = value / unit.factor;
  if (x != 0.0 && std::isfinite(x)) {  // six significant digits: conversion leaves 79.99999999999999
    const double scale = std::pow(10.0, 5.0 - std::floor(std::log10(std::fabs(x))));
    const double rounded = std::round(x * scale) / scale;
    if (std::isfinite(rounded)) x = rounded;
  }
  const std::string number = std::isfinite(x) ? to_text(x) : "a number that is not finite";
  return unit.text == "1" || unit.text.empty() ? number : number + " " + unit.text;
}

void Reader::add(Severity severity, const char* code, const std::string& path, std::string message, std::string hint) {
  diagnostics_.push_back({code, severity, path, std::nullopt, std::move(message), std::move(hint)});
}
void Reader::error(const char* code, const std::string& path, const char* message, const char* hint) {
  add(Severity::error, code, path, message, hint);
}
void Reader::error(const char* code, const std::string& path, std::string message, const char* hint) {
  add(Severity::error, code, path, std::move(message), hint);
}
void Reader::error(const char* code, const std::string& path, std::string message, std::string hint) {
  add(Severity::error, code, path, std::move(message), std::move(hint));
}
void Reader::warning(const char* code, const std::string& path, std::string message, std::string hint) {
  add(Severity::warning, code, path, std::move(message), std::move(hint));
}
void Reader::note(const char* code, const std::string& path, std::string message, std::string hint) {
  add(Severity::note, code, path, std::move(message), std::move(hint));
}

std::size_t Reader::errors() const {
  std::size_t n = 0;
  for (const Diagnostic& d : diagnostics_)
    if (d.severity == Severity::error) ++n;
  return n;
}

bool Reader::object(const json::Value& value, const std::string& path, std::initializer_list<const char*> keys,
                    std::initializer_list<const char*> not_yet) {
  const std::vector<std::string> known(keys.begin(), keys.end());
  if (!value.is_object()) {
    error("request.type", path, "An object is expected here, this is " + kind_name(value) + ".",
          known.empty() ? "" : "{ \"" + known.front() + "\": ... }");
    return false;
  }
  constexpr std::size_t most = 1000;  // keys: their complaints are compared with every known one
  if (value.object().size() > most) {
    error("request.size", path, "This object has " + std::to_string(value.object().size()) + " keys.");
    return false;
  }
  for (const json::Member& member : value.object()) {
    bool found = false;
    for (const std::string& key : known) found = found || key == member.key;
    if (found) continue;
    const std::string where = json::child(path, member.key);
    bool later = false;
    for (const char* key : not_yet) later = later || key == member.key;
    if (later) {
      error("request.not_yet", where, "This engine does not take \"" + member.key + "\" into account yet.",
            "A result without it could mislead: leave it out only if it plays no part for this patient.");
      continue;
    }
    const std::string near = nearest_word(member.key, known);
    error("request.unknown_key", where, "\"" + member.key + "\" is not known here.",
          near.empty() ? "known: " + list_of(known) : "\"" + near + "\" is meant?");
  }
  return true;
}

bool Reader::array(const json::Value& value, const std::string& path, std::size_t most) {
  if (!value.is_array()) {
    error("request.type", path, "A list is expected here, this is " + kind_name(value) + ".", "[ ... ]");
    return false;
  }
  if (value.array().size() > most) {
    error("request.size", path,
          "This list has " + to_text(static_cast<double>(value.array().size())) + " entries; " +
              to_text(static_cast<double>(most)) + " are the most.",
          "");
    return false;
  }
  return true;
}

std::optional<double> Reader::quantity(const json::Value& value, const Unit& expected, const std::string& path,
                                       std::optional<double> molar_mass) {
  if (!value.is_string() && !value.is_number()) {
    error("request.type", path, "A quantity with its unit is expected here, this is " + kind_name(value) + ".",
          "for instance \"12 " + expected.text + "\"");
    return std::nullopt;
  }
  const std::string written = value.is_number() ? to_text(value.number()) : value.string();
  if (trim(written).empty()) {
    error("request.empty", path, "This quantity is empty.",
          "write it with its unit (" + expected.text + "), or leave the key out");
    return std::nullopt;
  }
  const std::optional<Typed> given = typed(written);
  if (given && !(given->unit.dimension == expected.dimension)) {
    if (molar_mass && *molar_mass > 0.0) {
      const double x = given->number * given->unit.factor;
      std::optional<double> converted;
      if (given->unit.dimension * mass() == expected.dimension * substance())
        converted = x * *molar_mass;  // umol/L where mg/L is meant
      if (given->unit.dimension * substance() == expected.dimension * mass()) converted = x / *molar_mass;
      if (converted) {
        note("request.converted", path,
             written + " was read as " + with_unit(*converted, expected) + ", by the molar mass " +
                 to_text(*molar_mass * 1000.0) + " g/mol.");
        return converted;
      }
    }
    error("unit.mismatch", path, written + " cannot be read in " + expected.text + ".", slip(*given, expected));
    return std::nullopt;
  }
  const Result<Quantity> read = parse_quantity(written, expected, path);
  take(read.diagnostics());
  if (!read) return std::nullopt;
  return read->value;
}

std::optional<double> Reader::time(const json::Value& value, const std::string& path) {
  const std::optional<double> t = quantity(value, known_unit("h"), path);
  if (t && std::fabs(*t) > longest_time) {
    error("request.time_range", path, "This time is more than 120 years from the origin.",
          "Times count from an origin near the treatment.");
    return std::nullopt;
  }
  return t;
}

std::optional<double> Reader::duration(const json::Value& value, const std::string& path) {
  const std::optional<double> t = time(value, path);
  if (t && !(*t > 0.0)) {
    error("request.duration", path, "A duration is over 0.", "for instance \"1 h\"");
    return std::nullopt;
  }
  return t;
}

std::optional<double> Reader::interval(const json::Value& value, const std::string& path) {
  constexpr double shortest = 1.0 / 60.0;
  const std::optional<double> t = duration(value, path);
  if (t && *t < shortest * (1.0 - 1e-9)) {
    error("request.interval", path, "The interval between doses is at least a minute.", "an infusion has a rate or a duration");
    return std::nullopt;
  }
  return t;
}

std::optional<std::string> Reader::text(const json::Value& value, const std::string& path) {
  if (!value.is_string()) {
    error("request.type", path, "Text is expected here, this is " + kind_name(value) + ".");
    return std::nullopt;
  }
  if (trim(value.string()).empty()) {
    error("request.empty", path, "This text is empty.", "write it, or leave the key out");
    return std::nullopt;
  }
  return value.string();
}

std::optional<double> Reader::number(const json::Value& value, const std::string& path) {
  if (value.is_number()) return value.number();
  error("request.type", path, "A plain number is expected here, this is " + kind_name(value) + ".");
  return std::nullopt;
}

std::optional<int> Reader::whole(const json::Value& value, const std::string& path, int least, int most) {
  if (!value.is_number()) {
    error("request.type", path, "A whole number is expected here, this is " + kind_name(value) + ".");
    return std::nullopt;
  }
  const double x = value.number();
  if (x != std::floor(x)) {
    error("request.not_whole", path, to_text(x) + " is not a whole number.");
    return std::nullopt;
  }
  if (x < least || x > most) {
    error("request.range", path, to_text(x) + " is outside " + to_text(least) + " to " + to_text(most) + ".");
    return std::nullopt;
  }
  return static_cast<int>(x);
}

std::optional<bool> Reader::boolean(const json::Value& value, const std::string& path) {
  if (value.is_boolean()) return value.boolean();
  error("request.type", path, "true or false is expected here, this is " + kind_name(value) + ".");
  return std::nullopt;
}

std::optional<std::string> Reader::word(const json::Value& value, const std::string& path, const std::string& what,
                                        const std::vector<std::string>& words, const char* code) {
  const std::optional<std::string> given = text(value, path);
  if (!given) return std::nullopt;
  for (const std::string& known : words)
    if (known == *given) return given;
  const std::string near = nearest_word(*given, words);
  error(code, path, "\"" + *given + "\" is no " + what + " known here.",
        (near.empty() ? "" : "\"" + near + "\" is meant? ") + (words.empty() ? "there is none" : "known: " + list_of(words)));
  return std::nullopt;
}

const json::Value* Reader::required(const json::Value& object, const std::string& path, const char* key, const char* example) {
  return required(object, path, key, std::string(example));
}
const json::Value* Reader::required(const json::Value& object, const std::string& path, const char* key,
                                    const std::string& example) {
  const json::Value* value = object.find(key);
  if (value == nullptr)
    error("request.missing", json::child(path, key), std::string("\"") + key + "\" is missing.", "for instance " + example);
  return value;
}

}  // namespace titrate
