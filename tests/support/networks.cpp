#include "support/networks.hpp"

#include <algorithm>

#include "checks/worked_cases.hpp"
#include "model/definition.hpp"
#include "support/table.hpp"

namespace titrate::support {

namespace {

NetworkRow compare(const std::string& folder, const std::string& id) {
  NetworkRow row;
  row.model = id;
  const auto failed = [&](const std::string& words) {
    row.words = words;
    return row;
  };
  const auto text = read_text(folder + "/" + id + ".json");
  if (!text) return failed("no such file in " + folder);
  const auto tree = json::parse(*text);
  if (!tree) return failed(tree.diagnostics().front().message);
  const auto model = read_model(*tree);
  if (!model) return failed(model.diagnostics().front().message);
  row.states = model->states.size();
  for (const WorkedCase& worked : model->worked_cases)
    if (!worked.rtol || *worked.rtol != network_rtol) return failed(worked.label + " is not solved at 1e-8");
  const auto compiled = compile(std::make_shared<const Model>(*model));
  if (!compiled) return failed(compiled.diagnostics().front().message);
  const auto checks = run_worked_cases(**compiled);
  if (!checks) return failed(checks.diagnostics().front().message);
  row.checks = checks->size();
  for (const WorkedCheck& check : *checks) {
    if (!(check.relative >= 0.0)) return failed(check.label + ", " + check.check + ": no value");
    row.worst = std::max(row.worst, check.relative);
  }
  return row;
}

}  // namespace

std::vector<NetworkRow> compare_networks(const std::string& models_folder) {
  return {compare(models_folder, "coagulation_network"), compare(models_folder, "her2_breast_combo_qsp_zhou2024")};
}

}  // namespace titrate::support
