#include "support/verify.hpp"

#include <algorithm>
#include <cmath>

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

const std::map<std::string, std::string>* find_row(const Table& table, const std::string& id) {
  for (const auto& row : table.rows)
    if (row.at("ID") == id) return &row;
  return nullptr;
}

Vector etas_of(const std::map<std::string, std::string>& row, int k) {
  Vector eta(k);
  for (int j = 0; j < k; ++j) eta[j] = number(row.at("ETA" + std::to_string(j + 1)));
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

void compare_objective(VerifyRow& row, const Subject& subject, const std::map<std::string, std::string>& reference,
                       const Vector& eta) {
  const auto at = subject.objective.evaluate(eta);
  if (!at) return worst(row.ofv, INFINITY);
  worst(row.ofv, std::abs(at->ofv - number(reference.at("OFV_MAP"))));
  const Matrix information_matrix = information(subject.objective, *at);
  const Matrix C = information_matrix.inverse();
  if (reference.count("OBJ_FOCEI")) {
    const double objective = at->ofv + subject.objective.log_det_omega() + std::log(information_matrix.determinant());
    worst(row.objective, std::abs(objective - number(reference.at("OBJ_FOCEI"))));
  }
  if (!reference.count("ETC_1_1")) return;
  const Matrix& omega = subject.objective.omega();
  for (int i = 0; i < subject.objective.k(); ++i)
    for (int j = 0; j <= i; ++j) {
      const double etc = number(reference.at("ETC_" + std::to_string(i + 1) + "_" + std::to_string(j + 1)));
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

void compare_parameters(VerifyRow& row, const Subject& subject, const Table& reference) {
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
    for (int j = 0; j < model.k; ++j)
      if (line.at("NAME") == "ETA" + std::to_string(j + 1)) own = eta[j], size = std::max(size, 0.01);
    worst(row.parameters, std::abs(own - value) / size / tolerance);
  }
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
      {"ipred", &VerifyRow::ipred, 1e-6},     {"pred", &VerifyRow::pred, 1e-6},
      {"ofv", &VerifyRow::ofv, 1e-5},         {"objective", &VerifyRow::objective, 1e-4},
      {"etc", &VerifyRow::etc, 1e-4},         {"own_ofv", &VerifyRow::own_ofv, 1e-4},
      {"own_eta", &VerifyRow::own_eta, 1e-3}, {"parameters", &VerifyRow::parameters, 1.0},
      {"total", &VerifyRow::total, 1.0},
  };
  return limits;
}

const std::vector<std::string>& verify_cases() {
  static const std::vector<std::string> cases = {"nm001",
                                                 "nm002",
                                                 "nm003",
                                                 "nm004",
                                                 "nm006",
                                                 "nm101",
                                                 "nm201",
                                                 "nm202",
                                                 "nm204",
                                                 "nm205",
                                                 "nm208",
                                                 "nm301",
                                                 "nm402",
                                                 "nm403",
                                                 "nm406",
                                                 "nm407",
                                                 "nm501",
                                                 "nm503",
                                                 "nm504",
                                                 "nm511",
                                                 "nm513",
                                                 "nm901",
                                                 "nm921",
                                                 "nm941",
                                                 "nm962",
                                                 "ev_nmtest_shared",
                                                 "mb_blq_m3",
                                                 "psl_mtx_iov1",
                                                 "psl_tobra_mlx",
                                                 "psl_vanco_goti_mlx",
                                                 "psl_warf_pkpd_nlmixr",
                                                 "wang2007_add",
                                                 "wang2007_addprop_var",
                                                 "wang2007_prop",
                                                 "cp_3cmt_iv",
                                                 "tx_dapto_dvorchik2004",
                                                 "tx_imatinib_gotta2012",
                                                 "tx_tacro_monchaud2012",
                                                 "tx_vanco_goti2018",
                                                 "tx_vanco_thomson2009"};
  return cases;
}

VerifyRow verify_case(const std::string& validation, const std::string& id) {
  VerifyRow row;
  row.id = id;
  const auto neutral = read_neutral_case(validation, id);
  if (!neutral) {
    row.words = "validation folder not found";
    return row;
  }
  row.title = neutral->title;
  if (!neutral->unsupported.empty()) {
    row.verdict = VerifyRow::Verdict::not_yet;
    row.words = neutral->unsupported;
    return row;
  }
  const auto model = compile(std::make_shared<const Model>(neutral->model));
  if (!model) return failed(row, "does not compile: " + first_message(model.diagnostics()));

  const std::string folder = validation + "/cases/" + id;
  const auto parameters = read_table(folder + "/reference_params.csv");
  const auto total = read_table(folder + "/reference_ofv.csv");
  const auto outside = read_table(folder + "/reference.csv");
  const auto reference = outside ? outside : read_table(folder + "/computed_eta.csv");
  const auto predictions = read_table(folder + (outside ? "/reference_pred.csv" : "/computed_pred.csv"));
  const auto verification = read_table(folder + "/verification.csv");
  row.cross_check = !parameters && !total && !outside;
  std::vector<Subject> subjects;
  for (const NeutralSubject& person : neutral->subjects) {
    auto built = build_schedule(**model, person.patient, {});
    if (!built) return failed(row, "subject " + person.id + ": " + first_message(built.diagnostics()));
    auto objective = Objective::make(*model, person.patient, *built);
    if (!objective) return failed(row, "subject " + person.id + ": " + first_message(objective.diagnostics()));
    const Subject& subject = subjects.emplace_back(Subject{person.id, *objective});
    ++row.subjects;
    if (parameters) compare_parameters(row, subject, *parameters);
    const auto* line = reference ? find_row(*reference, person.id) : nullptr;
    if (!line) continue;
    const Vector eta = etas_of(*line, (*model)->k);
    if (predictions) compare_predictions(row, subject, *predictions, eta);
    compare_objective(row, subject, *line, eta);
    const auto* verified = verification ? find_row(*verification, person.id) : nullptr;
    const bool second = verified && verified->count("lower_optimum_elsewhere") && verified->at("lower_optimum_elsewhere") == "1";
    compare_own(row, subject, number(line->at("OFV_MAP")), eta, second);
  }
  if (total) compare_total(row, subjects, *total);
  return judged(row);
}

}  // namespace titrate::support
