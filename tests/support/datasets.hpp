// Real data, fitted subject by subject with published population models whose parameters stay fixed: does every search end at a
// minimum, and does a second method find none below it?
//
//   theophylline   12 subjects, single oral dose. One compartment, first-order absorption: ka 1.58 1/h, CL 2.74 L/h, V 31.9 L,
//                  omega 0.41, 0.07, 0.02, additive error 0.69 mg/L (the fit of this set in nlmixr2's documentation, recalled)
//   warfarin       32 subjects, concentration and prothrombin complex activity: transit absorption and turnover, the parameters
//                  of the reference case psl_warf_pkpd_nlmixr
//   phenobarbital  59 neonates, routine data: CL 0.0047 L/h/kg, V 0.96 L/kg, 19 % and 16 %, additive error 2.8 mg/L (Grasela and
//                  Donn 1985, Dev Pharmacol Ther 8:374, recalled)
//   Wang 2007      10 simulated subjects (J Pharmacokinet Pharmacodyn 34:575), proportional error: the model of wang2007_prop
//   nimotuzumab    12 subjects, infusions; a two-compartment model of antibodies at large (CL 0.01 L/h, V1 3.1 L, Q 0.03 L/h, V2
//                  2.8 L), to try reading and searching on long sparse courses only: not a model of this drug
//
// The second method is Nelder and Mead's simplex on the value alone, begun beside the mode; the third is the search from many
// starts. `total` is the sum of the individual objectives.

#pragma once

#include <string>
#include <vector>

namespace titrate::support {

struct DatasetSubject {
  std::string id;
  bool converged = false;
  int levels = 0;
  double ofv = 0.0, objective = 0.0;
  double gradient_norm = 0.0;  // posterior standard deviations from the mode
  double below = 0.0;          // how far below the first search's OFV any other method came
};

struct DatasetRow {
  std::string name, model, words;
  bool skipped = false;
  std::vector<DatasetSubject> subjects;

  [[nodiscard]] bool passed() const;
  [[nodiscard]] int converged() const;
  [[nodiscard]] double total() const;
  [[nodiscard]] double worst_gradient() const;
  [[nodiscard]] double worst_below() const;
};

struct DatasetSettings {
  int starts = 5;
  std::size_t most_subjects = 1000;  // of each set: the first ones
};

[[nodiscard]] std::vector<DatasetRow> fit_datasets(const std::string& validation, const DatasetSettings& settings);

}  // namespace titrate::support
