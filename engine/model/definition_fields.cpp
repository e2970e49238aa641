#include "model/definition_fields.hpp"

#include <algorithm>
#include <cmath>

#include "base/text.hpp"
#include "expr/parser.hpp"
#include "expr/words.hpp"

namespace titrate::definition {

namespace {

std::string lower_case(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return text;
}

// More than any published model has, and few enough that a hostile file cannot stall the reading.
constexpr std::size_t most = 1000;

bool too_many(std::size_t count, const std::string& path, Reading& reading) {
  if (count <= most) return false;
  reading.error("model.too_large", path,
                "A model file has at most " + std::to_string(most) + " entries here, not " + std::to_string(count) + ".");
  return true;
}

bool is_name(const std::string& text) {
  if (text.empty() || !is_letter(text.front()) || text.size() > 64) return false;
  return std::all_of(text.begin(), text.end(), [](char c) { return is_letter(c) || is_digit(c) || c == '_'; });
}

}  // namespace

void Reading::error(const char* code, const std::string& path, const char* message, const char* hint) {
  error(code, path, std::string(message), std::string(hint));
}

void Reading::error(const char* code, const std::string& path, std::string message, const char* hint) {
  error(code, path, std::move(message), std::string(hint));
}

void Reading::error(const char* code, const std::string& path, std::string message, std::string hint) {
  diagnostics.push_back({code, Severity::error, path, std::nullopt, std::move(message), std::move(hint)});
}

void Reading::error_at(const char* code, const json::Value& value, const std::string& path, std::string message,
                       const char* hint) {
  error_at(code, value, path, std::move(message), std::string(hint));
}

void Reading::error_at(const char* code, const json::Value& value, const std::string& path, std::string message,
                       std::string hint) {
  error(code, path, std::move(message), std::move(hint));
  if (value.is_string()) diagnostics.back().span = Span{0, value.string().size()};
}

void Reading::not_yet(const std::string& path, const std::string& what) {
  error("model.not_yet", path, "This version does not have " + what + " yet, so it cannot compute with this model.",
        "Leave it out only if the model is still right without it.");
}

void Reading::declare(const std::string& name, const std::string& path) {
  if (!is_name(name)) {
    error("model.bad_name", path, "\"" + name + "\" cannot be a name in a model.",
          "Use a letter first, then letters, digits and _.");
    return;
  }
  if (is_reserved(name) || name == "prediction") {
    error("model.bad_name", path, "\"" + name + "\" is a word of the model language.", "Choose another name.");
    return;
  }
  for (const auto& [other, place] : names) {
    if (other == name) {
      error("model.duplicate_name", path, "The name \"" + name + "\" is used twice.", "It is already declared at " + place + ".");
      return;
    }
    if (lower_case(other) == lower_case(name)) {
      error("model.mixed_case", path, "The names \"" + name + "\" and \"" + other + "\" differ only by upper and lower case.",
            "Rename one; the other is at " + place + ".");
      return;
    }
  }
  names.emplace_back(name, path);
}

bool Reading::knows(const std::string& name) const {
  return std::any_of(names.begin(), names.end(), [&](const auto& known) { return known.first == name; });
}

std::string one_of(const std::vector<std::string>& words) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) text += (i == 0 ? "" : i + 1 == words.size() ? " or " : ", ") + words[i];
  return text;
}

std::string kind_of(const json::Value& value) {
  switch (value.kind()) {
    case json::Kind::null:
      return "null";
    case json::Kind::boolean:
      return value.boolean() ? "true" : "false";
    case json::Kind::number:
      return "the number " + to_text(value.number());
    case json::Kind::string:
      return "the text \"" + value.string() + "\"";
    case json::Kind::array:
      return "a list";
    case json::Kind::object:
      return "an object";
  }
  return "something else";
}

Result<Literal> parse_literal(std::string_view text, const std::string& path) {
  const std::string_view body = trim(text);
  const bool sign = !body.empty() && (body.front() == '-' || body.front() == '+');
  const std::size_t length = number_length(body.substr(sign ? 1 : 0)) + (sign ? 1 : 0);
  std::string_view rest = trim(body.substr(length));
  if (!rest.empty() && rest.front() == ',')
    return Diagnostic{
        "number.malformed",   Severity::error,           path,
        Span{0, text.size()}, "The number has a comma.", "Model files use a decimal point and no separators: 4.5 or 1000."};
  if (rest.size() >= 2 && rest.front() == '[' && rest.back() == ']') rest = trim(rest.substr(1, rest.size() - 2));
  const std::string unit_text = !rest.empty() && rest.front() == '/' ? "1" + std::string(rest) : std::string(rest);
  const std::string number(body.substr(0, length));
  if (length > (sign ? 1u : 0u) && !unit_text.empty())
    if (const auto unit = parse_unit(unit_text)) {
      const double size = to_double(body.substr(sign ? 1 : 0, length - (sign ? 1 : 0))) * unit->factor;
      const double value = body.front() == '-' ? -size : size;
      if (std::isfinite(value)) return Literal{value, *unit, number + " [" + unit_text + "]"};
    }
  // What is no number with a known unit: parse_quantity takes a bare number, and explains everything else.
  const auto quantity = parse_quantity(text, Unit{}, path);
  if (!quantity) return quantity.diagnostics();
  return Literal{quantity->value, quantity->unit, number};
}

std::optional<Literal> read_literal(const json::Value& value, const std::string& path, Reading& reading) {
  if (value.is_number()) return Literal{value.number(), Unit{}, to_text(value.number())};
  if (!value.is_string()) {
    reading.error("model.wrong_kind", path, "A quantity is needed here, not " + kind_of(value) + ".",
                  "Write for instance \"4.5 [L/h]\".");
    return std::nullopt;
  }
  auto literal = parse_literal(value.string(), path);
  append(reading.diagnostics, literal.diagnostics());
  if (!literal) return std::nullopt;
  return *literal;
}

std::optional<Quantity> read_quantity(const json::Value& value, const Unit& expected, const std::string& path, Reading& reading) {
  if (value.is_number()) {
    if (expected.dimension.none() && expected.factor == 1.0) return Quantity{value.number(), Unit{}};
    reading.error("model.missing_unit", path, "The number " + to_text(value.number()) + " has no unit.",
                  "Write \"" + to_text(value.number()) + " [" + expected.text + "]\".");
    return std::nullopt;
  }
  if (!value.is_string()) {
    reading.error("model.wrong_kind", path, "A quantity in " + expected.text + " is needed here, not " + kind_of(value) + ".");
    return std::nullopt;
  }
  const auto quantity = parse_quantity(value.string(), expected, path);
  append(reading.diagnostics, quantity.diagnostics());
  if (!quantity) return std::nullopt;
  return *quantity;
}

std::optional<std::string> read_text(const json::Value& value, const std::string& path, Reading& reading) {
  if (value.is_string()) return value.string();
  reading.error("model.wrong_kind", path, "Text is needed here, not " + kind_of(value) + ".");
  return std::nullopt;
}

std::optional<Expression> read_expression(const json::Value& value, const std::string& path, Reading& reading) {
  if (value.is_number()) return Expression{to_text(value.number()), path};
  if (!value.is_string()) {
    reading.error("model.wrong_kind", path, "An expression is needed here, not " + kind_of(value) + ".",
                  "Write for instance \"TVCL * exp(eta_CL)\".");
    return std::nullopt;
  }
  Expression expression{value.string(), path};
  const auto parsed = parse_expression(expression);
  append(reading.diagnostics, parsed.diagnostics());
  if (!parsed) return std::nullopt;
  return expression;
}

bool must_know(const json::Value& value, const std::string& path, const std::string& what, const std::vector<std::string>& known,
               Reading& reading) {
  if (!value.is_string()) {
    reading.error("model.wrong_kind", path, "The name of " + what + " is needed here, not " + kind_of(value) + ".");
    return false;
  }
  if (std::find(known.begin(), known.end(), value.string()) != known.end()) return true;
  if (std::find(reading.failed.begin(), reading.failed.end(), value.string()) != reading.failed.end()) return false;
  const std::string near = nearest_word(value.string(), known);
  std::string hint = "The model declares none.";
  if (!near.empty())
    hint = "Did you mean \"" + near + "\"?";
  else if (!known.empty())
    hint = "Known: " + one_of(known) + ".";
  reading.error_at("model.unknown_name", value, path, "\"" + value.string() + "\" is not " + what + " of this model.", hint);
  return false;
}

void each_member(const json::Value* object, const std::string& path, Reading& reading,
                 const std::function<void(const std::string&, const json::Value&, const std::string&)>& read) {
  if (object == nullptr) return;
  if (!object->is_object()) {
    reading.error("model.wrong_kind", path, "An object with a key for each name is needed here, not " + kind_of(*object) + ".");
    return;
  }
  if (too_many(object->object().size(), path, reading)) return;
  for (const json::Member& member : object->object()) read(member.key, member.value, json::child(path, member.key));
}

void each_element(const json::Value* list, const std::string& path, Reading& reading,
                  const std::function<void(const json::Value&, const std::string&)>& read) {
  if (list == nullptr) return;
  if (!list->is_array()) {
    reading.error("model.wrong_kind", path, "A list is needed here, not " + kind_of(*list) + ".", "Put it in [ ].");
    return;
  }
  if (too_many(list->array().size(), path, reading)) return;
  for (std::size_t i = 0; i < list->array().size(); ++i) read(list->array()[i], json::child(path, i));
}

// --- Fields -----------------------------------------------------------------------------------------------------------

Fields::Fields(const json::Value& value, const std::string& path, Reading& reading, std::initializer_list<const char*> keys,
               std::initializer_list<Later> later)
    : Fields(value, path, reading, std::vector<std::string>(keys.begin(), keys.end()), later) {}

Fields::Fields(const json::Value& value, const std::string& path, Reading& reading, const std::vector<std::string>& keys,
               std::initializer_list<Later> later)
    : value_(value), path_(path), reading_(reading) {
  if (!value.is_object()) {
    reading.error("model.wrong_kind", path_, "An object is needed here, not " + kind_of(value) + ".",
                  "Its keys may be " + one_of(keys) + ".");
    return;
  }
  if (too_many(value.object().size(), path_, reading)) return;
  for (const json::Member& member : value.object()) {
    if (std::find(keys.begin(), keys.end(), member.key) != keys.end()) continue;
    const auto planned = std::find_if(later.begin(), later.end(), [&](const Later& l) { return l.key == member.key; });
    if (planned != later.end()) {
      reading.not_yet(at(member.key), planned->what);
      continue;
    }
    const std::string near = nearest_word(member.key, keys);
    const bool mixed = !near.empty() && lower_case(near) == lower_case(member.key);
    std::string hint = "Known keys here: " + one_of(keys) + ".";
    if (mixed)
      hint = "Keys keep their case: write \"" + near + "\".";
    else if (!near.empty())
      hint = "Did you mean \"" + near + "\"?";
    reading.error("model.unknown_key", at(member.key), "The key \"" + member.key + "\" is not known here.", hint);
  }
}

const json::Value* Fields::need(Key key, Key example) {
  const json::Value* value = find(key);
  if (value == nullptr && value_.is_object())
    reading_.error("model.missing", path_, "The key \"" + std::string(key) + "\" is missing.",
                   "Write for instance \"" + std::string(key) + "\": " + example.text + ".");
  return value;
}

std::string Fields::text(Key key) {
  const json::Value* value = find(key);
  if (value == nullptr) return {};
  return read_text(*value, at(key), reading_).value_or("");
}

std::string Fields::need_text(Key key, Key example) {
  const json::Value* value = need(key, example);
  if (value == nullptr) return {};
  const auto text = read_text(*value, at(key), reading_);
  if (text && trim(*text).empty())
    reading_.error("model.missing", at(key), "The key \"" + std::string(key) + "\" is empty.",
                   "Write for instance \"" + std::string(key) + "\": " + example.text + ".");
  return text.value_or("");
}

bool Fields::flag(Key key, bool when_absent) {
  const json::Value* value = find(key);
  if (value == nullptr) return when_absent;
  if (value->is_boolean()) return value->boolean();
  reading_.error_at("model.wrong_kind", *value, at(key), "true or false is needed here, not " + kind_of(*value) + ".");
  return when_absent;
}

std::optional<double> Fields::number(Key key) {
  const json::Value* value = find(key);
  if (value == nullptr) return std::nullopt;
  if (value->is_number()) return value->number();
  reading_.error_at("model.wrong_kind", *value, at(key), "A number is needed here, not " + kind_of(*value) + ".");
  return std::nullopt;
}

std::optional<Quantity> Fields::quantity(Key key, const Unit& expected) {
  const json::Value* value = find(key);
  if (value == nullptr) return std::nullopt;
  return read_quantity(*value, expected, at(key), reading_);
}

std::optional<Unit> Fields::unit(Key key) {
  const json::Value* value = find(key);
  if (value == nullptr) {
    if (reading_.model.unchecked_units) return Unit{};
    if (value_.is_object())
      reading_.error("model.missing_unit", path_, "The unit is missing.",
                     "Write for instance \"" + std::string(key) + "\": \"mg/L\", or \"" + std::string(key) +
                         "\": \"1\" for a number without unit.");
    return std::nullopt;
  }
  const auto text = read_text(*value, at(key), reading_);
  if (!text) return std::nullopt;
  const auto unit = parse_unit(*text, at(key));
  append(reading_.diagnostics, unit.diagnostics());
  if (!unit) return std::nullopt;
  return *unit;
}

std::optional<Expression> Fields::expression(Key key) {
  const json::Value* value = find(key);
  if (value == nullptr) return std::nullopt;
  return read_expression(*value, at(key), reading_);
}

std::optional<std::string> Fields::word(Key key, std::initializer_list<const char*> words) {
  return word(key, std::vector<std::string>(words.begin(), words.end()));
}

std::optional<std::string> Fields::word(Key key, const std::vector<std::string>& words) {
  const json::Value* value = find(key);
  if (value == nullptr) return std::nullopt;
  if (value->is_string() && std::find(words.begin(), words.end(), value->string()) != words.end()) return value->string();
  const std::string near = value->is_string() ? nearest_word(value->string(), words) : "";
  reading_.error_at("model.bad_value", *value, at(key),
                    "\"" + std::string(key) + "\" must be " + one_of(words) + ", not " + kind_of(*value) + ".",
                    near.empty() ? "" : "Did you mean \"" + near + "\"?");
  return std::nullopt;
}

}  // namespace titrate::definition
