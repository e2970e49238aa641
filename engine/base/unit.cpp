// The table of units, and the reading of units and quantities.
//
//   unit     := factor { ("*" | "/") factor }
//   factor   := (name | number | "(" unit ")") [ "^" number ]
//
// A number is a power of ten ("1", "1e9", "10^9"); after "/" it may be any number and takes the name that follows with it, as
// in "mL/min/1.73m^2" or "mg/100mL". Factors are kept as a numerator and a denominator of whole numbers, so that 1 mL/min is
// 60/1000 L/h rounded once.

#include "base/unit.hpp"

#include <cmath>
#include <cstdlib>
#include <numeric>
#include <optional>

#include "base/text.hpp"

namespace titrate {

namespace {

struct Entry {
  std::string_view name;
  double numerator, denominator;
  std::array<int, 5> exponents;  // mass, length, time, substance, international unit
};

constexpr Entry table[] = {
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

// The micro sign U+00B5, the Greek letter U+03BC, and "mc" of mcg are u; a raised dot is a product; superscripts are powers.
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

const Entry* find_entry(std::string_view name) {
  if (name == "mcg") name = "ug";
  for (const Entry& entry : table)
    if (entry.name == name) return &entry;
  return nullptr;
}

std::string known_spelling(std::string_view name) {
  for (const auto& [wrong, right] : meant)
    if (wrong == name) return std::string(right);
  std::vector<std::string> names;
  for (const Entry& entry : table) names.emplace_back(entry.name);
  return nearest_word(name, names);
}

Dimension dimension_of(const std::array<int, 5>& exponents) {
  Dimension d;
  for (std::size_t i = 0; i < 5; ++i) d.sixtieths[i] = 60 * exponents[i];
  return d;
}

struct Factor {
  double numerator = 1.0, denominator = 1.0;
  Dimension dimension;
};

class UnitParser {
 public:
  explicit UnitParser(std::string text) : text_(std::move(text)) {}

  std::optional<Factor> parse() {
    auto factor = product();
    if (factor && at_ < text_.size())
      return fail("unit.syntax", at_, text_.size(), "\"" + text_.substr(at_) + "\" does not belong here");
    if (!factor) return std::nullopt;
    const double value = factor->numerator / factor->denominator;
    bool bounded = std::isfinite(value) && value > 0.0;
    for (const int n : factor->dimension.sixtieths) bounded = bounded && std::abs(n) <= 60 * 30;
    if (!bounded) return fail("unit.syntax", 0, text_.size(), "the powers are too large");
    return factor;
  }

  std::string code, message, hint;

 private:
  std::nullopt_t fail(std::string c, std::size_t, std::size_t, std::string m, std::string h = {}) {
    if (code.empty()) code = std::move(c), message = std::move(m), hint = std::move(h);
    return std::nullopt;
  }
  void skip_spaces() {
    while (at_ < text_.size() && is_space(text_[at_])) ++at_;
  }
  bool accept(char c) {
    skip_spaces();
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }

  std::optional<Factor> product() {
    auto left = powered(false);
    while (left) {
      skip_spaces();
      const bool times = accept('*');
      if (!times && !accept('/')) break;
      auto right = powered(!times);
      if (!right) return std::nullopt;
      if (!times) {
        std::swap(right->numerator, right->denominator);
        right->dimension = Dimension{} / right->dimension;
      }
      *left = {left->numerator * right->numerator, left->denominator * right->denominator, left->dimension * right->dimension};
    }
    return left;
  }

  std::optional<Factor> powered(bool below) {
    skip_spaces();
    const std::size_t begin = at_;
    const bool numeric = at_ < text_.size() && (is_digit(text_[at_]) || text_[at_] == '.');
    std::optional<Factor> base = numeric ? number(below) : factor();
    if (!base) return std::nullopt;
    if (accept('^')) {
      const bool negative = accept('-');
      const std::size_t length = number_length(std::string_view(text_).substr(at_));
      const double size = to_double(std::string_view(text_).substr(at_, length));
      if (length == 0) return fail("unit.syntax", begin, at_, "a power is missing after ^");
      if (size > 20.0) return fail("unit.syntax", begin, at_, "the power is too large");
      at_ += length;
      const double exponent = negative ? -size : size;
      if (exponent < 0.0) std::swap(base->numerator, base->denominator);
      *base = {std::pow(base->numerator, size), std::pow(base->denominator, size), power(base->dimension, exponent)};
    }
    if (below && numeric && at_ < text_.size() && (is_letter(text_[at_]) || is_space(text_[at_]))) {
      skip_spaces();
      if (at_ < text_.size() && is_letter(text_[at_])) {
        const auto unit = powered(false);
        if (!unit) return std::nullopt;
        *base = {base->numerator * unit->numerator, base->denominator * unit->denominator, unit->dimension};
      }
    }
    return base;
  }

  std::optional<Factor> number(bool below) {
    const std::size_t begin = at_;
    const std::size_t length = number_length(std::string_view(text_).substr(at_));
    if (length == 0) return fail("unit.syntax", begin, begin + 1, "a unit is missing");
    const std::string written = text_.substr(at_, length);
    const double value = to_double(written);
    at_ += length;
    const bool ten = written == "10" && at_ < text_.size() && text_[at_] == '^';
    const bool scientific = written.find_first_of("eE") != std::string::npos;
    if (!(value > 0.0) || !std::isfinite(value)) return fail("unit.syntax", begin, at_, "a factor must be more than 0");
    if (!below && written != "1" && !ten && !scientific)
      return fail("unit.syntax", begin, at_, "the number " + written + " does not belong in a unit",
                  "Powers of ten are written 1e9 or 10^9.");
    return Factor{value, 1.0, {}};
  }

  std::optional<Factor> factor() {
    if (accept('(')) {
      if (++depth_ > 8) return fail("unit.syntax", at_, at_, "the parentheses are too deep");
      auto inner = product();
      --depth_;
      if (inner && !accept(')')) return fail("unit.syntax", at_, text_.size(), "a closing parenthesis is missing");
      return inner;
    }
    const std::size_t begin = at_;
    if (at_ < text_.size() && text_[at_] == '%')
      ++at_;
    else
      while (at_ < text_.size() &&
             (is_letter(text_[at_]) || static_cast<unsigned char>(text_[at_]) >= 0x80 || (at_ > begin && is_digit(text_[at_]))))
        ++at_;
    const std::string name = text_.substr(begin, at_ - begin);
    if (name.empty())
      return fail(
          "unit.syntax", begin, at_,
          begin < text_.size() ? "a unit is missing before \"" + text_.substr(begin) + "\"" : "a unit is missing at the end");
    if (const Entry* entry = find_entry(name))
      return Factor{entry->numerator, entry->denominator, dimension_of(entry->exponents)};
    const std::string near = known_spelling(name);
    if (name.rfind("month", 0) == 0)
      return fail("unit.unknown", begin, at_, "a month has no fixed length", "Write it in days or weeks.");
    return fail("unit.unknown", begin, at_, "the unit \"" + name + "\" is not known",
                near.empty() ? "" : "Did you mean \"" + near + "\"?");
  }

  std::string text_;
  std::size_t at_ = 0;
  int depth_ = 0;
};

std::string one_power(const std::string& name, int sixtieths) {
  if (sixtieths == 60) return name;
  const int common = std::gcd(sixtieths, 60);
  if (common == 60) return name + "^" + std::to_string(sixtieths / 60);
  return name + "^(" + std::to_string(sixtieths / common) + "/" + std::to_string(60 / common) + ")";
}

Diagnostic wrong(std::string code, const std::string& path, Span span, std::string message, std::string hint) {
  return {std::move(code), Severity::error, path, span, std::move(message), std::move(hint)};
}

}  // namespace

Dimension operator*(const Dimension& a, const Dimension& b) {
  Dimension d;
  for (std::size_t i = 0; i < 5; ++i) d.sixtieths[i] = a.sixtieths[i] + b.sixtieths[i];
  return d;
}

Dimension operator/(const Dimension& a, const Dimension& b) {
  Dimension d;
  for (std::size_t i = 0; i < 5; ++i) d.sixtieths[i] = a.sixtieths[i] - b.sixtieths[i];
  return d;
}

Dimension power(const Dimension& a, double exponent) {
  Dimension d;
  const long sixtieths = std::lround(60.0 * exponent);
  for (std::size_t i = 0; i < 5; ++i)
    d.sixtieths[i] = static_cast<int>(std::lround(static_cast<double>(a.sixtieths[i]) * static_cast<double>(sixtieths) / 60.0));
  return d;
}

std::string describe(const Dimension& dimension) {
  if (dimension.none()) return "no unit";
  static const std::array<std::string, 5> names{"mg", "dm", "h", "umol", "IU"};
  std::string above, below;
  for (const std::size_t i : {0u, 3u, 4u, 1u, 2u}) {  // amounts first: mg*h/L
    int n = dimension.sixtieths[i];
    std::string name = names[i];
    if (i == 1 && n % 180 == 0) n /= 3, name = "L";
    if (n > 0) above += (above.empty() ? "" : "*") + one_power(name, n);
    if (n < 0) below += "/" + one_power(name, -n);
  }
  return (above.empty() ? "1" : above) + below;
}

Result<Unit> parse_unit(std::string_view text, const std::string& path) {
  const std::string written(trim(text));
  const auto begin = written.empty() ? std::size_t{0} : static_cast<std::size_t>(text.find(written));
  const Span span{begin, begin + written.size()};
  if (written.empty())
    return wrong("unit.missing", path, {0, text.size()}, "The unit is empty.", "Write 1 for a number without a unit.");
  if (written.size() > 200) return wrong("unit.syntax", path, span, "The unit is longer than 200 bytes.", "");
  UnitParser parser(plain_spelling(written));
  const auto factor = parser.parse();
  if (!factor) return wrong(parser.code, path, span, "In the unit \"" + written + "\", " + parser.message + ".", parser.hint);
  return Unit{written, factor->numerator / factor->denominator, factor->dimension};
}

namespace {

// "1,5" is 1.5 in much of Europe, "1,000" a thousand elsewhere: a comma is read only where it can mean one thing.
struct Number {
  double value = 0.0;
  std::size_t length = 0;
  std::string message, hint;
};

Number read_number(std::string_view text) {
  Number number;
  std::size_t i = 0;
  const bool negative = !text.empty() && text[0] == '-';
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) ++i;
  std::size_t end = i;
  while (end < text.size() && (is_digit(text[end]) || text[end] == '.' || text[end] == ',')) ++end;
  const std::string_view body = text.substr(i, end - i);
  const std::size_t comma = body.find(',');
  std::string plain(text.substr(i));
  if (comma != std::string_view::npos) {
    const std::string_view whole = body.substr(0, comma), part = body.substr(comma + 1);
    const bool thousands = part.size() == 3 && !whole.empty() && whole.size() <= 3 && whole[0] != '0';
    if (part.empty() || part.find_first_of(",.") != std::string_view::npos || whole.find('.') != std::string_view::npos ||
        thousands) {
      std::string digits;
      for (const char c : body)
        if (c != ',' || !(thousands || part.find_first_of(",.") != std::string_view::npos)) digits += c;
      number.length = end;
      number.message = "\"" + std::string(body) + "\" can be read in two ways";
      number.hint = "Write digits without separators and a decimal point, for instance ";
      number.hint += thousands ? digits + " or " + std::string(whole) + ".000" : std::string("1000.5");
      number.hint += ".";
      return number;
    }
    plain[comma] = '.';
  }
  const std::size_t length = number_length(plain);
  if (length == 0) return number;
  number.length = i + length;
  number.value = to_double(std::string_view(plain).substr(0, length));
  if (negative) number.value = -number.value;
  if (!std::isfinite(number.value))
    number.message = "\"" + plain.substr(0, length) + "\" is too large", number.hint = "";
  else if (length < end - i)
    number.message = "\"" + std::string(body) + "\" is not a number",
    number.hint = "Write a decimal point once, for instance 1.5.";
  return number;
}

// "08:00", "24:00": hours and minutes, as a number of hours to suggest.
std::optional<double> clock_hours(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos || colon == 0 || colon > 2 || colon + 3 > text.size()) return std::nullopt;
  for (const std::size_t i : {std::size_t{0}, colon - 1, colon + 1, colon + 2})
    if (!is_digit(text[i])) return std::nullopt;
  return to_double(text.substr(0, colon)) + to_double(text.substr(colon + 1, 2)) / 60.0;
}

}  // namespace

Result<Quantity> parse_quantity(std::string_view text, const Unit& expected, const std::string& path) {
  const std::string_view body = trim(text);
  const std::size_t start = body.empty() ? 0 : static_cast<std::size_t>(body.data() - text.data());
  const auto span = [&](std::size_t begin, std::size_t end) { return Span{start + begin, start + end}; };
  const bool plain = expected.dimension.none() && expected.factor == 1.0;  // a bare number will do
  const std::string suffix = plain ? "" : " " + expected.text;
  const std::string needed = plain ? "a number" : "a number with the unit " + expected.text;
  const std::string example = "Write " + std::string(plain ? "0.5" : "10") + suffix + ", for instance.";

  if (body.empty())
    return wrong("number.missing", path, span(0, 0), "Nothing is written here; " + needed + " is needed.", example);
  if (const auto hours = clock_hours(body)) {
    const bool time = expected.dimension == dimension_of({0, 0, 1, 0, 0});
    return wrong("time.clock", path, span(0, body.size()),
                 "\"" + std::string(body) + "\" is a time of day; " + needed + " is needed.",
                 time ? "Write " + to_text(*hours) + " h for a duration." : example);
  }
  const Number number = read_number(body);
  if (!number.message.empty())
    return wrong("number.malformed", path, span(0, number.length), "The number " + number.message + ".", number.hint);
  if (number.length == 0)
    return wrong("number.missing", path, span(0, body.size()),
                 "\"" + std::string(body) + "\" has no number; " + needed + " is needed.", example);

  const std::string written(body.substr(0, number.length));
  std::string_view rest = trim(body.substr(number.length));
  std::size_t rest_begin = rest.empty() ? body.size() : static_cast<std::size_t>(rest.data() - body.data());
  if (rest.empty()) {
    if (plain) return Quantity{number.value, {}};
    return wrong("unit.missing", path, span(0, body.size()),
                 "The number " + written + " has no unit; " + expected.text + " or the like is needed.",
                 "Write " + written + suffix + ".");
  }
  if (rest.front() == '[' && rest.back() == ']' && rest.size() >= 2) rest = rest.substr(1, rest.size() - 2), ++rest_begin;
  if (is_digit(rest.front()) && rest.find_first_of("eE^") == std::string_view::npos && trim(rest) != "1")
    return wrong("number.malformed", path, span(0, body.size()), "\"" + std::string(body) + "\" holds two numbers.",
                 "Write one number without spaces, for instance 1000" + suffix + ".");
  // "4.5e9/L" is 4.5e9 per litre.
  const std::string unit_text = rest.front() == '/' ? "1" + std::string(rest) : std::string(rest);
  auto unit = parse_unit(unit_text, path);
  if (!unit) {
    const std::string_view first = rest.substr(0, rest.find(' '));
    const std::string_view tail = first.size() < rest.size() ? trim(rest.substr(first.size())) : std::string_view{};
    if (!tail.empty() && is_letter(tail.front()) && parse_unit(first))
      return wrong("unit.trailing", path, span(body.size() - tail.size(), body.size()),
                   "After " + written + " " + std::string(first) + ", \"" + std::string(tail) + "\" is not understood here.",
                   "Write only " + written + " " + std::string(first) + ".");
    Diagnostics errors = unit.diagnostics();
    for (Diagnostic& d : errors) {
      d.span = span(rest_begin, rest_begin + rest.size());
      if (d.hint.empty()) d.hint = "Write " + written + suffix + ", for instance.";
    }
    return errors;
  }
  if (unit->dimension != expected.dimension) {
    const auto named = [](const Unit& u) {
      const std::string coherent = describe(u.dimension);
      return coherent == u.text ? u.text : u.text + " (" + coherent + ")";
    };
    return wrong("unit.mismatch", path, span(rest_begin, rest_begin + rest.size()),
                 "\"" + std::string(body) + "\" is in " + named(*unit) + ", but " +
                     (plain ? "a number without a unit" : named(expected)) + " is needed.",
                 plain ? "Write " + written + " without " + unit->text + ", or check the number."
                       : "Write " + written + suffix + " if " + expected.text + " and not " + unit->text + " is meant.");
  }
  const double value = number.value * unit->factor;
  if (!std::isfinite(value))
    return wrong("number.malformed", path, span(0, body.size()), "The number " + written + " is too large.", "");
  return Quantity{value, *unit};
}

}  // namespace titrate
