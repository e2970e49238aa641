// Covariates and mixtures of a model file.

#include <algorithm>
#include <cmath>

#include "base/text.hpp"
#include "model/definition_fields.hpp"

namespace titrate::definition {

namespace {

// Bare numbers stand in the covariate's unit, as "studied" is read beside it.
std::optional<Range> read_range(Fields& fields, Key key, const Unit& unit, Reading& reading) {
  const json::Value* value = fields.find(key);
  if (value == nullptr) return std::nullopt;
  const bool pair =
      value->is_array() && value->array().size() == 2 && value->array()[0].is_number() && value->array()[1].is_number();
  if (!pair) {
    reading.error("model.wrong_kind", fields.at(key), "A range is two numbers in the covariate's unit.",
                  "Write for instance [33, 255].");
    return std::nullopt;
  }
  const Range range{value->array()[0].number() * unit.factor, value->array()[1].number() * unit.factor};
  if (range.low < range.high && std::isfinite(range.low) && std::isfinite(range.high)) return range;
  reading.error("model.bad_value", fields.at(key), "The first number of a range must be below the second.");
  return std::nullopt;
}

void read_choices(Fields& fields, Covariate& covariate, Reading& reading) {
  each_member(fields.find("choices"), fields.at("choices"), reading,
              [&](const std::string& word, const json::Value& value, const std::string& path) {
                if (!value.is_number()) {
                  reading.error_at("model.wrong_kind", value, path, "A choice stands for a number, not " + kind_of(value) + ".");
                  return;
                }
                for (const auto& [other, number] : covariate.choices)
                  if (number == value.number())
                    reading.error("model.bad_value", path,
                                  "The choices \"" + other + "\" and \"" + word + "\" stand for the same number.");
                covariate.choices.emplace_back(word, value.number());
              });
  if (covariate.choices.size() < 2)
    reading.error("model.bad_value", fields.at("choices"), "A choice needs at least two words.",
                  "Write for instance { \"no\": 0, \"yes\": 1 }.");
}

void read_when_unknown(Fields& fields, Covariate& covariate, Reading& reading) {
  const json::Value* value = fields.find("when_unknown");
  if (value == nullptr) return;
  const std::string path = fields.at("when_unknown");
  if (covariate.choices.empty()) {
    if (const auto quantity = read_quantity(*value, covariate.unit, path, reading)) covariate.when_unknown = quantity->value;
    return;
  }
  std::vector<std::string> words;
  for (const auto& choice : covariate.choices) words.push_back(choice.first);
  if (!must_know(*value, path, "a choice", words, reading)) return;
  for (const auto& [word, number] : covariate.choices)
    if (word == value->string()) covariate.when_unknown = number;
}

// Shares of the words of a choice, as fractions or percentages. Published ones are rounded: a sum within 0.02 of 1 is scaled
// to 1.
void read_frequencies(const json::Value* value, const std::string& path, Covariate& covariate, Reading& reading) {
  std::vector<std::string> words;
  for (const auto& choice : covariate.choices) words.push_back(choice.first);
  std::vector<double> shares(words.size(), -1.0);
  const std::size_t before = reading.diagnostics.size();
  each_member(value, path, reading, [&](const std::string& word, const json::Value& share, const std::string& where) {
    if (!must_know(json::Value(word), where, "a choice", words, reading)) return;
    const auto literal = read_literal(share, where, reading);
    if (!literal) return;
    if (!literal->unit.dimension.none() || !(literal->value >= 0.0 && literal->value <= 1.0))
      reading.error_at("model.bad_value", share, where, "A share lies between 0 and 1.", "Write for instance 0.2 or \"20 %\".");
    shares[static_cast<std::size_t>(std::find(words.begin(), words.end(), word) - words.begin())] = literal->value;
  });
  if (reading.diagnostics.size() > before) return;
  double sum = 0.0;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (shares[i] < 0.0) {
      reading.error("model.missing", path, "The share of \"" + words[i] + "\" is missing.", "Write 0 if there are none.");
      return;
    }
    sum += shares[i];
  }
  if (std::abs(sum - 1.0) > 0.02) {
    reading.error("model.bad_value", path, "The shares sum to " + to_text(sum) + ", not to 1.", "Check them against the source.");
    return;
  }
  for (double& share : shares) share /= sum;
  covariate.frequencies = std::move(shares);
}

void read_unknown(Fields& fields, Covariate& covariate, Reading& reading) {
  const json::Value* value = fields.find("unknown");
  if (value == nullptr) return;
  if (covariate.choices.empty() || covariate.when_unknown) {
    reading.error("model.bad_value", fields.at("unknown"),
                  covariate.when_unknown ? "The source either takes one value for an unknown covariate, or averages."
                                         : "Only a covariate with choices can be averaged over.",
                  covariate.when_unknown ? "State \"when_unknown\" or \"unknown\"." : "State \"when_unknown\" for a number.");
    return;
  }
  Fields unknown(*value, fields.at("unknown"), reading, {"frequencies", "read"});
  if (!value->is_object()) return;
  covariate.frequencies_read = unknown.text("read");
  if (const json::Value* shares = unknown.need("frequencies", "{ \"no\": 0.8, \"yes\": 0.2 }"))
    read_frequencies(shares, unknown.at("frequencies"), covariate, reading);
}

// A time of the continuation, in h.
double read_hours(Fields& fields, Key key, Key example, Reading& reading) {
  if (fields.need(key, example) == nullptr) return 1.0;
  const auto hours = fields.quantity(key, *parse_unit("h"));
  if (!hours) return 1.0;
  if (!(hours->value > 0.0)) reading.error("model.bad_value", fields.at(key), "This time must be more than 0.");
  return hours->value;
}

// { "trend": "line", "for": "24 h" } or { "recover": "first", "half_life": "30 h" }
void read_continuation(const json::Value& value, const std::string& path, Covariate& covariate, Reading& reading) {
  Fields fields(value, path, reading, {"trend", "for", "recover", "half_life"});
  if (!covariate.choices.empty()) {
    reading.error("model.bad_value", path, "A covariate with choices neither follows a trend nor recovers.",
                  "Remove \"continues\".");
    return;
  }
  if (fields.has("trend") == fields.has("recover")) {
    reading.error(
        "model.missing", path, "A covariate goes on by a trend, or it recovers.",
        "State either { \"trend\": \"line\", \"for\": \"24 h\" } or { \"recover\": \"first\", \"half_life\": \"30 h\" }.");
    return;
  }
  const std::string foreign = fields.has("trend") ? "half_life" : "for";
  if (fields.has(foreign))
    reading.error("model.bad_value", fields.at(foreign), "This belongs to the other way of going on.", "Remove it.");
  if (fields.has("recover")) {
    covariate.continues = Continues::recover;
    covariate.half_life = read_hours(fields, "half_life", "\"30 h\"", reading);
    const json::Value* to = fields.find("recover");
    if (to->is_string() && to->string() == "first") return;
    if (const auto baseline = fields.quantity("recover", covariate.unit)) covariate.recovers_to = baseline->value;
    return;
  }
  covariate.continues = Continues::trend;
  covariate.trend_for = read_hours(fields, "for", "\"24 h\"", reading);
  if (const auto word = fields.word("trend", {"line", "log"})) covariate.trend_of_log = *word == "log";
  if (!covariate.plausible)
    reading.error("model.missing", path, "A trend would leave what is possible.",
                  "State \"plausible\": a trend ends at its limits.");
  else if (covariate.trend_of_log && !(covariate.plausible->low > 0.0))
    reading.error("model.bad_value", path, "A trend of the logarithm needs values above 0.", "Let \"plausible\" begin above 0.");
}

void read_over_time(Fields& fields, Covariate& covariate, Reading& reading) {
  if (const auto word = fields.word("over_time", {"last", "next", "linear"}))
    covariate.over_time = *word == "last" ? OverTime::last : *word == "next" ? OverTime::next : OverTime::linear;
  const json::Value* continues = fields.find("continues");
  if (continues != nullptr && continues->is_object()) {
    read_continuation(*continues, fields.at("continues"), covariate, reading);
    return;
  }
  const auto word = fields.word("continues", {"hold", "advance"});
  if (!word) return;
  covariate.continues = *word == "advance" ? Continues::advance : Continues::hold;
  const auto hour = parse_unit("h");
  if (covariate.continues == Continues::advance && covariate.unit.dimension != hour->dimension && !reading.model.unchecked_units)
    reading.error("model.bad_value", fields.at("continues"),
                  "Only a time can advance with the clock; this covariate is in " + covariate.unit.text + ".", "Write \"hold\".");
}

// The amount of drug given in 24 h, where a parameter depends on the dose itself: nobody gives it.
void read_from_doses(Fields& fields, Covariate& covariate, Reading& reading) {
  if (!fields.has("from_doses") || !fields.word("from_doses", {"amount in 24 h"})) return;
  covariate.from_doses = true;
  for (const char* key : {"from", "plausible", "at_most", "at_least", "when_unknown", "unknown", "over_time", "continues"})
    if (fields.has(key))
      reading.error("model.bad_value", fields.at(key),
                    "A covariate that the doses determine has no \"" + std::string(key) + "\".");
  const Dimension amount = covariate.unit.dimension * parse_unit("h")->dimension;
  if (amount == parse_unit("mg")->dimension || amount == parse_unit("umol")->dimension || amount == parse_unit("IU")->dimension)
    return;
  reading.error("unit.mismatch", fields.at("unit"),
                "What is given in 24 h is an amount per time, not " + covariate.unit.text + ".",
                "Write for instance \"mg/day\".");
}

void read_covariate(const std::string& name, const json::Value& value, const std::string& path, Reading& reading) {
  Fields fields(value, path, reading,
                {"label", "unit", "choices", "studied", "plausible", "over_time", "continues", "from", "from_doses", "at_most",
                 "at_least", "when_unknown", "unknown", "note", "from_genotype"},
                {{"measurement_error", "an error on a measured covariate"}});
  if (!value.is_object()) return;
  Covariate covariate;
  covariate.name = name;
  covariate.path = path;
  covariate.label = fields.need_text("label", "\"Body weight\"");
  covariate.note = fields.text("note");
  if (fields.has("choices")) {
    read_choices(fields, covariate, reading);
    if (fields.has("unit"))
      reading.error("model.bad_value", fields.at("unit"), "A covariate with choices has no unit.", "Remove \"unit\".");
    for (const char* key : {"studied", "plausible", "from", "from_doses", "at_most", "at_least"})
      if (fields.has(key))
        reading.error("model.bad_value", fields.at(key), "A covariate with choices has no \"" + std::string(key) + "\".");
  } else {
    const auto unit = fields.unit("unit");
    if (!unit) return;
    covariate.unit = *unit;
    covariate.studied = read_range(fields, "studied", *unit, reading);
    covariate.plausible = read_range(fields, "plausible", *unit, reading);
    if (covariate.studied && covariate.plausible &&
        (covariate.studied->low < covariate.plausible->low || covariate.studied->high > covariate.plausible->high))
      reading.error("model.bad_value", fields.at("plausible"),
                    "What was studied must be plausible: the range \"plausible\" must hold \"studied\".");
    covariate.from = fields.expression("from");
    read_from_doses(fields, covariate, reading);
    if (const auto q = fields.quantity("at_most", *unit)) covariate.at_most = q->value;
    if (const auto q = fields.quantity("at_least", *unit)) covariate.at_least = q->value;
    if (covariate.at_most && covariate.at_least && !(*covariate.at_least < *covariate.at_most))
      reading.error("model.bad_value", fields.at("at_least"), "\"at_least\" must be below \"at_most\".");
  }
  read_when_unknown(fields, covariate, reading);
  read_unknown(fields, covariate, reading);
  read_over_time(fields, covariate, reading);
  reading.model.covariates.push_back(std::move(covariate));
}

}  // namespace

void read_covariates(const json::Value& file, Reading& reading) {
  each_member(file.find("covariates"), "/covariates", reading,
              [&](const std::string& name, const json::Value& value, const std::string& path) {
                reading.declare(name, path);
                const std::size_t before = reading.model.covariates.size();
                read_covariate(name, value, path, reading);
                if (reading.model.covariates.size() == before) reading.failed.push_back(name);
              });
}

// A mixture is a hidden covariate: its classes are the choices 1, 2, ... in the order of the file.
void read_mixtures(const json::Value& file, Reading& reading) {
  each_member(file.find("mixtures"), "/mixtures", reading,
              [&](const std::string& name, const json::Value& value, const std::string& path) {
                reading.declare(name, path);
                Fields fields(value, path, reading, {"label", "classes", "read"});
                Covariate covariate;
                covariate.name = name;
                covariate.path = path;
                covariate.hidden = true;
                if (value.is_object()) {
                  covariate.label = fields.need_text("label", "\"Metaboliser class\"");
                  covariate.frequencies_read = fields.text("read");
                  const json::Value* classes = fields.need("classes", "{ \"fast\": 0.3, \"slow\": 0.7 }");
                  if (classes != nullptr && classes->is_object())
                    for (const json::Member& member : classes->object())
                      covariate.choices.emplace_back(member.key, static_cast<double>(covariate.choices.size() + 1));
                  if (classes != nullptr) read_frequencies(classes, fields.at("classes"), covariate, reading);
                  if (classes != nullptr && classes->is_object() && covariate.choices.size() < 2)
                    reading.error("model.bad_value", fields.at("classes"), "A mixture has at least two classes.");
                }
                reading.model.covariates.push_back(std::move(covariate));
              });
}

}  // namespace titrate::definition
