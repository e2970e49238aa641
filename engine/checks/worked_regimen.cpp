// A worked case's regimen, one line for each course of doses, as doses.

#include "checks/worked_cases.hpp"
#include "model/regimen_text.hpp"

namespace titrate {

Result<std::vector<DosingEvent>> worked_doses(const Model& model, const WorkedCase& worked) {
  std::vector<DosingEvent> doses;
  const std::string path = worked.path + "/regimen";
  for (const std::string& line : worked.regimen) {
    const Result<RegimenText> text = parse_regimen(line, path);
    if (!text) return text.diagnostics();
    if (model.routes.empty())
      return Diagnostic{"model.no_route", Severity::error, path, std::nullopt, "The model has no route for the regimen.", ""};
    DosingEvent dose;
    dose.time = text->start;
    dose.amt = text->amt.value * worked.amount_factor;
    dose.input = text->dur > 0.0 ? DosingEvent::Input::duration : DosingEvent::Input::bolus;
    dose.dur = text->dur;
    dose.ii = text->ii;
    dose.addl = text->n - 1;
    dose.ss = text->steady_state ? 1 : 0;
    dose.route = text->route.empty() ? model.routes.front().name : text->route;
    dose.path = path;
    doses.push_back(dose);
  }
  return doses;
}

}  // namespace titrate
