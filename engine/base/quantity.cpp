// The reading of a number with its unit, as a person types it.

#include <cmath>
#include <cstdlib>
#include <optional>

#include "base/text.hpp"
#include "base/unit.hpp"

namespace titrate {

namespace {

Diagnostic wrong(const char* code, const std::string& path, Span span, std::string message, std::string hint) {
  return {code, Severity::error, path, span, std::move(message), std::move(hint)};
}

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
    const bool time = expected.dimension == parse_unit("h")->dimension;
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
