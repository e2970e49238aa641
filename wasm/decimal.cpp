// Decimal numbers are read by the host, whose Number rounds as exactly as strtod does: libc's own takes 6 kB of the packed
// engine, most of it arithmetic with 128 bits that nothing else needs. The linker puts this in its place (--wrap,
// CMakeLists.txt).

#include <emscripten.h>

#include <cstring>

// clang-format off
EM_JS(double, titrate_number, (const char* text), { return Number(UTF8ToString(text)); });
// clang-format on

// What the engine reads are whole decimal numbers: its readers have seen to that (number_length in base/text, nlohmann's lexer).
extern "C" double __wrap_strtod(const char* text, char** end) {
  if (end != nullptr) *end = const_cast<char*>(text) + std::strlen(text);
  return titrate_number(text);
}
