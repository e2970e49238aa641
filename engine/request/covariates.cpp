// Covariates of a patient: values read in their units, checked against the model's plausible range, and found complete.

#include <algorithm>
#include <cmath>
#include <set>

#include "base/stable_order.hpp"
#include "base/text.hpp"
#include "model/creatinine.hpp"
#include "request/request.hpp"

namespace titrate {

namespace {

// mg/dL where umol/L is meant and the other way round: 1 mg/dL of creatinine is 88.4 umol/L.
std::optional<double> converted_creatinine(const std::string& text, const Covariate& covariate, const std::string& path,
                                           Reader& reader) {
  const Unit& mass = known_unit("mg/dL");
  const Unit& molar = known_unit("umol/L");
  const bool to_mass = covariate.unit.dimension == mass.dimension;
  const Result<Quantity> other = parse_quantity(text, to_mass ? molar : mass, path);
  if (!other) return std::nullopt;
  const double value = to_mass ? other->value / molar.factor / creatinine_umol_per_L_of_mg_per_dL * mass.factor
                               : other->value / mass.factor * creatinine_umol_per_L_of_mg_per_dL * molar.factor;
  reader.note("patient.creatinine_converted", path,
              text + " was read as " + with_unit(value, covariate.unit) + ": 1 mg/dL of creatinine is 88.4 umol/L.");
  return value;
}

struct Slip {
  double factor;      // the value in the unit that was meant, over the value as read
  const char* meant;  // the unit
};

// Units that are mistaken for one another, by the dimension of the covariate.
std::vector<Slip> slips(const Covariate& covariate) {
  const Dimension& d = covariate.unit.dimension;
  const double own = covariate.unit.factor;
  std::vector<Slip> list;
  const auto add = [&](const char* text) {
    const Unit& unit = known_unit(text);
    if (std::fabs(unit.factor / own - 1.0) > 1e-9) list.push_back({unit.factor / own, text});
  };
  if (d == known_unit("kg").dimension)
    for (const char* unit : {"kg", "lb", "g"}) add(unit);
  if (d == known_unit("cm").dimension)
    for (const char* unit : {"cm", "in", "m", "mm"}) add(unit);
  if (d == known_unit("h").dimension)
    for (const char* unit : {"year", "week", "day"}) add(unit);
  if (is_creatinine(covariate)) {
    const bool to_mass = d == known_unit("mg/dL").dimension;
    const double mg_per_dL = known_unit("mg/dL").factor / own;
    list.push_back(to_mass ? Slip{mg_per_dL / creatinine_umol_per_L_of_mg_per_dL, "umol/L"}
                           : Slip{creatinine_umol_per_L_of_mg_per_dL, "mg/dL"});
  } else if (d == known_unit("mg/L").dimension) {
    for (const char* unit : {"g/L", "g/dL", "mg/dL", "mg/L"}) add(unit);
  }
  if (d == known_unit("mL/min").dimension)
    for (const char* unit : {"mL/min", "L/h", "mL/s"}) add(unit);
  if (d.none() && own == 1.0) list.push_back({0.01, "%"});
  if (d.none() && own == 0.01) list.push_back({100.0, "a fraction"});
  return list;
}

void check_range(double value, const Covariate& covariate, const std::string& path, Reader& reader) {
  if (!covariate.plausible) {
    const bool positive =
        covariate.studied ? covariate.studied->low > 0.0 : covariate.unit.dimension == known_unit("kg").dimension;
    if (positive && !(value > 0.0))
      reader.error("patient.not_positive", path, covariate.name + " must be more than 0.", "in " + covariate.unit.text);
    return;
  }
  const Range& range = *covariate.plausible;
  const double slack = 1e-9 * std::max(std::fabs(range.low), std::fabs(range.high));
  if (value >= range.low - slack && value <= range.high + slack) return;
  std::string hint;
  for (const Slip& slip : slips(covariate)) {
    const double meant = value * slip.factor;
    if (!(meant >= range.low && meant <= range.high)) continue;
    const std::string number = with_unit(value, Unit{"1", covariate.unit.factor, {}});
    hint = std::string(slip.meant) == "a fraction"
               ? "is " + number + " a fraction? write " + with_unit(meant, covariate.unit)
               : "is it in " + std::string(slip.meant) + "? write " + number + " " + slip.meant;
    break;
  }
  if (hint.empty()) hint = "check the number and its unit";
  reader.error("patient.implausible", path,
               covariate.name + " = " + with_unit(value, covariate.unit) + " lies outside the plausible " +
                   with_unit(range.low, Unit{"1", covariate.unit.factor, {}}) + " to " + with_unit(range.high, covariate.unit) +
                   ".",
               hint);
}

std::optional<double> read_choice(const json::Value& value, const Covariate& covariate, const std::string& path, Reader& reader) {
  std::vector<std::string> words;
  for (const auto& [word, number] : covariate.choices) words.push_back(word);
  if (!value.is_string()) {
    reader.error("patient.choice", path, covariate.name + " takes a word.", "one of " + list_of(words));
    return std::nullopt;
  }
  const std::optional<std::string> word = reader.word(value, path, "value of " + covariate.name, words, "patient.choice");
  if (!word) return std::nullopt;
  for (const auto& [known, number] : covariate.choices)
    if (known == *word) return number;
  return std::nullopt;
}

std::vector<std::string> names_of(const Model& model) {
  std::vector<std::string> names;
  for (const Covariate& covariate : model.covariates)
    if (!covariate.input) names.push_back(covariate.name);
  return names;
}

}  // namespace

std::optional<double> read_covariate(const json::Value& value, const Covariate& covariate, const std::string& path,
                                     Reader& reader) {
  if (!covariate.choices.empty()) return read_choice(value, covariate, path, reader);
  std::optional<double> x;
  if (is_creatinine(covariate) && value.is_string()) x = converted_creatinine(value.string(), covariate, path, reader);
  if (!x) x = reader.quantity(value, covariate.unit, path);
  if (x) check_range(*x, covariate, path, reader);
  return x;
}

namespace {

void read_course(const json::Value& value, const Covariate& covariate, const std::string& path, Reader& reader,
                 CovariateCourse& course) {
  if (!value.is_array()) {
    if (const auto x = read_covariate(value, covariate, path, reader)) course.time.push_back(0.0), course.value.push_back(*x);
    return;
  }
  if (!reader.array(value, path, limits::covariate_values)) return;
  if (value.array().empty())
    reader.error("request.empty", path, covariate.name + " has no value.", "leave it out when it is not known");
  std::vector<std::pair<double, double>> points;
  for (std::size_t i = 0; i < value.array().size(); ++i) {
    const json::Value& point = value.array()[i];
    const std::string where = json::child(path, i);
    if (!reader.object(point, where, {"time", "value"})) continue;
    const json::Value* t = reader.required(point, where, "time", "\"12 h\"");
    const json::Value* v = reader.required(point, where, "value", "\"70 " + covariate.unit.text + "\"");
    if (t == nullptr || v == nullptr) continue;
    const std::size_t before = reader.errors();
    const double time = reader.time(*t, json::child(where, "time")).value_or(0.0);
    const double x = read_covariate(*v, covariate, json::child(where, "value"), reader).value_or(0.0);
    if (reader.errors() == before) points.emplace_back(time, x);
  }
  sort_stably(points.begin(), points.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (i > 0 && points[i].first == points[i - 1].first)
      reader.error("patient.two_values", path,
                   covariate.name + " has two values at " + with_unit(points[i].first, known_unit("h")) + ".",
                   "keep one of them");
    course.time.push_back(points[i].first);
    course.value.push_back(points[i].second);
  }
}

}  // namespace

namespace {

std::string example_of(const Covariate& covariate) {
  std::vector<std::string> words;
  for (const auto& [word, number] : covariate.choices) words.push_back(word);
  if (!words.empty()) return "one of " + list_of(words);
  const Range range = covariate.studied     ? *covariate.studied
                      : covariate.plausible ? *covariate.plausible
                                            : Range{0.0, 2.0 * covariate.unit.factor};
  return "for instance \"" +
         with_unit(std::round(0.5 * (range.low + range.high) / covariate.unit.factor) * covariate.unit.factor, covariate.unit) +
         "\"";
}

std::string titled(const Covariate& covariate) {
  return covariate.label.empty() ? covariate.name : covariate.name + " (" + covariate.label + ")";
}

// The word "unknown", where it is not one of the choices.
bool is_unknown(const json::Value& value, const Covariate& covariate) {
  if (!value.is_string() || value.string() != "unknown") return false;
  return std::none_of(covariate.choices.begin(), covariate.choices.end(), [](const auto& c) { return c.first == "unknown"; });
}

}  // namespace

void read_covariates(const json::Value& value, const std::string& path, const Model& model, Reader& reader, Patient& patient) {
  if (!value.is_object()) {
    reader.error("request.type", path, "An object of covariates is expected here.", "{ \"WT\": \"70 kg\" }");
    return;
  }
  const std::vector<std::string> names = names_of(model);
  for (const json::Member& member : value.object()) {
    const std::string where = json::child(path, member.key);
    const auto found =
        std::find_if(model.covariates.begin(), model.covariates.end(), [&](const Covariate& c) { return c.name == member.key; });
    if (found != model.covariates.end() && found->input) {
      reader.error("patient.unknown_covariate", where, "\"" + member.key + "\" is an input of the model, not a covariate.",
                   "put it into inputs: [{ \"from\": \"0 h\", \"value\": \"1 " + found->unit.text + "\" }]");
      continue;
    }
    if (found == model.covariates.end()) {
      const std::string near = nearest_word(member.key, names);
      reader.error("patient.unknown_covariate", where, "The model has no covariate \"" + member.key + "\".",
                   near.empty() ? (names.empty() ? "it has none" : "it has " + list_of(names)) : "\"" + near + "\" is meant?");
      continue;
    }
    if (found->from_doses) {
      reader.error("patient.from_doses", where, titled(*found) + " is taken from the doses.", "leave it out");
      continue;
    }
    if (is_unknown(member.value, *found)) {
      if (!found->frequencies.empty() || found->from || found->when_unknown) continue;  // as if it were not there
      reader.error("patient.missing_covariate", where, titled(*found) + " is missing: it cannot be unknown.",
                   "the model states no frequencies to average over; " + example_of(*found));
      patient.covariates[member.key] = {{0.0}, {0.0}, where};
      continue;
    }
    CovariateCourse course;
    course.path = where;
    const std::size_t before = reader.errors();
    read_course(member.value, *found, where, reader, course);
    // A value that could not be read is not reported as missing as well.
    if (reader.errors() > before && course.value.empty()) course.time.assign(1, 0.0), course.value.assign(1, 0.0);
    patient.covariates[member.key] = std::move(course);
  }
}

namespace {

// Covariates that the equations, or a product by body surface, read.
std::set<std::size_t> used_covariates(const CompiledModel& model) {
  const std::vector<Covariate>& covariates = model.model->covariates;
  std::set<std::size_t> used;
  for (const int i : model.required) used.insert(static_cast<std::size_t>(i));
  for (const Product& product : model.model->products)
    for (std::size_t i = 0; i < covariates.size(); ++i)
      if (product.per_area && covariates[i].name == product.area) used.insert(i);
  return used;
}

const ComputedCovariate* computed_of(const CompiledModel& model, std::size_t i) {
  for (const ComputedCovariate& computed : model.computed)
    if (computed.covariate == static_cast<int>(i)) return &computed;
  return nullptr;
}

// What would have to be given for covariate `i`: itself, or the inputs of its formula that are lacking. `known` ones, and those
// seen already, are not looked at.
void lacking_for(const CompiledModel& model, std::vector<bool>& known, std::size_t i, std::set<std::size_t>& lacking) {
  if (known[i]) return;
  known[i] = true;
  const ComputedCovariate* computed = computed_of(model, i);
  if (computed == nullptr) {
    lacking.insert(i);
    return;
  }
  for (const int j : computed->needs) lacking_for(model, known, static_cast<std::size_t>(j), lacking);
}

}  // namespace

void check_covariates(const CompiledModel& model, const Patient& patient, const std::string& path, Reader& reader) {
  const std::vector<Covariate>& covariates = model.model->covariates;
  std::vector<bool> known(covariates.size(), false);
  for (std::size_t i = 0; i < covariates.size(); ++i)
    known[i] = patient.covariates.count(covariates[i].name) > 0 || covariates[i].when_unknown.has_value() ||
               covariates[i].from_doses || !covariates[i].frequencies.empty() || covariates[i].input;
  for (const ComputedCovariate& computed : model.computed) {  // in an order in which formulas may feed formulas
    const bool ready =
        std::all_of(computed.needs.begin(), computed.needs.end(), [&](int j) { return known[static_cast<std::size_t>(j)]; });
    if (ready) known[static_cast<std::size_t>(computed.covariate)] = true;
  }
  std::set<std::size_t> named;
  for (const std::size_t i : used_covariates(model)) {
    if (known[i] || named.count(i) > 0) continue;
    std::set<std::size_t> lacking;
    std::vector<bool> seen = known;
    lacking_for(model, seen, i, lacking);
    if (lacking.count(i) > 0) {
      named.insert(i);
      reader.error("patient.missing_covariate", json::child(path, covariates[i].name), titled(covariates[i]) + " is missing.",
                   example_of(covariates[i]));
      continue;
    }
    std::vector<std::string> words;
    bool news = false;
    for (const std::size_t j : lacking) {
      words.push_back(titled(covariates[j]));
      news = named.insert(j).second || news;
    }
    if (news)
      reader.error("patient.missing_covariate", json::child(path, covariates[i].name),
                   titled(covariates[i]) + " is missing; it can be computed when these are given: " + list_of(words) + ".",
                   "give " + covariates[i].name + " in " + covariates[i].unit.text + ", or what it is computed from");
  }
}

}  // namespace titrate
