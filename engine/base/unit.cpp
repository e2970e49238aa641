// The reading of units.
//
//   unit     := factor { ("*" | "/") factor }
//   factor   := (name | number | "(" unit ")") [ "^" number ]
//
// A number is a power of ten ("1", "1e9", "10^9"); after "/" it may be any number and takes the name that follows with it, as
// in "mL/min/1.73m^2" or "mg/100mL".

#include "base/unit.hpp"

#include <cmath>
#include <cstdlib>
#include <numeric>
#include <optional>

#include "base/text.hpp"
#include "base/unit_table.hpp"

namespace titrate {

namespace {

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
    if (const NamedUnit* entry = find_unit(name))
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

Diagnostic wrong(const char* code, const std::string& path, Span span, std::string message, std::string hint) {
  return {code, Severity::error, path, span, std::move(message), std::move(hint)};
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
  if (!factor)
    return wrong(parser.code.c_str(), path, span, "In the unit \"" + written + "\", " + parser.message + ".", parser.hint);
  return Unit{written, factor->numerator / factor->denominator, factor->dimension};
}

}  // namespace titrate
