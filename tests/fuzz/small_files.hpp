// Three small model files for requests that are fuzzed: in a request, "@oral" stands for the first, and so on.

#pragma once

namespace titrate::fuzz {

struct SmallFile {
  const char* name;
  const char* text;
};

// clang-format off

// Linear, one compartment, absorption with a lag, a covariate and a tablet.
constexpr const char* oral_file = R"json({
  "format": "titrate-model/1",
  "id": "oral",
  "version": "1",
  "title": "oral",
  "drug": {"name": "x"},
  "source": {"citation": "none", "doi": "none"},
  "time_unit": "h",
  "population": {"about": "nobody"},
  "covariates": {"WT": {"label": "Weight", "unit": "kg", "studied": [40, 120], "plausible": [1, 400]}},
  "parameters": {
    "TVCL": {"value": "5 [L/h]", "read": "-"},
    "TVV": {"value": "50 [L]", "read": "-"},
    "TVka": {"value": "1 [1/h]", "read": "-"},
    "TVlag": {"value": "0.3 [h]", "read": "-"}
  },
  "random_effects": {"eta_CL": {"variance": 0.09, "read": "-"}, "eta_V": {"variance": 0.04, "read": "-"}},
  "individual": {
    "CL": {"value": "TVCL * (WT / 70 [kg])^0.75 * exp(eta_CL)", "unit": "L/h"},
    "V": {"value": "TVV * exp(eta_V)", "unit": "L"},
    "ka": {"value": "TVka", "unit": "1/h"},
    "tlag": {"value": "TVlag", "unit": "h"}
  },
  "equations": {
    "depot": {"unit": "mg", "derivative": "-ka * depot"},
    "central": {"unit": "mg", "derivative": "ka * depot - CL / V * central"}
  },
  "routes": {"oral": {"into": "depot", "lag": "tlag"}},
  "outputs": {
    "Cc": {"label": "Level", "value": "central / V", "unit": "mg/L", "error": {"proportional": 0.2, "additive": "0.1 [mg/L]", "combined": "variances", "read": "-"}}
  },
  "targets": [{"id": "trough", "label": "Trough", "metric": "cmin", "of": "Cc", "during": "steady state", "window": ["1 [mg/L]", "2 [mg/L]"], "source": "-"}],
  "products": [{"name": "tablet", "route": "oral", "strengths": ["50 mg"], "step": "50 mg", "smallest": "50 mg", "largest": "400 mg", "intervals": ["12 h", "24 h"], "source": "-"}],
  "serves": [{"who": "adult", "status": "studied", "note": "-"}],
  "worked_cases": [{"label": "one", "covariates": {"WT": "70 kg"}, "regimen": "100 mg every 12 h, 3 doses", "expect": {"Cc": {"12 h": 0.69}}, "tolerance": 0.1, "why": "a round number"}]
})json";

// Linear, two compartments, infusions, a covariate joined by lines.
constexpr const char* infused_file = R"json({
  "format": "titrate-model/1",
  "id": "infused",
  "version": "1",
  "title": "infused",
  "drug": {"name": "y", "molar_mass": "500 g/mol"},
  "source": {"citation": "none", "doi": "none"},
  "time_unit": "h",
  "population": {"about": "nobody"},
  "covariates": {
    "WT": {"label": "Weight", "unit": "kg"},
    "F": {"label": "Function", "unit": "mL/min", "over_time": "linear", "continues": "hold"}
  },
  "parameters": {
    "TVCL": {"value": "5 [L/h]", "read": "-"},
    "TVV": {"value": "20 [L]", "read": "-"},
    "TVQ": {"value": "3 [L/h]", "read": "-"},
    "TVV2": {"value": "30 [L]", "read": "-"}
  },
  "random_effects": {"eta_CL": {"cv": "30 %", "convert": "squared", "read": "-"}},
  "individual": {
    "CL": {"value": "TVCL * F / 100 [mL/min] * exp(eta_CL)", "unit": "L/h"},
    "V1": {"value": "TVV * WT / 70 [kg]", "unit": "L"},
    "Q": {"value": "TVQ", "unit": "L/h"},
    "V2": {"value": "TVV2", "unit": "L"}
  },
  "structure": {"two_compartments": {"CL": "CL", "V1": "V1", "Q": "Q", "V2": "V2"}},
  "routes": {"iv": {"label": "Infusion", "into": "central", "infusion": true}},
  "outputs": {
    "Cc": {"label": "Level", "value": "central / V1", "unit": "mg/L", "error": {"proportional": 0.2, "read": "-"}}
  },
  "targets": [{"id": "area", "label": "Area", "metric": "auc24", "of": "Cc", "during": "24 to 48 h", "window": ["400 [mg*h/L]", "600 [mg*h/L]"], "source": "-"}]
})json";

// Not linear, with an effect that follows; the second output has no residual error.
constexpr const char* saturable_file = R"json({
  "format": "titrate-model/1",
  "id": "saturable",
  "version": "1",
  "title": "saturable",
  "drug": {"name": "z"},
  "source": {"citation": "none", "doi": "none"},
  "time_unit": "day",
  "population": {"about": "nobody"},
  "parameters": {
    "TVVm": {"value": "20 [mg/h]", "read": "-"},
    "TVKm": {"value": "5 [mg/L]", "read": "-"},
    "TVV": {"value": "40 [L]", "read": "-"},
    "TVk": {"value": "0.1 [1/h]", "read": "-"}
  },
  "random_effects": {"eta_Vm": {"sd": 0.3, "read": "-"}},
  "individual": {
    "Vm": {"value": "TVVm * exp(eta_Vm)", "unit": "mg/h"},
    "Km": {"value": "TVKm", "unit": "mg/L"},
    "V": {"value": "TVV", "unit": "L"},
    "k": {"value": "TVk", "unit": "1/h"}
  },
  "equations": {
    "central": {"unit": "mg", "derivative": "-Vm * (central / V) / (Km + central / V)"},
    "effect": {"unit": "mg/L", "derivative": "k * (central / V - effect)", "initial": "1 [mg/L]"}
  },
  "routes": {"iv": {"into": "central", "infusion": true, "bolus": true}},
  "outputs": {
    "Cc": {"label": "Level", "value": "central / V", "unit": "mg/L", "error": {"log_additive": 0.2, "read": "-"}},
    "E": {"label": "Effect", "value": "effect", "unit": "mg/L"}
  }
})json";

// clang-format on

constexpr SmallFile small_files[] = {{"oral", oral_file}, {"infused", infused_file}, {"saturable", saturable_file}};

}  // namespace titrate::fuzz
