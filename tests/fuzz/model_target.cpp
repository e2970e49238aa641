// A model file from any text: reader, compiler, worked cases.

#include <cmath>
#include <memory>

#include "base/json.hpp"
#include "base/work.hpp"
#include "checks/worked_cases.hpp"
#include "fuzz/targets.hpp"
#include "model/definition.hpp"

namespace titrate::fuzz {

namespace {

constexpr double most_work = 1e8;

void complained(const Diagnostics& diagnostics) {
  if (!has_error(diagnostics)) throw Broken("refused without an error");
  for (const Diagnostic& d : diagnostics)
    if (d.code.empty() || d.message.empty()) throw Broken("a diagnostic without code or message");
}

}  // namespace

void run_model(const std::string& text) {
  const auto file = json::parse(text);
  if (!file) return complained(file.diagnostics());
  try {
    const Work work(most_work);
    auto written = read_model(*file);
    if (!written) return complained(written.diagnostics());
    const auto compiled = compile(std::make_shared<const Model>(std::move(*written)));
    if (!compiled) return complained(compiled.diagnostics());
    const auto checks = run_worked_cases(**compiled);
    if (!checks) return complained(checks.diagnostics());
    for (const WorkedCheck& check : *checks)
      if (!std::isfinite(check.got)) throw Broken("a worked case gives a value that is no number: " + check.check);
  } catch (const OutOfWork&) {
    return;
  }
}

}  // namespace titrate::fuzz
