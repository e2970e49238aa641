#include "model/definition_expansion.hpp"

#include <algorithm>
#include <cmath>

#include "expr/parser.hpp"
#include "model/names.hpp"

namespace titrate::definition {

namespace {

// A unit that was found and not written, in the coherent set.
Unit coherent_unit(const Dimension& dimension) { return dimension.none() ? Unit{} : Unit{describe(dimension), 1.0, dimension}; }

}  // namespace

// --- Compartments -----------------------------------------------------------------------------------------------------

std::string Compartments::carried(const std::string& flow) const {
  return free.empty() ? "(" + flow + " / " + V + ") * " + central : flow + " * " + free;
}

std::string Compartments::linear_loss() const { return carried(CL_factor.empty() ? CL : CL + " * " + CL_factor); }

std::string Compartments::saturable_loss(const Saturable& s) const {
  const std::string fastest = Vmax_factor.empty() ? s.Vmax : s.Vmax + " * " + Vmax_factor;
  if (!free.empty()) return fastest + " * " + free + " / (" + s.Km + " + " + free + ")";
  return fastest + " * " + central + " / (" + s.Km + " * " + V + " + " + central + ")";
}

// --- Expansion --------------------------------------------------------------------------------------------------------

Expansion::Expansion(const json::Value& file, Reading& to) : reading(to), file_(file) {}

void Expansion::add_state(NewState state, const std::string& path) {
  reading.declare(state.name, path);
  State made;
  made.name = state.name;
  made.label = state.label;
  made.initial = {state.initial, path};
  made.derivative = {state.derivative, path};
  if (!state.unit) state.unit = stated_unit(state.unit_of);
  if (state.unit)
    made.unit = *state.unit;
  else
    inferred_.push_back({reading.model.states.size(), {state.unit_of, path}});
  reading.model.states.push_back(std::move(made));
}

void Expansion::write_after() {
  for (auto& [state, path] : after_) add_state(std::move(state), path);
  after_.clear();
}

void Expansion::add_derived(const std::string& name, const std::string& value, const std::string& label,
                            const std::string& path) {
  reading.declare(name, path);
  Intermediate made;
  made.name = name;
  made.label = label;
  made.value = {value, path};
  reading.model.derived.push_back(std::move(made));
}

void Expansion::add_title(const std::string& title) {
  reading.model.structure += (reading.model.structure.empty() ? "" : ", ") + title;
}

Compartments* Expansion::compartments(const Fields& fields, const std::string& key) {
  std::vector<std::string> names;
  for (const Compartments& one : dispositions) names.push_back(one.central);
  const json::Value* written = fields.find(key);
  if (written == nullptr) {
    std::vector<Compartments*> given;  // not formed from another
    for (Compartments& one : dispositions)
      if (!one.formed) given.push_back(&one);
    if (given.size() == 1) return given.front();
    if (given.empty())
      reading.error("model.missing", fields.path(), "There are no compartments for this to act on.",
                    "Name one_compartment, two_compartments or three_compartments beside it.");
    else
      reading.error("model.missing", fields.path(), "The model has several dispositions: say which one is meant.",
                    "Write \"" + std::string(key) + "\": \"" + names.front() + "\".");
    return nullptr;
  }
  if (!must_know(*written, fields.at(key), "a central compartment", names, reading)) return nullptr;
  for (Compartments& one : dispositions)
    if (one.central == written->string()) return &one;
  return nullptr;
}

const json::Value* Expansion::output_value(const std::string& name) const {
  const json::Value* outputs = file_.find("outputs");
  const json::Value* output = outputs == nullptr ? nullptr : outputs->find(name);
  const json::Value* value = output == nullptr ? nullptr : output->find("value");
  return value != nullptr && value->is_string() ? value : nullptr;
}

std::optional<Unit> Expansion::stated_unit(const std::string& name) const {
  for (const Parameter& parameter : reading.model.parameters)
    if (parameter.name == name) return parameter.unit;
  for (const char* section : {"covariates", "individual", "derived", "equations", "outputs"}) {
    const json::Value* all = file_.find(section);
    const json::Value* one = all == nullptr ? nullptr : all->find(name);
    const json::Value* unit = one == nullptr ? nullptr : one->find("unit");
    if (unit == nullptr || !unit->is_string()) continue;
    const auto parsed = parse_unit(unit->string());
    if (parsed) return *parsed;
  }
  return std::nullopt;
}

std::vector<std::string> Expansion::known() const {
  std::vector<std::string> all{"t"};
  for (const auto& declared : reading.names) all.push_back(declared.first);
  for (const char* section : {"derived", "equations"}) {
    const json::Value* named = file_.find(section);
    if (named == nullptr || !named->is_object()) continue;
    for (const json::Member& member : named->object()) all.push_back(member.key);
  }
  return all;
}

void Expansion::check() {
  if (has_error(reading.diagnostics) || reading.model.unchecked_units) return;
  // A unit may follow from a state whose own unit follows from another: as many rounds as there are of them.
  Diagnostics unfound;
  for (std::size_t round = 0; round < inferred_.size(); ++round) {
    unfound.clear();
    Graph graph;
    Names names(reading.model, graph, unfound);
    for (const Inferred& one : inferred_) {
      const auto meaning = names.read(one.of, std::nullopt, "");
      if (meaning) reading.model.states[one.state].unit = coherent_unit(meaning->dimension);
    }
  }
  claims.check(reading);
  if (!has_error(reading.diagnostics)) append(reading.diagnostics, unfound);
}

// --- Arguments --------------------------------------------------------------------------------------------------------

Arguments::Arguments(const json::Value& value, const std::string& path, Expansion& expansion,
                     std::initializer_list<const char*> keys)
    : fields(value, path, expansion.reading, keys), complete(value.is_object()), expansion_(expansion) {}

Arguments::Arguments(const json::Value& value, const std::string& path, Expansion& expansion,
                     const std::vector<std::string>& keys)
    : fields(value, path, expansion.reading, keys), complete(value.is_object()), expansion_(expansion) {}

std::string Arguments::read(Key key, const std::optional<Dimension>& dimension, bool must_be_known) {
  const json::Value& value = *fields.find(key);
  const auto expression = read_expression(value, fields.at(key), expansion_.reading);
  if (!expression) {
    complete = false;
    return {};
  }
  if (is_bare_name(*expression) && must_be_known &&
      !must_know(value, fields.at(key), "a parameter", expansion_.known(), expansion_.reading)) {
    complete = false;
    return {};
  }
  expansion_.claims.add({*expression, dimension, "\"" + std::string(key) + "\"", fields.path(), false});
  return as_factor(*expression);
}

std::string Arguments::need(Key key, const std::optional<Dimension>& dimension) {
  if (fields.need(key, "\"" + std::string(key) + "\"") != nullptr) return read(key, dimension, true);
  complete = false;
  return {};
}

std::string Arguments::optional(Key key, const std::optional<Dimension>& dimension) {
  return fields.has(key) ? read(key, dimension, true) : std::string();
}

std::string Arguments::driver(Key key) {
  const json::Value* value = fields.need(key, "\"Cc\"");
  if (value == nullptr) {
    complete = false;
    return {};
  }
  const std::vector<std::string> known = expansion_.known();
  if (value->is_string() && std::find(known.begin(), known.end(), value->string()) == known.end())
    if (const json::Value* output = expansion_.output_value(value->string())) {
      const Expression expression{output->string(), fields.at(key)};
      if (!parse_expression(expression)) complete = false;  // reported where the output stands
      return as_factor(expression);
    }
  return read(key, std::nullopt, false);
}

// The power is taken of a quotient without unit, which rounding must not make negative.
std::string Arguments::saturating(Key largest, Key half) {
  const std::string most = need(largest, Dimension{}), middle = need(half), C = driver();
  if (!has("gamma")) {
    combined(half, C + " / " + middle, Dimension{});
    return most + " * " + C + " / (" + middle + " + " + C + ")";
  }
  const std::string ratio = "max(" + C + " / " + middle + ", 0)^" + need("gamma", Dimension{});
  combined(half, C + " / " + middle, Dimension{});
  return most + " * " + ratio + " / (1 + " + ratio + ")";
}

std::string Arguments::stimulation() {
  if (one({"Emax", "slope"}) != "slope") return saturating("Emax", "EC50");
  const std::string slope = need("slope"), C = driver();
  combined("slope", slope + " * " + C, Dimension{});
  return slope + " * " + C;
}

std::string Arguments::one(const std::vector<std::string>& keys) {
  std::string found;
  for (const std::string& key : keys) {
    if (!has(key)) continue;
    if (!found.empty()) {
      expansion_.reading.error("model.bad_value", fields.at(key), "\"" + found + "\" and \"" + key + "\" say the same.",
                               "Keep one of them.");
      complete = false;
      return {};
    }
    found = key;
  }
  if (!found.empty()) return found;
  if (complete) expansion_.reading.error("model.missing", fields.path(), one_of(keys) + " is missing.");
  complete = false;
  return {};
}

std::string Arguments::name(const std::string& usual) { return has("name") ? fields.text("name") : usual; }

std::string Arguments::prefix() { return has("name") ? fields.text("name") + "_" : ""; }

int Arguments::count(Key key, int usual) {
  if (usual > 0 && !has(key)) return usual;
  if (fields.need(key, "3") == nullptr) {
    complete = false;
    return 1;
  }
  const auto number = fields.number(key);
  if (number && *number >= 1.0 && *number <= 50.0 && *number == std::floor(*number)) return static_cast<int>(*number);
  if (number)
    expansion_.reading.error("model.bad_value", fields.at(key), "\"" + std::string(key) + "\" is a whole number from 1 to 50.",
                             "For a number that is estimated, give the route a \"transit\" absorption.");
  complete = false;
  return 1;
}

std::optional<Unit> Arguments::unit() {
  if (!has("unit")) return std::nullopt;
  auto unit = fields.unit("unit");
  if (!unit) complete = false;
  return unit;
}

void Arguments::combined(Key key, const std::string& text, const Dimension& dimension) {
  if (!complete) return;
  expansion_.claims.add({{text, fields.at(key)}, dimension, "\"" + std::string(key) + "\": " + text, fields.path(), true});
}

void each_structure(const Fields& structure, Key key, const std::function<void(const json::Value&, const std::string&)>& read,
                    Reading& reading) {
  const json::Value* value = structure.find(key);
  if (value == nullptr) return;
  if (value->is_array())
    each_element(value, structure.at(key), reading, read);
  else
    read(*value, structure.at(key));
}

}  // namespace titrate::definition
