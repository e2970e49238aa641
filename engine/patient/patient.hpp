// One patient: what was given, what was measured, and what is known, over time. Times are hours from the request's origin,
// amounts and levels are in the coherent set of base/unit.hpp. `path` points into the request, for messages.

#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace titrate {

// Steady state: 1 replaces all that was given before by the steady state of this regimen, 2 adds it (NONMEM's SS).
struct DosingEvent {
  double time = 0.0;
  double amt = 0.0;
  enum class Input { bolus, rate, duration } input = Input::bolus;
  double rate = 0.0;  // amount per h, when input is rate: the infusion lasts F * amt / rate
  double dur = 0.0;   // h, when input is duration
  double ii = 0.0;
  int addl = 0;
  int ss = 0;
  std::string route;
  int order = 0;  // position among records of the same time
  std::string path;
};

// A level that the laboratory could not quantify: only that it lies below or above a limit.
enum class Censored { no, below, above };

struct Observation {
  double time = 0.0;
  double dv = 0.0;
  Censored censored = Censored::no;
  double limit = 0.0;  // censored: what the level lies below or above; dv then repeats it
  std::string output;
  std::string assay;
  bool excluded = false;
  std::string why;  // excluded: the reason
  int order = 0;    // position among records of the same time: after a dose of lower order the value after it is meant
  std::string path;
};

// Values of one covariate; `value` has one entry per time. What lies between and after is the model's rule.
struct CovariateCourse {
  std::vector<double> time;
  std::vector<double> value;
  std::string path;
};

struct Reset {
  double time = 0.0;
  int order = 0;
};

struct Patient {
  std::map<std::string, CovariateCourse> covariates;
  std::vector<DosingEvent> doses;
  std::vector<Observation> observations;
  std::vector<Reset> resets;
  std::optional<double> now;
};

}  // namespace titrate
