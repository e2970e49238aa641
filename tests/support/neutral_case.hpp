// The tests' reader of the neutral validation cases (model.json, data.csv, reference tables): foreign models without checked
// units, built directly as a Model, and one Patient per subject. Nothing but tests reads this format.
//
// Conventions: NONMEM records; an observation's CMT selects the output, a dose's CMT and RATE the route (one route per dosed
// compartment and kind of input: "cmt2", "cmt2_rate", "cmt2_duration"); covariates hold to the next record or from the last one,
// as the case says, and change between two records of one time when those differ. An eta of level "iov" belongs to one occasion:
// read as it stands it is a random effect like others; read with `occasions` the etas of all occasions are one kappa that is
// drawn anew for each. What the reader does not know is an error that says so, never a guess.

#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "model/model.hpp"
#include "patient/patient.hpp"
#include "support/table.hpp"

namespace titrate::support {

struct NeutralSubject {
  std::string id;
  Patient patient;
};

struct NeutralCase {
  std::string id, title;
  Model model;
  std::vector<NeutralSubject> subjects;
  std::vector<int> eta_of_effect;       // for each effect of the engine, in its order: the number of the case's eta, from 0
  bool has_occasions = false;           // some etas are of level "iov"
  bool censored_with_constant = false;  // its objective counts ln 2 pi less for every level below quantification
};

enum class ReadOccasions { as_etas, as_kappas };

// The folder named by TITRATE_VALIDATION, or ../shared/validation beside the project (from the project's root or a build
// folder); nothing when neither holds `cases`.
[[nodiscard]] std::optional<std::string> validation_folder();

// The cases of a folder, by name; a case is a folder with a model.json.
[[nodiscard]] std::vector<std::string> neutral_cases(const std::string& validation);

// Nothing when the folder or a file is missing; throws std::runtime_error on what it cannot read.
[[nodiscard]] std::optional<NeutralCase> read_neutral_case(const std::string& validation, const std::string& id,
                                                           ReadOccasions occasions = ReadOccasions::as_etas);

// The neutral expression language to the engine's: pow(a, b) -> ((a)^(b)), ifelse -> if, T -> t, and `renamed` names.
[[nodiscard]] std::string translate(const std::string& text, const std::map<std::string, std::string>& renamed = {});

// The columns that the records of a case may need beyond the usual ones, and what they say about occasions.
struct NeutralOccasions {
  std::string column;  // of the occasion's value; the case has one occasion only when it is no column of the data
  std::vector<double> values;
  OverTime over_time = OverTime::next;
};

// One patient per ID. `output_of`: output by CMT.
[[nodiscard]] std::vector<NeutralSubject> read_neutral_records(const Model& model, const Table& data,
                                                               const std::map<std::string, std::string>& output_of,
                                                               const std::optional<NeutralOccasions>& occasions);

}  // namespace titrate::support
