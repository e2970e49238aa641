// A model as it was written: names, expressions as text, numbers in the coherent set of base/unit.hpp, sources. Importers
// and model/definition produce this; model/compiled turns it into numbers and kernels. Nothing else describes a model.
//
// Order matters where the paper's order matters: `individual` entries may use earlier ones.

#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/linalg.hpp"
#include "base/unit.hpp"
#include "expr/ast.hpp"

namespace titrate {

enum class OverTime { last, next, linear };              // between two recorded values of a covariate
enum class Continues { hold, trend, recover, advance };  // after the last recorded value; advance: grows with the clock (age)

struct Range {
  double low = 0.0;
  double high = 0.0;
};

struct Covariate {
  std::string name;
  std::string label;
  Unit unit;
  std::optional<Range> studied;                         // caution outside
  std::optional<Range> plausible;                       // error outside
  std::vector<std::pair<std::string, double>> choices;  // a categorical covariate: word -> number, in the order of the file
  OverTime over_time = OverTime::last;
  Continues continues = Continues::hold;
  bool trend_of_log = false;                // trend: the line goes through the logarithms
  double trend_for = 0.0;                   // h after the last value; then what it has come to holds
  std::optional<double> recovers_to;        // recover: the baseline; nothing: the patient's first value
  double half_life = 0.0;                   // recover: h
  std::optional<Expression> from;           // computed from other covariates when it is not given itself
  bool from_doses = false;                  // the amount given in 24 h, taken from the doses; nobody gives it
  std::optional<double> at_most, at_least;  // applied to given and computed values; acting is a caution
  std::optional<double> when_unknown;       // the value the source uses when it is unknown; using it is a caution
  std::vector<double> frequencies;          // of the choices, in their order: an unknown covariate is averaged over them
  bool hidden = false;                      // a subpopulation: nobody can know it, `frequencies` are its probabilities
  std::string frequencies_read;             // place in the source
  bool input = false;                       // a piecewise input that the schedule sets (a session, a meal); else `resting`
  double resting = 0.0;                     // input: the value outside every piece
  std::string note;
  std::string path;
};

struct Parameter {
  std::string name;
  double value = 0.0;
  Unit unit;
  std::string label;
  std::string uncertainty;  // "RSE 12 %": how sure the source is of it; empty: the source was not read to say
  std::string read;         // place in the source
  bool assumed = false;     // nobody published it
  std::string path;
};

//   box_cox (lambda):   the name stands for (exp(lambda eta) - 1) / lambda
//   student_t (nu):     for eta (1 + (eta^2 + 1) / (4 nu) + (5 eta^4 + 16 eta^2 + 3) / (96 nu^2)
//                                  + (3 eta^6 + 19 eta^4 + 17 eta^2 - 15) / (384 nu^3)),
// eta normal with variance omega all the same: Petersson et al. 2009, Pharm Res 26:2174, as models for NONMEM write them.
struct RandomEffect {
  std::string name;       // eta_CL
  double variance = 0.0;  // omega: on the scale of eta
  std::optional<double> box_cox, student_t;
  std::string written;      // "cv 39.8 % (squared)": what the file said
  std::string uncertainty;  // of the number as written
  std::string read;
  bool assumed = false;
  std::string path;
  std::string on;        // of an occasion: the individual parameter that exp(kappa) multiplies; empty: used by name
  std::string occasion;  // of an occasion: what the source calls one
};

// Two effects that vary together, as stated; omega and pi hold the covariance.
struct EffectCorrelation {
  std::string between[2];
  double correlation = 0.0;
  std::string uncertainty;
  std::string read;
};

// An intermediate of the model: a named expression. Its unit, when stated, is checked; else it is what the expression has.
struct Intermediate {
  std::string name;
  std::optional<Unit> unit;
  Expression value;
  std::string label;
};

struct State {
  std::string name;
  Unit unit;
  Expression initial;  // "0" when not stated
  Expression derivative;
  std::string label;
  bool non_negative = false;     // the solver keeps it from going below zero
  bool at_steady_state = false;  // starts where nothing changes without doses; `initial` is where the search begins
};

// Something that happens by itself: when a comparison becomes true, or every so many hours from the start of the course. All new
// values are computed from the states before it.
struct ConditionEvent {
  std::string name;
  Expression when;                  // one comparison; empty text when `every` is stated
  std::optional<Expression> every;  // a time
  std::vector<std::pair<std::string, Expression>> set;
  std::vector<Expression> not_negative;  // probabilities and the like: one below 0 when it happens is a failure
  std::string path;
};

// One residual error model; several per output when it depends on the assay.
//   V(f) = variance of the residual at prediction f; on the log scale f and dv enter as logarithms, on a Box-Cox scale as
//   ((x / unit)^lambda - 1) / lambda. With student_t the residual has a t distribution whose squared scale is V.
struct Residual {
  std::string assay;                // empty when the output has just one
  bool log_scale = false;           // log-additive: V is the variance of ln dv
  std::optional<double> box_cox;    // lambda > 0; the unit is the output's
  std::optional<double> student_t;  // degrees of freedom
  Expression variance;              // in `prediction`, in the squared unit of the output (or none on the log scale)
  std::string written;              // "proportional 0.227, additive 3.4 mg/L, variances add"
  std::string uncertainty;          // "proportional RSE 9 %, additive RSE 45 %"
  std::string read;
  bool assumed = false;
  [[nodiscard]] bool transformed() const { return log_scale || box_cox; }
};

struct Output {
  std::string name;
  std::string label;
  std::string matrix;  // "plasma, total", "whole blood"
  Unit unit;
  Expression value;
  bool drug_level = false;                // a level of the drug itself; everything else is an endpoint
  std::vector<Residual> residuals;        // empty: simulate only
  std::optional<double> autocorrelation;  // half-life (h) of the correlation between the residuals of two levels
  std::optional<double> lloq, uloq;       // limits of quantification in the source: a level typed beyond them is a caution
  std::string path;
};

// Residuals of two outputs, or of two assays, in samples of the same time.
struct ResidualCorrelation {
  struct Side {
    std::string output;
    std::string assay;  // empty: any
  };
  Side between[2];
  double correlation = 0.0;
  std::string read;
  std::string path;
};

// Where a dose goes. One administration may enter several states. At most one of sets_to, duration, rate and profile is stated;
// with duration or rate a dose that states neither enters at constant rate over a time that the model determines.
struct Entry {
  std::string into;                         // state
  Expression bioavailability;               // "1" when not stated
  Expression lag;                           // "0 [h]" when not stated
  std::optional<Expression> sets_to;        // the dose sets the state to this value at its start instead of adding to it
  std::optional<Expression> duration = {};  // F amt enters over this time
  std::optional<Expression> rate = {};      // F amt enters at this rate
  std::optional<Expression> profile = {};   // F amt enters at F amt profile(tad) per h, tad the time since it began to enter
};

struct Route {
  std::string name;
  std::string label;
  Unit amount_unit;       // mg, umol ...
  std::string substance;  // a salt, an ester, another drug: empty where it is what the molar mass belongs to
  std::vector<Entry> entries;
  bool allows_bolus = true;
  bool allows_infusion = false;
  std::string path;
};

// A target for an exposure or biomarker metric.
struct Target {
  std::string id;
  std::string label;
  std::string metric;  // auc24, cmin, cmax, cavg, auc, time_above, value_at, nadir
  std::string output;
  std::string during;  // "24 to 48 h", "steady state", "next 24 h", "last interval", "cycle", "day 1"
  Unit unit;
  std::optional<double> low, high;  // one may be absent: a one-sided target
  std::optional<double> limit;      // time_above: the concentration
  bool log_scale = true;            // distance measured on the logarithm
  double weight_low = 1.0, weight_high = 1.0;
  std::string source;
  std::string note;
  std::string path;
};

struct Product {
  std::string name;
  std::string route;
  std::vector<double> strengths;  // amounts of one unit (capsule, vial step), coherent set
  double step = 0.0;              // doses are multiples of this; coherent set (per m2 when per_area)
  double smallest = 0.0, largest = 0.0;
  bool per_area = false;  // doses are given per m2 of `area` covariate, then rounded to `round_to`
  std::string area;       // name of the covariate that holds the body surface
  double round_to = 0.0;
  std::vector<double> intervals;        // h
  std::vector<double> durations;        // h; empty: bolus or oral
  double fastest_rate = 0.0;            // mg/h; 0: no limit stated
  double fastest_rate_by_weight = 0.0;  // mg/h for each mass of body weight (WT, weight); 0: no limit stated
  struct OnlyWith {                     // a choice of a covariate, such as the formulation that the model's numbers are for
    std::string covariate, choice;
    double value = 0.0;
  };
  std::optional<OnlyWith> only_with;
  std::string source;
};

// A contraindication, a largest dose, an alarm: filters before anything is ranked.
struct Rule {
  enum class Kind { largest_single, largest_daily, hold_below, hold_above, contraindication };
  Kind kind = Kind::largest_single;
  double limit = 0.0;     // in the coherent set
  std::string output;     // hold_below, hold_above: the measured output
  std::string covariate;  // contraindication: covariate == choice
  std::string choice;
  std::string message;
  std::string source;
};

struct Service {  // whom the model may serve
  std::string who;
  std::string status;  // studied, not studied, excluded; not stated, of the usual groups that the file is silent about
  std::string note;
  std::optional<Expression> when{};  // a condition of covariates that tells who belongs; without it words or nobody tells
};

// A way of dialysing: its clearance, or for a continuous one the part of the effluent that carries the drug.
struct Modality {
  std::string name;
  std::string label;
  std::optional<double> clearance, of_effluent;
  std::string read;
};

// Sessions set an input to their clearance while they last.
struct Dialysis {
  std::string input;
  std::vector<Modality> modalities;
};

// A drug that the model knows: from its start to its stop an input has this value.
struct CoMedication {
  std::string drug;
  std::string label;
  std::string input;
  double value = 0.0;
  std::string read;
};

struct WorkedCase {
  std::string label;
  std::string path;
  std::map<std::string, std::string> covariates;    // as a request would write them
  std::string patient;                              // JSON: what a request's patient holds besides: covariates over time, inputs
  std::vector<std::string> regimen;                 // "1000 mg over 1 h every 12 h, 5 doses"; empty: no dose
  std::vector<std::pair<std::string, double>> eta;  // 0 where nothing is said
  std::optional<double> rtol;
  struct Check {
    std::string output;
    std::string what;             // value, max, min, auc, or a parameter name with output empty
    double time = 0.0;            // value: h
    double from = 0.0, to = 0.0;  // max, min, auc: window in h
    double expected = 0.0;        // in the unit of the output as written
    double tolerance = 1e-4;      // relative
    std::string why;              // of a tolerance over 1e-3
  };
  std::vector<Check> checks;
  double amount_factor = 1.0;  // doses are multiplied by it
};

// A covariate of a virtual population, in its unit: log-normal within limits, or a choice by shares that sum to 1.
struct SampledCovariate {
  std::string name;
  double median = 0.0, sd_log = 0.0;
  Range within;
  std::vector<std::pair<std::string, double>> shares;
};

// A dose in a virtual population, and what was published of it.
struct PopulationCheck {
  WorkedCase patient;  // label, path, what all have in common; its only check is what is read of each
  std::vector<SampledCovariate> sampled;
  std::string per;  // doses are amounts per unit of this covariate ("mg" and "WT": mg/kg); empty: as written
  int patients = 1;
  enum class Statistic { median, mean, share_below, share_above } statistic = Statistic::median;
  double limit = 0.0;  // of the shares, in the unit of the output
  double published = 0.0;
  Range accepted;
  std::string source, why;
  bool recalled = false;  // nobody has read the source
};

struct Model {
  std::string id, version, title, drug, citation, doi;
  std::optional<double> molar_mass;  // mg/umol, of what is measured
  std::string about;                 // population, in words
  std::vector<std::string> classes;  // where a clinician looks for it, from wide to narrow: drug monitoring, antibiotics
  std::string time_unit = "h";       // for writing results
  bool unchecked_units = false;

  std::vector<Covariate> covariates;  // and inputs
  std::vector<Parameter> parameters;
  std::vector<RandomEffect> random_effects;
  Matrix omega;                                // k x k, variances and covariances
  std::vector<RandomEffect> occasion_effects;  // kappas: drawn anew for every occasion
  Matrix pi;                                   // q x q, their variances and covariances
  std::vector<EffectCorrelation> correlations;
  std::vector<Intermediate> individual;  // per covariate segment; may use t, then it is evaluated with the states
  std::vector<State> states;
  std::vector<Intermediate> derived;  // of states: Cc = central / V1
  std::vector<Output> outputs;
  std::vector<ResidualCorrelation> residual_correlations;
  std::vector<Route> routes;
  std::vector<ConditionEvent> events;
  std::optional<Dialysis> dialysis;
  std::vector<CoMedication> co_medication;
  std::vector<Target> targets;
  std::vector<Product> products;
  std::vector<Rule> rules;
  std::vector<Service> serves;
  std::vector<WorkedCase> worked_cases;
  std::vector<PopulationCheck> population_checks;
  std::vector<std::string> caveats;
  std::vector<std::string> assumptions;
  std::vector<std::pair<std::string, std::string>> notes;  // title, text: evaluations, disagreements
  std::string structure;                                   // "two compartments": what a named structure expanded from
};

}  // namespace titrate
