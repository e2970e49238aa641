// What one drug does to the exposure to another, as trials and labels report it.
//
// Advice only: a model computes a co-medication when its own file says how (`co_medication`, a covariate, a second drug that is
// dosed); what stands here enters no number. "AUC times 2.2" is the ratio with to without the other drug, of the typical person
// of that trial. A pair that is not listed says nothing about that pair.

#pragma once

#include <optional>
#include <string>
#include <vector>

namespace titrate {

struct Interaction {
  const char* drug;    // whose exposure changes; a model's drug name begins with it
  const char* other;   // what is taken beside it
  bool raises;         // the exposure, else lowers it
  const char* effect;  // what was measured, and in whom
  const char* source;  // and what of it was read
};
[[nodiscard]] const std::vector<Interaction>& interactions();

// Those of a model's drug: "mycophenolic acid" serves "mycophenolic acid (given as mycophenolate mofetil)".
[[nodiscard]] std::vector<Interaction> interactions_of(const std::string& drug);
// Every other drug of the table, once each, in the order of the alphabet.
[[nodiscard]] std::vector<std::string> interacting_drugs();

// A drug that the patient takes and the model does not compute. Times in h.
struct OtherDrug {
  std::string drug;
  double start = 0.0;
  std::optional<double> stop;
  std::string path;
};

}  // namespace titrate
