// What the readers of a model file's sections share: the members of an object, each read as what it should be, with every
// complaint collected. Nothing stops the reading, so that a person sees all that is wrong at once.
//
// A diagnostic's path is a JSON pointer into the model file; its span, where the value is text, counts bytes in that text.
// Codes: model.missing, model.missing_unit, model.wrong_kind, model.unknown_key, model.unknown_name, model.duplicate_name,
// model.bad_name, model.bad_value, model.not_yet.

#pragma once

#include <functional>
#include <initializer_list>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/json.hpp"
#include "model/model.hpp"

namespace titrate::definition {

// The key of a member: most are literals, and passed as such they take the least code.
struct Key {
  Key(const char* key) : text(key) {}
  Key(const std::string& key) : text(key.c_str()) {}
  operator const char*() const { return text; }
  const char* text;
};

// A key of the format that the engine does not act on yet, and what it stands for.
struct Later {
  const char* key;
  const char* what;
};

// What has been read so far. `names` holds everything that an expression may use, with its place.
struct Reading {
  Model model;
  Diagnostics diagnostics;
  std::vector<std::pair<std::string, std::string>> names;
  // What is named in the file but could not be read: uses of it are not complained about a second time.
  std::vector<std::string> failed;

  void error(const char* code, const std::string& path, const char* message, const char* hint = "");
  void error(const char* code, const std::string& path, std::string message, const char* hint = "");
  void error(const char* code, const std::string& path, std::string message, std::string hint);
  // The same about a value: its text is underlined.
  void error_at(const char* code, const json::Value& value, const std::string& path, std::string message, const char* hint = "");
  void error_at(const char* code, const json::Value& value, const std::string& path, std::string message, std::string hint);
  void not_yet(const std::string& path, const std::string& what);

  // Declares a name of the model: a letter, then letters, digits and _; not a word of the language; used once, whatever the case.
  void declare(const std::string& name, const std::string& path);
  [[nodiscard]] bool knows(const std::string& name) const;
};

// "a, b or c"
[[nodiscard]] std::string one_of(const std::vector<std::string>& words);
[[nodiscard]] std::string kind_of(const json::Value& value);

// A number and its unit as typed: "4.5 [L/h]", "39.8 %", or a JSON number, which has no unit.
struct Literal {
  double value = 0.0;  // in the coherent set
  Unit unit;
  std::string text;  // as an expression: "4.5 [L/h]"
};
[[nodiscard]] std::optional<Literal> read_literal(const json::Value& value, const std::string& path, Reading& reading);
[[nodiscard]] Result<Literal> parse_literal(std::string_view text, const std::string& path);

// A quantity of the dimension of `expected`, in the coherent set; a JSON number only where no unit is needed.
[[nodiscard]] std::optional<Quantity> read_quantity(const json::Value& value, const Unit& expected, const std::string& path,
                                                    Reading& reading);
[[nodiscard]] std::optional<std::string> read_text(const json::Value& value, const std::string& path, Reading& reading);
// Text in the model language, or a number; its grammar is checked here, its units when the model is compiled.
[[nodiscard]] std::optional<Expression> read_expression(const json::Value& value, const std::string& path, Reading& reading);

// A name that must be one of `known`.
bool must_know(const json::Value& value, const std::string& path, const std::string& what, const std::vector<std::string>& known,
               Reading& reading);

// Members of an object whose keys are names chosen by the author.
void each_member(const json::Value* object, const std::string& path, Reading& reading,
                 const std::function<void(const std::string&, const json::Value&, const std::string&)>& read);
// Elements of a list.
void each_element(const json::Value* list, const std::string& path, Reading& reading,
                  const std::function<void(const json::Value&, const std::string&)>& read);

// An object whose keys belong to the format.
class Fields {
 public:
  Fields(const json::Value& value, const std::string& path, Reading& reading, std::initializer_list<const char*> keys,
         std::initializer_list<Later> later = {});
  Fields(const json::Value& value, const std::string& path, Reading& reading, const std::vector<std::string>& keys,
         std::initializer_list<Later> later = {});

  [[nodiscard]] bool has(Key key) const { return find(key) != nullptr; }
  [[nodiscard]] const json::Value* find(Key key) const { return value_.find(key); }
  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] std::string at(const char* key) const { return json::child(path_, key); }
  [[nodiscard]] std::string at(const std::string& key) const { return json::child(path_, key); }

  // Absent optional members give an empty text or nothing; absent needed ones are errors.
  [[nodiscard]] const json::Value* need(Key key, Key example);
  [[nodiscard]] std::string text(Key key);
  [[nodiscard]] std::string need_text(Key key, Key example);
  [[nodiscard]] bool flag(Key key, bool when_absent);
  [[nodiscard]] std::optional<double> number(Key key);
  [[nodiscard]] std::optional<Quantity> quantity(Key key, const Unit& expected);
  [[nodiscard]] std::optional<Unit> unit(Key key);  // needed, unless the model's units are unchecked
  [[nodiscard]] std::optional<Expression> expression(Key key);
  [[nodiscard]] std::optional<std::string> word(Key key, std::initializer_list<const char*> words);
  [[nodiscard]] std::optional<std::string> word(Key key, const std::vector<std::string>& words);

 private:
  const json::Value& value_;
  std::string path_;
  Reading& reading_;
};

// The words of a member "uncertainty" ("RSE 12 %"), empty without one: of the number `of`, or of each part of a residual error.
[[nodiscard]] std::string read_uncertainty(Fields& outer, const std::optional<Literal>& of, Reading& reading);
[[nodiscard]] std::string read_uncertainty_of_parts(Fields& outer, const std::vector<std::string>& parts, Reading& reading);

// The sections, in the order in which they are read: later ones look up names of earlier ones.
void read_covariates(const json::Value& file, Reading& reading);
void read_mixtures(const json::Value& file, Reading& reading);
void read_inputs(const json::Value& file, Reading& reading);  // with dialysis and co-medication
void read_parameters(const json::Value& file, Reading& reading);
void read_random_effects(const json::Value& file, Reading& reading);  // with correlations and inter-occasion variability
void read_individual(const json::Value& file, Reading& reading);
void read_states(const json::Value& file, Reading& reading);  // structure, equations, scores, derived
void read_scores(const json::Value& file, Reading& reading);
void read_events(const json::Value& file, Reading& reading);
void read_routes(const json::Value& file, Reading& reading);
void read_outputs(const json::Value& file, Reading& reading);
// Of one output: its error (by assay), and its autocorrelation, which needs the error.
void read_error(const json::Value& value, const std::string& path, const Unit& unit, Output& output, Reading& reading);
void read_autocorrelation(Fields& outer, Output& output, Reading& reading);
void read_residual_correlations(const json::Value& file, Reading& reading);
void read_targets(const json::Value& file, Reading& reading);
void read_products(const json::Value& file, Reading& reading);
void read_rules(const json::Value& file, Reading& reading);
void read_serves(const json::Value& file, Reading& reading);
void read_worked_cases(const json::Value& file, Reading& reading);
void read_population_checks(const json::Value& file, Reading& reading);
// Of a case: covariates, inputs, sessions, co-medication, etas, regimen; and what is read of it: a time, or "max 0 to 24 h".
void read_setting(Fields& fields, WorkedCase& to, Reading& reading);
bool read_moment(const std::string& text, WorkedCase::Check& to);

}  // namespace titrate::definition
