// The door of the WebAssembly build: text in, text out. door.js gives it to JavaScript.
//
// The engine answers every request, bad ones included, and throws nothing; whatever else escapes (memory exhausted, say)
// would reach JavaScript without a message, and ends the worker that ran it.

#include <emscripten.h>

#include <cstddef>
#include <string>

#include "engine.hpp"

// clang-format off
EM_JS(void, titrate_report, (double fraction), { Module.report(fraction); });
// clang-format on

extern "C" {

// UTF-8, without and with a zero at its end. The answer stays until the next call.
EMSCRIPTEN_KEEPALIVE const char* titrate_call(const char* request, std::size_t size, bool reports) {
  static std::string answer;
  const std::string text(request, size);
  answer = reports ? titrate::call(text, titrate_report) : titrate::call(text);
  return answer.c_str();
}

EMSCRIPTEN_KEEPALIVE const char* titrate_version() {
  static const std::string version = titrate::version();
  return version.c_str();
}

}  // extern "C"
