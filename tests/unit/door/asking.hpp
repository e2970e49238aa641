// A small model and the way tests knock at the door: one compartment, CL = 1 L/h and V = 10 L for a person of 70 kg, results in
// days and ng/mL, so that every conversion of the door shows.

#pragma once

#include <doctest/doctest.h>

#include <stdexcept>
#include <string>

#include "base/json.hpp"
#include "engine.hpp"

namespace titrate::door_tests {

inline const char* const model_text = R"json({
  "format": "titrate-model/1", "id": "one", "version": "1", "title": "One compartment", "drug": { "name": "testin", "molar_mass": "500 g/mol" },
  "source": { "citation": "none: made for tests" }, "time_unit": "day",
  "population": { "n": 1, "about": "nobody" },
  "covariates": {
    "WT": { "label": "Body weight", "unit": "kg", "studied": [40, 100], "plausible": [25, 300] },
    "SCR": { "label": "Serum creatinine", "unit": "mg/dL", "plausible": [0.1, 20], "when_unknown": "1 mg/dL" },
    "age": { "label": "Age", "unit": "year", "plausible": [0, 120], "continues": "advance" },
    "RF": { "label": "Renal function", "unit": "mL/min", "from": "cockcroft_gault(age, WT, SCR, 0)" } },
  "parameters": { "TVCL": { "value": "1 [L/h]", "label": "Clearance", "read": "made up" }, "TVV": { "value": "10 [L]", "label": "Volume", "read": "made up" } },
  "random_effects": { "eta_CL": { "variance": 0.09, "read": "made up" } },
  "individual": { "CL": { "value": "TVCL * (WT / 70 [kg]) * exp(eta_CL)", "unit": "L/h", "label": "Clearance" }, "V": { "value": "TVV", "unit": "L", "label": "Volume" } },
  "structure": { "one_compartment": { "CL": "CL", "V": "V" } },
  "routes": { "iv": { "label": "Intravenous", "into": "central", "infusion": true, "bolus": true } },
  "outputs": { "Cc": { "label": "Testin", "matrix": "plasma", "value": "central / V", "unit": "ng/mL", "error": { "additive": "500 [ng/mL]", "read": "made up" } } },
  "worked_cases": [ { "label": "exponential", "covariates": { "WT": 70 }, "regimen": "10 mg once",
                      "expect": { "Cc": { "10 h": 367.879441171, "max 0 to 24 h": 1000, "auc 0 to 10 h": 263.383566 }, "parameters": { "CL": 1 } } } ]
})json";

// `text` with its first `from` replaced; it must be there.
inline std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const std::size_t place = text.find(from);
  if (place == std::string::npos) throw std::out_of_range("no " + from);
  return text.replace(place, from.size(), to);
}

inline json::Value model() { return *json::parse(model_text); }
inline json::Value ask(const json::Value& request) { return *json::parse(call(json::write(request))); }

// A request about 70 kg and one dose of 10 mg at 0 h; `more` are further members of the request, `patient` of the patient.
inline json::Value request(const std::string& verb, const std::string& patient = "", const std::string& more = "") {
  const std::string person = R"({"covariates":{"WT":"70 kg"},"doses":[{"time":"0 h","amt":"10 mg"}],"observations":[]})";
  return *json::parse(R"({"verb":")" + verb + R"(","model":)" + model_text + R"(,"patient":)" +
                      (patient.empty() ? person : patient) + (more.empty() ? "" : "," + more) + "}");
}

// The value at a path of keys and indices: at(response, "result", "time", "0").
template <class... Keys>
const json::Value& at(const json::Value& value, const Keys&... keys) {
  const json::Value* here = &value;
  for (const std::string& key : {std::string(keys)...}) {
    const json::Value* next = here->is_array() ? &here->array().at(static_cast<std::size_t>(std::stoul(key))) : here->find(key);
    if (next == nullptr) throw std::out_of_range("no " + key);
    here = next;
  }
  return *here;
}

inline bool ok(const json::Value& response) { return at(response, "ok").boolean(); }

// "code path" of every diagnostic.
inline std::string complaints(const json::Value& response) {
  std::string all;
  for (const json::Value& d : at(response, "diagnostics").array())
    all += (all.empty() ? "" : "; ") + at(d, "code").string() + " " + at(d, "path").string();
  return all;
}

}  // namespace titrate::door_tests
