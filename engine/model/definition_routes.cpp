// Routes of a model file: where a dose goes, how much of it arrives, when, and how it is absorbed on the way.
//
// What a route says holds for every state that it enters, unless the entry says otherwise. Absorption that needs no states of its
// own is one of these, D a time, tad the time since the dose began to enter and f a density over it:
//
//   duration D, zero_order D   F amt / D for D hours             rate R   R for F amt / R hours
//   transit n, MTT             f = k (k tad)^n exp(-k tad) / Gamma(n + 1) with k = (n + 1) / MTT, and n any number from 0
//   inverse_gaussian MAT, CV2  f = sqrt(MAT / (2 pi CV2 tad^3)) exp(-(tad - MAT)^2 / (2 CV2 MAT tad))
//   weibull scale, shape       f = shape / scale u^(shape - 1) exp(-u^shape) with u = tad / scale
//   profile                    f as written
//
// A route into a depot with ka and a duration absorbs by zero and then first order; two entries with F and 1 - F absorb in
// parallel. References: Savic 2007, J Pharmacokinet Pharmacodyn 34:711 (transit); Csajka 2005, J Pharmacokinet Pharmacodyn
// 32:363 (inverse Gaussian); Piotrovskii 1987, Pharm Res 4:142 (Weibull).

#include <algorithm>

#include "base/names.hpp"
#include "model/definition_claims.hpp"

namespace titrate::definition {

namespace {

const std::vector<std::string> absorptions{"duration", "rate", "zero_order", "transit", "inverse_gaussian", "weibull", "profile"};

class RouteReader {
 public:
  explicit RouteReader(Reading& reading) : reading_(reading) {}

  void read(const std::string& name, const json::Value& value, const std::string& path);

  Claims claims;

 private:
  std::optional<Entry> entry(const json::Value& value, const std::string& path, const Entry& outer);
  void common(Fields& fields, Entry& entry);
  void absorption(Fields& fields, Entry& entry);
  std::string argument(Fields& fields, Key key, const Dimension& dimension);
  std::optional<std::string> density(const std::string& kind, const json::Value& value, const std::string& path);

  Reading& reading_;
};

// An argument of a density, as a factor; empty when it is missing or wrong.
std::string RouteReader::argument(Fields& fields, Key key, const Dimension& dimension) {
  if (fields.need(key, "\"" + std::string(key) + "\"") == nullptr) return {};
  const auto expression = fields.expression(key);
  if (!expression) return {};
  claims.add({*expression, dimension, "\"" + std::string(key) + "\"", fields.path(), false});
  return as_factor(*expression);
}

// Each density is finite and has finite derivatives at tad = 0, where logarithms and powers would not.
std::optional<std::string> RouteReader::density(const std::string& kind, const json::Value& value, const std::string& path) {
  const Dimension none, time = time_dimension();
  if (kind == "transit") {
    Fields fields(value, path, reading_, {"n", "MTT"});
    const std::string n = argument(fields, "n", none), MTT = argument(fields, "MTT", time);
    if (n.empty() || MTT.empty()) return std::nullopt;
    const std::string k = "((" + n + " + 1) / " + MTT + ")";
    return k + " * exp(" + n + " * log(max(" + k + " * tad, 1e-300)) - " + k + " * tad - lgamma(" + n + " + 1))";
  }
  if (kind == "inverse_gaussian") {
    Fields fields(value, path, reading_, {"MAT", "CV2"});
    const std::string MAT = argument(fields, "MAT", time), CV2 = argument(fields, "CV2", none);
    if (MAT.empty() || CV2.empty()) return std::nullopt;
    const std::string u = "max(tad / " + MAT + ", 1e-9)";
    return "exp(-(" + u + " - 1)^2 / (2 * " + CV2 + " * " + u + ")) / (" + MAT + " * sqrt(2 * 3.141592653589793 * " + CV2 +
           " * " + u + "^3))";
  }
  Fields fields(value, path, reading_, {"scale", "shape"});
  const std::string scale = argument(fields, "scale", time), shape = argument(fields, "shape", none);
  if (scale.empty() || shape.empty()) return std::nullopt;
  const std::string u = "max(tad / " + scale + ", 1e-300)";
  return shape + " / " + scale + " * " + u + "^(" + shape + " - 1) * exp(-" + u + "^" + shape + ")";
}

void RouteReader::absorption(Fields& fields, Entry& entry) {
  std::string kind;
  for (const std::string& key : absorptions) {
    if (!fields.has(key)) continue;
    if (!kind.empty()) {
      reading_.error("model.bad_value", fields.at(key), "A dose is absorbed in one way.",
                     "Remove \"" + kind + "\" or \"" + key + "\", or write two entries whose bioavailabilities add up.");
      return;
    }
    kind = key;
  }
  if (kind.empty()) return;
  entry.duration.reset();
  entry.rate.reset();
  entry.profile.reset();
  if (kind == "duration" || kind == "zero_order")
    entry.duration = fields.expression(kind);
  else if (kind == "rate")
    entry.rate = fields.expression(kind);
  else if (kind == "profile")
    entry.profile = fields.expression(kind);
  else if (const auto text = density(kind, *fields.find(kind), fields.at(kind)))
    entry.profile = Expression{*text, fields.at(kind)};
}

void RouteReader::common(Fields& fields, Entry& entry) {
  if (const auto F = fields.expression("bioavailability")) entry.bioavailability = *F;
  if (const auto lag = fields.expression("lag")) entry.lag = *lag;
  absorption(fields, entry);
}

// One state that a dose enters. `outer` holds what the route says for all of its entries.
std::optional<Entry> RouteReader::entry(const json::Value& value, const std::string& path, const Entry& outer) {
  Entry entry = outer;
  if (value.is_string()) {
    if (!must_know(value, path, "a state", names_of(reading_.model.states), reading_)) return std::nullopt;
    entry.into = value.string();
    return entry;
  }
  std::vector<std::string> keys{"state", "sets_to", "bioavailability", "lag"};
  keys.insert(keys.end(), absorptions.begin(), absorptions.end());
  Fields fields(value, path, reading_, keys);
  const json::Value* state = fields.need("state", "\"central\"");
  if (state == nullptr || !must_know(*state, fields.at("state"), "a state", names_of(reading_.model.states), reading_))
    return std::nullopt;
  entry.into = state->string();
  common(fields, entry);
  entry.sets_to = fields.expression("sets_to");
  if (!fields.has("sets_to")) return entry;
  entry.duration.reset();
  entry.rate.reset();
  entry.profile.reset();
  std::vector<std::string> meaningless = absorptions;
  meaningless.insert(meaningless.begin(), "bioavailability");
  for (const std::string& key : meaningless)
    if (fields.has(key))
      reading_.error("model.bad_value", fields.at(key), "A dose that sets a state to a value has no " + key + " there.");
  return entry;
}

void RouteReader::read(const std::string& name, const json::Value& value, const std::string& path) {
  std::vector<std::string> keys{"label", "into", "unit", "substance", "bioavailability", "lag", "bolus", "infusion"};
  keys.insert(keys.end(), absorptions.begin(), absorptions.end());
  Fields fields(value, path, reading_, keys);
  if (!value.is_object()) return;
  Route route;
  route.name = name;
  route.path = path;
  route.label = fields.text("label");
  route.substance = fields.text("substance");
  Entry outer;
  outer.bioavailability = {"1", path};
  outer.lag = {reading_.model.unchecked_units ? "0" : "0 [h]", path};
  common(fields, outer);

  const json::Value* into = fields.need("into", "\"central\"");
  if (into == nullptr) return;
  const auto add = [&](const json::Value& one, const std::string& place) {
    if (const auto made = entry(one, place, outer)) route.entries.push_back(*made);
  };
  if (into->is_array()) {
    if (into->array().empty()) reading_.error("model.missing", fields.at("into"), "A dose must enter a state.");
    each_element(into, fields.at("into"), reading_, add);
  } else {
    add(*into, fields.at("into"));
  }
  if (route.entries.empty()) return;
  // What the model absorbs by itself is not infused, unless the file says that it may be.
  const bool absorbed =
      std::any_of(route.entries.begin(), route.entries.end(), [](const Entry& e) { return e.duration || e.rate || e.profile; });
  route.allows_bolus = fields.flag("bolus", true);
  route.allows_infusion = fields.flag("infusion", !absorbed);
  if (!route.allows_bolus && !route.allows_infusion)
    reading_.error("model.bad_value", path, "A route allows a bolus, an infusion, or both.",
                   "An oral dose is a bolus into its depot.");
  const bool dense =
      std::any_of(route.entries.begin(), route.entries.end(), [](const Entry& e) { return e.profile.has_value(); });
  if (dense && route.allows_infusion)
    reading_.error("model.bad_value", fields.at("infusion"), "A dose that enters along a profile is not infused.",
                   "Give infusions a route of their own.");
  // The dose is an amount of what the first state that it adds to holds, unless the route says in what doses are written.
  const auto adds = std::find_if(route.entries.begin(), route.entries.end(), [](const Entry& e) { return !e.sets_to; });
  if (adds == route.entries.end())
    reading_.error("model.bad_value", fields.at("into"), "A dose must add to at least one state.",
                   "Name one without \"sets_to\".");
  const std::string& filled = adds == route.entries.end() ? route.entries.front().into : adds->into;
  for (const State& state : reading_.model.states)
    if (state.name == filled) {
      route.amount_unit = state.unit;
      break;
    }
  if (fields.has("unit"))
    if (const auto unit = fields.unit("unit")) route.amount_unit = *unit;
  reading_.model.routes.push_back(std::move(route));
}

}  // namespace

void read_routes(const json::Value& file, Reading& reading) {
  RouteReader routes(reading);
  each_member(file.find("routes"), "/routes", reading,
              [&](const std::string& name, const json::Value& value, const std::string& path) {
                const std::size_t before = reading.model.routes.size();
                routes.read(name, value, path);
                if (reading.model.routes.size() == before) reading.failed.push_back(name);
              });
  routes.claims.check(reading);
}

}  // namespace titrate::definition
