#include "decide/cautions.hpp"

#include "cases.hpp"

using namespace titrate;
using namespace titrate::cases;

namespace {

bool has(const Cautions& cautions, const std::string& id) {
  for (const Caution& c : cautions)
    if (c.id == id) return true;
  return false;
}

Observation level(double time, double dv) {
  Observation o;
  o.time = time;
  o.dv = dv;
  o.output = "C";
  o.order = 1;
  return o;
}

Covariate years() {
  Covariate age;
  age.name = "age";
  age.label = "Age";
  age.unit = *parse_unit("year");
  age.studied = Range{18.0 * age.unit.factor, 80.0 * age.unit.factor};
  return age;
}

}  // namespace

TEST_CASE("a covariate outside the studied range is named with its edge, on the edge it is not") {
  auto model = one_compartment();
  model->covariates = {years()};
  Patient patient;
  const double year = years().unit.factor;
  patient.covariates["age"] = {{0.0}, {85.0 * year}, ""};
  const auto cautions = covariate_cautions(situation(made(model), patient, std::nullopt));
  REQUIRE(has(cautions, "outside_studied"));
  CHECK(cautions.front().message == "Age of 85 year lies above the patients of the model (18 to 80 year).");
  CHECK(cautions.front().path == "/patient/covariates/age");
  patient.covariates["age"].value = {80.0 * year};
  CHECK(covariate_cautions(situation(made(model), patient, std::nullopt)).empty());
}

TEST_CASE("a patient whom the model did not study stops, and can be accepted; one who is excluded cannot") {
  auto model = one_compartment();
  model->covariates = {years()};
  model->serves = {{"adult", "studied", ""}, {"child", "not studied", ""}, {"pregnancy", "not studied", ""}};
  Patient patient;
  patient.covariates["age"] = {{0.0}, {10.0 * years().unit.factor}, ""};
  const auto cautions = service_cautions(situation(made(model), patient, std::nullopt));
  CHECK(has(cautions, "not_studied_child"));
  CHECK(has(cautions, "services_unknown"));  // pregnancy
  CHECK(stops(cautions, {}));
  CHECK_FALSE(stops(cautions, {"not_studied_child"}));
  model->serves[1].status = "excluded";
  CHECK(stops(service_cautions(situation(made(model), patient, std::nullopt)), {"excluded_child"}));
  patient.covariates["age"].value = {30.0 * years().unit.factor};
  CHECK_FALSE(stops(service_cautions(situation(made(model), patient, std::nullopt)), {}));
}

TEST_CASE("a group that a condition of covariates tells apart stops who belongs, also by a computed covariate") {
  auto model = one_compartment();
  Covariate given = years();
  given.name = given.label = "GFR";
  given.unit = *parse_unit("mL/min");
  given.studied.reset();
  Covariate computed = given;
  computed.name = computed.label = "CRCL";
  computed.from = Expression{"0.9 * GFR", ""};
  model->covariates = {given, computed};
  model->serves = {{"clearance below 60 mL/min", "excluded", "", Expression{"CRCL < 60 [mL/min]", ""}}};
  Patient patient;
  CHECK(has(service_cautions(situation(made(model), patient, std::nullopt)), "services_unknown"));
  patient.covariates["GFR"] = {{0.0}, {66.0 * given.unit.factor}, ""};  // 59.4
  CHECK(has(service_cautions(situation(made(model), patient, std::nullopt)), "excluded_clearance_below_60_ml_min"));
  patient.covariates["GFR"].value = {67.0 * given.unit.factor};  // 60.3
  CHECK(service_cautions(situation(made(model), patient, std::nullopt)).empty());
}

TEST_CASE("what stands in for an unknown covariate puts nobody into a group, nor out of one") {
  auto model = one_compartment();
  Covariate age = years();
  age.when_unknown = 4.0 * age.unit.factor;
  model->covariates = {age};
  model->serves = {{"child", "excluded", ""}, {"old", "excluded", "", Expression{"age > 60 [year]", ""}}};
  Patient patient;
  const auto cautions = service_cautions(situation(made(model), patient, std::nullopt));
  REQUIRE(cautions.size() == 1);
  CHECK(cautions.front().id == "services_unknown");
  CHECK(cautions.front().message.find("child, old") != std::string::npos);
}

TEST_CASE("who belongs to a group is said by a condition, not by a number") {
  auto model = one_compartment();
  model->covariates = {years()};
  model->serves = {{"old", "not studied", "", Expression{"age / 1 [year]", "/serves/0/when"}}};
  const auto compiled = compile(model);
  REQUIRE_FALSE(compiled);
  CHECK(compiled.diagnostics().front().path == "/serves/0/when");
}

TEST_CASE("what is computed beyond its plausible range stops, as the same number would be refused if it were given") {
  auto model = one_compartment();
  Covariate creatinine = years();
  creatinine.name = creatinine.label = "K";
  creatinine.unit = *parse_unit("mL/min");
  creatinine.studied.reset();
  Covariate computed = creatinine;
  computed.name = computed.label = "CRCL";
  computed.from = Expression{"2 * K", ""};
  computed.plausible = Range{1.0 * computed.unit.factor, 400.0 * computed.unit.factor};
  model->covariates = {creatinine, computed};
  model->individual[0].value = Expression{"5 [L/h] * exp(eta) * CRCL / 100 [mL/min]", ""};
  Patient patient;
  patient.covariates["K"] = {{0.0}, {201.0 * creatinine.unit.factor}, ""};
  const auto cautions = covariate_cautions(situation(made(model), patient, std::nullopt));
  REQUIRE(has(cautions, "implausible_crcl"));
  CHECK(cautions.front().message == "CRCL was computed as 402 mL/min, outside the plausible 1 to 400 mL/min.");
  CHECK(stops(cautions, {}));
  CHECK_FALSE(stops(cautions, {"implausible_crcl"}));
  patient.covariates["K"].value = {200.0 * creatinine.unit.factor};
  CHECK(covariate_cautions(situation(made(model), patient, std::nullopt)).empty());
}

TEST_CASE("a model for obesity excludes those below its body mass index, one for others stops above it") {
  auto model = one_compartment();
  for (const auto& [name, unit] : {std::pair{"WT", "kg"}, std::pair{"HT", "cm"}}) {
    Covariate c;
    c.name = c.label = name;
    c.unit = *parse_unit(unit);
    model->covariates.push_back(c);
  }
  model->serves = {{"BMI under 40", "excluded", ""}, {"BMI over 40", "not studied", ""}};
  Patient patient;
  const double kg = parse_unit("kg")->factor, cm = parse_unit("cm")->factor;
  patient.covariates["HT"] = {{0.0}, {200.0 * cm}, ""};
  patient.covariates["WT"] = {{0.0}, {159.0 * kg}, ""};  // 39.75 kg/m2
  const auto below = service_cautions(situation(made(model), patient, std::nullopt));
  CHECK(has(below, "excluded_bmi_under_40"));
  CHECK_FALSE(has(below, "not_studied_bmi_over_40"));
  patient.covariates["WT"].value = {161.0 * kg};  // 40.25 kg/m2
  const auto above = service_cautions(situation(made(model), patient, std::nullopt));
  CHECK_FALSE(has(above, "excluded_bmi_under_40"));
  CHECK(has(above, "not_studied_bmi_over_40"));
}

TEST_CASE("levels during an infusion, soon after it and early in the course are remarked, later ones are not") {
  Patient patient;
  patient.doses = {infusion(0, 1000, 2, 12, 9)};
  patient.observations = {level(49.0, 20), level(50.5, 25), level(59.5, 10), level(11.0, 8)};
  patient.now = 60.0;
  const Situation s = situation(made(one_compartment()), patient, std::nullopt);
  const auto remark = [&](std::size_t i) { return timing_remarks(s, i, Vector::Zero(1)); };
  REQUIRE(remark(0).size() == 1);
  CHECK(remark(0)[0] == "The level at 49 h was drawn during an infusion.");
  REQUIRE(remark(1).size() == 1);
  CHECK(remark(1)[0] == "The level at 50.5 h was drawn 30 min after the end of an infusion.");
  CHECK(remark(2).empty());
  REQUIRE(remark(3).size() == 1);
  CHECK(remark(3)[0] == "The level at 11 h was drawn after dose 1, before the steady state.");
}

TEST_CASE("few draws, heavy weights, a refused fit and a far mode are cautions") {
  const Compiled model = made(one_compartment());
  Posterior p = normal_posterior(0.0, 0.01, 200);
  CHECK(posterior_cautions(*model, p).empty());
  p.ess = 99.0;
  CHECK(has(posterior_cautions(*model, p), "few_draws"));
  p.ess = 200.0;
  p.pareto_k = 0.8;
  CHECK(has(posterior_cautions(*model, p), "few_draws"));
  p.pareto_k = 0.5;
  p.mode[0] = 0.59;  // 1.97 SD, inside 6.63 as a square too
  CHECK(posterior_cautions(*model, p).empty());
  p.prior_weight = 0.1;
  REQUIRE(has(posterior_cautions(*model, p), "prior_weight"));
  CHECK(posterior_cautions(*model, p).front().why.find("10 times") != std::string::npos);
  p.prior_weight = 1.0;
  p.mode[0] = 0.61;
  const Cautions far = posterior_cautions(*model, p);
  REQUIRE(has(far, "prior_and_data"));
  CHECK(far.front().why.find("twenty") == std::string::npos);  // true of one eta alone
  Posterior refused;
  CHECK(stops(posterior_cautions(*model, refused), {"not_converged"}));
}

TEST_CASE("a level 3 SD off or outside the middle 98 % is a misfit; an excluded one is not judged") {
  Patient patient;
  patient.doses = {infusion(0, 1000, 1, 12, 3)};
  patient.observations = {level(11.5, 9)};
  const Situation s = situation(made(one_compartment()), patient, std::nullopt);
  Posterior p = normal_posterior(0.0, 0.01, 100);
  Level fit;
  fit.dv = 9;
  fit.residual_sd = 2.9;
  fit.percentile = 60.0;
  p.levels = {fit};
  CHECK(misfit_cautions(s, p).empty());
  p.levels[0].percentile = 99.5;
  REQUIRE(misfit_cautions(s, p).size() == 1);
  p.levels[0].used = false;
  CHECK(misfit_cautions(s, p).empty());
  p.levels[0] = fit;
  p.levels[0].residual_sd = -3.1;
  CHECK(has(misfit_cautions(s, p), "misfit"));
}

TEST_CASE("a level beyond a limit is a misfit when the fit or the population gives it hardly a chance") {
  Patient patient;
  patient.doses = {infusion(0, 1000, 1, 12, 3)};
  patient.observations = {level(11.5, 0.5)};
  patient.observations[0].censored = Censored::below;
  patient.observations[0].limit = 0.5;
  const Situation s = situation(made(one_compartment()), patient, std::nullopt);
  Posterior p = normal_posterior(0.0, 0.01, 100);
  Level fit;
  fit.censored = Censored::below;
  fit.dv = 0.5;
  fit.probability = 0.4;
  fit.percentile = 99.9;  // nearly everyone is below: nothing to wonder about
  p.levels = {fit};
  CHECK(misfit_cautions(s, p).empty());
  p.levels[0].probability = 0.001;
  REQUIRE(misfit_cautions(s, p).size() == 1);
  CHECK(misfit_cautions(s, p).front().message.find("The level below 0.5 mg/L") == 0);
  p.levels[0].probability = 0.4;
  p.levels[0].percentile = 0.5;
  REQUIRE(misfit_cautions(s, p).size() == 1);
  CHECK(misfit_cautions(s, p).front().why.find("less than 1 %") != std::string::npos);
  p.levels[0].censored = Censored::above;
  CHECK(misfit_cautions(s, p).empty());
}

TEST_CASE("percentiles are said in five bands") {
  const Unit level = *parse_unit("mg/L");
  CHECK(percentile_words(9.9, level).find("below") == 0);
  CHECK(percentile_words(10.0, level).find("in the lower part") == 0);
  CHECK(percentile_words(25.0, level).find("usual") == 0);
  CHECK(percentile_words(75.0, level).find("usual") == 0);
  CHECK(percentile_words(80.0, level).find("in the upper part") == 0);
  CHECK(percentile_words(90.1, level).find("above") == 0);
}

TEST_CASE("a low count of cells asks for no missed dose and no inducer: more drug may mean fewer cells") {
  const Unit cells = *parse_unit("1e9/L"), level = *parse_unit("mg/L");
  for (const double percentile : {1.0, 99.0})
    for (const char* word : {"doses", "inducer", "inhibitor"})
      CHECK(percentile_words(percentile, cells).find(word) == std::string::npos);
  CHECK(percentile_words(1.0, level).find("inducer") != std::string::npos);
}

TEST_CASE("doses that are not entered up to now count as not given, and that is said from one and a half intervals on") {
  Patient patient;
  patient.doses = {infusion(0, 1000, 1, 12, 4)};  // the last at 48 h
  const Compiled model = made(one_compartment());
  patient.now = 65.0;
  CHECK(dosing_cautions(situation(model, patient, std::nullopt)).empty());
  patient.now = 100.0;
  const Cautions missing = dosing_cautions(situation(model, patient, std::nullopt));
  REQUIRE(has(missing, "doses_missing"));
  CHECK(missing[0].message == "No dose is entered for the last 52 h, though one is given every 12 h.");
  Regimen later = every(12, 1000, 1);
  later.start = 110.0;  // a plan that says when: the gap is meant
  CHECK(dosing_cautions(situation(model, patient, later)).empty());
}

TEST_CASE("a dose above what a model is for can be seen in the doses, and stops") {
  auto model = one_compartment();
  Covariate area;
  area.name = "BSA";
  area.label = "Body surface";
  area.unit = *parse_unit("m^2");
  model->covariates = {area};
  Product product;
  product.name = "drug";
  product.route = "dose";
  product.per_area = true;
  product.area = "BSA";
  model->products = {product};
  model->serves = {{"dose above 60 mg/m2", "excluded", "too shallow"}};
  Patient patient;
  patient.covariates["BSA"] = {{0.0}, {1.8 * area.unit.factor}, ""};
  patient.doses = {infusion(0, 109, 1)};  // 60.6 mg/m2: rounded
  const Compiled compiled = made(model);
  CHECK(service_cautions(situation(compiled, patient, std::nullopt)).empty());
  patient.doses = {infusion(0, 180, 1)};  // 100 mg/m2
  const Cautions all = service_cautions(situation(compiled, patient, std::nullopt));
  REQUIRE(all.size() == 1);
  CHECK(all[0].id == "excluded_dose_above_60_mg_m2");
  CHECK(stops(all, {"excluded_dose_above_60_mg_m2"}));
}

TEST_CASE("a regimen that breaks a rule or runs in too fast, also for the patient's weight, is told so") {
  auto model = one_compartment();
  Rule single;
  single.kind = Rule::Kind::largest_single;
  single.limit = 3000.0;
  single.message = "At most 3000 mg.";
  model->rules = {single};
  Product product;
  product.name = "drug";
  product.route = model->routes.front().name;
  product.fastest_rate = 1000.0;
  model->products = {product};
  Patient patient;
  const auto broken = [&](double amt, double dur) {
    Regimen regimen = every(12, amt, dur);
    regimen.route = product.route;
    return broken_rules(situation(made(model), patient, std::nullopt), regimen);
  };
  using Words = std::vector<std::string>;
  CHECK(broken(1000, 1).empty());
  CHECK(broken(1000, 0.5) == Words{"Faster than drug may be given: at most 1000 mg/h."});
  CHECK(broken(4000, 4) == Words{"Not within the rules: At most 3000 mg."});

  Covariate weight;
  weight.name = weight.label = "WT";
  weight.unit = *parse_unit("kg");
  model->covariates = {weight};
  model->products[0].fastest_rate_by_weight = 3.0 / weight.unit.factor;  // 3 mg/kg/h
  CHECK(broken(1000, 1).empty());                                        // the weight is not known
  patient.covariates["WT"] = {{0.0}, {15.0 * weight.unit.factor}, ""};
  CHECK(broken(135, 3).empty());
  CHECK(broken(140, 3) == Words{"Faster than drug may be given: at most 45 mg/h."});
  patient.covariates["WT"].value = {400.0 * weight.unit.factor};
  CHECK(broken(1100, 1) == Words{"Faster than drug may be given: at most 1000 mg/h."});
}
