// Named structures of a model file in the making: the arguments of each as text of the model language, the states and derived
// quantities they stand for, and what each argument must be.
//
// A structure is shorthand for ordinary states and equations, which the model's card shows. An argument is a name or an
// expression, and is checked by itself (definition_claims.hpp).
//
// Structures of one kind may stand in a list; `name` replaces the usual name of the state, or stands before it when there are
// several ("M": M_central, M_peripheral).

#pragma once

#include "model/definition_claims.hpp"

namespace titrate::definition {

// One to three compartments before their equations are written: other structures add to what enters and leaves the central one.
struct Compartments {
  struct Peripheral {
    std::string state, Q, V;
  };
  struct Saturable {
    std::string Vmax, Km;
  };
  std::string path, central, V, CL;  // CL is empty without linear elimination
  Unit unit;
  std::vector<Peripheral> peripherals;
  std::vector<Saturable> saturable;
  std::string CL_factor, Vmax_factor;  // a state that multiplies them: an induced enzyme
  std::string free;                    // the free concentration, when a target holds a part of what is in `central`
  std::vector<std::string> gains;      // amounts per time that enter
  std::string binding;                 // signed terms of a target
  bool formed = false;                 // a metabolite

  [[nodiscard]] std::string concentration() const { return free.empty() ? "(" + central + " / " + V + ")" : free; }
  // Amount per time that a flow (clearance) carries out of the central compartment.
  [[nodiscard]] std::string carried(const std::string& flow) const;
  [[nodiscard]] std::string linear_loss() const;
  [[nodiscard]] std::string saturable_loss(const Saturable& s) const;
};

// A state whose unit may be that of an expression.
struct NewState {
  std::string name, label, initial, derivative;
  std::optional<Unit> unit;
  std::string unit_of;  // without a unit
};

class Expansion {
 public:
  Expansion(const json::Value& file, Reading& reading);

  void add_state(NewState state, const std::string& path);
  // A state that stands after the compartments on which it acts.
  void add_after(NewState state, const std::string& path) { after_.emplace_back(std::move(state), path); }
  void write_after();
  void add_derived(const std::string& name, const std::string& value, const std::string& label, const std::string& path);
  void add_title(const std::string& title);
  // The compartments whose central state the key names; without the key the only ones. Null after an error.
  Compartments* compartments(const Fields& fields, const std::string& key);

  // Finds the units that follow from expressions, and checks what was claimed of arguments; needs individual, states and derived
  // to be read.
  void check();

  // The text of an output's value; the unit that the file states for a name.
  [[nodiscard]] const json::Value* output_value(const std::string& name) const;
  [[nodiscard]] std::optional<Unit> stated_unit(const std::string& name) const;
  // Every name that an argument may be: what has been read, and the names of equations and derived quantities.
  [[nodiscard]] std::vector<std::string> known() const;

  Reading& reading;
  Claims claims;
  std::vector<Compartments> dispositions;

 private:
  struct Inferred {
    std::size_t state;
    Expression of;
  };
  const json::Value& file_;
  std::vector<Inferred> inferred_;
  std::vector<std::pair<NewState, std::string>> after_;
};

// The arguments of one structure: each becomes text that can stand as a factor.
class Arguments {
 public:
  Arguments(const json::Value& value, const std::string& path, Expansion& expansion, std::initializer_list<const char*> keys);
  Arguments(const json::Value& value, const std::string& path, Expansion& expansion, const std::vector<std::string>& keys);

  [[nodiscard]] bool has(Key key) const { return fields.has(key); }
  // A needed or optional argument. Empty when it is absent or wrong.
  std::string need(Key key, const std::optional<Dimension>& dimension = {});
  std::string optional(Key key, const std::optional<Dimension>& dimension = {});
  // A concentration or other quantity that drives an effect: an expression, or the name of a derived quantity, state or output.
  std::string driver(Key key = "driven_by");
  // Emax C / (EC50 + C) of the driving quantity C, by any names of the two; with `gamma`, of C^gamma.
  std::string saturating(Key largest, Key half);
  // The same with Emax and EC50, or slope * C.
  std::string stimulation();
  // Which one of these keys is there; an error, and empty, when it is none or several.
  std::string one(const std::vector<std::string>& keys);
  std::string name(const std::string& usual);  // of a single state
  std::string prefix();                        // of several: "M_" or nothing
  int count(Key key, int usual);               // whole number from 1 to 50; usual 0: needed
  std::optional<Unit> unit();
  // A combination of arguments, reported at `key`.
  void combined(Key key, const std::string& text, const Dimension& dimension);

  Fields fields;
  bool complete = true;  // nothing needed is missing or wrong

 private:
  std::string read(Key key, const std::optional<Dimension>& dimension, bool must_be_known);
  Expansion& expansion_;
};

// The families. Dispositions come first, for the others act on them; their equations are written when all have spoken.
void read_dispositions(const Fields& structure, Expansion& expansion);
void read_absorption(const Fields& structure, Expansion& expansion);
void read_elimination(const Fields& structure, Expansion& expansion);  // Michaelis-Menten
void read_binding(const Fields& structure, Expansion& expansion);      // target-mediated disposition
void read_induction(const Fields& structure, Expansion& expansion);
void write_dispositions(Expansion& expansion);
void read_metabolites(const Fields& structure, Expansion& expansion);
void read_responses(const Fields& structure, Expansion& expansion);

// Calls `read` for a structure or for each of a list of them.
void each_structure(const Fields& structure, Key key, const std::function<void(const json::Value&, const std::string&)>& read,
                    Reading& reading);

}  // namespace titrate::definition
