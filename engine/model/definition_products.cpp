// What can be given and what must not be: products, rules, and whom the model may serve.

#include <algorithm>

#include "base/names.hpp"
#include "model/definition_fields.hpp"

namespace titrate::definition {

namespace {

const Unit& hour() {
  static const Unit unit = *parse_unit("h");
  return unit;
}

// A list of quantities, each more than 0, in ascending order.
std::vector<double> read_list(Fields& fields, Key key, const Unit& unit, Reading& reading) {
  std::vector<double> values;
  each_element(fields.find(key), fields.at(key), reading, [&](const json::Value& value, const std::string& path) {
    const auto quantity = read_quantity(value, unit, path, reading);
    if (!quantity) return;
    if (!(quantity->value > 0.0))
      reading.error_at("model.bad_value", value, path, "This must be more than 0.");
    else if (!values.empty() && !(quantity->value > values.back()))
      reading.error_at("model.bad_value", value, path, "The values must rise from one to the next.");
    values.push_back(quantity->value);
  });
  return values;
}

double read_positive(Fields& fields, Key key, const Unit& unit, Key example, bool needed, Reading& reading) {
  if (needed ? fields.need(key, example) == nullptr : !fields.has(key)) return 0.0;
  const auto quantity = fields.quantity(key, unit);
  if (!quantity) return 0.0;
  if (!(quantity->value > 0.0))
    reading.error_at("model.bad_value", *fields.find(key), fields.at(key), "\"" + std::string(key) + "\" must be more than 0.");
  return quantity->value;
}

// One choice of a covariate: { "covariate": "FORM", "choice": "immediate release" }.
struct Choice {
  std::string covariate, choice;
  double value = 0.0;
};

Choice read_choice(const json::Value& value, const std::string& path, Reading& reading) {
  Choice read;
  Fields fields(value, path, reading, {"covariate", "choice"});
  const json::Value* covariate = fields.need("covariate", "\"GCSF\"");
  const json::Value* choice = fields.need("choice", "\"yes\"");
  if (covariate == nullptr ||
      !must_know(*covariate, fields.at("covariate"), "a covariate", names_of(reading.model.covariates), reading))
    return read;
  read.covariate = covariate->string();
  std::vector<std::string> words;
  for (const Covariate& c : reading.model.covariates)
    if (c.name == read.covariate)
      for (const auto& [word, number] : c.choices) words.push_back(word);
  if (choice == nullptr || !must_know(*choice, fields.at("choice"), "a choice", words, reading)) return read;
  read.choice = choice->string();
  for (const Covariate& c : reading.model.covariates)
    if (c.name == read.covariate)
      for (const auto& [word, number] : c.choices)
        if (word == read.choice) read.value = number;
  return read;
}

void read_product(const json::Value& value, const std::string& path, Reading& reading) {
  Fields fields(value, path, reading,
                {"name", "route", "strengths", "step", "smallest", "largest", "per_area", "round_to", "intervals", "durations",
                 "fastest_rate", "fastest_rate_by_weight", "only_with", "source"},
                {{"vials", "whole vials"},
                 {"volume_step", "measurable volumes"},
                 {"loading", "loading doses of a product"},
                 {"per_weight", "doses per kg"}});
  if (!value.is_object()) return;
  Product product;
  product.name = fields.need_text("name", "\"vancomycin for infusion\"");
  product.source = fields.need_text("source", "\"label\"");
  if (const json::Value* only = fields.find("only_with")) {
    const Choice choice = read_choice(*only, fields.at("only_with"), reading);
    product.only_with = Product::OnlyWith{choice.covariate, choice.choice, choice.value};
  }
  const json::Value* route_name = fields.need("route", "\"iv\"");
  if (route_name == nullptr || !must_know(*route_name, fields.at("route"), "a route", names_of(reading.model.routes), reading))
    return;
  product.route = route_name->string();
  const Route* route = nullptr;
  for (const Route& r : reading.model.routes)
    if (r.name == product.route) route = &r;
  const Unit amount = route->amount_unit;
  const Unit area = *parse_unit("m^2");
  Unit dose = amount;
  if (const json::Value* name = fields.find("per_area")) {
    product.per_area = true;
    dose = Unit{amount.text + "/m^2", amount.factor / area.factor, amount.dimension / area.dimension};
    if (must_know(*name, fields.at("per_area"), "a covariate", names_of(reading.model.covariates), reading))
      product.area = name->string();
    for (const Covariate& covariate : reading.model.covariates)
      if (covariate.name == product.area && covariate.unit.dimension != area.dimension)
        reading.error_at("unit.mismatch", *name, fields.at("per_area"),
                         "The covariate \"" + product.area + "\" is in " + covariate.unit.text + ", not an area.");
  }
  product.strengths = read_list(fields, "strengths", amount, reading);
  product.step = read_positive(fields, "step", dose, "\"250 mg\"", true, reading);
  product.smallest = read_positive(fields, "smallest", dose, "\"250 mg\"", true, reading);
  product.largest = read_positive(fields, "largest", dose, "\"3000 mg\"", true, reading);
  if (product.largest > 0.0 && product.smallest > product.largest)
    reading.error("model.bad_value", fields.at("smallest"), "\"smallest\" must not be above \"largest\".");
  product.round_to = read_positive(fields, "round_to", amount, "\"1 mg\"", product.per_area, reading);
  if (fields.need("intervals", "[\"12 h\", \"24 h\"]") != nullptr)
    product.intervals = read_list(fields, "intervals", hour(), reading);
  product.durations = read_list(fields, "durations", hour(), reading);
  product.fastest_rate = read_positive(
      fields, "fastest_rate", Unit{amount.text + "/h", amount.factor, amount.dimension / hour().dimension}, "", false, reading);
  const Unit kg = *parse_unit("kg");
  product.fastest_rate_by_weight =
      read_positive(fields, "fastest_rate_by_weight",
                    Unit{amount.text + "/kg/h", amount.factor / kg.factor, amount.dimension / kg.dimension / hour().dimension},
                    "", false, reading);
  const std::vector<std::string> covariates = names_of(reading.model.covariates);
  if (product.fastest_rate_by_weight > 0.0 &&
      std::none_of(covariates.begin(), covariates.end(), [](const std::string& c) { return c == "WT" || c == "weight"; }))
    reading.error("model.missing", fields.at("fastest_rate_by_weight"), "A rate by weight needs the covariate WT.",
                  "Add the body weight to the covariates.");
  if (product.durations.empty() && !route->allows_bolus)
    reading.error("model.missing", path, "The route \"" + product.route + "\" needs infusions, but no durations are given.",
                  "Add \"durations\": [\"1 h\"].");
  if (!product.durations.empty() && !route->allows_infusion)
    reading.error("model.bad_value", fields.at("durations"), "The route \"" + product.route + "\" allows no infusion.",
                  "Remove \"durations\".");
  reading.model.products.push_back(std::move(product));
}

const std::vector<std::string> rule_kinds{"largest_single", "largest_daily", "hold_below", "hold_above", "contraindication"};
constexpr std::initializer_list<Later> later_rules{
    {"largest_cumulative", "a largest cumulative dose"},
    {"largest_single_per_kg", "a largest single dose per kg"},
    {"largest_daily_per_kg", "a largest daily dose per kg"},
    {"fastest_infusion", "a fastest infusion as a rule; a product's \"fastest_rate\" is kept"},
    {"alarm", "alarm values that replace a ranking by a notice"},
};

void read_rule(const json::Value& value, const std::string& path, Reading& reading) {
  std::vector<std::string> keys = rule_kinds;
  keys.insert(keys.end(), {"of", "message", "source"});
  Fields fields(value, path, reading, keys, later_rules);
  if (!value.is_object()) return;
  for (const Later& later : later_rules)
    if (fields.has(later.key)) return;  // already refused
  Rule rule;
  rule.message = fields.need_text("message", "\"A single dose is at most 3000 mg.\"");
  rule.source = fields.need_text("source", "\"label\"");
  std::vector<std::string> found;
  for (const std::string& kind : rule_kinds)
    if (fields.has(kind)) found.push_back(kind);
  if (found.size() != 1) {
    reading.error("model.missing", path, found.empty() ? "The rule says nothing." : "A rule says one thing.",
                  "State one of " + one_of(rule_kinds) + ".");
    return;
  }
  const std::string& kind = found.front();
  const bool holds = kind == "hold_below" || kind == "hold_above";
  if (fields.has("of") && !holds)
    reading.error("model.bad_value", fields.at("of"), "\"of\" belongs to hold_below and hold_above.");
  if (kind == "contraindication") {
    rule.kind = Rule::Kind::contraindication;
    const Choice choice = read_choice(*fields.find(kind), fields.at(kind), reading);
    rule.covariate = choice.covariate;
    rule.choice = choice.choice;
  } else if (holds) {
    rule.kind = kind == "hold_below" ? Rule::Kind::hold_below : Rule::Kind::hold_above;
    const json::Value* of = fields.need("of", "\"ANC\"");
    if (of == nullptr || !must_know(*of, fields.at("of"), "an output", names_of(reading.model.outputs), reading)) return;
    rule.output = of->string();
    for (const Output& output : reading.model.outputs)
      if (output.name == rule.output)
        if (const auto limit = fields.quantity(kind, output.unit)) rule.limit = limit->value;
  } else {
    rule.kind = kind == "largest_single" ? Rule::Kind::largest_single : Rule::Kind::largest_daily;
    const Unit amount = reading.model.routes.empty() ? *parse_unit("mg") : reading.model.routes.front().amount_unit;
    rule.limit = read_positive(fields, kind, amount, "", true, reading);
  }
  reading.model.rules.push_back(std::move(rule));
}

}  // namespace

void read_products(const json::Value& file, Reading& reading) {
  each_element(file.find("products"), "/products", reading,
               [&](const json::Value& value, const std::string& path) { read_product(value, path, reading); });
}

void read_rules(const json::Value& file, Reading& reading) {
  each_element(file.find("rules"), "/rules", reading,
               [&](const json::Value& value, const std::string& path) { read_rule(value, path, reading); });
}

// Of the usual groups the file may say nothing: then that is what is said of them.
void read_serves(const json::Value& file, Reading& reading) {
  each_element(file.find("serves"), "/serves", reading, [&](const json::Value& value, const std::string& path) {
    Fields fields(value, path, reading, {"who", "status", "note", "when"});
    Service service;
    service.who = fields.need_text("who", "\"pregnancy\"");
    service.note = fields.text("note");
    service.when = fields.expression("when");
    if (fields.need("status", "\"not studied\"") != nullptr)
      service.status = fields.word("status", {"studied", "not studied", "excluded"}).value_or("");
    if (!service.status.empty()) reading.model.serves.push_back(std::move(service));
  });
  if (file.find("serves") == nullptr) return;
  std::vector<Service>& all = reading.model.serves;
  for (const char* group : {"pregnancy", "neonate", "child", "BMI over 40", "cirrhosis", "dialysis", "intensive care", "burns",
                            "cystic fibrosis", "ECMO", "amputation"})
    if (std::none_of(all.begin(), all.end(), [&](const Service& service) { return service.who == group; }))
      all.push_back({group, "not stated", "", std::nullopt});
}

}  // namespace titrate::definition
