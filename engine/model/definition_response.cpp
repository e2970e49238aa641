// Responses by name: what follows a concentration or another quantity C with a delay.
//
//   effect compartment   d effect = ke0 (C - effect)
//   indirect response    I    d response = kin (1 - I(C)) - kout response          I(C) = Imax C / (IC50 + C)
//                        II   d response = kin - kout (1 - I(C)) response
//                        III  d response = kin (1 + E(C)) - kout response          E(C) = Emax C / (EC50 + C)
//                        IV   d response = kin - kout (1 + E(C)) response          response(0) = kin / kout
//   turnover             d turnover = kin * production - kout * loss * turnover, with any two expressions
//   Friberg chain        d prol = ktr prol (1 - drug_effect) (baseline / circ)^gamma - ktr prol
//                        d transit_i = ktr (before - transit_i),  d circ = ktr transit_n - ktr circ,  ktr = (n + 1) / MTT
//
// References: Sheiner 1979, Clin Pharmacol Ther 25:358; Dayneka 1993, J Pharmacokinet Biopharm 21:457; Friberg 2002, J Clin
// Oncol 20:4713.

#include "model/definition_expansion.hpp"

namespace titrate::definition {

namespace {

void read_effect(const json::Value& value, const std::string& path, Expansion& expansion) {
  Arguments arguments(value, path, expansion, {"ke0", "driven_by", "name", "unit"});
  const std::string name = arguments.name("effect"), ke0 = arguments.need("ke0", per_time()), C = arguments.driver();
  auto unit = arguments.unit();
  if (!arguments.complete) {
    expansion.reading.failed.push_back(name);
    return;
  }
  const json::Value& driver = *arguments.fields.find("driven_by");
  if (!unit && driver.is_string()) unit = expansion.stated_unit(driver.string());
  if (unit) arguments.combined("driven_by", C, unit->dimension);
  expansion.add_title("effect compartment");
  expansion.add_state({name, "Effect compartment", "0", ke0 + " * (" + C + " - " + name + ")", unit, C}, path);
}

// Production, loss and baseline of a response: two of them are given, the third follows.
struct Balance {
  std::string kin, kout, baseline;
  std::optional<Unit> unit;
};

bool read_balance(Arguments& arguments, Balance& balance, Expansion& expansion) {
  balance.kin = arguments.optional("kin");
  balance.kout = arguments.optional("kout", per_time());
  balance.baseline = arguments.optional("baseline");
  balance.unit = arguments.unit();
  const int given = int(arguments.has("kin")) + int(arguments.has("kout")) + int(arguments.has("baseline"));
  if (given != 2) {
    expansion.reading.error(given < 2 ? "model.missing" : "model.bad_value", arguments.fields.path(),
                            "A response has two of kin, kout and baseline, and the third follows.",
                            "Without drug it stands at its baseline, kin / kout.");
    arguments.complete = false;
  }
  if (!arguments.complete) return false;
  if (balance.kin.empty()) balance.kin = "(" + balance.kout + " * " + balance.baseline + ")";
  if (balance.kout.empty()) {
    arguments.combined("kin", balance.kin + " / " + balance.baseline, per_time());
    balance.kout = "(" + balance.kin + " / " + balance.baseline + ")";
  }
  const std::string key = balance.baseline.empty() ? "kin" : "baseline";
  if (balance.baseline.empty()) balance.baseline = "(" + balance.kin + " / " + balance.kout + ")";
  if (balance.unit) arguments.combined(key, balance.baseline, balance.unit->dimension);
  return true;
}

void read_indirect(const json::Value& value, const std::string& path, Expansion& expansion) {
  Arguments arguments(value, path, expansion,
                      {"type", "kin", "kout", "baseline", "Imax", "IC50", "Emax", "EC50", "gamma", "driven_by", "name", "unit"});
  const std::string name = arguments.name("response");
  expansion.reading.failed.push_back(name);  // until it is made
  if (!arguments.complete || arguments.fields.need("type", "\"I\"") == nullptr) return;
  const auto type = arguments.fields.word("type", {"I", "II", "III", "IV"});
  if (!type) return;
  const bool inhibits = *type == "I" || *type == "II";
  for (const std::string& key : {std::string(inhibits ? "Emax" : "Imax"), std::string(inhibits ? "EC50" : "IC50")})
    if (arguments.has(key))
      expansion.reading.error("model.bad_value", arguments.fields.at(key),
                              std::string("Type ") + *type + (inhibits ? " inhibits." : " stimulates."),
                              inhibits ? "Write \"Imax\" and \"IC50\"." : "Write \"Emax\" and \"EC50\".");
  const std::string effect = inhibits ? arguments.saturating("Imax", "IC50") : arguments.saturating("Emax", "EC50");
  Balance balance;
  if (!read_balance(arguments, balance, expansion)) return;
  const std::string factor = std::string("(1 ") + (inhibits ? "- " : "+ ") + effect + ")";
  const bool on_production = *type == "I" || *type == "III";
  const std::string rate = on_production ? balance.kin + " * " + factor + " - " + balance.kout + " * " + name
                                         : balance.kin + " - " + balance.kout + " * " + factor + " * " + name;
  expansion.reading.failed.pop_back();
  expansion.add_title("indirect response " + *type);
  expansion.add_state({name, "Response", balance.baseline, rate, balance.unit, balance.baseline}, path);
}

void read_turnover(const json::Value& value, const std::string& path, Expansion& expansion) {
  Arguments arguments(value, path, expansion, {"kin", "kout", "baseline", "production", "loss", "name", "unit"});
  const std::string name = arguments.name("turnover");
  const std::string production = arguments.optional("production", Dimension{}), loss = arguments.optional("loss", Dimension{});
  Balance balance;
  if (!arguments.complete || !read_balance(arguments, balance, expansion)) {
    expansion.reading.failed.push_back(name);
    return;
  }
  expansion.add_title("turnover");
  expansion.add_state({name, "Turnover", balance.baseline,
                       balance.kin + (production.empty() ? "" : " * " + production) + " - " + balance.kout +
                           (loss.empty() ? "" : " * " + loss) + " * " + name,
                       balance.unit, balance.baseline},
                      path);
}

void read_friberg(const json::Value& value, const std::string& path, Expansion& expansion) {
  Arguments arguments(value, path, expansion, {"baseline", "MTT", "ktr", "gamma", "transits", "drug_effect", "name", "unit"});
  const std::string prefix = arguments.prefix(), prol = prefix + "prol", circ = prefix + "circ";
  const int n = arguments.count("transits", 3);
  const std::string baseline = arguments.need("baseline"), gamma = arguments.need("gamma", Dimension{});
  const std::string effect = arguments.need("drug_effect", Dimension{});
  std::string ktr;
  if (arguments.one({"MTT", "ktr"}) == "MTT")
    ktr = "(" + std::to_string(n + 1) + " / " + arguments.need("MTT", time_dimension()) + ")";
  else if (arguments.has("ktr"))
    ktr = arguments.need("ktr", per_time());
  const auto unit = arguments.unit();
  if (!arguments.complete) {
    expansion.reading.failed.insert(expansion.reading.failed.end(), {prol, circ});
    return;
  }
  if (unit) arguments.combined("baseline", baseline, unit->dimension);
  expansion.add_title("Friberg chain");
  const auto cells = [&](const std::string& name, const std::string& label, const std::string& rate) {
    expansion.add_state({name, label, baseline, rate, unit, baseline}, path);
  };
  cells(prol, "Proliferating cells",
        ktr + " * " + prol + " * (1 - " + effect + ") * (" + baseline + " / " + circ + ")^" + gamma + " - " + ktr + " * " + prol);
  std::string before = prol;
  for (int i = 1; i <= n; ++i) {
    const std::string here = prefix + "transit_" + std::to_string(i);
    cells(here, "Maturing cells, stage " + std::to_string(i), ktr + " * (" + before + " - " + here + ")");
    before = here;
  }
  cells(circ, "Circulating cells", ktr + " * " + before + " - " + ktr + " * " + circ);
}

}  // namespace

void read_responses(const Fields& structure, Expansion& expansion) {
  const auto each = [&](const std::string& key, void (*read)(const json::Value&, const std::string&, Expansion&)) {
    each_structure(
        structure, key, [&](const json::Value& value, const std::string& path) { read(value, path, expansion); },
        expansion.reading);
  };
  each("effect_compartment", read_effect);
  each("indirect_response", read_indirect);
  each("turnover", read_turnover);
  each("friberg", read_friberg);
}

}  // namespace titrate::definition
