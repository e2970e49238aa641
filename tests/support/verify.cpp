#include "support/verify.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <set>

#include "infer/laplace.hpp"
#include "support/neutral_case.hpp"

namespace titrate::support {

namespace {

void worst(std::optional<double>& so_far, double error) {
  if (!so_far || !(error <= *so_far)) so_far = error;  // NaN is kept, and no limit accepts it
}

double relative(double value, double reference) { return std::abs(value - reference) / std::max(std::abs(reference), 1e-12); }

struct Subject {
  std::string id;
  Objective objective;
};

VerifyRow failed(VerifyRow row, std::string words) {
  row.verdict = VerifyRow::Verdict::failed;
  row.words = std::move(words);
  return row;
}

std::string first_message(const Diagnostics& diagnostics) {
  return diagnostics.empty() ? "no message" : diagnostics.front().path + ": " + diagnostics.front().message;
}

const Row* find_row(const Table& table, const std::string& id) {
  for (const auto& row : table.rows)
    if (row.at("ID") == id) return &row;
  return nullptr;
}

// In the engine's order of effects.
Vector etas_of(const Row& row, const std::vector<int>& eta_of_effect) {
  Vector eta(static_cast<Eigen::Index>(eta_of_effect.size()));
  for (std::size_t j = 0; j < eta_of_effect.size(); ++j)
    eta[static_cast<Eigen::Index>(j)] = number(row.at("ETA" + std::to_string(eta_of_effect[j] + 1)));
  return eta;
}

void compare_predictions(VerifyRow& row, const Subject& subject, const Table& reference, const Vector& eta) {
  const auto ipred = subject.objective.predictions(eta, true);
  const auto pred = subject.objective.predictions(Vector::Zero(eta.size()), true);
  if (!ipred || !pred) {
    worst(row.ipred, INFINITY);
    return;
  }
  Eigen::Index j = 0;
  for (const auto& line : reference.rows) {
    if (line.at("ID") != subject.id) continue;
    if (j >= ipred->size()) return worst(row.ipred, INFINITY);
    worst(row.ipred, relative((*ipred)[j], number(line.at("IPRED"))));
    worst(row.pred, relative((*pred)[j], number(line.at("PRED"))));
    ++j;
  }
  if (j != ipred->size()) worst(row.ipred, INFINITY);
}

// The reference's OFV, as the engine counts it.
double reference_ofv(const Row& reference, const Subject& subject, const NeutralCase& neutral) {
  constexpr double ln_2_pi = 1.8378770664093454836;
  double ofv = number(reference.at("OFV_MAP"));
  if (neutral.censored_with_constant)
    for (const Measured& level : subject.objective.measured())
      ofv += level.used && level.censored != Censored::no ? ln_2_pi : 0.0;
  return ofv;
}

void compare_objective(VerifyRow& row, const Subject& subject, const Row& reference, const Vector& eta,
                       const NeutralCase& neutral) {
  const auto at = subject.objective.evaluate(eta);
  if (!at) return worst(row.ofv, INFINITY);
  worst(row.ofv, std::abs(at->ofv - reference_ofv(reference, subject, neutral)));
  const Matrix information_matrix = information(subject.objective, *at);
  const Matrix& omega = subject.objective.omega();
  const Matrix C = information_matrix.inverse();
  if (reference.count("OBJ_FOCEI")) {
    const double objective = at->ofv + subject.objective.log_det_omega() + std::log(information_matrix.determinant());
    worst(row.objective, std::abs(objective - number(reference.at("OBJ_FOCEI"))));
  }
  if (!reference.count("ETC_1_1")) return;
  for (Eigen::Index i = 0; i < omega.rows(); ++i)
    for (Eigen::Index j = 0; j <= i; ++j) {
      const auto& number_of = neutral.eta_of_effect;
      const int a = number_of[static_cast<std::size_t>(i)], b = number_of[static_cast<std::size_t>(j)];
      const double etc =
          number(reference.at("ETC_" + std::to_string(std::max(a, b) + 1) + "_" + std::to_string(std::min(a, b) + 1)));
      worst(row.etc, std::abs(C(i, j) - etc) / std::sqrt(omega(i, i) * omega(j, j)));
    }
}

Map own_mode(const Subject& subject) {
  MapSettings settings;
  settings.starts = 1;
  return find_map(subject.objective, settings);
}

void compare_own(VerifyRow& row, const Subject& subject, double reference_ofv, const Vector& eta, bool second_optimum) {
  const Map map = own_mode(subject);
  if (!map.ok()) return worst(row.own_ofv, INFINITY);
  const double above = map.modes.front().ofv - reference_ofv;
  if (second_optimum && above < -1e-4) {
    ++row.lower_optima;
    return;
  }
  worst(row.own_ofv, std::max(0.0, above));
  worst(row.own_eta, (map.modes.front().eta - eta).cwiseAbs().maxCoeff());
}

void compare_parameters(VerifyRow& row, const Subject& subject, const Table& reference, const std::vector<int>& eta_of_effect) {
  const Map map = own_mode(subject);
  if (!map.ok()) return worst(row.parameters, INFINITY);
  const Vector& eta = map.modes.front().eta;
  const CompiledModel& model = subject.objective.model();
  for (const auto& line : reference.rows) {
    if (line.at("ID") != subject.id) continue;
    const double value = number(line.at("VALUE"));
    const double tolerance = number(line.at("REL_TOL"));
    double own = NAN, size = std::abs(value);
    for (const auto& [name, p] : individual_parameters(model, subject.objective.schedule(), eta, number(line.at("TIME"))))
      if (name == line.at("NAME")) own = p;
    for (std::size_t j = 0; j < eta_of_effect.size(); ++j)
      if (line.at("NAME") == "ETA" + std::to_string(eta_of_effect[j] + 1))
        own = eta[static_cast<Eigen::Index>(j)], size = std::max(size, 0.01);
    worst(row.parameters, std::abs(own - value) / size / tolerance);
  }
}

// Predictions without etas, as printed.
void compare_printed(VerifyRow& row, const Subject& subject, const Table& reference) {
  constexpr double smallest_digit = 1.0;  // of five digits in the thousands
  const auto pred = subject.objective.predictions(Vector::Zero(subject.objective.k()), true);
  if (!pred) return worst(row.printed, INFINITY);
  Eigen::Index j = 0;
  for (const Row& line : reference.rows) {
    if (line.at("ID") != subject.id) continue;
    if (j >= pred->size()) return worst(row.printed, INFINITY);
    const double value = number(line.at("PRED"));
    worst(row.printed, std::abs((*pred)[j] - value) / std::max(std::abs(value), 100.0 * smallest_digit));
    ++j;
  }
  if (j != pred->size()) worst(row.printed, INFINITY);
}

// Subjects of whom the case says that a lower optimum exists: in its table, or in its note ("Subject(s) 501, 1503: ... optimum").
std::set<std::string> with_second_optimum(const std::string& folder) {
  std::set<std::string> subjects;
  if (const auto table = read_table(folder + "/verification.csv"); table && table->has("lower_optimum_elsewhere"))
    for (const Row& line : table->rows)
      if (line.at("lower_optimum_elsewhere") == "1") subjects.insert(line.at("ID"));
  const std::string note = read_text(folder + "/NOTE.md").value_or("");
  for (std::size_t at = note.find("Subject(s)"); at != std::string::npos; at = note.find("Subject(s)", at + 1)) {
    const std::size_t colon = note.find(':', at), line = note.find('\n', at);
    if (colon == std::string::npos || colon > line || note.substr(colon, line - colon).find("optimum") == std::string::npos)
      continue;
    std::string id;
    for (const char c : note.substr(at + 10, colon - at - 10) + ",") {
      if (c == ' ') continue;
      if (c != ',') id += c;
      if (c == ',' && !id.empty()) subjects.insert(id), id.clear();
    }
  }
  return subjects;
}

// The sum of the individual objectives, each at its own mode, against published totals.
void compare_total(VerifyRow& row, const std::vector<Subject>& subjects, const Table& reference) {
  double total = 0.0;
  for (const Subject& subject : subjects) {
    const Map map = own_mode(subject);
    const auto shape = map.ok() ? laplace(subject.objective, map.modes.front()) : std::nullopt;
    total += shape ? shape->objective : NAN;
  }
  for (const auto& line : reference.rows)
    if (line.at("METHOD") == "FOCEI") worst(row.total, std::abs(total - number(line.at("OFV_TOTAL"))) / number(line.at("TOL")));
}

VerifyRow judged(VerifyRow row) {
  bool any = false;
  for (const auto& limit : verify_limits()) {
    const auto& value = row.*(limit.value);
    if (!value) continue;
    any = true;
    if (!(*value <= limit.limit)) return failed(row, std::string(limit.name) + " is over its limit");
  }
  if (!any) return failed(row, "nothing was compared");
  row.verdict = VerifyRow::Verdict::passed;
  return row;
}

}  // namespace

const std::vector<VerifyLimit>& verify_limits() {
  static const std::vector<VerifyLimit> limits = {
      {"ipred", &VerifyRow::ipred, 1e-6},          {"pred", &VerifyRow::pred, 1e-6},
      {"printed", &VerifyRow::printed, 1e-4},      {"ofv", &VerifyRow::ofv, 1e-5},
      {"objective", &VerifyRow::objective, 1e-4},  {"etc", &VerifyRow::etc, 1e-4},
      {"own_ofv", &VerifyRow::own_ofv, 1e-4},      {"own_eta", &VerifyRow::own_eta, 1e-3},
      {"parameters", &VerifyRow::parameters, 1.0}, {"total", &VerifyRow::total, 1.0},
  };
  return limits;
}

namespace {

VerifyRow verify_as(const std::string& validation, const std::string& id, ReadOccasions occasions, bool& has_occasions) {
  VerifyRow row;
  row.id = occasions == ReadOccasions::as_kappas ? id + " (occasions)" : id;
  const auto neutral = read_neutral_case(validation, id, occasions);
  if (!neutral) {
    row.words = "validation folder not found";
    return row;
  }
  has_occasions = neutral->has_occasions;
  row.title = neutral->title;
  const auto model = compile(std::make_shared<const Model>(neutral->model));
  if (!model) return failed(row, "does not compile: " + first_message(model.diagnostics()));

  const std::string folder = validation + "/cases/" + id;
  const auto parameters = read_table(folder + "/reference_params.csv");
  const auto total = read_table(folder + "/reference_ofv.csv");
  const auto outside = read_table(folder + "/reference.csv");
  const auto reference = outside ? outside : read_table(folder + "/computed_eta.csv");
  const auto printed = read_table(folder + "/reference_pred.csv");
  const auto predictions = outside ? printed : read_table(folder + "/computed_pred.csv");
  const std::set<std::string> second_optimum = with_second_optimum(folder);
  row.cross_check = !parameters && !total && !printed && !outside;
  std::vector<Subject> subjects;
  for (const NeutralSubject& person : neutral->subjects) {
    auto built = build_schedule(**model, person.patient, {});
    if (!built) return failed(row, "subject " + person.id + ": " + first_message(built.diagnostics()));
    auto objective = Objective::make(*model, person.patient, *built);
    if (!objective) return failed(row, "subject " + person.id + ": " + first_message(objective.diagnostics()));
    const Subject& subject = subjects.emplace_back(Subject{person.id, *objective});
    ++row.subjects;
    if (parameters) compare_parameters(row, subject, *parameters, neutral->eta_of_effect);
    if (!outside && printed) compare_printed(row, subject, *printed);
    const Row* line = reference ? find_row(*reference, person.id) : nullptr;
    if (!line) continue;
    const Vector eta = etas_of(*line, neutral->eta_of_effect);
    if (eta.size() != objective->k()) return failed(row, "subject " + person.id + ": another number of effects");
    if (predictions) compare_predictions(row, subject, *predictions, eta);
    compare_objective(row, subject, *line, eta, *neutral);
    compare_own(row, subject, reference_ofv(*line, subject, *neutral), eta, second_optimum.count(person.id) > 0);
  }
  if (total) compare_total(row, subjects, *total);
  return judged(row);
}

}  // namespace

std::vector<VerifyRow> verify_case(const std::string& validation, const std::string& id) {
  bool has_occasions = false;
  std::vector<VerifyRow> rows{verify_as(validation, id, ReadOccasions::as_etas, has_occasions)};
  if (has_occasions) rows.push_back(verify_as(validation, id, ReadOccasions::as_kappas, has_occasions));
  return rows;
}

}  // namespace titrate::support
