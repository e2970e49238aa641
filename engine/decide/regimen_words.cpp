// A regimen, and what changes from one to another, in words.

#include <cmath>

#include "decide/regimen.hpp"
#include "decide/words.hpp"

namespace titrate {

namespace {

constexpr double same_length = 1e-9;  // h
constexpr double area_of_m2 = 100.0;  // dm2, as lengths of the coherent set are dm

std::string amount_words(const Model& model, const Regimen& regimen) {
  const Unit* unit = nullptr;
  for (const Route& route : model.routes)
    if (route.name == regimen.route) unit = &route.amount_unit;
  const double factor = unit != nullptr ? unit->factor : 1.0;
  const std::string text = " " + (unit != nullptr ? unit->text : std::string("mg"));
  const std::string whole = number_words(regimen.amt / factor, 4) + text;
  if (!regimen.per_area) return whole;
  return number_words(*regimen.per_area * area_of_m2 / factor, 4) + text + "/m2 (" + whole + ")";
}

std::string interval_words(const Regimen& regimen) {
  if (regimen.doses && *regimen.doses == 1) return "once";
  if (regimen.ii <= 0.0) return "once";
  std::string words = "every " + hours_words(regimen.ii);
  if (regimen.doses) words += ", " + std::to_string(*regimen.doses) + " doses";
  return words;
}

}  // namespace

std::string label(const Model& model, const std::optional<Regimen>& regimen) {
  if (!regimen) return "no dose";
  std::string words = amount_words(model, *regimen);
  if (regimen->dur > 0.0) words += " over " + hours_words(regimen->dur);
  return words + " " + interval_words(*regimen);
}

double daily_amount(const std::optional<Regimen>& regimen) {
  if (!regimen) return 0.0;
  return regimen->ii > 0.0 ? regimen->amt * 24.0 / regimen->ii : regimen->amt;
}

double most_in_a_day(const Regimen& regimen) {
  return regimen.ii > 0.0 ? regimen.amt * std::ceil(24.0 / regimen.ii - 1e-9) : regimen.amt;
}

std::string change(const std::optional<Regimen>& from, const std::optional<Regimen>& to) {
  if (!to) return from ? "stop" : "no dose, as now";
  if (!from) return "start";
  std::string words;
  const auto add = [&words](const std::string& more) { words += (words.empty() ? "" : ", ") + more; };
  const double before = daily_amount(from), after = daily_amount(to);
  const double percent = before > 0.0 ? 100.0 * (after / before - 1.0) : 0.0;
  if (std::abs(percent) >= 0.5) add(number_words(std::abs(percent), 2) + " % " + (percent > 0.0 ? "more" : "less") + " per day");
  if (std::abs(from->ii - to->ii) > same_length && to->ii > 0.0)
    add("every " + hours_words(to->ii) + (from->ii > 0.0 ? " instead of every " + hours_words(from->ii) : std::string()));
  if (std::abs(from->dur - to->dur) > same_length && to->dur > 0.0) add("over " + hours_words(to->dur));
  if (!from->route.empty() && !to->route.empty() && from->route != to->route)
    add("by " + to->route + " instead of " + from->route);
  return words.empty() ? "the same as now" : words;
}

}  // namespace titrate
