// The covariate calculators, evaluated through the expression language as a model would. Expected values: clinPK's published
// tests where it has one (to the digits printed there), else the paper's formula worked out apart from this code.

#include "patient/formulas.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <map>
#include <stdexcept>
#include <string>

#include "expr/lower.hpp"
#include "expr/parser.hpp"
#include "expr/typing.hpp"

using namespace titrate;

namespace {

std::map<std::string, Formula> all_formulas() {
  std::map<std::string, Formula> formulas;
  for (const auto& list : {renal_formulas(), body_formulas(), blood_formulas()})
    for (const CovariateFormula& f : list) formulas[f.name] = Formula{f.name, f.arguments, f.text, f.source};
  return formulas;
}

struct Evaluated {
  double value = 0.0;
  Dimension dimension;
  Diagnostics diagnostics;
};

Evaluated evaluate(const std::string& text) {
  Evaluated result;
  const auto parsed = parse_expression({text, ""});
  if (!parsed) return {0.0, {}, parsed.diagnostics()};
  const auto expanded = expand(*parsed, all_formulas(), "");
  if (!expanded) return {0.0, {}, expanded.diagnostics()};
  const auto dimension = type_of(*expanded, Scope{[](const std::string&) { return std::optional<Dimension>(); }, {}, false}, "");
  if (!dimension) return {0.0, {}, dimension.diagnostics()};
  result.dimension = *dimension;
  Graph graph;
  const NodeId id = lower(graph, *expanded, [](const std::string&) { return std::optional<NodeId>(); });
  if (graph[id].op != Op::constant) throw std::logic_error("no constant: " + text);
  result.value = graph[id].value;
  return result;
}

// The value of `text` in `unit`.
double in(const std::string& unit, const std::string& text) {
  const Evaluated e = evaluate(text);
  for (const Diagnostic& d : e.diagnostics) MESSAGE(d.message);
  REQUIRE(e.diagnostics.empty());
  const auto u = parse_unit(unit);
  REQUIRE(u);
  REQUIRE(e.dimension == u->dimension);
  return e.value / u->factor;
}

// Whether a covariate of this unit would accept the formula.
bool fits(const std::string& unit, const std::string& text) {
  const Evaluated e = evaluate(text);
  const auto u = parse_unit(unit);
  REQUIRE(u);
  return !has_error(e.diagnostics) && e.dimension == u->dimension;
}

// Per 1.73 m2 of body surface.
double per_173(const std::string& text) { return in("mL/min/m^2", text) * 1.73; }

doctest::Approx to(double expected, double digit) { return doctest::Approx(expected).epsilon(0.5 * digit / expected); }

}  // namespace

TEST_CASE("Cockcroft-Gault gives mL/min for the weight it is given") {
  CHECK(in("mL/min", "cockcroft_gault(40 [year], 80 [kg], 1 [mg/dL], 0)") == to(111.111, 0.001));
  CHECK(in("mL/min", "cockcroft_gault(65 [year], 60 [kg], 1 [mg/dL], 1)") == to(53.125, 0.001));
  CHECK(in("mL/min", "cockcroft_gault_ideal(40 [year], 180 [cm], 1 [mg/dL], 0)") == to(104.156, 0.001));
  CHECK(in("mL/min", "cockcroft_gault_adjusted(50 [year], 150 [kg], 180 [cm], 1 [mg/dL], 0)") == to(131.244, 0.001));
  CHECK(in("mL/min", "cockcroft_gault(40 [year], partly_adjusted_body_weight(150 [kg], 180 [cm], 0, 0.3), 1 [mg/dL], 0)") ==
        to(135.409, 0.001));
}

TEST_CASE("units of age, weight and creatinine are converted before a formula uses them") {
  const double plain = in("mL/min", "cockcroft_gault(40 [year], 80 [kg], 1 [mg/dL], 0)");
  CHECK(in("mL/min", "cockcroft_gault(40 [year], 80000 [g], 10 [mg/L], 0)") == doctest::Approx(plain).epsilon(1e-12));
  CHECK(in("mL/min", "cockcroft_gault(40 [year], 80 [kg], creatinine_mass(88.4 [umol/L]), 0)") ==
        doctest::Approx(plain).epsilon(1e-12));
}

TEST_CASE("molar creatinine is refused where a mass is meant, a height where a weight, an indexed rate where an absolute one") {
  CHECK(fits("mL/min", "cockcroft_gault(40 [year], 80 [kg], 1 [mg/dL], 0)"));
  CHECK(!fits("mL/min", "cockcroft_gault(40 [year], 80 [kg], 88.4 [umol/L], 0)"));
  CHECK(!fits("mL/min", "cockcroft_gault(40 [year], 180 [cm], 1 [mg/dL], 0)"));
  CHECK(!fits("mL/min/m^2", "ckd_epi_2021_creatinine(40 [year], 88.4 [umol/L], 0)"));
  CHECK(!fits("mL/min/m^2", "mdrd(40 [year], 88.4 [umol/L], 0)"));
  CHECK(!fits("mL/min", "ckd_epi_2021_creatinine(40 [year], 1 [mg/dL], 0)"));
}

TEST_CASE("the one creatinine constant is 88.4 umol/L per mg/dL, both ways") {
  CHECK(in("mg/dL", "creatinine_mass(176.8 [umol/L])") == doctest::Approx(2.0).epsilon(1e-14));
  CHECK(in("umol/L", "creatinine_molar(1.5 [mg/dL])") == doctest::Approx(132.6).epsilon(1e-14));
}

TEST_CASE("CKD-EPI 2021 from creatinine, on both sides of its kink") {
  CHECK(per_173("ckd_epi_2021_creatinine(80 [year], 0.8 [mg/dL], 1)") == to(74.439, 0.001));
  CHECK(per_173("ckd_epi_2021_creatinine(80 [year], 0.8 [mg/dL], 0)") == to(89.466, 0.001));
  CHECK(per_173("ckd_epi_2021_creatinine(50 [year], 1 [mg/dL], 0)") == to(91.691, 0.001));
  CHECK(per_173("ckd_epi_2021_creatinine(50 [year], 1 [mg/dL], 1)") == to(68.633, 0.001));
  CHECK(per_173("ckd_epi_2021_creatinine(50 [year], 0.9 [mg/dL], 0)") == to(104.049, 0.001));
}

TEST_CASE("CKD-EPI from cystatin C alone (2012, 0.996 a year) and with creatinine (2021)") {
  CHECK(per_173("ckd_epi_2012_cystatin_c(50 [year], 1 [mg/L], 0)") == to(80.932, 0.001));
  CHECK(per_173("ckd_epi_2012_cystatin_c(50 [year], 0.8 [mg/L], 0)") == to(133.0 * std::pow(0.996, 50.0), 1e-6));
  CHECK(per_173("ckd_epi_2021_creatinine_cystatin_c(50 [year], 1 [mg/dL], 1 [mg/L], 0)") == to(88.144, 0.001));
  CHECK(per_173("ckd_epi_2021_creatinine_cystatin_c(50 [year], 1 [mg/dL], 1 [mg/L], 1)") == to(74.036, 0.001));
}

TEST_CASE("renal maturation after Rhodin is a half at 47.7 weeks") {
  CHECK(in("1", "renal_maturation(28 [week])") == to(0.1405, 0.0001));
  CHECK(in("1", "renal_maturation(40 [week])") == to(0.3547, 0.0001));
  CHECK(in("1", "renal_maturation(47.7 [week])") == doctest::Approx(0.5).epsilon(1e-12));
  CHECK(in("1", "renal_maturation(92 [week])") == to(0.9032, 0.0001));
  CHECK(in("mL/min", "gfr_by_maturation(3.5 [kg], 40 [week])") == to(4.545, 0.001));
}

TEST_CASE("kinetic filtration falls while creatinine rises, and never below 0") {
  CHECK(in("mL/min", "kinetic_gfr(100 [mL/min], 1 [mg/dL], 1 [mg/dL], 2 [mg/dL], 24 [h])") == to(22.22, 0.01));
  CHECK(in("mL/min", "kinetic_gfr(100 [mL/min], 1 [mg/dL], 1 [mg/dL], 1 [mg/dL], 24 [h])") == doctest::Approx(100.0));
  CHECK(in("mL/min", "kinetic_gfr(100 [mL/min], 1 [mg/dL], 1 [mg/dL], 4 [mg/dL], 24 [h])") == 0.0);
}

TEST_CASE("Child-Pugh runs from 5 to 15") {
  CHECK(in("1", "child_pugh(1 [mg/dL], 4 [g/dL], 1, 0, 0)") == 5.0);
  CHECK(in("1", "child_pugh(4 [mg/dL], 2 [g/dL], 3, 2, 2)") == 15.0);
  CHECK(in("1", "child_pugh(2 [mg/dL], 3.5 [g/dL], 1.7, 1, 1)") == 10.0);
  CHECK(in("1", "child_pugh(bilirubin_mass(34.2 [umol/L]), 28 [g/L], 2.3, 0, 0)") == 8.0);
}

TEST_CASE("phenytoin is corrected for albumin after Sheiner and Tozer") {
  CHECK(in("mg/L", "phenytoin_for_albumin(8 [mg/L], 20 [g/L])") == doctest::Approx(16.0).epsilon(1e-12));
  CHECK(in("mg/L", "phenytoin_for_albumin(10 [mg/L], 4.5 [g/dL])") == doctest::Approx(10.0).epsilon(1e-12));
  CHECK(in("mg/L", "phenytoin_for_albumin_uraemia(8 [mg/L], 2 [g/dL])") == to(26.667, 0.001));
}

TEST_CASE("an indexed filtration rate times a body surface is absolute, and the surface must be named") {
  CHECK(in("mL/min", "ckd_epi_2021_creatinine(50 [year], 1 [mg/dL], 0) * bsa_dubois(140 [kg], 180 [cm])") == to(134.223, 0.001));
  CHECK(in("mL/min", "ckd_epi_2021_creatinine(50 [year], 1 [mg/dL], 0) * bsa_mosteller(140 [kg], 180 [cm])") == to(140.2, 0.1));
}

TEST_CASE("MDRD with traceable creatinine, and bedside Schwartz") {
  CHECK(per_173("mdrd(40 [year], 1 [mg/dL], 0)") == to(82.760, 0.001));
  CHECK(per_173("mdrd(40 [year], 1 [mg/dL], 0)") * 1.212 == to(100.305, 0.001));
  CHECK(per_173("mdrd(40 [year], 1 [mg/dL], 1)") / per_173("mdrd(40 [year], 1 [mg/dL], 0)") == doctest::Approx(0.742));
  CHECK(per_173("bedside_schwartz(50 [cm], 0.5 [mg/dL])") == to(41.3, 0.1));
  CHECK(per_173("bedside_schwartz(1.2 [m], 0.5 [mg/dL])") == to(99.12, 0.01));
}

TEST_CASE("body surface by Mosteller, DuBois and Haycock") {
  CHECK(in("m^2", "bsa_mosteller(80 [kg], 180 [cm])") == doctest::Approx(2.0).epsilon(1e-12));
  CHECK(in("m^2", "bsa_dubois(80 [kg], 180 [cm])") == to(1.996, 0.001));
  CHECK(in("m^2", "bsa_haycock(80 [kg], 180 [cm])") == to(2.007, 0.001));
}

TEST_CASE("ideal and adjusted body weight, body mass index") {
  CHECK(in("kg", "ideal_body_weight(160 [cm], 0)") == to(56.881890, 1e-6));
  CHECK(in("kg", "ideal_body_weight(160 [cm], 1)") == to(52.381890, 1e-6));
  CHECK(in("kg", "ideal_body_weight(180 [cm], 0)") == to(74.992, 0.001));
  CHECK(in("kg", "adjusted_body_weight(80 [kg], 180 [cm], 0)") == to(76.995, 0.001));
  CHECK(in("kg/m^2", "bmi(80 [kg], 180 [cm])") == to(24.691, 0.001));
}

TEST_CASE("fat-free mass after Janmahasatian") {
  CHECK(in("kg", "fat_free_mass(80 [kg], 150 [cm], 0)") == to(51.643454, 1e-6));
  CHECK(in("kg", "fat_free_mass(80 [kg], 180 [cm], 0)") == to(61.731, 0.001));
  CHECK(in("kg", "fat_free_mass(60 [kg], 160 [cm], 1)") == to(38.362, 0.001));
  CHECK(in("kg", "fat_free_mass_of_age(80 [kg], 150 [cm], 20 [year], 0)") == to(51.605376, 1e-6));
}

TEST_CASE("every formula states its source") {
  for (const auto& named : all_formulas()) {
    CAPTURE(named.first);
    CHECK(!named.second.source.empty());
  }
}
