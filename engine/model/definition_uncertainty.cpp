// How uncertain the source says that a number is. It is shown beside the number and enters no computation.
//
//   { "rse": "12 %" }                              relative standard error of the estimate, as printed
//   { "se": "0.4 [L/h]" }                          standard error, in the unit of the number
//   { "ci95": ["4.09 [L/h]", "5.19 [L/h]"] }       95 % interval; the number lies in it
//   { "fixed": true }                              not estimated: the authors held it
//
// each with "read" where the place is not that of the number itself. Of a residual error each part has its own:
// { "proportional": { "rse": "9 %" }, "additive": { "rse": "45 %" } }.

#include "base/text.hpp"
#include "model/definition_fields.hpp"

namespace titrate::definition {

namespace {

constexpr double largest_rse = 20.0;  // 2000 %: poor estimates are published, a bare 45 is a percentage without its sign

// "4.09 L/h", as it was typed.
std::string typed(const json::Value& value) {
  if (!value.is_string()) return to_text(value.number());
  std::string words;
  for (const char c : value.string())
    if (c != '[' && c != ']') words += c;
  return words;
}

std::optional<Literal> same_dimension(const json::Value& value, const std::string& path, const Literal& of, Reading& reading) {
  const auto literal = read_literal(value, path, reading);
  if (!literal || literal->unit.dimension == of.unit.dimension) return literal;
  reading.error_at("unit.mismatch", value, path,
                   "The uncertainty is in " + literal->unit.text + ", the number itself in " + of.unit.text + ".");
  return std::nullopt;
}

std::string read_rse(Fields& fields, Reading& reading) {
  const json::Value& value = *fields.find("rse");
  const auto rse = read_literal(value, fields.at("rse"), reading);
  if (!rse) return {};
  if (rse->unit.dimension.none() && rse->value > 0.0 && rse->value <= largest_rse) return "RSE " + typed(value);
  reading.error_at("model.bad_value", value, fields.at("rse"), "A relative standard error is a part of the number, more than 0.",
                   "Write for instance \"12 %\".");
  return {};
}

std::string read_se(Fields& fields, const Literal& of, Reading& reading) {
  const json::Value& value = *fields.find("se");
  const auto se = same_dimension(value, fields.at("se"), of, reading);
  if (!se) return {};
  if (se->value > 0.0) return "SE " + typed(value);
  reading.error_at("model.bad_value", value, fields.at("se"), "A standard error is more than 0.");
  return {};
}

std::string read_interval(Fields& fields, const Literal& of, Reading& reading) {
  const json::Value& pair = *fields.find("ci95");
  const std::string path = fields.at("ci95");
  if (!pair.is_array() || pair.array().size() != 2) {
    reading.error("model.wrong_kind", path, "An interval is two quantities.",
                  "Write for instance [\"4.1 [L/h]\", \"5.2 [L/h]\"].");
    return {};
  }
  const auto low = same_dimension(pair.array()[0], json::child(path, std::size_t{0}), of, reading);
  const auto high = same_dimension(pair.array()[1], json::child(path, std::size_t{1}), of, reading);
  if (!low || !high) return {};
  if (low->value <= of.value && of.value <= high->value)
    return "95 % interval " + typed(pair.array()[0]) + " to " + typed(pair.array()[1]);
  reading.error("model.bad_value", path, "The interval does not contain the number itself.", "The lower limit stands first.");
  return {};
}

std::string read_one(const json::Value& value, const std::string& path, const Literal& of, Reading& reading) {
  Fields fields(value, path, reading, {"rse", "se", "ci95", "fixed", "read"});
  if (!value.is_object()) return {};
  const bool fixed = fields.flag("fixed", false);
  if (int(fields.has("rse")) + int(fields.has("se")) + int(fields.has("ci95")) + int(fixed) != 1) {
    reading.error("model.bad_value", path, "An uncertainty is stated in one way.",
                  "State \"rse\", \"se\", \"ci95\" or \"fixed\": true.");
    return {};
  }
  const std::string words = fixed               ? "fixed, not estimated"
                            : fields.has("rse") ? read_rse(fields, reading)
                            : fields.has("se")  ? read_se(fields, of, reading)
                                                : read_interval(fields, of, reading);
  const std::string read = fields.text("read");
  return words.empty() || read.empty() ? words : words + " (" + read + ")";
}

}  // namespace

std::string read_uncertainty(Fields& outer, const std::optional<Literal>& of, Reading& reading) {
  const json::Value* value = outer.find("uncertainty");
  return value == nullptr || !of ? std::string{} : read_one(*value, outer.at("uncertainty"), *of, reading);
}

std::string read_uncertainty_of_parts(Fields& outer, const std::vector<std::string>& parts, Reading& reading) {
  const json::Value* value = outer.find("uncertainty");
  if (value == nullptr) return {};
  std::string words;
  std::vector<std::string> stated;
  for (const std::string& part : parts)
    if (outer.has(part)) stated.push_back(part);
  each_member(value, outer.at("uncertainty"), reading,
              [&](const std::string& part, const json::Value& one, const std::string& path) {
                if (!must_know(json::Value(part), path, "a part of this error", stated, reading)) return;
                const auto of = read_literal(*outer.find(part), outer.at(part), reading);
                if (of) words += (words.empty() ? "" : ", ") + part + " " + read_one(one, path, *of, reading);
              });
  return words;
}

}  // namespace titrate::definition
