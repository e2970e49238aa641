// Compartments by name, what leaves them, and what is formed from that.
//
//   one compartment      d central = -CL/V central
//   two compartments     d central = -CL/V1 central - Q/V1 central + Q/V2 peripheral
//   three compartments   the same with a second pair Q2, V3: peripheral_1 and peripheral_2
//   with ka              d depot = -ka depot in front, + ka depot in central
//   Michaelis-Menten     - Vmax C / (Km + C) with C = central / V, alone or beside CL
//   auto-induction       d enzyme = kenz (1 + E - enzyme), enzyme = 1 without drug; CL or Vmax times enzyme
//   metabolite           d metabolite = fraction * (what the parent loses) - CL/V metabolite
//
// E is Emax C / (EC50 + C) of the driving quantity C (with `gamma`: of C^gamma), or slope * C. References: Michaelis-Menten and
// first-order elimination together, Wagner 1977, J Pharmacokinet Biopharm 5:161; enzyme turnover, Hassan 1999, Br J Clin
// Pharmacol 48:834.

#include <map>

#include "model/definition_expansion.hpp"

namespace titrate::definition {

namespace {

struct Shape {
  std::string key, title, V;
  std::vector<std::string> needed;                    // beside CL
  std::vector<Compartments::Peripheral> peripherals;  // state and the keys of its flow and volume
};

const std::vector<Shape>& shapes() {
  static const std::vector<Shape> all{
      {"one_compartment", "one compartment", "V", {"V"}, {}},
      {"two_compartments", "two compartments", "V1", {"V1", "Q", "V2"}, {{"peripheral", "Q", "V2"}}},
      {"three_compartments",
       "three compartments",
       "V1",
       {"V1", "Q", "V2", "Q2", "V3"},
       {{"peripheral_1", "Q", "V2"}, {"peripheral_2", "Q2", "V3"}}},
  };
  return all;
}

void read_shape(const Shape& shape, const json::Value& value, const std::string& path, Expansion& expansion) {
  std::vector<std::string> keys{"CL"};
  keys.insert(keys.end(), shape.needed.begin(), shape.needed.end());
  keys.insert(keys.end(), {"ka", "unit", "name"});
  Arguments arguments(value, path, expansion, keys);
  const std::string prefix = arguments.prefix();
  Compartments made;
  made.path = path;
  made.central = prefix + "central";
  made.unit = *parse_unit("mg");
  if (const auto unit = arguments.unit()) made.unit = *unit;
  made.CL = arguments.optional("CL");
  std::map<std::string, std::string> written;
  for (const std::string& key : shape.needed) written[key] = arguments.need(key);
  made.V = written[shape.V];
  for (const Compartments::Peripheral& p : shape.peripherals)
    made.peripherals.push_back({prefix + p.state, written[p.Q], written[p.V]});
  const std::string ka = arguments.optional("ka", per_time());
  arguments.complete = arguments.complete && arguments.has("CL") == !made.CL.empty() && arguments.has("ka") == !ka.empty();
  expansion.add_title(shape.title);
  if (!arguments.complete) {
    expansion.reading.failed.insert(expansion.reading.failed.end(), {prefix + "depot", made.central});
    for (const Compartments::Peripheral& p : made.peripherals) expansion.reading.failed.push_back(p.state);
    return;
  }
  if (!made.CL.empty()) arguments.combined("CL", made.CL + " / " + made.V, per_time());
  for (const Compartments::Peripheral& p : shape.peripherals) {
    arguments.combined(p.Q, written[p.Q] + " / " + made.V, per_time());
    arguments.combined(p.V, written[p.Q] + " / " + written[p.V], per_time());
  }
  if (!ka.empty()) {
    expansion.add_title("first-order absorption");
    expansion.add_state({prefix + "depot", "Depot", "0", "-" + ka + " * " + prefix + "depot", made.unit, {}}, path);
    made.gains.push_back(ka + " * " + prefix + "depot");
  }
  expansion.dispositions.push_back(std::move(made));
}

void subtract(std::string& sum, const std::string& product) { sum += (sum.empty() ? "-" : " - ") + product; }
void add(std::string& sum, const std::string& product) { sum += (sum.empty() ? "" : " + ") + product; }

// Everything that the compartments lose for good, as products.
std::vector<std::string> losses(const Compartments& c) {
  std::vector<std::string> all;
  if (!c.CL.empty()) all.push_back(c.linear_loss());
  for (const Compartments::Saturable& s : c.saturable) all.push_back(c.saturable_loss(s));
  return all;
}

void write_compartments(const Compartments& c, Expansion& expansion) {
  std::string central;
  for (const std::string& loss : losses(c)) subtract(central, loss);
  if (central.empty() && c.binding.empty()) {
    expansion.reading.error("model.missing", c.path, "The key \"CL\" is missing.",
                            "Write for instance \"CL\": \"CL\", or name \"michaelis_menten\" beside it.");
    return;
  }
  for (const Compartments::Peripheral& p : c.peripherals) {
    subtract(central, c.carried(p.Q));
    add(central, "(" + p.Q + " / " + p.V + ") * " + p.state);
  }
  for (const std::string& gain : c.gains) add(central, gain);
  expansion.add_state({c.central, c.formed ? "Metabolite" : "Central compartment", "0", central + c.binding, c.unit, {}}, c.path);
  for (const Compartments::Peripheral& p : c.peripherals)
    expansion.add_state(
        {p.state, "Peripheral compartment", "0", c.carried(p.Q) + " - (" + p.Q + " / " + p.V + ") * " + p.state, c.unit, {}},
        c.path);
}

// Which eliminations the key names: CL, Vmax, or without it the one there is.
std::string eliminated_by(Arguments& arguments, Key key, const Compartments& c, Expansion& expansion) {
  if (arguments.has(key)) {
    const auto word = arguments.fields.word(key, {"CL", "Vmax"});
    if (!word) return {};
    const bool there = *word == "CL" ? !c.CL.empty() : !c.saturable.empty();
    if (there) return *word;
    expansion.reading.error("model.bad_value", arguments.fields.at(key), "The compartments have no \"" + *word + "\".");
    return {};
  }
  if (c.CL.empty() != c.saturable.empty()) return c.CL.empty() ? "Vmax" : "CL";
  expansion.reading.error("model.missing", arguments.fields.path(), "The key \"" + std::string(key) + "\" is missing.",
                          "Write \"" + std::string(key) + "\": \"CL\" or \"" + std::string(key) + "\": \"Vmax\".");
  return {};
}

void read_metabolite(const json::Value& value, const std::string& path, Expansion& expansion) {
  Arguments arguments(value, path, expansion, {"name", "from", "of", "fraction", "into", "CL", "V", "unit"});
  Compartments* parent = expansion.compartments(arguments.fields, "from");
  const std::string fraction = arguments.need("fraction");
  if (parent == nullptr || !arguments.complete) return;
  std::vector<std::string> formed;
  const std::string of = arguments.has("of") ? eliminated_by(arguments, "of", *parent, expansion) : "";
  if (arguments.has("of") && of.empty()) return;
  if (of != "Vmax" && !parent->CL.empty()) formed.push_back(parent->linear_loss());
  if (of != "CL")
    for (const Compartments::Saturable& s : parent->saturable) formed.push_back(parent->saturable_loss(s));
  if (formed.empty()) return;  // reported when the parent's equations are written
  std::string sum;
  for (const std::string& loss : formed) add(sum, loss);
  const std::string gain = fraction + " * " + (formed.size() == 1 ? sum : "(" + sum + ")");
  expansion.add_title("metabolite");
  if (arguments.has("into")) {
    for (const char* key : {"name", "CL", "V", "unit"})
      if (arguments.has(key))
        expansion.reading.error("model.bad_value", arguments.fields.at(key),
                                "A metabolite that has its own compartments says this there.");
    Compartments* own = expansion.compartments(arguments.fields, "into");
    if (own == nullptr) return;
    arguments.combined("fraction", fraction, own->unit.dimension / parent->unit.dimension);
    own->gains.push_back(gain);
    return;
  }
  Compartments own;
  own.path = path;
  own.central = arguments.name("metabolite");
  own.formed = true;
  own.CL = arguments.need("CL");
  own.V = arguments.need("V");
  own.unit = arguments.unit().value_or(parent->unit);
  own.gains.push_back(gain);
  if (!arguments.complete) {
    expansion.reading.failed.push_back(own.central);
    return;
  }
  arguments.combined("fraction", fraction, own.unit.dimension / parent->unit.dimension);
  arguments.combined("CL", own.CL + " / " + own.V, per_time());
  expansion.dispositions.push_back(std::move(own));
}

}  // namespace

void read_dispositions(const Fields& structure, Expansion& expansion) {
  for (const Shape& shape : shapes())
    each_structure(
        structure, shape.key,
        [&](const json::Value& value, const std::string& path) { read_shape(shape, value, path, expansion); }, expansion.reading);
}

void read_elimination(const Fields& structure, Expansion& expansion) {
  each_structure(
      structure, "michaelis_menten",
      [&](const json::Value& value, const std::string& path) {
        Arguments arguments(value, path, expansion, {"Vmax", "Km", "from"});
        Compartments* from = expansion.compartments(arguments.fields, "from");
        const std::string Vmax = arguments.need("Vmax"), Km = arguments.need("Km");
        if (from == nullptr || !arguments.complete) return;
        arguments.combined("Vmax", Vmax, from->unit.dimension * per_time());
        arguments.combined("Km", Km + " * " + from->V, from->unit.dimension);
        from->saturable.push_back({Vmax, Km});
        expansion.add_title("Michaelis-Menten elimination");
      },
      expansion.reading);
}

void read_induction(const Fields& structure, Expansion& expansion) {
  each_structure(
      structure, "autoinduction",
      [&](const json::Value& value, const std::string& path) {
        Arguments arguments(value, path, expansion,
                            {"kenz", "Emax", "EC50", "gamma", "slope", "driven_by", "acts_on", "of", "name"});
        Compartments* on = expansion.compartments(arguments.fields, "of");
        const std::string kenz = arguments.need("kenz", per_time()), effect = arguments.stimulation();
        const std::string name = arguments.name("enzyme");
        const std::string by = on == nullptr ? "" : eliminated_by(arguments, "acts_on", *on, expansion);
        if (by.empty() || !arguments.complete) {
          expansion.reading.failed.push_back(name);
          return;
        }
        std::string& factor = by == "CL" ? on->CL_factor : on->Vmax_factor;
        factor += (factor.empty() ? "" : " * ") + name;
        expansion.add_title("auto-induction");
        expansion.add_after(
            {name, "Enzyme, relative to the untreated state", "1", kenz + " * (1 + " + effect + " - " + name + ")", Unit{}, {}},
            path);
      },
      expansion.reading);
}

void write_dispositions(Expansion& expansion) {
  for (const Compartments& c : expansion.dispositions) write_compartments(c, expansion);
  expansion.write_after();
}

void read_metabolites(const Fields& structure, Expansion& expansion) {
  each_structure(
      structure, "metabolite",
      [&](const json::Value& value, const std::string& path) { read_metabolite(value, path, expansion); }, expansion.reading);
}

}  // namespace titrate::definition
