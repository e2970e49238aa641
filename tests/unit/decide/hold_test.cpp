#include "base/rng.hpp"
#include "cases.hpp"
#include "decide/cautions.hpp"

using namespace titrate;
using namespace titrate::cases;

namespace {

// 1000 mg as a bolus at 0, 20 mg/L; the next one is due after 96 h. C(t) = 20 exp(-0.1 exp(eta) t).
Situation due_at_96(Rule::Kind kind, double limit, std::optional<std::pair<double, double>> level = std::nullopt) {
  auto model = one_compartment();
  Rule rule;
  rule.kind = kind;
  rule.limit = limit;
  rule.output = "C";
  rule.message = "The level forbids a dose.";
  rule.source = "a label";
  model->rules = {rule};
  Patient patient;
  patient.doses = {infusion(0, 1000, 0)};
  if (level) {
    Observation o;
    o.time = level->first;
    o.dv = level->second;
    o.output = "C";
    o.path = "/patient/observations/0";
    patient.observations = {o};
  }
  patient.now = level ? level->first : 1.0;
  return situation(made(model), patient, every(96, 1000, 0));
}

// exp(eta) < ratio for eta ~ N(0, 0.04).
double chance_of_slower(double ratio) { return normal_cdf(std::log(ratio) / 0.2); }

double percent_after(const std::string& text, const std::string& words) {
  const std::size_t at = text.find(words);
  REQUIRE(at != std::string::npos);
  return std::stod(text.substr(at + words.size()));
}

const SimulateOptions exactly;

}  // namespace

TEST_CASE("a value measured within 72 h before the dose is due decides, an earlier one does not") {
  const Posterior p = normal_posterior(0.0, 0.04, 200);
  const Situation late = due_at_96(Rule::Kind::hold_above, 1.0, {{24.0, 1.1}});
  REQUIRE(late.due == 96.0);
  REQUIRE(rule_cautions(late).size() == 1);
  CHECK(rule_cautions(late).front().id == "hold");
  CHECK(stops(rule_cautions(late), {}));
  CHECK(hold_cautions(late, p, exactly).empty());
  const Situation fine = due_at_96(Rule::Kind::hold_above, 1.0, {{24.0, 0.9}});
  CHECK(rule_cautions(fine).empty());
  CHECK(hold_cautions(fine, p, exactly).empty());
  const Situation early = due_at_96(Rule::Kind::hold_above, 1.0, {{23.9, 1.1}});
  CHECK(rule_cautions(early).empty());
  CHECK(hold_cautions(early, p, exactly).size() == 1);
}

TEST_CASE("a value known only to lie beyond a limit forbids the dose when it may") {
  const auto with = [](Rule::Kind kind, double rule_limit, Censored side) {
    Situation s = due_at_96(kind, rule_limit, {{90.0, 1.0}});
    s.patient.observations[0].censored = side;
    s.patient.observations[0].limit = 1.0;
    return rule_cautions(s);
  };
  REQUIRE(with(Rule::Kind::hold_below, 1.0, Censored::below).size() == 1);
  CHECK(with(Rule::Kind::hold_below, 1.0, Censored::below).front().why.find("is below 1 mg/L") != std::string::npos);
  CHECK(with(Rule::Kind::hold_above, 1.0, Censored::below).empty());
  CHECK(with(Rule::Kind::hold_above, 5.0, Censored::above).size() == 1);
  CHECK(with(Rule::Kind::hold_below, 0.5, Censored::above).empty());
}

TEST_CASE("without such a value a dose that the rule probably allows is warned of, with the chance that it does not") {
  // C(96) > 20 exp(-8) when exp(eta) < 8 / 9.6.
  const Cautions all =
      hold_cautions(due_at_96(Rule::Kind::hold_above, 20.0 * std::exp(-8.0)), normal_posterior(0.0, 0.04, 4000), exactly);
  REQUIRE(all.size() == 1);
  CHECK(all.front().id == "measure_before_dose_C");
  CHECK(all.front().grade == Caution::Grade::warn);
  CHECK_FALSE(stops(all, {}));
  CHECK(all.front().message.find("Measure C before the dose, for none may be given above 0.00671 mg/L;") == 0);
  CHECK(std::abs(percent_after(all.front().message, "gives ") - 100.0 * chance_of_slower(8.0 / 9.6)) < 0.5 + 1.9);  // 3 errors
}

TEST_CASE("without such a value a dose that the rule probably forbids is stopped until the first day of likely recovery") {
  // The limit 20 exp(-12) is kept at t when exp(eta) >= 120 / t: 0.13, 0.50, 0.82 and 0.95 on days 0 to 3.
  CHECK(1.0 - chance_of_slower(120.0 / 144.0) < 0.88);
  const double third = 1.0 - chance_of_slower(120.0 / 168.0);
  CHECK(third > 0.92);
  const Cautions all =
      hold_cautions(due_at_96(Rule::Kind::hold_above, 20.0 * std::exp(-12.0)), normal_posterior(0.0, 0.04, 4000), exactly);
  REQUIRE(all.size() == 1);
  const Caution& hold = all.front();
  CHECK(hold.id == "hold_until_C");
  CHECK(hold.grade == Caution::Grade::stop);
  CHECK_FALSE(hold.acceptable);
  CHECK(std::abs(percent_after(hold.message, "dose gives ") - 100.0 * chance_of_slower(1.25)) < 0.5 + 1.7);
  CHECK(hold.message.find("Hold until day 3 after the planned time") != std::string::npos);
  CHECK(std::abs(percent_after(hold.message, "a chance of ") - 100.0 * third) < 0.5 + 1.0);
}

TEST_CASE("a level that only a dose could raise is not said to recover") {
  const Cautions all = hold_cautions(due_at_96(Rule::Kind::hold_below, 1.0), normal_posterior(0.0, 0.04, 300), exactly);
  REQUIRE(all.size() == 1);
  CHECK(all.front().message.find("more than 99 % for being below 1 mg/L") != std::string::npos);
  CHECK(all.front().message.find("Recovery is not likely within 21 days") != std::string::npos);
}

TEST_CASE("without a fit nothing is forecast about a hold") {
  CHECK(hold_cautions(due_at_96(Rule::Kind::hold_below, 1.0), Posterior{}, exactly).empty());
}
