// A request from any text, through the one door.

#include "base/json.hpp"
#include "engine.hpp"
#include "fuzz/small_files.hpp"
#include "fuzz/targets.hpp"

namespace titrate::fuzz {

namespace {

constexpr double most_work = 2e8;

// The text with the names of the small models replaced by their files.
std::string expanded(std::string text) {
  for (const SmallFile& model : small_files) {
    const std::string name = std::string("\"@") + model.name + "\"";
    const auto at = text.find(name);
    if (at != std::string::npos) text.replace(at, name.size(), model.text);
  }
  return text;
}

}  // namespace

void run_door(const std::string& text) {
  const auto answer = json::parse(call(expanded(text), {}, most_work));
  if (!answer) throw Broken("the answer is no JSON");
  const json::Value* ok = answer->find("ok");
  const json::Value* diagnostics = answer->find("diagnostics");
  if (!ok || !ok->is_boolean() || !diagnostics || !diagnostics->is_array()) throw Broken("the answer lacks its parts");
  if (ok->boolean() != (answer->find("result") != nullptr)) throw Broken("ok and a result belong together");
  if (!ok->boolean() && diagnostics->array().empty()) throw Broken("refused without a diagnostic");
  for (const json::Value& diagnostic : diagnostics->array())
    if (const json::Value* code = diagnostic.find("code"); code && code->is_string() && code->string() == "internal.error")
      throw Broken("internal error: " + diagnostic.find("message")->string());
}

}  // namespace titrate::fuzz
