#include "engine.hpp"

namespace titrate {

std::string call(const std::string& request) {
  return call(request, [](double) {});
}

std::string call(const std::string&, const std::function<void(double)>&) {
  return R"({"ok":false,"diagnostics":[{"code":"door.unknown_verb","severity":"error","path":"verb","message":"The verb is unknown."}]})";
}

std::string version() { return "0.1.0"; }

}  // namespace titrate
