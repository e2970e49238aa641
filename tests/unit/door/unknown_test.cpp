// What is not known of a patient, at the door: a covariate, a class of a mixture, whether a dose was taken.

#include <doctest/doctest.h>

#include <cmath>

#include "unit/door/asking.hpp"

using namespace titrate;
using namespace titrate::door_tests;

namespace {

// CL is 1 L/h, doubled in expressers of the genotype and halved in poor absorbers; the levels of the first are low.
std::string model_of(
    const std::string& genotype = R"("unknown": { "frequencies": { "no": 0.8, "yes": "20 %" }, "read": "Table 2" })",
    const std::string& mixtures = R"("group": { "label": "Elimination", "classes": { "usual": 0.9, "poor": 0.1 } })") {
  std::string text = replaced(model_text, R"("covariates": {)",
                              R"("covariates": { "GENE": { "label": "Genotype", "choices": { "no": 0, "yes": 1 })" +
                                  (genotype.empty() ? std::string() : ", " + genotype) + " },");
  if (!mixtures.empty()) text = replaced(text, R"("parameters")", R"("mixtures": { )" + mixtures + R"( }, "parameters")");
  const std::string CL = mixtures.empty() ? "TVCL * 2^GENE" : "TVCL * 2^GENE * if(group == 1, 1, 0.5)";
  return replaced(text, "TVCL * (WT / 70 [kg])", CL + " * (WT / 70 [kg])");
}

json::Value asked(const std::string& verb, const std::string& model, const std::string& covariates, const std::string& doses,
                  const std::string& levels, const std::string& more = "") {
  return ask(*json::parse(R"({"verb":")" + verb + R"(","model":)" + model + R"(,"patient":{"covariates":{"WT":"70 kg")" +
                          covariates + R"(},"doses":[)" + doses + R"(],"observations":[)" + levels + R"(],"now":"24 h"})" + more +
                          "}"));
}

const std::string one_dose = R"({"time":"0 h","amt":"10 mg"})";
const std::string low_level = R"({"time":"12 h","dv":"0.1 mg/L"})";

double probability(const json::Value& response, const std::string& unknown, const std::string& choice,
                   const std::string& which = "probability") {
  return at(response, "result", "unknown", unknown, "choices", choice, which).number();
}

}  // namespace

TEST_CASE("an unknown genotype is averaged over, and a low level makes the fast one more probable") {
  const std::string large_dose = R"({"time":"0 h","amt":"100 mg"})", low = R"({"time":"12 h","dv":"0.8 mg/L"})";  // 3.0 or 0.9
  const json::Value response = asked("fit", model_of(), R"(,"GENE":"unknown")", large_dose, low);
  REQUIRE_MESSAGE(ok(response), complaints(response));
  CHECK(at(response, "result", "unknown", "0", "label").string() == "Genotype");
  CHECK(at(response, "result", "unknown", "0", "kind").string() == "covariate");
  CHECK(at(response, "result", "unknown", "1", "kind").string() == "subpopulation");
  CHECK(at(response, "result", "unknown", "0", "choices", "1", "word").string() == "yes");
  CHECK(probability(response, "0", "1", "prior_probability") == doctest::Approx(0.2));
  CHECK(probability(response, "0", "1") > 0.5);
  CHECK(probability(response, "0", "0") + probability(response, "0", "1") == doctest::Approx(1.0));
  CHECK(at(response, "result", "variants").array().size() == 4);
  double sum = 0.0;
  for (const json::Value& variant : at(response, "result", "variants").array()) sum += at(variant, "probability").number();
  CHECK(sum == doctest::Approx(1.0));

  const json::Value left_out = asked("fit", model_of(), "", large_dose, low);
  REQUIRE(ok(left_out));
  CHECK(probability(left_out, "0", "1") == probability(response, "0", "1"));
}

TEST_CASE("what is known leaves nothing to average, and a class may be stated") {
  const json::Value response = asked("fit", model_of(), R"(,"GENE":"yes","group":"usual")", one_dose, low_level);
  REQUIRE_MESSAGE(ok(response), complaints(response));
  CHECK(at(response, "result").find("unknown") == nullptr);
  CHECK(at(response, "result").find("variants") == nullptr);
}

TEST_CASE("a genotype whose frequencies nobody states cannot be unknown") {
  const json::Value response = asked("fit", model_of("", ""), R"(,"GENE":"unknown")", one_dose, low_level);
  CHECK(complaints(response) == "patient.missing_covariate /patient/covariates/GENE");
  CHECK(at(response, "diagnostics", "0", "hint").string().find("no frequencies") != std::string::npos);
  CHECK(complaints(asked("fit", model_of("", ""), "", one_dose, low_level)) ==
        "patient.missing_covariate /patient/covariates/GENE");
}

TEST_CASE("a value that the source assumes when unknown is taken for the word unknown as well") {
  std::string model = model_of("", "");
  model = replaced(model, R"("choices": { "no": 0, "yes": 1 })", R"("choices": { "no": 0, "yes": 1 }, "when_unknown": "no")");
  const json::Value response = asked("fit", model, R"(,"GENE":"unknown")", one_dose, "");
  REQUIRE_MESSAGE(ok(response), complaints(response));
  CHECK(at(response, "cautions", "0", "id").string() == "covariate_defaulted");
}

TEST_CASE("validate lists an unknown covariate without a value, and says what is averaged") {
  const json::Value response = asked("validate", model_of(), "", one_dose, "");
  REQUIRE_MESSAGE(ok(response), complaints(response));
  bool seen = false;
  for (const json::Value& covariate : at(response, "result", "covariates").array())
    if (at(covariate, "name").string() == "GENE") {
      seen = true;
      CHECK(at(covariate, "source").string() == "unknown");
      CHECK(covariate.find("value") == nullptr);
    }
  CHECK(seen);
  CHECK(at(response, "cautions", "0", "id").string() == "unknown_covariate");
  CHECK(at(response, "cautions", "0", "path").string() == "/patient/covariates/GENE");
}

TEST_CASE("the card of a model shows frequencies, and which covariates are hidden") {
  const json::Value card = ask(*json::parse(R"({"verb":"compile","model":)" + model_of() + "}"));
  REQUIRE_MESSAGE(ok(card), complaints(card));
  const json::Value& gene = at(card, "result", "covariates", "0");
  CHECK(at(gene, "frequencies", "1").number() == doctest::Approx(0.2));
  CHECK(at(gene, "frequencies_read").string() == "Table 2");
  CHECK(gene.find("hidden") == nullptr);
  const json::Value& group = at(card, "result", "covariates", "5");
  CHECK(at(group, "name").string() == "group");
  CHECK(at(group, "hidden").boolean());
}

TEST_CASE("shares that do not sum to 1, or leave a word out, are errors of the model file") {
  const auto complaint = [](const std::string& genotype, const std::string& mixtures = "") {
    return complaints(ask(*json::parse(R"({"verb":"compile","model":)" + model_of(genotype, mixtures) + "}")));
  };
  CHECK(complaint(R"("unknown": { "frequencies": { "no": 0.5, "yes": 0.2 } })") ==
        "model.bad_value /model/covariates/GENE/unknown/frequencies");
  CHECK(complaint(R"("unknown": { "frequencies": { "no": 1 } })") == "model.missing /model/covariates/GENE/unknown/frequencies");
  CHECK(complaint(R"("unknown": { "frequencies": { "no": 0.5, "maybe": 0.5 } })") ==
        "model.unknown_name /model/covariates/GENE/unknown/frequencies/maybe");
  CHECK(complaint(R"("unknown": { "frequencies": { "no": 1.2, "yes": 0 } })") ==
        "model.bad_value /model/covariates/GENE/unknown/frequencies/no");
  CHECK(complaint(R"("when_unknown": "no", "unknown": { "frequencies": { "no": 0.5, "yes": 0.5 } })") ==
        "model.bad_value /model/covariates/GENE/unknown");
  CHECK(complaint("", R"("group": { "label": "One", "classes": { "only": 1 } })") ==
        "model.bad_value /model/mixtures/group/classes");
  CHECK(complaint("", R"("group": { "label": "Two", "classes": { "a": 0.334, "b": 0.333, "c": 0.333 } })").empty());
}

TEST_CASE("a missed dose changes nothing but the list of what was given") {
  const std::string missed = one_dose + R"(,{"time":"12 h","amt":"10 mg","taken":"no"})";
  const std::string level = R"({"time":"20 h","dv":"0.2 mg/L"})";
  const std::string known = R"(,"GENE":"no","group":"usual")";
  const json::Value with = asked("fit", model_of(), known, missed, level);
  const json::Value without = asked("fit", model_of(), known, one_dose, level);
  REQUIRE_MESSAGE(ok(with), complaints(with));
  CHECK(at(with, "result", "ofv").number() == at(without, "result", "ofv").number());
  const json::Value forecast = asked("forecast", model_of(), known, missed, level);
  REQUIRE_MESSAGE(ok(forecast), complaints(forecast));
  CHECK(at(forecast, "result", "doses").array().size() == 2);
  CHECK(at(forecast, "result", "doses", "0").find("taken") == nullptr);
  CHECK(at(forecast, "result", "doses", "1", "taken").number() == 0.0);
  CHECK(at(forecast, "result", "regimens", "0", "label").string() == "10 mg every 12 h");
}

TEST_CASE("a doubtful dose is weighed by the levels, whichever way its probability is written") {
  const std::string known = R"(,"GENE":"no","group":"usual")";
  const std::string level = R"({"time":"14 h","dv":"0.3 mg/L"})";  // 0.25 without the second dose, 1.07 with it
  std::vector<double> after;
  for (const char* taken : {"0.7", "\"70 %\"", "\"0.7\""}) {
    const std::string doses = one_dose + R"(,{"time":"12 h","amt":"10 mg","taken":)" + taken + "}";
    const json::Value response = asked("fit", model_of(), known, doses, level);
    REQUIRE_MESSAGE(ok(response), complaints(response));
    CHECK(at(response, "result", "unknown", "0", "kind").string() == "dose");
    CHECK(at(response, "result", "unknown", "0", "path").string() == "/patient/doses/1");
    CHECK(at(response, "result", "unknown", "0", "choices", "0", "word").string() == "taken");
    after.push_back(probability(response, "0", "0"));
    CHECK(at(response, "result", "variants", "0", "label").string() == "dose at 12 h: taken");
  }
  CHECK(after[0] < 0.6);
  CHECK(after[1] == doctest::Approx(after[0]));
  CHECK(after[2] == after[0]);
}

TEST_CASE("a probability beyond 0 to 1, and a doubt about a repeated record, are refused") {
  const auto complaint = [](const std::string& more) {
    return complaints(asked("fit", model_of(), "", R"({"time":"0 h","amt":"10 mg",)" + more + "}", ""));
  };
  CHECK(complaint(R"("taken":1.2)") == "patient.taken /patient/doses/0/taken");
  CHECK(complaint(R"("taken":"-5 %")") == "patient.taken /patient/doses/0/taken");
  CHECK(complaint(R"("taken":0.5,"ii":"6 h","addl":2)") == "patient.taken_repeated /patient/doses/0/taken");
  CHECK(complaint(R"("taken":true)") == "request.type /patient/doses/0/taken");
}

TEST_CASE("a simulation follows the most probable patient and says so") {
  const json::Value response = asked("simulate", model_of(), "", one_dose, "", R"(,"times":["10 h"])");
  REQUIRE_MESSAGE(ok(response), complaints(response));
  CHECK(complaints(response) == "simulate.most_probable /patient");
  CHECK(at(response, "result", "outputs", "Cc", "value", "0").number() == doctest::Approx(1000.0 * std::exp(-1.0)).epsilon(1e-6));
}

TEST_CASE("a forecast averages over what is not known: two classes far apart widen it, and a target is met by one of them") {
  // 10 mg into 10 L: after 10 h, 0.37 mg/L without the gene and 0.14 with it; the variability inside is small.
  std::string model = replaced(model_of(), R"({ "variance": 0.09, "read")", R"({ "variance": 0.0001, "read")");
  model = replaced(model, R"("usual": 0.9, "poor": 0.1)", R"("usual": 1, "poor": 0)");
  const std::string target =
      R"(,"target":{"metric":"value_at","of":"Cc","during":"10 h","low":"300 ng/mL","high":"500 ng/mL"},"regimens":[{"amt":"10 mg","doses":1,"start":"24 h"}])";
  const json::Value averaged = asked("forecast", model, "", "", "", target);
  REQUIRE_MESSAGE(ok(averaged), complaints(averaged));
  CHECK(at(averaged, "result", "regimens", "0", "target", "p_in").number() == doctest::Approx(0.8));
  CHECK(at(averaged, "result", "regimens", "0", "target", "p_below").number() == doctest::Approx(0.2));
  const json::Value& metric = at(averaged, "result", "regimens", "0", "metrics", "0");
  CHECK(at(metric, "p5").number() == doctest::Approx(1000.0 * std::exp(-2.0)).epsilon(0.05));
  CHECK(at(metric, "p95").number() == doctest::Approx(1000.0 * std::exp(-1.0)).epsilon(0.05));
  const json::Value sure = asked("forecast", model, R"(,"GENE":"yes")", "", "", target);
  CHECK(at(sure, "result", "regimens", "0", "target", "p_below").number() == 1.0);

  model = replaced(model, R"("worked_cases")",
                   R"("products": [ { "name": "vial", "route": "iv", "step": "10 mg", "smallest": "10 mg", "largest": "20 mg",
                        "intervals": ["24 h"], "durations": ["1 h"], "source": "made up" } ], "worked_cases")");
  const json::Value ranked = asked("recommend", model, "", "", "", target.substr(0, target.find(R"(,"regimens)")));
  REQUIRE_MESSAGE(ok(ranked), complaints(ranked));
  int of_10_mg = 0;
  for (const json::Value& candidate : at(ranked, "result", "ranked").array()) {
    const double p = at(candidate, "p_in").number();
    if (at(candidate, "kind").string() == "no_dose") CHECK(p == 0.0);
    if (at(candidate, "label").string().rfind("10 mg", 0) != 0) continue;
    CHECK(p == doctest::Approx(0.8));
    ++of_10_mg;
  }
  CHECK(of_10_mg == 1);
}
