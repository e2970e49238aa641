// Target-mediated drug disposition by name (Mager and Jusko 2001, J Pharmacokinet Pharmacodyn 28:507; the approximations after
// Gibiansky 2008, J Pharmacokinet Pharmacodyn 35:573). C is the free concentration, R the free target, RC the complex:
//
//   full     central holds the free drug, V its volume:
//            d central  = ... - kon R central + koff RC V
//            d receptor = ksyn - kdeg R - kon C R + koff RC                    R(0) = ksyn / kdeg = baseline
//            d complex  = kon C R - (koff + kint) RC
//   qss      central holds all drug, free and bound, and C + RC = central / V; binding is always in its quasi-steady state
//            (R C = Kss RC, Kss = (koff + kint) / kon), so with the whole target T and b = central/V - T - Kss
//            C = (b + sqrt(b^2 + 4 Kss central/V)) / 2;  clearances act on C;  RC = central/V - C
//            d central  = ... - kint RC V
//            d target   = ksyn - kdeg T - (kint - kdeg) RC                     T(0) = ksyn / kdeg = baseline
//   wagner   qss where the whole target stays at its baseline (kint = kdeg): no state of the target. Written for all drug, it is
//            Wagner's equation for C multiplied out, and a bolus needs no rule of its own.
//   mm       binding that takes no noticeable part of the drug: - kint baseline C / (Kss + C) V, central holds the free drug
//
// The derived quantities C_free, and C_total where it differs, are what a level measures.

#include "model/definition_expansion.hpp"

namespace titrate::definition {

namespace {

struct Target {
  std::string baseline, ksyn, kdeg, kint;
  std::string prefix;
};

// The target's baseline, given or from its turnover; its unit must be that of the concentration.
bool read_target(Arguments& arguments, Target& target, bool turnover, const Compartments& c, Expansion& expansion) {
  target.prefix = arguments.prefix();
  target.kint = arguments.need("kint", per_time());
  if (turnover) {
    target.kdeg = arguments.need("kdeg", per_time());
    if (arguments.one({"baseline", "ksyn"}) == "ksyn") {
      target.ksyn = arguments.need("ksyn");
      target.baseline = "(" + target.ksyn + " / " + target.kdeg + ")";
    }
  }
  if (target.baseline.empty() && (!turnover || arguments.has("baseline"))) target.baseline = arguments.need("baseline");
  if (!turnover)
    for (const char* key : {"ksyn", "kdeg"})
      if (arguments.has(key)) {
        expansion.reading.error("model.bad_value", arguments.fields.at(key), "In this form the target stays at its baseline.",
                                "Leave it out, or choose the form \"qss\".");
        arguments.complete = false;
      }
  if (!arguments.complete) return false;
  if (target.ksyn.empty()) target.ksyn = target.kdeg + " * " + target.baseline;
  arguments.combined(target.baseline.front() == '(' && arguments.has("ksyn") ? "ksyn" : "baseline", target.baseline + " * " + c.V,
                     c.unit.dimension);
  return true;
}

void expand_full(Arguments& arguments, const Target& target, Compartments& c, const std::string& path, Expansion& expansion) {
  const std::string kon = arguments.need("kon"), koff = arguments.need("koff", per_time());
  if (!arguments.complete) return;
  arguments.combined("kon", kon + " * " + target.baseline, per_time());
  const std::string R = target.prefix + "receptor", RC = target.prefix + "complex", C = c.concentration();
  c.binding += " - " + kon + " * " + R + " * " + c.central + " + " + koff + " * " + RC + " * " + c.V;
  expansion.add_derived(target.prefix + "C_free", c.central + " / " + c.V, "Free concentration", path);
  expansion.add_derived(target.prefix + "C_total", c.central + " / " + c.V + " + " + RC, "Total concentration", path);
  expansion.add_after(
      {R,
       "Free target",
       target.baseline,
       target.ksyn + " - " + target.kdeg + " * " + R + " - " + kon + " * " + C + " * " + R + " + " + koff + " * " + RC,
       {},
       target.baseline},
      path);
  expansion.add_after(
      {RC, "Complex", "0", kon + " * " + C + " * " + R + " - (" + koff + " + " + target.kint + ") * " + RC, {}, target.baseline},
      path);
}

// The free part of a total concentration: the root of C^2 - b C - Kss total = 0, in the form that loses no digits.
std::string free_part(const std::string& total, const std::string& T, const std::string& Kss) {
  const std::string b = "(" + total + " - " + T + " - " + Kss + ")";
  const std::string root = "sqrt(" + b + "^2 + 4 * " + Kss + " * " + total + ")";
  return "if(" + b + " > 0, (" + b + " + " + root + ") / 2, 2 * " + Kss + " * " + total + " / (" + root + " - " + b + "))";
}

void expand_qss(Arguments& arguments, const Target& target, bool turnover, Compartments& c, const std::string& path,
                Expansion& expansion) {
  const std::string Kss = arguments.need("Kss");
  if (!arguments.complete) return;
  arguments.combined("Kss", Kss + " / " + target.baseline, Dimension{});
  const std::string total = target.prefix + "C_total", free = target.prefix + "C_free", whole = target.prefix + "target";
  expansion.add_derived(total, c.central + " / " + c.V, "Total concentration", path);
  expansion.add_derived(free, free_part(total, turnover ? whole : target.baseline, Kss), "Free concentration", path);
  const std::string RC = "(" + total + " - " + free + ")";
  c.free = free;
  c.binding += " - " + target.kint + " * " + RC + " * " + c.V;
  if (turnover)
    expansion.add_after(
        {whole,
         "Target, free and bound",
         target.baseline,
         target.ksyn + " - " + target.kdeg + " * " + whole + " - (" + target.kint + " - " + target.kdeg + ") * " + RC,
         {},
         target.baseline},
        path);
}

void expand_mm(Arguments& arguments, const Target& target, Compartments& c, const std::string& path, Expansion& expansion) {
  const std::string Kss = arguments.need("Kss");
  if (!arguments.complete) return;
  arguments.combined("Kss", Kss + " / " + target.baseline, Dimension{});
  expansion.add_derived(target.prefix + "C_free", c.central + " / " + c.V, "Free concentration", path);
  c.binding += " - " + target.kint + " * " + target.baseline + " * " + c.central + " / (" + Kss + " + " + c.concentration() + ")";
}

void read_tmdd(const json::Value& value, const std::string& path, Expansion& expansion) {
  Arguments arguments(value, path, expansion, {"form", "kon", "koff", "Kss", "kint", "kdeg", "ksyn", "baseline", "from", "name"});
  if (!arguments.complete) return;
  Compartments* from = expansion.compartments(arguments.fields, "from");
  if (arguments.fields.need("form", "\"qss\"") == nullptr) return;
  const auto form = arguments.fields.word("form", {"full", "qss", "wagner", "mm"});
  if (from == nullptr || !form) return;
  if (!from->free.empty() || !from->binding.empty()) {
    expansion.reading.error("model.bad_value", path, "One target binds the drug of " + from->central + ".",
                            "Write a second one as \"equations\".");
    return;
  }
  const bool turnover = *form == "full" || *form == "qss";
  for (const char* key : {"kon", "koff"})
    if (*form != "full" && arguments.has(key))
      expansion.reading.error("model.bad_value", arguments.fields.at(key), "Only the form \"full\" has this rate constant.",
                              "The others use \"Kss\", which is (koff + kint) / kon.");
  if (*form == "full" && arguments.has("Kss"))
    expansion.reading.error("model.bad_value", arguments.fields.at("Kss"), "The form \"full\" has \"kon\" and \"koff\" instead.");
  Target target;
  if (!read_target(arguments, target, turnover, *from, expansion)) return;
  if (*form == "full")
    expand_full(arguments, target, *from, path, expansion);
  else if (*form == "mm")
    expand_mm(arguments, target, *from, path, expansion);
  else
    expand_qss(arguments, target, turnover, *from, path, expansion);
  const char* const words[] = {"full", "quasi-steady state", "constant target", "Michaelis-Menten"};
  const int which = *form == "full" ? 0 : *form == "qss" ? 1 : *form == "wagner" ? 2 : 3;
  expansion.add_title("target-mediated disposition (" + std::string(words[which]) + ")");
}

}  // namespace

void read_binding(const Fields& structure, Expansion& expansion) {
  each_structure(
      structure, "tmdd", [&](const json::Value& value, const std::string& path) { read_tmdd(value, path, expansion); },
      expansion.reading);
}

}  // namespace titrate::definition
