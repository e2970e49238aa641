// Reading a request's JSON: kinds, keys, quantities. Every complaint is collected, none stops the reading, so that a person sees
// all of them at once. Times come back in hours, everything else in the coherent set of base/unit.hpp.

#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "base/result.hpp"
#include "base/unit.hpp"

namespace titrate {

// "a, b or c"
[[nodiscard]] std::string list_of(const std::vector<std::string>& words);
// "h", "mg/h" ...: names that the engine itself uses; throws std::logic_error when the table of units lacks it.
[[nodiscard]] const Unit& known_unit(const std::string& text);
// 12.3 mg/L from a number of the coherent set, for messages.
[[nodiscard]] std::string with_unit(double value, const Unit& unit);

class Reader {
 public:
  explicit Reader(Diagnostics& diagnostics) : diagnostics_(diagnostics) {}

  void error(const char* code, const std::string& path, const char* message, const char* hint = "");
  void error(const char* code, const std::string& path, std::string message, const char* hint = "");
  void error(const char* code, const std::string& path, std::string message, std::string hint);
  void warning(const char* code, const std::string& path, std::string message, std::string hint = {});
  void note(const char* code, const std::string& path, std::string message, std::string hint = {});
  void take(const Diagnostics& more) { append(diagnostics_, more); }
  [[nodiscard]] std::size_t errors() const;

  // An object whose keys are all among `known`; unknown ones are errors that name the nearest. Keys of `not_yet` are refused
  // with request.not_yet.
  bool object(const json::Value& value, const std::string& path, std::initializer_list<const char*> known,
              std::initializer_list<const char*> not_yet = {});
  bool array(const json::Value& value, const std::string& path, std::size_t most);

  // A value whose unit has the dimension of `expected`. `molar_mass` (mg/umol), when known, converts between mass and substance.
  std::optional<double> quantity(const json::Value& value, const Unit& expected, const std::string& path,
                                 std::optional<double> molar_mass = {});
  std::optional<double> time(const json::Value& value, const std::string& path);
  std::optional<double> duration(const json::Value& value, const std::string& path);   // over 0
  std::optional<double> interval(const json::Value& value, const std::string& path);   // between doses: a minute or more
  std::optional<std::string> text(const json::Value& value, const std::string& path);  // not empty
  std::optional<double> number(const json::Value& value, const std::string& path);
  std::optional<int> whole(const json::Value& value, const std::string& path, int least, int most);
  std::optional<bool> boolean(const json::Value& value, const std::string& path);
  // One of several words; the nearest is named when it is none.
  std::optional<std::string> word(const json::Value& value, const std::string& path, const std::string& what,
                                  const std::vector<std::string>& words, const char* code);

  // The member `key`, or null after an error request.missing.
  const json::Value* required(const json::Value& object, const std::string& path, const char* key, const char* example);
  const json::Value* required(const json::Value& object, const std::string& path, const char* key, const std::string& example);

 private:
  void add(Severity severity, const char* code, const std::string& path, std::string message, std::string hint);
  Diagnostics& diagnostics_;
};

}  // namespace titrate
