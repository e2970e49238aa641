// What a model may be used for: derived from what its file states and from what its checks gave, never written by hand.
//
//   fits a patient   variability between patients and residual error are published, all worked cases are reproduced, and
//                    published patients were met: every population check passed, one at least, and one of an endpoint where the
//                    model predicts one (whatever is no level of the drug)
//   simulate only    there is no variability or no residual error, or somebody assumed it; or the levels of published patients
//                    were not compared, or met in some checks and not in others
//   teaching only    a number is not reproduced, a check of an endpoint fails or is missing, no check of levels passes where one
//                    fails, or nothing was checked
//
// A check against a number that was only recalled can take a grade away, but gives none.

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "checks/population_checks.hpp"
#include "checks/worked_cases.hpp"

namespace titrate {

// What the checks of one file gave.
struct CheckResults {
  std::size_t numbers = 0, wrong = 0;  // of the worked cases
  std::vector<double> population;      // what each population check found, in the order of the file
};

struct Grading {
  std::string word;
  std::vector<std::string> because;  // sentences, what decides first
};

[[nodiscard]] CheckResults results_of(const std::vector<WorkedCheck>& worked, const std::vector<PopulationOutcome>& population);

// Without results (a file whose checks were never run as it stands now) nothing is more than teaching.
[[nodiscard]] Grading grade_of(const Model& model, const std::optional<CheckResults>& results);

// The recorded results of a file with this hash (checked_models.cpp, which a command writes and a test repeats).
[[nodiscard]] std::optional<CheckResults> recorded_results(const std::string& hash);

}  // namespace titrate
