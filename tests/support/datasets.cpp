#include "support/datasets.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <stdexcept>

#include "infer/laplace.hpp"
#include "support/neutral_case.hpp"
#include "support/small_models.hpp"

namespace titrate::support {

namespace {

constexpr double same_ofv = 1e-4, at_rest = 1e-3;

struct Set {
  std::string name, model_words, file;
  Model model;
  std::map<std::string, std::string> output_of;
  std::function<void(Row&)> change;  // of each record, to the columns of the neutral format
};

Covariate covariate(const std::string& name) {
  Covariate c;
  c.name = c.label = name;
  return c;
}

// The model of a small description, with the route that the records name.
Model named(const SmallModel& small, const std::string& cmt) {
  Model model = *build(small);
  model.routes.front().name = "cmt" + cmt;
  return model;
}

Set theophylline() {
  SmallModel m;
  m.etas = {{"eta_ka", 0.41}, {"eta_CL", 0.07}, {"eta_V", 0.02}};
  m.individual = {{"ka", "1.58 * exp(eta_ka)"}, {"CL", "2.74 * exp(eta_CL)"}, {"V", "31.9 * exp(eta_V)"}};
  m.states = {{"A1", "-ka * A1"}, {"A2", "ka * A1 - CL / V * A2"}};
  m.outputs = {{"Cc", "A2 / V"}};
  m.residual = "0.69^2";
  m.entries = {into("A1")};
  return {"theophylline", "one compartment, oral", "theo_sd.csv", named(m, "1"), {{"2", "Cc"}}, [](Row&) {}};
}

Set phenobarbital() {
  SmallModel m;
  m.etas = {{"eta_CL", 0.19 * 0.19}, {"eta_V", 0.16 * 0.16}};
  m.covariates = {covariate("WT")};
  m.individual = {{"CL", "0.0047 * WT * exp(eta_CL)"}, {"V", "0.96 * WT * exp(eta_V)"}};
  m.states = {{"A1", "-CL / V * A1"}};
  m.outputs = {{"Cc", "A1 / V"}};
  m.residual = "2.8^2";
  m.entries = {into("A1")};
  return {"phenobarbital", "one compartment, weight",         "pheno_sd.csv", named(m, "1"),
          {{"1", "Cc"}},   [](Row& row) { row["CMT"] = "1"; }};
}

Set nimotuzumab() {
  SmallModel m;
  m.etas = {{"eta_CL", 0.2}, {"eta_V", 0.2}};
  m.individual = {{"CL", "0.01 * exp(eta_CL)"}, {"V", "3.1 * exp(eta_V)"}};
  m.states = {{"A1", "-(CL + 0.03) / V * A1 + 0.03 / 2.8 * A2"}, {"A2", "0.03 / V * A1 - 0.03 / 2.8 * A2"}};
  m.outputs = {{"Cc", "A1 / V"}};
  m.residual = "0.09 * prediction^2 + 1";
  m.entries = {into("A1")};
  return {"nimotuzumab", "two compartments, antibodies at large", "nimoData.csv", named(m, "1"),
          {{"1", "Cc"}}, [](Row& row) { row["CMT"] = "1"; }};
}

Set warfarin(const std::string& validation) {
  const auto neutral = read_neutral_case(validation, "psl_warf_pkpd_nlmixr");
  if (!neutral) throw std::runtime_error("no case psl_warf_pkpd_nlmixr");
  return {"warfarin", "transit absorption, turnover", "warfarin.csv", neutral->model, {{"2", "cp"}, {"3", "pca"}}, [](Row&) {}};
}

Set wang(const std::string& validation) {
  const auto neutral = read_neutral_case(validation, "wang2007_prop");
  if (!neutral) throw std::runtime_error("no case wang2007_prop");
  return {"Wang 2007", "as wang2007_prop", "", neutral->model, {}, {}};
}

// The records of a set: its own file, or those of the reference case that has the same subjects.
std::vector<NeutralSubject> records(const std::string& validation, const Set& set) {
  if (set.file.empty()) return read_neutral_case(validation, "wang2007_prop")->subjects;
  auto table = read_table(validation + "/datasets/" + set.file);
  if (!table) throw std::runtime_error("no datasets/" + set.file);
  if (!table->has("CMT")) table->columns.emplace_back("CMT");
  for (Row& row : table->rows) set.change(row);
  return read_neutral_records(set.model, *table, set.output_of, std::nullopt);
}

// Nelder and Mead 1965, Computer Journal 7:308, with the usual coefficients; the lowest value found.
double simplex(const std::function<double(const Vector&)>& f, const Vector& start, const Vector& size) {
  const Eigen::Index k = start.size();
  std::vector<Vector> x{start};
  for (Eigen::Index j = 0; j < k; ++j) {
    x.push_back(start);
    x.back()[j] += size[j];
  }
  std::vector<double> y;
  for (const Vector& at : x) y.push_back(f(at));
  for (int step = 0; step < 400 * static_cast<int>(k); ++step) {
    std::vector<std::size_t> by(x.size());
    std::iota(by.begin(), by.end(), std::size_t{0});
    std::sort(by.begin(), by.end(), [&](std::size_t a, std::size_t b) { return y[a] < y[b]; });
    const std::size_t best = by.front(), worst = by.back(), second = by[by.size() - 2];
    if (y[worst] - y[best] < 1e-9) break;
    Vector middle = Vector::Zero(k);
    for (std::size_t i = 0; i < x.size(); ++i)
      if (i != worst) middle += x[i] / static_cast<double>(k);
    const auto beyond = [&](double by_much) { return Vector(middle + by_much * (middle - x[worst])); };
    const auto take = [&](const Vector& at, double value) { x[worst] = at, y[worst] = value; };
    const Vector reflected = beyond(1.0);
    const double value = f(reflected);
    if (value < y[best]) {
      const Vector further = beyond(2.0);
      const double more = f(further);
      more < value ? take(further, more) : take(reflected, value);
    } else if (value < y[second]) {
      take(reflected, value);
    } else {
      const Vector nearer = beyond(value < y[worst] ? 0.5 : -0.5);
      const double less = f(nearer);
      if (less < std::min(value, y[worst])) {
        take(nearer, less);
      } else {
        for (std::size_t i = 0; i < x.size(); ++i)
          if (i != best) x[i] = 0.5 * (x[i] + x[best]), y[i] = f(x[i]);
      }
    }
  }
  return *std::min_element(y.begin(), y.end());
}

DatasetSubject fitted(const Compiled& model, const NeutralSubject& person, const DatasetSettings& settings) {
  DatasetSubject result;
  result.id = person.id;
  const Patient& patient = person.patient;
  const auto built = build_schedule(*model, patient, {});
  if (!built) throw std::runtime_error("subject " + person.id + ": " + built.diagnostics().front().message);
  const auto objective = Objective::make(model, patient, *built);
  if (!objective) throw std::runtime_error("subject " + person.id + ": " + objective.diagnostics().front().message);
  result.levels = objective->levels();
  const Map map = find_map(*objective, {});
  if (!map.ok()) return result;
  const Mode& mode = map.modes.front();
  const auto shape = laplace(*objective, mode);
  if (!shape) return result;
  result.converged = true;
  result.ofv = mode.ofv;
  result.objective = shape->objective;
  result.gradient_norm = map.gradient_norm;
  if (objective->levels() == 0) return result;

  const auto value = [&](const Vector& eta) {
    const auto at = objective->evaluate(eta);
    return at ? at->ofv : 1e10;
  };
  const Vector sd = shape->covariance.diagonal().cwiseSqrt();
  double lowest = simplex(value, mode.eta + 0.7 * sd, 0.5 * sd);
  MapSettings many;
  many.starts = settings.starts;
  const Map again = find_map(*objective, many);
  if (again.ok()) lowest = std::min(lowest, again.modes.front().ofv);
  result.below = std::max(0.0, mode.ofv - lowest);
  return result;
}

DatasetRow row_of(const std::string& validation, const Set& set, const DatasetSettings& settings) {
  DatasetRow row;
  row.name = set.name;
  row.model = set.model_words;
  const auto compiled = compile(std::make_shared<const Model>(set.model));
  if (!compiled) throw std::runtime_error(compiled.diagnostics().front().message);
  const auto people = records(validation, set);
  for (std::size_t i = 0; i < people.size() && i < settings.most_subjects; ++i)
    row.subjects.push_back(fitted(*compiled, people[i], settings));
  return row;
}

}  // namespace

bool DatasetRow::passed() const {
  return !subjects.empty() && converged() == static_cast<int>(subjects.size()) && worst_gradient() <= at_rest &&
         worst_below() <= same_ofv;
}

int DatasetRow::converged() const {
  return static_cast<int>(std::count_if(subjects.begin(), subjects.end(), [](const DatasetSubject& s) { return s.converged; }));
}

double DatasetRow::total() const {
  double sum = 0.0;
  for (const DatasetSubject& s : subjects) sum += s.objective;
  return sum;
}

double DatasetRow::worst_gradient() const {
  double worst = 0.0;
  for (const DatasetSubject& s : subjects) worst = std::max(worst, s.gradient_norm);
  return worst;
}

double DatasetRow::worst_below() const {
  double worst = 0.0;
  for (const DatasetSubject& s : subjects) worst = std::max(worst, s.below);
  return worst;
}

std::vector<DatasetRow> fit_datasets(const std::string& validation, const DatasetSettings& settings) {
  std::vector<DatasetRow> rows;
  const std::vector<std::pair<std::string, std::function<Set()>>> sets = {
      {"theophylline", theophylline},   {"warfarin", [&] { return warfarin(validation); }},
      {"phenobarbital", phenobarbital}, {"Wang 2007", [&] { return wang(validation); }},
      {"nimotuzumab", nimotuzumab},
  };
  for (const auto& [name, make] : sets) {
    try {
      rows.push_back(row_of(validation, make(), settings));
    } catch (const std::exception& error) {
      DatasetRow row;
      row.name = name;
      row.words = error.what();
      rows.push_back(row);
    }
  }
  return rows;
}

}  // namespace titrate::support
