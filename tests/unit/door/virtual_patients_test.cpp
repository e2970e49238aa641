// Virtual patients against distributions that are known. Tolerances are four standard errors of the sampled number: for n
// patients sd / sqrt(n) of a mean, sqrt(p (1 - p) / n) of a share, (1 - r^2) / sqrt(n) of a correlation.

#include "checks/virtual_patients.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <string>
#include <vector>

#include "asking.hpp"
#include "model/definition.hpp"
#include "model/definition_population.hpp"
#include "model/definition_sampling.hpp"

using namespace titrate;
using namespace titrate::door_tests;

namespace {

constexpr double pi = 3.14159265358979323846;
constexpr int n = 4000;
const double four = 4.0 / std::sqrt(static_cast<double>(n));

// The small model, with a sex, a height and a genotype that its equations do not use.
std::string people_text(const std::string& population = R"("about": "nobody")") {
  const std::string more = R"("sex": { "label": "Sex", "choices": { "male": 0, "female": 1 }, "when_unknown": "male" },
    "HT": { "label": "Height", "unit": "cm", "when_unknown": "170 cm" },
    "CYP3A5": { "label": "CYP3A5", "choices": { "expresser": 1, "non-expresser": 0 }, "when_unknown": "expresser",
      "from_genotype": { "gene": "CYP3A5", "read": "made up",
                         "diplotypes": { "*1/*1": "expresser", "*1/*3": "expresser", "*3/*3": "non-expresser" } } },
    "RF":)";
  return replaced(replaced(model_text, R"("RF":)", more), R"("about": "nobody")", population);
}

json::Value asked(const std::string& population, const std::string& text = people_text()) {
  return ask(*json::parse(R"({"verb":"population","model":)" + text + R"(,"population":)" + population + "}"));
}

Compiled compiled_people() {
  const auto model = read_model(*json::parse(people_text()));
  return *compile(std::make_shared<const Model>(*model));
}

VirtualPopulation read(const Compiled& model, const std::string& population) {
  const auto sources = read_genotype_sources(*json::parse(people_text()), *model->model);
  const auto value = *json::parse(population);
  const auto result = read_virtual_population(value, "/population", *model->model, *sources, {});
  REQUIRE_MESSAGE(result, (result.diagnostics().empty() ? "" : result.diagnostics().front().message));
  return *result;
}

std::vector<VirtualPatient> drawn(const std::string& population, int count = n, std::uint64_t seed = 1) {
  const Compiled model = compiled_people();
  const VirtualPopulation asked_for = read(model, population);
  const auto draw = VirtualPatientDraw::of(
      model, {asked_for.common, asked_for.sampled, asked_for.correlations, asked_for.where, asked_for.within_studied});
  REQUIRE(draw);
  std::vector<VirtualPatient> patients;
  for (int i = 0; i < count; ++i) patients.push_back(*draw->draw(Rng{seed, static_cast<std::uint64_t>(i)}));
  return patients;
}

Vector of(const std::vector<VirtualPatient>& patients, const std::string& name) {
  Vector values(static_cast<Eigen::Index>(patients.size()));
  for (std::size_t i = 0; i < patients.size(); ++i) values[static_cast<Eigen::Index>(i)] = patients[i].covariates.at(name);
  return values;
}

double sd(const Vector& x) { return std::sqrt((x.array() - x.mean()).square().mean()); }
double correlation(const Vector& x, const Vector& y) {
  return ((x.array() - x.mean()) * (y.array() - y.mean())).mean() / (sd(x) * sd(y));
}

const std::string of_CL = R"(,"of":"CL","patients":4000})";

}  // namespace

TEST_CASE("an even covariate has the mean and the standard deviation of a uniform distribution") {
  const Vector x = of(drawn(R"({"sampled":{"WT":{"even":[40,100]}})" + of_CL), "WT");
  const double sigma = 60.0 / std::sqrt(12.0);
  CHECK(std::fabs(x.mean() - 70.0) < four * sigma);
  CHECK(std::fabs(sd(x) / sigma - 1.0) < four);
  CHECK(x.minCoeff() >= 40.0);
  CHECK(x.maxCoeff() <= 100.0);
}

TEST_CASE("a log-normal covariate has the stated mean and SD where its limits are wide") {
  const Vector x = of(drawn(R"({"sampled":{"WT":{"mean":70,"sd":7,"within":[30,200]}},"outside_studied":"keep")" + of_CL), "WT");
  CHECK(std::fabs(x.mean() - 70.0) < four * 7.0);
  CHECK(std::fabs(sd(x) / 7.0 - 1.0) < four);
}

TEST_CASE("stated correlations are those of the logarithms of log-normal covariates, and do not change what each is drawn from") {
  const auto patients = drawn(
      R"({"sampled":{"WT":{"median":70,"cv":"10 %","within":[26,190]},"HT":{"median":170,"cv":"5 %","within":[100,250]}},
          "correlations":[{"between":["WT","HT"],"correlation":0.6}],"outside_studied":"keep")" +
      of_CL);
  const Vector weight = of(patients, "WT").array().log(), height = of(patients, "HT").array().log();
  CHECK(std::fabs(correlation(weight, height) - 0.6) < four * (1.0 - 0.36));
  CHECK(std::fabs(sd(height) / std::sqrt(std::log1p(0.05 * 0.05)) - 1.0) < four);
  CHECK(std::fabs(height.mean() - std::log(170.0)) < four * 0.05);
}

TEST_CASE("two even covariates with the correlation rho have Pearson's 6/pi asin(rho/2)") {
  const auto patients = drawn(R"({"sampled":{"WT":{"even":[40,100]},"HT":{"even":[150,200]}},
                                  "correlations":[{"between":["HT","WT"],"correlation":-0.7}])" +
                              of_CL);
  const double exact = 6.0 / pi * std::asin(-0.35);
  CHECK(std::fabs(correlation(of(patients, "WT"), of(patients, "HT")) - exact) < four * (1.0 - exact * exact));
}

TEST_CASE("a height by sex follows the sex of the same patient") {
  const auto patients =
      drawn(R"({"covariates":{"WT":70},"sampled":{"HT":{"by":"sex","male":{"even":[170,190]},"female":{"even":[155,169]}},
                                  "sex":{"male":0.25,"female":0.75}})" +
            of_CL);
  int women = 0;
  for (const VirtualPatient& patient : patients) {
    const bool woman = patient.covariates.at("sex") == 1.0;
    women += woman ? 1 : 0;
    CHECK((patient.covariates.at("HT") < 169.5) == woman);
  }
  CHECK(std::fabs(women / static_cast<double>(n) - 0.75) < four * std::sqrt(0.75 * 0.25));
}

TEST_CASE("a height by sex follows a sex that itself follows the genotype, in whatever order they are written") {
  const auto patients = drawn(
      R"({"covariates":{"WT":70,"CYP3A5":"expresser"},"sampled":{"HT":{"by":"sex","male":{"even":[170,190]},"female":{"even":[155,169]}},
          "sex":{"by":"CYP3A5","expresser":{"male":0,"female":1},"non-expresser":{"male":1,"female":0}}})" +
          of_CL,
      50);
  for (const VirtualPatient& patient : patients) {
    CHECK(patient.covariates.at("sex") == 1.0);
    CHECK(patient.covariates.at("HT") < 169.5);
  }
}

TEST_CASE("a creatinine clearance follows from what was drawn and is not drawn itself") {
  for (const VirtualPatient& patient :
       drawn(R"({"sampled":{"WT":{"even":[40,100]},"age":{"even":[20,90]},"SCR":{"even":[0.6,2]}})" + of_CL, 50)) {
    const auto& x = patient.covariates;
    CHECK(x.at("RF") == doctest::Approx((140.0 - x.at("age")) * x.at("WT") / (72.0 * x.at("SCR"))).epsilon(1e-9));
  }
}

TEST_CASE("who lies outside what the model studied is drawn again, and the acceptance is the part inside") {
  // Studied: 40 to 100 kg.
  const std::string wide = R"({"sampled":{"WT":{"even":[30,130]}})";
  const auto patients = drawn(wide + of_CL);
  const Vector x = of(patients, "WT");
  CHECK(x.minCoeff() >= 40.0);
  CHECK(x.maxCoeff() <= 100.0);
  CHECK(std::fabs(x.mean() - 70.0) < four * 60.0 / std::sqrt(12.0));
  double draws = 0.0;
  for (const VirtualPatient& patient : patients) draws += patient.draws;
  // n / draws of a negative binomial: a relative error of sqrt((1 - p) / n).
  CHECK(std::fabs(n / draws / 0.6 - 1.0) < four * std::sqrt(0.4));
  CHECK(of(drawn(wide + R"(,"outside_studied":"keep")" + of_CL), "WT").maxCoeff() > 120.0);
}

TEST_CASE("conditions hold for everybody who is drawn, a body mass index among them") {
  const auto patients = drawn(R"({"sampled":{"WT":{"even":[40,100]},"HT":{"even":[150,200]},"age":{"even":[20,90]}},
                                  "where":{"bmi":{"at_least":18,"below":30},"RF":{"at_least":"30 mL/min","below":60}})" +
                                  of_CL,
                              200);
  for (const VirtualPatient& patient : patients) {
    const auto& x = patient.covariates;
    CHECK(x.at("bmi") == doctest::Approx(x.at("WT") / std::pow(x.at("HT") / 100.0, 2)).epsilon(1e-9));
    CHECK((x.at("bmi") >= 18.0 && x.at("bmi") < 30.0));
    CHECK((x.at("RF") >= 30.0 && x.at("RF") < 60.0));
  }
}

TEST_CASE("a patient is the same whoever else is drawn, in whatever order") {
  const std::string population = R"({"sampled":{"WT":{"even":[30,130]},"HT":{"even":[150,200]}},
                                     "correlations":[{"between":["WT","HT"],"correlation":0.5}])" +
                                 of_CL;
  const auto all = drawn(population, 40);
  const Compiled model = compiled_people();
  const VirtualPopulation asked_for = read(model, population);
  const auto draw = VirtualPatientDraw::of(
      model, {asked_for.common, asked_for.sampled, asked_for.correlations, asked_for.where, asked_for.within_studied});
  for (int i = 39; i >= 0; i -= 3) {
    const auto alone = draw->draw(Rng{1, static_cast<std::uint64_t>(i)});
    const VirtualPatient& among = all[static_cast<std::size_t>(i)];
    CHECK(alone->covariates == among.covariates);
    CHECK(alone->worked.eta == among.worked.eta);
    CHECK(alone->draws == among.draws);
  }
  CHECK(drawn(population, 1, 2)[0].covariates != all[0].covariates);
}

TEST_CASE("alleles make diplotypes by Hardy and Weinberg, and diplotypes the words that the model takes them for") {
  const VirtualPopulation population =
      read(compiled_people(), R"({"covariates":{"WT":70},"sampled":{"CYP3A5":{"alleles":{"*1":0.2,"*3":0.8}}})" + of_CL);
  const auto& shares = population.sampled.front().words.front().second.shares;
  REQUIRE(shares.size() == 2);
  CHECK(shares[0].first == "expresser");
  CHECK(shares[0].second == doctest::Approx(0.04 + 2.0 * 0.2 * 0.8).epsilon(1e-12));
  CHECK(shares[1].second == doctest::Approx(0.64).epsilon(1e-12));
}

TEST_CASE("a subgroup counts those whom it keeps, and has the chance and the error of them alone") {
  const json::Value response = asked(
      R"({"sampled":{"sex":{"male":0.3,"female":0.7},"WT":{"by":"sex","male":{"median":80,"cv":"0 %"},"female":{"median":60,"cv":"0 %"}}},
          "subgroups":[{"label":"men","where":{"sex":"male"}},{"label":"women","where":{"sex":["female"]}},
                       {"label":"nobody","where":{"WT":{"at_least":95}}}],
          "patients":4000,"of":"CL","at_most":"1 [L/h]"})");
  REQUIRE_MESSAGE(ok(response), complaints(response));
  const auto group = [&](const char* i) { return at(response, "result", "regimens", "0", "groups", i); };
  const auto share = [&](const char* i) { return at(group(i), "shares", "within").number(); };
  const auto count = [&](const char* i) { return at(group(i), "patients").number(); };
  CHECK(count("1") + count("2") == 4000);
  CHECK(std::fabs(count("1") / n - 0.3) < four * std::sqrt(0.21));
  CHECK(count("3") == 0);
  CHECK(group("3").find("mean") == nullptr);
  // CL = WT / 70 exp(eta), sd 0.3: P(CL <= 1) = Phi(-ln(WT / 70) / 0.3).
  for (const auto& [i, weight] : {std::pair{"1", 80.0}, {"2", 60.0}}) {
    const double p = normal_cdf(-std::log(weight / 70.0) / 0.3), error = std::sqrt(p * (1.0 - p) / count(i));
    CHECK(std::fabs(share(i) - p) < 4.0 * error);
    CHECK(at(group(i), "shares", "error").number() == doctest::Approx(std::sqrt(share(i) * (1.0 - share(i)) / count(i))));
  }
  CHECK(share("0") * n == doctest::Approx(share("1") * count("1") + share("2") * count("2")));
}

TEST_CASE("each regimen finds the same patients, alone or among others") {
  const std::string first = R"({"label":"a","regimen":"10 mg once"})",
                    second = R"({"label":"b","regimen":"0.2 mg once","per":"WT"})";
  const auto found = [&](const std::string& regimens, const char* i) {
    const json::Value response =
        asked(R"({"sampled":{"WT":{"even":[40,100]}},"of":"Cc","each":"10 h","patients":30,"regimens":[)" + regimens + "]}");
    REQUIRE_MESSAGE(ok(response), complaints(response));
    return json::write(at(response, "result", "regimens", i));
  };
  CHECK(found(first + "," + second, "0") == found(first, "0"));
  CHECK(found(first + "," + second, "1") == found(second, "0"));
}

TEST_CASE("the course has the percentiles of the levels at each time, in the unit of the output") {
  const json::Value response = asked(R"({"covariates":{"WT":70},"eta":{"eta_CL":0},"patients":3,"regimen":"10 mg once","of":"Cc",
                                         "each":"auc 0 to 10 h","times":{"from":"5 h","to":"20 h","every":"5 h"}})");
  REQUIRE_MESSAGE(ok(response), complaints(response));
  CHECK(at(response, "result", "course_unit").string() == "ng/mL");
  const json::Value& median = at(response, "result", "regimens", "0", "groups", "0", "course", "p50");
  for (std::size_t i = 0; i < 4; ++i) {
    const double hours = 5.0 * static_cast<double>(i + 1);
    CHECK(at(response, "result", "time").array()[i].number() == doctest::Approx(hours / 24.0));
    CHECK(median.array()[i].number() == doctest::Approx(1000.0 * std::exp(-0.1 * hours)).epsilon(1e-9));
  }
}

TEST_CASE("a model file may state its own population, and a request overrides it covariate by covariate") {
  const std::string text = people_text(R"("about": "nobody", "read": "Table 1", "sampled": { "WT": { "mean": 70, "sd": 10 },
    "HT": { "even": [150, 200] } }, "correlations": [{ "between": ["WT", "HT"], "correlation": 0.9 }])");
  const auto weight = [&](const json::Value& response, const char* key) {
    for (const json::Value& covariate : at(response, "result", "covariates").array())
      if (at(covariate, "name").string() == "WT") return covariate.find(key) == nullptr ? "" : at(covariate, key).string();
    return std::string();
  };
  const json::Value own = asked(R"({"of":"CL"})", text);
  REQUIRE_MESSAGE(ok(own), complaints(own));
  CHECK(weight(own, "source") == "model_file");
  CHECK(weight(own, "read") == "Table 1");
  const json::Value stated = asked(R"({"of":"CL","covariates":{"WT":70}})", text);
  CHECK(weight(stated, "source") == "given");
  CHECK(weight(stated, "read").empty());
  const json::Value card = ask(*json::parse(R"({"verb":"compile","model":)" + text + "}"));
  CHECK(at(card, "result", "sampled", "0", "name").string() == "WT");
  CHECK(at(card, "result", "sampled", "0", "words").string() == "log-normal, median 69.3, CV 14.3 %, 40 to 100 kg");
  CHECK(at(card, "result", "sampled", "1", "words").string() == "evenly from 150 to 200 cm");
  CHECK(at(card, "result", "sampled", "0", "read").string() == "Table 1");
}

TEST_CASE("a computed covariate is not drawn beside what it is computed from, unless the request says how they go together") {
  const auto clearance = [](const std::string& members) {
    return complaints(asked(R"({"of":"CL","patients":20,"outside_studied":"keep",)" + members + "}"));
  };
  const std::string drawn_RF = R"("sampled":{"RF":{"even":[20,120]})";
  CHECK(clearance(drawn_RF + R"(,"WT":{"even":[50,90]}})") == "population.derived /population/sampled/RF");
  CHECK(clearance(drawn_RF + R"(},"covariates":{"WT":70,"age":50,"SCR":1})") == "population.derived /population/sampled/RF");
  CHECK(clearance(drawn_RF + R"(},"covariates":{"WT":70})").empty());
  CHECK(clearance(drawn_RF + R"(,"WT":{"even":[50,90]}},"correlations":[{"between":["WT","RF"],"correlation":0.3}])").empty());
}

TEST_CASE("what cannot be drawn is reported at its place") {
  const auto wrong = [](const std::string& members) { return complaints(asked("{" + members + R"(,"of":"CL"})")); };
  CHECK(wrong(R"("sampled":{"HT":{"even":[150,200]}})") == "patient.missing_covariate /population/covariates/WT");
  CHECK(wrong(R"("sampled":{"HT":{"median":170,"cv":"5 %"}})") == "model.missing /population/sampled/HT/within");
  CHECK(wrong(R"("covariates":{"WT":70},"sampled":{"WT":{"even":[40,90]}})") == "model.duplicate_name /population/sampled/WT");
  CHECK(wrong(R"("sampled":{"WT":{"by":"sex","male":{"even":[40,90]}}})") == "model.missing /population/sampled/WT");
  CHECK(wrong(R"("covariates":{"WT":70},"sampled":{"HT":{"by":"sex","male":{"even":[170,190]},"female":{"even":[155,169]}}})") ==
        "population.by_unknown /population/sampled/HT");
  CHECK(wrong(R"("covariates":{"WT":70},"sampled":{"CYP3A5":{"alleles":{"*1":0.5,"*6":0.5}}})")
            .find("population.genotype_not_covered /population/sampled/CYP3A5/alleles") == 0);
  CHECK(wrong(R"("covariates":{"WT":70},"sampled":{"sex":{"alleles":{"*1":1}}})") ==
        "population.no_genotype /population/sampled/sex/alleles");
  CHECK(wrong(R"("sampled":{"WT":{"even":[200,300]}})") == "population.nobody_fits /population");
  CHECK(wrong(R"("covariates":{"WT":70},"where":{"sex":"child"})") == "model.unknown_name /population/where/sex");
  CHECK(wrong(R"("covariates":{"WT":70},"where":{"age":{}})") == "model.missing /population/where/age");
  CHECK(wrong(R"("sampled":{"WT":{"even":[40,90]},"HT":{"even":[150,200]},"age":{"even":[20,90]}},
                 "correlations":[{"between":["WT","HT"],"correlation":0.9},{"between":["HT","age"],"correlation":0.9},
                                 {"between":["WT","age"],"correlation":-0.9}])") ==
        "population.correlations /population/correlations");
  CHECK(wrong(R"("covariates":{"WT":70},"correlations":[{"between":["WT","HT"],"correlation":0.5}])") ==
        "model.unknown_name /population/correlations/0/between/0");
  CHECK(wrong(R"("covariates":{"WT":70},"times":{"from":"0 h","to":"1 h","every":"1 h"})") ==
        "model.bad_value /population/times");
  CHECK(wrong(R"("covariates":{"WT":70},"regimen":"1 mg once","regimens":[{"regimen":"1 mg once"}])") ==
        "model.bad_value /population/regimens");
}
