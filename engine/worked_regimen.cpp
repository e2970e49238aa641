// A worked case's regimen in one line, as doses.

#include "model/regimen_text.hpp"
#include "worked_cases.hpp"

namespace titrate {

Result<std::vector<DosingEvent>> worked_doses(const Model& model, const WorkedCase& worked) {
  const Result<RegimenText> text = parse_regimen(worked.regimen, worked.path + "/regimen");
  if (!text) return text.diagnostics();
  if (model.routes.empty())
    return Diagnostic{
        "model.no_route", Severity::error, worked.path + "/regimen", std::nullopt, "The model has no route for the regimen.", ""};
  DosingEvent dose;
  dose.amt = text->amt.value;
  dose.input = text->dur > 0.0 ? DosingEvent::Input::duration : DosingEvent::Input::bolus;
  dose.dur = text->dur;
  dose.ii = text->ii;
  dose.addl = text->n - 1;
  dose.ss = text->steady_state ? 1 : 0;
  dose.route = model.routes.front().name;
  dose.path = worked.path + "/regimen";
  return std::vector<DosingEvent>{dose};
}

}  // namespace titrate
