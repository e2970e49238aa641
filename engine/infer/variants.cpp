#include "infer/variants.hpp"

#include <algorithm>
#include <cmath>

#include "base/pointer.hpp"
#include "base/rng.hpp"
#include "base/text.hpp"
#include "sim/schedule.hpp"

namespace titrate {

namespace {

constexpr double golden = 0.61803398874989484820;

// Covariates that the equations read, or another covariate is computed from.
std::vector<bool> covariates_read(const CompiledModel& model) {
  std::vector<bool> read(model.model->covariates.size(), false);
  for (const int c : model.required) read[static_cast<std::size_t>(c)] = true;
  for (const ComputedCovariate& computed : model.computed)
    for (const int c : computed.needs) read[static_cast<std::size_t>(c)] = true;
  return read;
}

Unknown unknown_covariate(const Covariate& covariate) {
  Unknown u;
  u.kind = covariate.hidden ? Unknown::Kind::subpopulation : Unknown::Kind::covariate;
  u.name = covariate.name;
  u.label = covariate.label.empty() ? covariate.name : covariate.label;
  u.path = json::child("/patient/covariates", covariate.name);
  for (const auto& [word, number] : covariate.choices) u.words.push_back(word);
  u.probabilities = covariate.frequencies;
  return u;
}

Unknown uncertain_dose(const DosingEvent& dose) {
  Unknown u;
  u.kind = Unknown::Kind::dose;
  u.label = "dose at " + to_text(std::round(100.0 * dose.time) / 100.0) + " h";
  u.path = dose.path;
  u.words = {"taken", "not taken"};
  u.probabilities = {dose.taken, 1.0 - dose.taken};
  return u;
}

// What the choice of one unknown thing makes of a patient.
using Settle = void (*)(Patient& patient, const CompiledModel& model, std::size_t which, std::size_t choice);

void settle_covariate(Patient& patient, const CompiledModel& model, std::size_t which, std::size_t choice) {
  const Covariate& covariate = model.model->covariates[which];
  patient.covariates[covariate.name] = {{0.0}, {covariate.choices[choice].second}, {}};
}

void settle_dose(Patient& patient, const CompiledModel&, std::size_t which, std::size_t choice) {
  patient.doses[which].taken = choice == 0 ? 1.0 : 0.0;
}

std::string joined(const std::vector<Unknown>& unknown) {
  std::string names;
  for (const Unknown& u : unknown) names += (names.empty() ? "" : ", ") + u.label;
  return names;
}

// Every variant becomes one for each choice of probability over 0.
void split(std::vector<Variant>& all, const CompiledModel& model, const Unknown& u, Settle settle, std::size_t which) {
  std::vector<Variant> more;
  for (const Variant& variant : all)
    for (std::size_t choice = 0; choice < u.words.size(); ++choice) {
      if (!(u.probabilities[choice] > 0.0)) continue;
      Variant one = variant;
      settle(one.patient, model, which, choice);
      one.probability *= u.probabilities[choice];
      one.label += (one.label.empty() ? "" : ", ") + u.label + ": " + u.words[choice];
      one.choice.push_back(static_cast<int>(choice));
      more.push_back(std::move(one));
    }
  all = std::move(more);
}

// The occasions are those of the doses as they were meant, in every variant, so that all have the same effects.
void keep_occasions(Variants& variants, const CompiledModel& model) {
  const Variant& all_taken = variants.all.front();
  const bool doses = std::any_of(variants.unknown.begin(), variants.unknown.end(),
                                 [](const Unknown& u) { return u.kind == Unknown::Kind::dose; });
  if (model.q == 0 || !doses || all_taken.patient.occasions) return;
  const auto built = build_schedule(model, all_taken.patient, {});
  if (!built) return;  // whoever builds the schedules says why
  const Occasions occasions = as_recorded(built->schedule.effects);
  for (Variant& variant : variants.all) variant.patient.occasions = occasions;
}

}  // namespace

Result<Variants> variants_of(const CompiledModel& model, const Patient& patient) {
  Variants variants;
  std::vector<std::pair<Settle, std::size_t>> how;
  const auto& covariates = model.model->covariates;
  const auto read = covariates_read(model);
  for (std::size_t c = 0; c < covariates.size(); ++c) {
    if (covariates[c].frequencies.empty() || !read[c] || patient.covariates.count(covariates[c].name) > 0) continue;
    variants.unknown.push_back(unknown_covariate(covariates[c]));
    how.emplace_back(settle_covariate, c);
  }
  for (std::size_t d = 0; d < patient.doses.size(); ++d) {
    if (patient.doses[d].taken <= 0.0 || patient.doses[d].taken >= 1.0) continue;
    variants.unknown.push_back(uncertain_dose(patient.doses[d]));
    how.emplace_back(settle_dose, d);
  }

  std::size_t count = 1;
  for (const Unknown& u : variants.unknown) {
    count *=
        static_cast<std::size_t>(std::count_if(u.probabilities.begin(), u.probabilities.end(), [](double p) { return p > 0.0; }));
    if (count > most_variants)
      return Diagnostic{"infer.too_many_variants",
                        Severity::error,
                        u.path,
                        std::nullopt,
                        "Too much is unknown: " + joined(variants.unknown) + " make more than " + std::to_string(most_variants) +
                            " different patients.",
                        "state what can be found out; ask about the last doses, earlier ones matter less"};
  }
  variants.all.push_back({patient, 1.0, {}, {}});
  for (std::size_t u = 0; u < how.size(); ++u) split(variants.all, model, variants.unknown[u], how[u].first, how[u].second);
  keep_occasions(variants, model);
  for (std::size_t v = 1; v < variants.size(); ++v)
    if (variants.all[v].probability > variants.all[variants.typical].probability) variants.typical = v;
  return variants;
}

std::vector<double> marginal(const Variants& variants, std::size_t u, const std::vector<double>& probabilities) {
  std::vector<double> sum(variants.unknown[u].words.size(), 0.0);
  for (std::size_t v = 0; v < variants.size(); ++v) sum[static_cast<std::size_t>(variants.all[v].choice[u])] += probabilities[v];
  return sum;
}

std::vector<int> allot(const std::vector<double>& shares, int n, std::uint64_t seed) {
  std::vector<int> of(static_cast<std::size_t>(n), 0);
  if (shares.size() < 2) return of;
  const double start = Rng{seed, 0x76617269}.uniform(0);
  for (int s = 0; s < n; ++s) {
    double whole = 0.0;
    const double u = std::modf(start + golden * (s + 1), &whole);
    double below = 0.0;
    int v = 0;
    for (std::size_t i = 0; i < shares.size(); ++i) {
      if (!(shares[i] > 0.0)) continue;
      v = static_cast<int>(i);
      below += shares[i];
      if (u < below) break;
    }
    of[static_cast<std::size_t>(s)] = v;
  }
  return of;
}

}  // namespace titrate
