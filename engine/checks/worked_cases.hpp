// The worked cases of a model file: numbers that its authors computed by other means, simulated here and compared.

#pragma once

#include <string>
#include <vector>

#include "model/compiled.hpp"
#include "patient/patient.hpp"

namespace titrate {

struct WorkedCheck {
  std::string label;      // of the case
  std::string check;      // "Cc at 12 h", "Cc highest in 0 to 12 h", "CL"
  double expected = 0.0;  // in `unit`
  double got = 0.0;
  std::string unit;
  double relative = 0.0;  // |got - expected| / |expected|; absolute where 0 is expected
  double tolerance = 0.0;
  bool ok = false;
};

struct Units;

// What each check of the case reads, in its unit.
[[nodiscard]] Result<std::vector<double>> worked_values(const CompiledModel& model, const Units& units, const WorkedCase& worked);
// Of all cases. A case that cannot be run (unknown covariate, unreadable regimen) is a diagnostic.
[[nodiscard]] Result<std::vector<WorkedCheck>> run_worked_cases(const CompiledModel& model);

// Whom a case is about, with the doses.
[[nodiscard]] Result<Patient> worked_patient(const CompiledModel& model, const WorkedCase& worked);
// The doses of a case, from its lines of text (grammar: model/regimen_text.hpp).
[[nodiscard]] Result<std::vector<DosingEvent>> worked_doses(const Model& model, const WorkedCase& worked);

}  // namespace titrate
