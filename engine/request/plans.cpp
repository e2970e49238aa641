// The plans of a request: regimens to forecast, the candidates of a ranking, and what the user has accepted.

#include "patient/same_times.hpp"
#include "request/request.hpp"

namespace titrate {

namespace {

void read_list(const json::Value& value, const std::string& path, const Unit& unit, bool zero, Reader& reader,
               std::vector<double>& list) {
  if (!reader.array(value, path, limits::candidates)) return;
  if (value.array().empty())
    reader.error("request.empty", path, "The list is empty.", "leave it out for what the product offers");
  for (std::size_t i = 0; i < value.array().size(); ++i) {
    const std::string where = json::child(path, i);
    const auto x = reader.quantity(value.array()[i], unit, where);
    if (x && !(*x > 0.0) && !(zero && *x == 0.0))
      reader.error("request.range", where, "A number over 0 is expected here.");
    else if (x)
      list.push_back(*x);
  }
}

void read_intervals(const json::Value& value, const std::string& path, Reader& reader, std::vector<double>& list) {
  if (!reader.array(value, path, limits::candidates)) return;
  if (value.array().empty())
    reader.error("request.empty", path, "The list is empty.", "leave it out for what the product offers");
  for (std::size_t i = 0; i < value.array().size(); ++i)
    if (const auto t = reader.interval(value.array()[i], json::child(path, i))) list.push_back(*t);
}

void read_candidates(const json::Value& value, const std::string& path, const Model& model, Reader& reader, Request& request) {
  if (!reader.object(value, path, {"doses", "intervals", "durations", "route"})) return;
  CandidateGrid grid;
  const Route* route = model.routes.empty() ? nullptr : &model.routes.front();
  for (const Route& r : model.routes)
    if (!model.products.empty() && r.name == model.products.front().route) route = &r;
  if (value.find("route") != nullptr) {
    route = read_route(value, path, model, reader);
    if (route != nullptr) grid.route = route->name;
  }
  if (route == nullptr) return;
  if (const json::Value* doses = value.find("doses"))
    read_list(*doses, json::child(path, "doses"), route->amount_unit, false, reader, grid.doses);
  if (const json::Value* intervals = value.find("intervals"))
    read_intervals(*intervals, json::child(path, "intervals"), reader, grid.intervals);
  if (const json::Value* durations = value.find("durations"))
    read_list(*durations, json::child(path, "durations"), known_unit("h"), true, reader, grid.durations);
  request.candidates = grid;
}

void read_accepted(const json::Value& value, const std::string& path, Reader& reader, Request& request) {
  if (!reader.array(value, path, 50)) return;
  for (std::size_t i = 0; i < value.array().size(); ++i)
    if (const auto id = reader.text(value.array()[i], json::child(path, i))) request.accepted.push_back(*id);
}

}  // namespace

std::optional<std::optional<Regimen>> read_regimen(const json::Value& value, const std::string& path, const Model& model,
                                                   Reader& reader) {
  const std::size_t before = reader.errors();
  if (!reader.object(value, path, {"amt", "dur", "ii", "route", "start", "doses"})) return std::nullopt;
  Regimen regimen;
  const Route* route = read_route(value, path, model, reader);
  const json::Value* amt = reader.required(value, path, "amt", "\"1000 mg\"");
  if (amt != nullptr && route != nullptr)
    if (const auto a = reader.quantity(*amt, route->amount_unit, json::child(path, "amt"), molar_mass_of(*route, model)))
      regimen.amt = *a;
  if (regimen.amt < 0.0) reader.error("patient.dose_not_positive", json::child(path, "amt"), "A dose cannot be negative.");
  if (const json::Value* dur = value.find("dur"))
    if (const auto t = reader.time(*dur, json::child(path, "dur"))) {
      regimen.dur = *t;
      if (!(*t > 0.0))
        reader.error("patient.infusion_zero", json::child(path, "dur"), "An infusion lasts more than 0 h.",
                     "leave dur out for a bolus or an oral dose");
    }
  if (const json::Value* start = value.find("start")) regimen.start = reader.time(*start, json::child(path, "start"));
  if (const json::Value* doses = value.find("doses"))
    regimen.doses = reader.whole(*doses, json::child(path, "doses"), 1, static_cast<int>(limits::doses));
  if (const json::Value* ii = value.find("ii")) {
    if (const auto t = reader.interval(*ii, json::child(path, "ii"))) regimen.ii = *t;
  } else if (regimen.amt > 0.0 && regimen.doses.value_or(0) != 1) {
    reader.error("request.missing", json::child(path, "ii"), "\"ii\" is missing: the interval between doses.",
                 "for instance \"12 h\", or \"doses\": 1");
  }
  if (route != nullptr && regimen.amt > 0.0) {
    regimen.route = route->name;
    if (regimen.dur > 0.0 && !route->allows_infusion)
      reader.error("patient.route_no_infusion", json::child(path, "dur"),
                   "The model knows no infusion by the route " + route->name + ".", "leave dur out");
    if (regimen.dur == 0.0 && value.find("dur") == nullptr && !route->allows_bolus)
      reader.error("patient.route_no_bolus", path, "The route " + route->name + " is an infusion: its length is missing.",
                   "for instance \"dur\": \"1 h\"");
  }
  if (reader.errors() > before) return std::nullopt;
  if (!(regimen.amt > 0.0)) return std::optional<Regimen>();
  return std::optional<Regimen>(regimen);
}

void read_plans(const json::Value& root, Verb verb, const Model& model, Reader& reader, Request& request) {
  if (const json::Value* regimens = root.find("regimens");
      regimens != nullptr && reader.array(*regimens, "/regimens", limits::regimens)) {
    for (std::size_t i = 0; i < regimens->array().size(); ++i) {
      const std::string path = json::child("/regimens", i);
      const auto regimen = read_regimen(regimens->array()[i], path, model, reader);
      if (!regimen) continue;
      if (*regimen && (*regimen)->start && request.patient.now && later(*request.patient.now, *(*regimen)->start))
        reader.error("request.start_before_now", json::child(path, "start"), "A plan starts at now or later.");
      request.regimens.push_back(*regimen);
    }
  }
  if (const json::Value* horizon = root.find("horizon")) request.horizon = reader.duration(*horizon, "/horizon");
  if (verb == Verb::forecast || verb == Verb::recommend) read_target(root.find("target"), verb, model, reader, request);
  if (const json::Value* candidates = root.find("candidates"))
    read_candidates(*candidates, "/candidates", model, reader, request);
  if (const json::Value* accepted = root.find("accepted")) read_accepted(*accepted, "/accepted", reader, request);
}

}  // namespace titrate
