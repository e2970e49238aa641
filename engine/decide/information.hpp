// What the levels tell about each effect of a patient, and which effects they cannot tell apart.
//
// With the prior Omega = L L' and the posterior covariance C, the levels carry the information
//
//   L' (C^-1 - Omega^-1) L   =   L' C^-1 L - I
//
// in units of the prior: an eigenvalue g says that along its direction the variance falls to 1 / (1 + g) of the prior's. The rank
// counts the directions in which the standard deviation falls by a tenth or more (g > 0.23); the condition is the ratio of the
// largest 1 + g to the smallest. An effect whose own standard deviation keeps more than nine tenths of the prior's stays at the
// population's value; two effects that the levels know only in combination are correlated in C, and were not before.
//
// Reference: information relative to the prior as in Combes et al. 2013, Pharm Res 30:2355 (shrinkage = posterior / prior
// variance).

#pragma once

#include <string>
#include <vector>

#include "decide/cautions.hpp"
#include "sim/effects.hpp"

namespace titrate {

struct Information {
  struct Pair {
    std::string a, b;
    double correlation = 0.0;
    std::string words;
  };
  int rank = 0;
  int of = 0;
  double condition = 1.0;
  std::vector<std::string> names;  // of the effects that levels can inform
  std::vector<double> shrinkage;   // posterior over prior variance, by effect: 1 is no information
  std::vector<std::string> not_informed;
  std::string not_informed_words;  // "peripheral volume (eta_V2) and ...": by the labels of the parameters that an effect acts on
  std::vector<Pair> together;
  std::string words;  // empty when every effect is informed by itself
};

// "peripheral volume (eta_V2)": by the label of the one parameter that names the effect, else as it is.
[[nodiscard]] std::string effect_words(const Model& model, const std::string& effect);
// Nothing without used levels.
[[nodiscard]] std::optional<Information> information_of(const Model& model, const Effects& effects, const Posterior& posterior);
// not_informed, told_together: notes.
[[nodiscard]] Cautions information_cautions(const Information& information);

}  // namespace titrate
