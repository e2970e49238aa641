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
  int order = 0;       // position among records of the same time
  double taken = 1.0;  // probability that it was given; below 1 the fit averages over both
  std::string path;
};

// A level that the laboratory could not quantify: only that it lies below or above a limit.
enum class Censored { no, below, above };

struct Observation {
  double time = 0.0;
  double dv = 0.0;
  Censored censored = Censored::no;
  double limit = 0.0;    // censored: what the level lies below or above; dv then repeats it
  double sd_time = 0.0;  // h: standard error of the time of the draw
  std::string output;
  std::string assay;
  bool excluded = false;
  std::string why;  // excluded: the reason
  int order = 0;    // position among records of the same time: after a dose of lower order the value after it is meant
  std::string path;
};

// Values of one covariate; `value` has one entry per time. What lies between and after is the model's rule. `order` is empty, or
// holds for each entry its position among the records of the same time (then a time may stand several times, by order).
struct CovariateCourse {
  std::vector<double> time;
  std::vector<double> value;
  std::string path;
  std::vector<int> order = {};
  bool held = false;  // the last value holds, though the model lets the covariate follow a trend or recover
};

// Occasions as a covariate would be written: which one begins with each record (0: none, count + 1: the one to come). `next`:
// NONMEM's convention, the occasion of a record holds since the record before it.
struct Occasions {
  std::vector<double> time;
  std::vector<int> order;
  std::vector<int> number;
  enum class OverTime { last, next } over_time = OverTime::last;
  int count = 0;        // at least the largest number of an occasion with levels
  bool future = false;  // there is one to come
};

// What a state may hold at the start from earlier doses that nobody recorded: amount * exp(e), e ~ N(0, variance).
struct InitialAmount {
  std::string state;
  double amount = 0.0;
  double variance = 0.0;
  std::string path;
};

// An input that the schedule sets: `value` from `from` (h) up to `to`, or until further notice; the model's resting value
// elsewhere. Pieces stand in order and do not overlap.
struct InputCourse {
  struct Piece {
    double from = 0.0;
    std::optional<double> to;
    double value = 0.0;
    std::string path;
  };
  std::vector<Piece> pieces;
};

struct Reset {
  double time = 0.0;
  int order = 0;
};

struct Patient {
  std::map<std::string, CovariateCourse> covariates;
  std::map<std::string, InputCourse> inputs;
  std::vector<DosingEvent> doses;
  std::vector<Observation> observations;
  std::vector<Reset> resets;
  std::optional<Occasions> occasions;  // nothing: each interval of a dose with levels in it
  std::vector<InitialAmount> initial_amounts;
  std::vector<double> past_draw_times;  // variances of uncertain draw times of levels that are not listed here any more
  std::optional<double> now;
};

}  // namespace titrate
