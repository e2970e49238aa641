// The door of the WebAssembly build: text in, text out.
//
// The engine answers every request, bad ones included, and throws nothing; whatever else escapes (memory exhausted, say)
// would reach JavaScript without a message, and ends the worker that ran it.

#include <emscripten/bind.h>
#include <emscripten/val.h>

#include <string>

#include "engine.hpp"

namespace {

std::string call(const std::string& request) { return titrate::call(request); }

std::string call_with_progress(const std::string& request, const emscripten::val& report) {
  return titrate::call(request, [&report](double fraction) { report(fraction); });
}

}  // namespace

EMSCRIPTEN_BINDINGS(titrate) {
  emscripten::function("call", &call);
  emscripten::function("call_with_progress", &call_with_progress);
  emscripten::function("interrupted", &titrate::interrupted);
  emscripten::function("version", &titrate::version);
}
