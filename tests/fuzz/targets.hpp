// What is fuzzed: text goes in, and whatever it is, the engine answers in bounded time, with finite numbers or with a diagnostic.
//
//   model      a model file: read, compiled, its worked cases run
//   door       a request; "@oral", "@infused" and "@saturable" stand for three small model files
//   schedule   records of one patient, one a line, and etas: unrolled, simulated with and without sensitivities
//
// `run` throws Broken when a promise is not kept; a crash, a leak, undefined behaviour and a hang speak for themselves.
// `change` makes a related text: for JSON a value is replaced, removed, doubled or moved; for records a word or a line.

#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

namespace titrate::fuzz {

struct Broken : std::runtime_error {
  using std::runtime_error::runtime_error;
};

void run_model(const std::string& text);
void run_door(const std::string& text);
void run_schedule(const std::string& text);

[[nodiscard]] std::string change_json(const std::string& text, std::uint64_t seed);
[[nodiscard]] std::string change_lines(const std::string& text, std::uint64_t seed);

struct Target {
  std::string name;
  void (*run)(const std::string&);
  std::string (*change)(const std::string&, std::uint64_t);
};

[[nodiscard]] inline std::vector<Target> targets() {
  return {{"model", run_model, change_json}, {"door", run_door, change_json}, {"schedule", run_schedule, change_lines}};
}

}  // namespace titrate::fuzz
