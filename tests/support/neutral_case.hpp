// The tests' reader of the neutral validation cases (model.json, data.csv, reference tables): foreign models without checked
// units, built directly as a Model, and one Patient per subject. Nothing but tests reads this format.
//
// Conventions: NONMEM records; an observation's CMT selects the output, a dose's CMT the route (one route per dosed
// compartment); covariates hold to the next record or from the last one, as the case says. A case that needs what the engine
// does not have (modelled durations, inter-occasion variability, censored levels) is unsupported and says why.

#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "model/model.hpp"
#include "patient/patient.hpp"

namespace titrate::support {

struct Table {
  std::vector<std::string> columns;
  std::vector<std::map<std::string, std::string>> rows;

  [[nodiscard]] bool has(const std::string& column) const;
};

struct NeutralSubject {
  std::string id;
  Patient patient;
};

struct NeutralCase {
  std::string id, title;
  Model model;
  std::vector<NeutralSubject> subjects;
  std::string unsupported;  // empty, or what the engine does not have
};

// The folder named by TITRATE_VALIDATION, or ../shared/validation beside the project (from the project's root or a build
// folder); nothing when neither holds `cases`.
[[nodiscard]] std::optional<std::string> validation_folder();

[[nodiscard]] std::optional<std::string> read_text(const std::string& path);
[[nodiscard]] std::optional<Table> read_table(const std::string& path);

// Nothing when the folder or a file is missing; throws std::runtime_error on a file it cannot read.
[[nodiscard]] std::optional<NeutralCase> read_neutral_case(const std::string& validation, const std::string& id);

// The neutral expression language to the engine's: pow(a, b) -> ((a)^(b)), ifelse -> if, T -> t, and `renamed` names.
[[nodiscard]] std::string translate(const std::string& text, const std::map<std::string, std::string>& renamed = {});

[[nodiscard]] double number(const std::string& field);

}  // namespace titrate::support
