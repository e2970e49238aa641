// Named structures: the states and equations they stand for, and what is said about a wrong argument.

#include <doctest/doctest.h>

#include <algorithm>

#include "support/written_models.hpp"

using namespace titrate;
using namespace titrate::support;

namespace {

const std::string parameters = R"("parameters": {
  "CL": { "value": "4 [L/h]" }, "V": { "value": "30 [L]" }, "Q": { "value": "7 [L/h]" }, "V2": { "value": "55 [L]" },
  "ka": { "value": "0.8 [1/h]" }, "k": { "value": "0.1 [1/h]" }, "MTT": { "value": "3 [h]" }, "Vmax": { "value": "10 [mg/h]" },
  "Km": { "value": "2 [mg/L]" }, "C50": { "value": "3 [mg/L]" }, "base": { "value": "5 [1e9/L]" }, "g": { "value": 0.2 },
  "R0": { "value": "1 [mg/L]" }, "kon": { "value": "9 [L/mg/h]" }, "score": { "value": 40 }, "rate": { "value": "4 [1/h]" } },)";

std::string with(const std::string& structure, const std::string& further = "") {
  return parameters + "\"structure\": { " + structure + " }," + further +
         R"( "outputs": { "y": { "label": "y", "value": "1", "unit": "1" } })";
}

const std::string one = R"("one_compartment": { "CL": "CL", "V": "V" })";
const std::string Cc = R"("derived": { "Cc": { "value": "central / V", "unit": "mg/L" } },)";

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("an argument may be an expression, and stands in parentheses") {
  const Model model = model_of(with(R"("one_compartment": { "CL": "2 * CL", "V": "V", "ka": "1.5 [1/h]" })"));
  CHECK(derivative_of(model, "central") == "-((2 * CL) / V) * central + 1.5 [1/h] * depot");
}

TEST_CASE("elimination after Michaelis and Menten stands alone or beside a clearance") {
  const Model alone = model_of(with(R"("one_compartment": { "V": "V" }, "michaelis_menten": { "Vmax": "Vmax", "Km": "Km" })"));
  CHECK(derivative_of(alone, "central") == "-Vmax * central / (Km * V + central)");
  CHECK(alone.structure == "one compartment, Michaelis-Menten elimination");
  const Model both = model_of(with(R"("two_compartments": { "CL": "CL", "V1": "V", "Q": "Q", "V2": "V2" },
                                      "michaelis_menten": { "Vmax": "Vmax", "Km": "Km" })"));
  CHECK(derivative_of(both, "central") ==
        "-(CL / V) * central - Vmax * central / (Km * V + central) - (Q / V) * central + (Q / V2) * peripheral");
  const Diagnostic none = complaint_about(with(R"("one_compartment": { "V": "V" })"));
  CHECK(none.code == "model.missing");
  CHECK(none.path == "/structure/one_compartment");
  CHECK(none.hint.find("michaelis_menten") != std::string::npos);
}

TEST_CASE("an Erlang absorption is a row of equal stages, the first of which takes the dose") {
  const Model model = model_of(with(one + R"(, "erlang_absorption": { "ktr": "ka", "stages": 3 })"));
  CHECK(states_of(model) == Names{"depot", "depot_2", "depot_3", "central"});
  CHECK(derivative_of(model, "depot") == "-ka * depot");
  CHECK(derivative_of(model, "depot_2") == "ka * depot - ka * depot_2");
  CHECK(derivative_of(model, "central") == "-(CL / V) * central + ka * depot_3");
  CHECK(model.structure == "one compartment, Erlang absorption, 3 stages");
  const Model with_ka = model_of(with(one + R"(, "erlang_absorption": { "MTT": "MTT", "stages": 2, "ka": "ka" })"));
  CHECK(states_of(with_ka) == Names{"depot", "depot_2", "absorbing", "central"});
  CHECK(derivative_of(with_ka, "absorbing") == "(2 / MTT) * depot_2 - ka * absorbing");
  CHECK(complaint_about(with(one + R"(, "erlang_absorption": { "ktr": "ka", "MTT": "MTT", "stages": 3 })")).path ==
        "/structure/erlang_absorption/MTT");
  const Diagnostic part = complaint_about(with(one + R"(, "erlang_absorption": { "ktr": "ka", "stages": 2.5 })"));
  CHECK(part.path == "/structure/erlang_absorption/stages");
  CHECK(part.hint.find("transit") != std::string::npos);
}

TEST_CASE("structures of one kind stand in a list and have names") {
  const Model dual =
      model_of(with(one + R"(, "first_order_absorption": [ { "ka": "ka", "name": "fast" }, { "ka": "k", "name": "slow" } ])"));
  CHECK(states_of(dual) == Names{"fast", "slow", "central"});
  CHECK(derivative_of(dual, "central") == "-(CL / V) * central + ka * fast + k * slow");
  const Model two_drugs = model_of(with(
      R"("one_compartment": [ { "CL": "CL", "V": "V", "ka": "ka", "name": "A" }, { "CL": "Q", "V": "V2", "unit": "umol", "name": "B" } ],
                                           "michaelis_menten": { "Vmax": "Vmax", "Km": "Km", "from": "A_central" })"));
  CHECK(states_of(two_drugs) == Names{"A_depot", "A_central", "B_central"});
  CHECK(two_drugs.states[2].unit.text == "umol");
  CHECK(derivative_of(two_drugs, "B_central") == "-(Q / V2) * B_central");
  const std::string two =
      R"("one_compartment": [ { "CL": "CL", "V": "V", "name": "A" }, { "CL": "Q", "V": "V2", "name": "B" } ])";
  CHECK(complaint_about(with(two + R"(, "michaelis_menten": { "Vmax": "Vmax", "Km": "Km" })")).path ==
        "/structure/michaelis_menten");
  const Diagnostic wrong = complaint_about(with(two + R"(, "first_order_absorption": { "ka": "ka", "into": "C_central" })"));
  CHECK(wrong.path == "/structure/first_order_absorption/into");
  CHECK(
      complaint_about(
          with(one + R"(, "effect_compartment": [ { "ke0": "k", "driven_by": "Cc" }, { "ke0": "ka", "driven_by": "Cc" } ])", Cc))
          .code == "model.duplicate_name");
}

TEST_CASE("a metabolite is formed from what the parent loses, by one way or by all") {
  const std::string parent = R"("one_compartment": { "CL": "CL", "V": "V" }, "michaelis_menten": { "Vmax": "Vmax", "Km": "Km" })";
  const auto formed = [&](const std::string& of) {
    return derivative_of(model_of(with(parent + R"(, "metabolite": { "CL": "Q", "V": "V2", "fraction": "g")" + of + "}")),
                         "metabolite");
  };
  CHECK(formed("") == "-(Q / V2) * metabolite + g * ((CL / V) * central + Vmax * central / (Km * V + central))");
  CHECK(formed(R"(, "of": "CL")") == "-(Q / V2) * metabolite + g * (CL / V) * central");
  const Model chain = model_of(with(one + R"(, "metabolite": [ { "CL": "Q", "V": "V2", "fraction": 1, "name": "M1" },
                                                                { "CL": "CL", "V": "V2", "fraction": "0.5", "from": "M1", "name": "M2" } ])"));
  CHECK(derivative_of(chain, "M2") == "-(CL / V2) * M2 + 0.5 * (Q / V2) * M1");
  const Model own = model_of(with(R"("one_compartment": { "CL": "CL", "V": "V", "name": "P" },
                                     "two_compartments": { "CL": "CL", "V1": "V", "Q": "Q", "V2": "V2", "name": "M", "unit": "umol" },
                                     "metabolite": { "from": "P_central", "into": "M_central", "fraction": "1 [umol/mg]" })"));
  CHECK(derivative_of(own, "M_central") ==
        "-(CL / V) * M_central - (Q / V) * M_central + (Q / V2) * M_peripheral + 1 [umol/mg] * (CL / V) * P_central");
  CHECK(
      complaint_about(
          with(
              R"("one_compartment": [ { "CL": "CL", "V": "V", "name": "P" }, { "CL": "CL", "V": "V", "name": "M", "unit": "umol" } ],
                                "metabolite": { "from": "P_central", "into": "M_central", "fraction": 1 })"))
          .path == "/structure/metabolite/fraction");
}

TEST_CASE("an induced enzyme multiplies the elimination that it acts on") {
  const std::string enzyme = R"("autoinduction": { "kenz": "k", "Emax": 2, "EC50": "C50", "driven_by": "Cc")";
  const Model model = model_of(with(one + ", " + enzyme + "}", Cc));
  CHECK(states_of(model) == Names{"central", "enzyme"});
  CHECK(model.states[1].initial.text == "1");
  CHECK(derivative_of(model, "central") == "-(CL * enzyme / V) * central");
  CHECK(derivative_of(model, "enzyme") == "k * (1 + 2 * Cc / (C50 + Cc) - enzyme)");
  const std::string both = one + R"(, "michaelis_menten": { "Vmax": "Vmax", "Km": "Km" }, )" + enzyme;
  CHECK(complaint_about(with(both + "}", Cc)).code == "model.missing");
  CHECK(derivative_of(model_of(with(both + R"(, "acts_on": "Vmax" })", Cc)), "central") ==
        "-(CL / V) * central - Vmax * enzyme * central / (Km * V + central)");
}

TEST_CASE("a response has the unit of its baseline, and an effect compartment that of what drives it") {
  const Model model = model_of(with(one + R"(,
    "effect_compartment": { "ke0": "k", "driven_by": "Cc" },
    "indirect_response": { "type": "I", "kin": "k * base", "kout": "k", "Imax": 1, "IC50": "C50", "driven_by": "effect" },
    "turnover": { "baseline": "score", "kout": "k", "production": "1 + response / base", "loss": "1 + g" })",
                                    Cc));
  CHECK(states_of(model) == Names{"central", "effect", "response", "turnover"});
  CHECK(model.states[1].unit.text == "mg/L");
  CHECK(describe(model.states[2].unit.dimension) == "1/L");
  CHECK(model.states[3].unit.dimension.none());
  CHECK(model.states[2].initial.text == "((k * base) / k)");
  CHECK(derivative_of(model, "effect") == "k * (Cc - effect)");
  CHECK(derivative_of(model, "response") == "(k * base) * (1 - 1 * effect / (C50 + effect)) - k * response");
  CHECK(derivative_of(model, "turnover") == "(k * score) * (1 + response / base) - k * (1 + g) * turnover");
  CHECK(compile(std::make_shared<Model>(model)));
}

TEST_CASE("the four indirect responses act on production or on loss") {
  const auto rate = [](const std::string& type, const std::string& effect) {
    return derivative_of(model_of(with(one + R"(, "indirect_response": { "type": ")" + type + R"(", "kin": "k", "kout": "k", )" +
                                           effect + R"(, "driven_by": "Cc" })",
                                       Cc)),
                         "response");
  };
  const std::string inhibits = R"("Imax": "g", "IC50": "C50")", stimulates = R"("Emax": "g", "EC50": "C50")";
  CHECK(rate("I", inhibits) == "k * (1 - g * Cc / (C50 + Cc)) - k * response");
  CHECK(rate("II", inhibits) == "k - k * (1 - g * Cc / (C50 + Cc)) * response");
  CHECK(rate("III", stimulates) == "k * (1 + g * Cc / (C50 + Cc)) - k * response");
  CHECK(rate("IV", stimulates + R"(, "gamma": 2)") ==
        "k - k * (1 + g * max(Cc / C50, 0)^2 / (1 + max(Cc / C50, 0)^2)) * response");
  const auto missing = read_sections(with(
      one + R"(, "indirect_response": { "type": "I", "kin": "k", "kout": "k", "Emax": 1, "EC50": "C50", "driven_by": "Cc" })",
      Cc));
  REQUIRE(!missing);
  CHECK(missing.diagnostics().front().message == "Type I inhibits.");
}

TEST_CASE("an output may drive an effect as well as a derived quantity does") {
  const Model model = model_of(parameters + R"("structure": { "one_compartment": { "CL": "CL", "V": "V" },
    "effect_compartment": { "ke0": "k", "driven_by": "Cp" } },
    "outputs": { "Cp": { "label": "Plasma", "value": "central / V", "unit": "ug/L" } })");
  CHECK(derivative_of(model, "effect") == "k * ((central / V) - effect)");
  CHECK(model.states[1].unit.text == "ug/L");
}

TEST_CASE("the Friberg chain is what the papers write") {
  const std::string chain =
      R"("friberg": { "baseline": "base", "MTT": "MTT", "gamma": "g", "transits": 2, "drug_effect": "0.1 [L/mg] * Cc")";
  const Model model = model_of(with(one + ", " + chain + "}", Cc));
  CHECK(states_of(model) == Names{"central", "prol", "transit_1", "transit_2", "circ"});
  CHECK(derivative_of(model, "prol") == "(3 / MTT) * prol * (1 - (0.1 [L/mg] * Cc)) * (base / circ)^g - (3 / MTT) * prol");
  CHECK(derivative_of(model, "circ") == "(3 / MTT) * transit_2 - (3 / MTT) * circ");
  CHECK(model.states[4].initial.text == "base");
  CHECK(states_of(model_of(with(one + ", " + chain + R"(, "name": "plt" })", Cc)))[4] == "plt_circ");
}

TEST_CASE("target-mediated disposition takes one of four forms") {
  const auto tmdd = [&](const std::string& arguments) { return with(one + R"(, "tmdd": { "form": )" + arguments + "}"); };
  const Model full = model_of(tmdd(R"("full", "kon": "kon", "koff": "k", "kint": "k", "kdeg": "ka", "baseline": "R0")"));
  CHECK(states_of(full) == Names{"central", "receptor", "complex"});
  CHECK(derivative_of(full, "central") == "-(CL / V) * central - kon * receptor * central + k * complex * V");
  CHECK(describe(full.states[1].unit.dimension) == "mg/L");
  const Model qss = model_of(tmdd(R"("qss", "Kss": "C50", "kint": "k", "kdeg": "ka", "ksyn": "ka * R0")"));
  CHECK(states_of(qss) == Names{"central", "target"});
  CHECK(derivative_of(qss, "central") == "-CL * C_free - k * (C_total - C_free) * V");
  CHECK(derivative_of(qss, "target") == "(ka * R0) - ka * target - (k - ka) * (C_total - C_free)");
  const Model wagner = model_of(tmdd(R"("wagner", "Kss": "C50", "kint": "k", "baseline": "R0")"));
  CHECK(states_of(wagner) == Names{"central"});
  const Model mm = model_of(tmdd(R"("mm", "Kss": "C50", "kint": "k", "baseline": "R0")"));
  CHECK(derivative_of(mm, "central") == "-(CL / V) * central - k * R0 * central / (C50 + (central / V))");
  CHECK(complaint_about(tmdd(R"("wagner", "Kss": "C50", "kint": "k", "kdeg": "k", "baseline": "R0")")).path ==
        "/structure/tmdd/kdeg");
  CHECK(complaint_about(tmdd(R"("qss", "kon": "kon", "Kss": "C50", "kint": "k", "kdeg": "k", "baseline": "R0")")).path ==
        "/structure/tmdd/kon");
}

TEST_CASE("a wrong unit of an argument is reported at the argument") {
  const auto wrong = [&](const std::string& structure, const std::string& path, const std::string& words) {
    const Diagnostic d = complaint_about(with(structure, Cc));
    CHECK(d.code == "expr.unit_mismatch");
    CHECK(d.path == "/structure/" + path);
    CHECK_MESSAGE(d.message.find(words) != std::string::npos, d.message);
  };
  wrong(R"("one_compartment": { "CL": "k", "V": "V" })", "one_compartment/CL", "should have the unit 1/h");
  wrong(R"("one_compartment": { "CL": "CL", "V": "V", "ka": "MTT" })", "one_compartment/ka", "\"ka\" should have the unit 1/h");
  wrong(R"("two_compartments": { "CL": "CL", "V1": "V", "Q": "Q", "V2": "k" })", "two_compartments/V2", "the expression has");
  wrong(one + R"(, "michaelis_menten": { "Vmax": "CL", "Km": "Km" })", "michaelis_menten/Vmax", "mg/h");
  wrong(one + R"(, "michaelis_menten": { "Vmax": "Vmax", "Km": "V" })", "michaelis_menten/Km", "mg");
  wrong(one + R"(, "effect_compartment": { "ke0": "MTT", "driven_by": "Cc" })", "effect_compartment/ke0", "1/h");
  wrong(one + R"(, "indirect_response": { "type": "I", "kin": "k", "kout": "k", "Imax": 1, "IC50": "k", "driven_by": "Cc" })",
        "indirect_response/IC50", "no unit");
  wrong(one + R"(, "friberg": { "baseline": "base", "MTT": "k", "gamma": "g", "drug_effect": "g" })", "friberg/MTT", "unit h");
  wrong(one + R"(, "friberg": { "baseline": "base", "MTT": "MTT", "gamma": "g", "drug_effect": "Cc" })", "friberg/drug_effect",
        "no unit");
  wrong(one + R"(, "tmdd": { "form": "wagner", "Kss": "C50", "kint": "k", "baseline": "base" })", "tmdd/baseline", "mg");
}

TEST_CASE("a name that is unknown in an argument is reported at the argument, with the nearest one") {
  const Diagnostic bare = complaint_about(with(R"("one_compartment": { "CL": "Cl", "V": "V" })"));
  CHECK(bare.path == "/structure/one_compartment/CL");
  CHECK(bare.hint.find("CL") != std::string::npos);
  const Diagnostic inside = complaint_about(with(R"("one_compartment": { "CL": "2 * Cl", "V": "V" })"));
  CHECK(inside.path == "/structure/one_compartment/CL");
  CHECK(inside.hint.find("CL") != std::string::npos);
  CHECK(complaint_about(with(one + R"(, "effect_compartment": { "ke0": "k", "driven_by": "Cx" })", Cc)).path ==
        "/structure/effect_compartment/driven_by");
}

TEST_CASE("an absorption that has no states is sent to the route") {
  const Diagnostic d = complaint_about(with(one + R"(, "transit_absorption": { "n": 3, "MTT": "MTT" })"));
  CHECK(d.path == "/structure/transit_absorption");
  CHECK(d.hint.find("in the route") != std::string::npos);
}

namespace {

std::string routed(const std::string& route) {
  return with(R"("one_compartment": { "CL": "CL", "V": "V", "ka": "ka" })", "\"routes\": { \"oral\": " + route + " },");
}

}  // namespace

TEST_CASE("a route absorbs by a duration, a rate or a density, and is then not infused") {
  const Route zero = model_of(routed(R"({ "into": "central", "duration": "MTT" })")).routes[0];
  CHECK(zero.entries[0].duration->text == "MTT");
  CHECK_FALSE(zero.allows_infusion);
  CHECK(model_of(routed(R"({ "into": "central", "zero_order": "MTT", "infusion": true })")).routes[0].allows_infusion);
  CHECK(model_of(routed(R"({ "into": "central", "rate": "Vmax" })")).routes[0].entries[0].rate->text == "Vmax");
  const Route transit = model_of(routed(R"({ "into": "depot", "transit": { "n": 3, "MTT": "MTT" } })")).routes[0];
  CHECK(transit.entries[0].profile->text ==
        "((3 + 1) / MTT) * exp(3 * log(max(((3 + 1) / MTT) * tad, 1e-300)) - ((3 + 1) / MTT) * tad - lgamma(3 + 1))");
  const Route own = model_of(routed(R"({ "into": "depot", "profile": "exp(-k * tad) * k" })")).routes[0];
  CHECK(own.entries[0].profile->text == "exp(-k * tad) * k");
}

TEST_CASE("what an entry says of its absorption replaces what the route says") {
  const Route both = model_of(routed(R"({ "into": [ { "state": "depot", "bioavailability": "g" },
    { "state": "central", "bioavailability": "1 - g", "duration": "MTT" } ], "transit": { "n": 2, "MTT": "MTT" }, "lag": "0.5 [h]" })"))
                         .routes[0];
  REQUIRE(both.entries.size() == 2);
  CHECK(both.entries[0].profile);
  CHECK(both.entries[1].duration);
  CHECK_FALSE(both.entries[1].profile);
  CHECK(both.entries[1].lag.text == "0.5 [h]");
}

TEST_CASE("two absorptions of one dose, or an infusion along a profile, are refused") {
  CHECK(complaint_about(routed(R"({ "into": "depot", "duration": "MTT", "rate": "Vmax" })")).path == "/routes/oral/rate");
  CHECK(complaint_about(routed(R"({ "into": "depot", "transit": { "n": 1, "MTT": "MTT" }, "infusion": true })")).path ==
        "/routes/oral/infusion");
  CHECK(complaint_about(routed(R"({ "into": [ "depot", { "state": "central", "sets_to": "1 [mg]", "duration": "MTT" } ] })"))
            .path == "/routes/oral/into/1/duration");
}

TEST_CASE("a wrong unit in an absorption is reported at its argument") {
  const Diagnostic mean = complaint_about(routed(R"({ "into": "depot", "transit": { "n": 1, "MTT": "k" } })"));
  CHECK(mean.path == "/routes/oral/transit/MTT");
  CHECK(mean.message.find("should have the unit h") != std::string::npos);
  CHECK(complaint_about(routed(R"({ "into": "depot", "transit": { "n": "CL", "MTT": "MTT" } })")).path ==
        "/routes/oral/transit/n");
  CHECK(complaint_about(routed(R"({ "into": "depot", "weibull": { "scale": "CL", "shape": 1 } })")).path ==
        "/routes/oral/weibull/scale");
}

TEST_CASE("tad is a word of absorption alone") {
  const Diagnostic used = complaint_about(with(R"("one_compartment": { "CL": "exp(-tad / MTT) * CL", "V": "V" })"));
  CHECK(used.path == "/structure/one_compartment/CL");
  CHECK(used.hint.find("profile") != std::string::npos);
  CHECK(complaint_about(with(one, R"("derived": { "tad": "1" },)")).code == "model.bad_name");
}

TEST_CASE("a score becomes probabilities that stand still between steps, and transitions that leave what stays") {
  const Model model =
      model_of(with(one, R"("scores": { "hfs": { "levels": ["0", "1", "2"], "step": "1 week", "start": [0.9, 0.1, 0],
    "to": { "0": { "1": "0.1 + g", "2": 0.05 }, "1": { "0": 0.3 } } } },)"));
  CHECK(states_of(model) == Names{"central", "hfs_0", "hfs_1", "hfs_2"});
  CHECK(model.states[1].initial.text == "0.9");
  CHECK(derivative_of(model, "hfs_2") == "0");
  const auto derived = [&](const std::string& name) {
    for (const Intermediate& i : model.derived)
      if (i.name == name) return i.value.text;
    return std::string("none");
  };
  CHECK(derived("hfs_0_to_1") == "0.1 + g");
  CHECK(derived("hfs_0_to_0") == "1 - hfs_0_to_1 - hfs_0_to_2");
  CHECK(derived("hfs_2_to_2") == "1");
  CHECK(derived("hfs") == "0 * hfs_0 + 1 * hfs_1 + 2 * hfs_2");
  CHECK(derived("hfs_at_least_1") == "hfs_1 + hfs_2");
  REQUIRE(model.events.size() == 1);
  CHECK(model.events[0].every->text == "168 [h]");
  REQUIRE(model.events[0].set.size() == 3);
  CHECK(model.events[0].set[0].second.text == "hfs_0 * hfs_0_to_0 + hfs_1 * hfs_1_to_0");
  CHECK(model.events[0].set[2].second.text == "hfs_2 * hfs_2_to_2 + hfs_0 * hfs_0_to_2");
}

TEST_CASE("a score that leaves something open is refused at its place") {
  const auto wrong = [](const std::string& score, const std::string& path) {
    CHECK(complaint_about(with(one, "\"scores\": { \"s\": {" + score + "} },")).path == "/scores/s" + path);
  };
  wrong(R"("levels": ["0"], "step": "1 day", "start": [1], "to": {})", "/levels");
  wrong(R"("levels": ["0", "1"], "step": "1 day", "start": [0.5, 0.4], "to": {})", "/start");
  wrong(R"("levels": ["0", "1"], "step": "1 mg", "start": [1, 0], "to": {})", "/step");
  wrong(R"("levels": ["0", "1"], "step": "1 day", "start": [1, 0], "to": { "0": { "0": 0.5 } })", "/to/0/0");
  wrong(R"("levels": ["0", "1"], "step": "1 day", "start": [1, 0], "to": { "0": { "2": 0.5 } })", "/to/0/2");
  wrong(R"("levels": ["0", "1"], "step": "1 day", "start": [1, 0], "to": { "0": { "1": "CL" } })", "/to/0/1");
}

TEST_CASE("anything that is not a structure is reported at its key and never crashes") {
  for (const std::string key : {"one_compartment", "two_compartments", "three_compartments", "first_order_absorption",
                                "erlang_absorption", "michaelis_menten", "tmdd", "autoinduction", "metabolite",
                                "effect_compartment", "indirect_response", "turnover", "friberg"}) {
    for (
        const std::string value :
        {"null", "true", "3", "\"CL\"", "[3]", "[[]]", "{}", R"({ "name": 3 })", R"({ "unit": "furlong" })",
         R"({ "CL": {}, "V": [] })", R"({ "CL": "V +", "V": "", "V1": "", "Q": "(", "V2": "1", "Q2": "1", "V3": "1" })",
         R"({ "ka": "1 [1/h]", "into": "nowhere", "from": 3, "of": [], "stages": "3", "transits": -1, "form": 3, "type": "V" })"}) {
      CAPTURE(key);
      CAPTURE(value);
      const auto alone = read_sections(with("\"" + key + "\": " + value));
      REQUIRE(!alone);
      const auto beside =
          read_sections(with("\"" + key + "\": " + value +
                             ", \"two_compartments\": { \"CL\": \"CL\", \"V1\": \"V\", \"Q\": \"Q\", \"V2\": \"V2\" }"));
      REQUIRE(!beside);
      for (const Diagnostics& all : {alone.diagnostics(), beside.diagnostics()})
        for (const Diagnostic& d : all)
          CHECK_MESSAGE((d.path == "/structure" || d.path.rfind("/structure/" + key, 0) == 0),
                        d.code << " " << d.path << ": " << d.message);
    }
  }
}
