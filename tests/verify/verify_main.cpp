// The comparison with reference cases as rows of JSON on standard output, one array: native and wasm print the same table.
//   titrate_verify [folder [case ...]]          exit status 1 when a case fails
//   titrate_verify --datasets folder [full]     real data, fitted subject by subject (support/datasets.hpp)
//   titrate_verify --known models               equations whose solutions are known, and the two large networks

#include <cmath>
#include <cstdio>
#include <exception>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "support/datasets.hpp"
#include "support/known_problems.hpp"
#include "support/networks.hpp"
#include "support/neutral_case.hpp"
#include "support/verify.hpp"

using namespace titrate;
using namespace titrate::support;

namespace {

const char* word(VerifyRow::Verdict verdict) {
  switch (verdict) {
    case VerifyRow::Verdict::passed:
      return "passed";
    case VerifyRow::Verdict::failed:
      return "failed";
    case VerifyRow::Verdict::skipped:
      break;
  }
  return "skipped";
}

json::Value row_of(const VerifyRow& row) {
  json::Value errors, limits;
  for (const VerifyLimit& limit : verify_limits()) {
    const auto& value = row.*(limit.value);
    if (!value) continue;
    errors.set(limit.name, std::isfinite(*value) ? json::Value(*value) : json::Value("no value"));
    limits.set(limit.name, limit.limit);
  }
  json::Value out;
  out.set("case", row.id);
  out.set("title", row.title);
  out.set("subjects", row.subjects);
  out.set("verdict", word(row.verdict));
  out.set("words", row.words);
  out.set("lower_optima", row.lower_optima);
  out.set("evidence", row.subjects == 0 ? "" : row.cross_check ? "independent program" : "published");
  out.set("errors", errors.is_null() ? json::Value(json::Object{}) : errors);
  out.set("limits", limits.is_null() ? json::Value(json::Object{}) : limits);
  return out;
}

std::vector<VerifyRow> checked_rows(const std::string& folder, const std::string& id) {
  try {
    return verify_case(folder, id);
  } catch (const std::exception& e) {
    VerifyRow row;
    row.id = id;
    row.verdict = VerifyRow::Verdict::failed;
    row.words = e.what();
    return {row};
  }
}

// The short run takes the first subjects of each set.
int print_datasets(const std::string& folder, bool full) {
  DatasetSettings settings;
  if (full)
    settings.starts = 25;
  else
    settings.most_subjects = 12;
  json::Array rows;
  bool ok = true;
  for (const DatasetRow& set : fit_datasets(folder, settings)) {
    json::Value row;
    row.set("dataset", set.name);
    row.set("model", set.model);
    row.set("subjects", set.subjects.size());
    row.set("converged", set.converged());
    row.set("gradient_norm", set.worst_gradient());
    row.set("below", set.worst_below());
    row.set("total", set.total());
    row.set("verdict", set.passed() ? "passed" : "failed");
    row.set("words", set.words);
    ok = ok && set.passed();
    rows.push_back(row);
  }
  std::printf("%s\n", json::write_indented(json::Value(rows)).c_str());
  return ok ? 0 : 1;
}

json::Value finite(double x) { return std::isfinite(x) ? json::Value(x) : json::Value("no value"); }

int print_known(const std::string& models) {
  json::Array rows;
  bool ok = true;
  const auto add = [&](json::Value row, bool passed, const std::string& words) {
    row.set("verdict", passed ? "passed" : "failed");
    row.set("words", words);
    ok = ok && passed;
    rows.push_back(std::move(row));
  };
  for (const KnownSeries& series : solve_known_problems()) {
    json::Value row;
    row.set("problem", series.problem);
    row.set("solver", series.solver);
    row.set("reference", series.source);
    row.set("tolerance", series.points.size() > 1 ? "1e-4 to 1e-9" : "1e-13");
    row.set("error", finite(series.worst()));
    row.set("error_limit", most_tolerances);
    if (series.slope()) row.set("slope", finite(*series.slope()));
    if (series.slope()) row.set("slope_limit", least_slope);
    add(row, series.passed(), "");
  }
  for (const NetworkRow& network : compare_networks(models)) {
    json::Value row;
    row.set("problem",
            network.model + " (" + std::to_string(network.states) + " states, " + std::to_string(network.checks) + " values)");
    row.set("solver", "automatic");
    row.set("reference", "scipy, LSODA and BDF");
    row.set("tolerance", "1e-8");
    row.set("error", finite(network.worst / network_rtol));
    row.set("error_limit", network_limit / network_rtol);
    add(row, network.passed(), network.words);
  }
  std::printf("%s\n", json::write_indented(json::Value(rows)).c_str());
  return ok ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  if (arguments.size() > 1 && arguments.front() == "--known") return print_known(arguments[1]);
  if (arguments.size() > 1 && arguments.front() == "--datasets") return print_datasets(arguments[1], arguments.size() > 2);
  const std::string folder = arguments.empty() ? validation_folder().value_or("") : arguments.front();
  const std::vector<std::string> cases =
      arguments.size() > 1 ? std::vector<std::string>(arguments.begin() + 1, arguments.end()) : neutral_cases(folder);
  json::Array rows;
  bool ok = true;
  for (const std::string& id : cases)
    for (const VerifyRow& row : checked_rows(folder, id)) {
      ok = ok && row.verdict != VerifyRow::Verdict::failed;
      rows.push_back(row_of(row));
    }
  std::printf("%s\n", json::write_indented(json::Value(rows)).c_str());
  return ok ? 0 : 1;
}
