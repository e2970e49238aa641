// Compares the engine with one reference case and says by how much it differs.
//
// At the reference's etas: predictions (relative), OFV and individual objective (absolute), ETC (relative to
// sqrt(omega_ii omega_jj)). After an own search from eta = 0: OFV above the reference, |eta - reference|. Where the note of a
// case names a second optimum for a subject, a lower OFV passes instead. Cases with published parameters instead of etas are
// compared by parameter, and cases with a published total objective by that, each difference divided by the tolerance that is
// stated with it. Where there is no outside reference, the values of an independent program stand in: a cross-check only.
// Predictions that come without etas are printed with few digits: `printed` is their difference over max(|reference|, 100 * the
// smallest digit printed), in the case's unit.
//
// A case whose etas belong to occasions gives two rows: its etas as they stand, and as one effect drawn anew for each occasion.

#pragma once

#include <optional>
#include <string>
#include <vector>

namespace titrate::support {

struct VerifyRow {
  std::string id, title;
  enum class Verdict { passed, failed, skipped } verdict = Verdict::skipped;
  std::string words;  // failed: the first quantity over its limit, and whose; skipped: why
  int subjects = 0;
  // Worst over subjects; absent when the reference does not have it.
  std::optional<double> ipred, pred, printed, ofv, objective, etc, own_ofv, own_eta, parameters, total;
  int lower_optima = 0;
  bool cross_check = false;  // compared with an independent program alone
};

struct VerifyLimit {
  const char* name;
  std::optional<double> VerifyRow::*value;
  double limit;
};

[[nodiscard]] const std::vector<VerifyLimit>& verify_limits();

[[nodiscard]] std::vector<VerifyRow> verify_case(const std::string& validation, const std::string& id);

}  // namespace titrate::support
