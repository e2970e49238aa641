// Absorption by states: what a dose into the gut passes before it reaches the central compartment. Absorption that needs no
// states (zero-order, transit with an estimated number, Weibull) belongs to the routes.
//
//   first order   d depot = -ka depot; + ka depot into the central compartment. Several by name: dual absorption.
//   Erlang        `stages` compartments in a row, depot, depot_2 ... depot_n, each emptied at ktr:
//                 the input is amt ktr^n t^(n-1) exp(-ktr t) / (n-1)!, and MTT = n / ktr
//   with ka       a compartment `absorbing` at the end, emptied at ka

#include "model/definition_expansion.hpp"

namespace titrate::definition {

namespace {

void read_first_order(const json::Value& value, const std::string& path, Expansion& expansion) {
  Arguments arguments(value, path, expansion, {"ka", "into", "name"});
  const std::string name = arguments.name("depot"), ka = arguments.need("ka", per_time());
  Compartments* into = expansion.compartments(arguments.fields, "into");
  if (into == nullptr || !arguments.complete) {
    expansion.reading.failed.push_back(name);
    return;
  }
  expansion.add_title("first-order absorption");
  expansion.add_state({name, "Depot", "0", "-" + ka + " * " + name, into->unit, {}}, path);
  into->gains.push_back(ka + " * " + name);
}

void read_erlang(const json::Value& value, const std::string& path, Expansion& expansion) {
  Arguments arguments(value, path, expansion, {"ktr", "MTT", "stages", "ka", "into", "name"});
  const int stages = arguments.count("stages", 0);
  const std::string name = arguments.name("depot");
  std::string ktr;
  if (arguments.one({"ktr", "MTT"}) == "MTT")
    ktr = "(" + std::to_string(stages) + " / " + arguments.need("MTT", time_dimension()) + ")";
  else if (arguments.has("ktr"))
    ktr = arguments.need("ktr", per_time());
  const std::string ka = arguments.optional("ka", per_time());
  Compartments* into = expansion.compartments(arguments.fields, "into");
  if (into == nullptr || !arguments.complete) {
    expansion.reading.failed.push_back(name);
    return;
  }
  expansion.add_title("Erlang absorption, " + std::to_string(stages) + (stages == 1 ? " stage" : " stages"));
  std::string before;
  for (int i = 1; i <= stages; ++i) {
    const std::string here = i == 1 ? name : name + "_" + std::to_string(i);
    const std::string gain = before.empty() ? "" : ktr + " * " + before + " ";
    expansion.add_state({here,
                         i == 1 ? "Depot" : "Depot, stage " + std::to_string(i),
                         "0",
                         gain + (gain.empty() ? "-" : "- ") + ktr + " * " + here,
                         into->unit,
                         {}},
                        path);
    before = here;
  }
  if (ka.empty()) {
    into->gains.push_back(ktr + " * " + before);
    return;
  }
  const std::string last = arguments.has("name") ? name + "_absorbing" : "absorbing";
  expansion.add_state({last, "Absorbing compartment", "0", ktr + " * " + before + " - " + ka + " * " + last, into->unit, {}},
                      path);
  into->gains.push_back(ka + " * " + last);
}

}  // namespace

void read_absorption(const Fields& structure, Expansion& expansion) {
  each_structure(
      structure, "first_order_absorption",
      [&](const json::Value& value, const std::string& path) { read_first_order(value, path, expansion); }, expansion.reading);
  each_structure(
      structure, "erlang_absorption",
      [&](const json::Value& value, const std::string& path) { read_erlang(value, path, expansion); }, expansion.reading);
}

}  // namespace titrate::definition
