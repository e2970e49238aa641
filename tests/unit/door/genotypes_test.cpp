// Genotypes at the door: what a model takes from them, what it refuses, and that they change nothing elsewhere.

#include <doctest/doctest.h>

#include "unit/door/asking.hpp"

using namespace titrate;
using namespace titrate::door_tests;

namespace {

// CL is 1 L/h, times 1 + GENE / 2.
std::string model_with(const std::string& covariate) {
  return replaced(
      replaced(model_text, R"("covariates": {)", R"("covariates": { "GENE": { "label": "Genotype", )" + covariate + " },"),
      "TVCL * (WT / 70 [kg])", "TVCL * (1 + GENE / 2) * (WT / 70 [kg])");
}

const std::string by_diplotype =
    R"("choices": { "slow": 0, "fast": 1 }, "from_genotype": { "gene": "CYP3A5", "read": "Methods",
       "diplotypes": { "*3/*3": "slow", "*3/*1": "fast", "*1/*1": "fast" } })";
const std::string by_phenotype =
    R"("choices": { "slow": 0, "fast": 1 }, "when_unknown": "fast", "from_genotype": { "gene": "CYP2D6", "read": "Methods",
       "alleles": ["*1", "*4", "*10"],
       "phenotypes": { "poor metaboliser": "slow", "intermediate metaboliser": "slow", "normal metaboliser": "fast" } })";
const std::string by_score = R"("unit": "1", "from_genotype": { "gene": "CYP2D6", "read": "Methods", "activity_score": true })";

json::Value asked(const std::string& model, const std::string& genotypes, const std::string& covariates = "") {
  return ask(*json::parse(R"({"verb":"simulate","model":)" + model +
                          R"(,"times":["10 h"],"patient":{"covariates":{"WT":"70 kg")" + covariates + R"(},"genotypes":)" +
                          genotypes + R"(,"doses":[{"time":"0 h","amt":"10 mg"}],"observations":[]}})"));
}

double CL(const json::Value& response) { return at(response, "result", "parameters", "0", "value").number(); }

}  // namespace

TEST_CASE("a model takes its covariate from the diplotype that it was estimated with, in any order of the alleles") {
  const auto fast = asked(model_with(by_diplotype), R"({"CYP3A5":"*1/*3"})");
  REQUIRE(ok(fast));
  CHECK(CL(fast) == doctest::Approx(1.5));
  CHECK(at(fast, "genotypes", "0", "uses", "0", "value").string() == "fast");
  CHECK(at(fast, "genotypes", "0", "uses", "0", "used").boolean());
  CHECK(CL(asked(model_with(by_diplotype), R"({"CYP3A5":"*3/*3"})")) == doctest::Approx(1.0));
  CHECK(CL(asked(model_with(by_score), R"({"CYP2D6":"*1/*4"})")) == doctest::Approx(1.5));
  CHECK(CL(asked(model_with(by_phenotype), R"({"CYP2D6":"*4/*10"})")) == doctest::Approx(1.0));
}

TEST_CASE("a diplotype that the model did not study is refused, also where the model has a value for unknown ones") {
  CHECK(complaints(asked(model_with(by_diplotype), R"({"CYP3A5":"*1/*6"})")) ==
        "patient.genotype_not_covered /patient/genotypes/CYP3A5");
  CHECK(complaints(asked(model_with(by_phenotype), R"({"CYP2D6":"*1/*41"})")) ==
        "patient.genotype_not_covered /patient/genotypes/CYP2D6");
  CHECK(complaints(asked(model_with(by_phenotype), R"({"CYP2D6":"*1/*999"})")) ==
        "patient.genotype_not_covered /patient/genotypes/CYP2D6");
  const auto stated = asked(model_with(by_diplotype), R"({"CYP3A5":"*1/*6"})", R"(,"GENE":"fast")");
  CHECK(ok(stated));
  CHECK(complaints(stated) == "patient.genotype_differs /patient/covariates/GENE");
  CHECK(!at(stated, "genotypes", "0", "uses", "0", "used").boolean());
}

TEST_CASE("a stated covariate is used, and a genotype that says otherwise is pointed out") {
  const auto differs = asked(model_with(by_diplotype), R"({"CYP3A5":"*1/*1"})", R"(,"GENE":"slow")");
  CHECK(CL(differs) == doctest::Approx(1.0));
  CHECK(complaints(differs) == "patient.genotype_differs /patient/covariates/GENE");
  CHECK(complaints(asked(model_with(by_diplotype), R"({"CYP3A5":"*1/*1"})", R"(,"GENE":"fast")")).empty());
}

TEST_CASE("what an inhibitor makes of the genotype is offered, and used only when a person states it") {
  const std::string inhibited = R"({"CYP2D6":{"diplotype":"*1/*10","inhibitors":["paroxetine"]}})";
  const auto offered = asked(model_with(by_phenotype), inhibited);
  REQUIRE(ok(offered));
  CHECK(CL(offered) == doctest::Approx(1.5));
  CHECK(complaints(offered) == "patient.phenoconversion /patient/genotypes/CYP2D6/diplotype");
  CHECK(at(offered, "genotypes", "0", "uses", "0", "offered").string() == "slow");
  CHECK(at(offered, "genotypes", "0", "phenoconversion", "phenotype").string() == "poor metaboliser");
  const auto confirmed = asked(model_with(by_phenotype), inhibited, R"(,"GENE":"slow")");
  CHECK(CL(confirmed) == doctest::Approx(1.0));
  CHECK(complaints(confirmed).empty());
  CHECK(complaints(asked(model_with(by_phenotype), R"({"CYP2D6":{"diplotype":"*1/*1","inhibitors":["aspirin"]}})")) ==
        "patient.unknown_inhibitor /patient/genotypes/CYP2D6/inhibitors/0");
  CHECK(complaints(asked(model_with(by_diplotype), R"({"CYP3A5":{"diplotype":"*1/*1","inhibitors":["strong"]}})")) ==
        "patient.no_phenoconversion /patient/genotypes/CYP3A5/inhibitors");
}

TEST_CASE("a gene that the model was not estimated with changes no number") {
  const auto without = ask(request("simulate", "", R"("times":["10 h"])"));
  const auto with = asked(model_text, R"({"CYP2D6":"*4/*4","DPYD":"Reference/c.2846A>T"})");
  REQUIRE(ok(with));
  CHECK(json::write(at(with, "result")) == json::write(at(without, "result")));
  CHECK(at(with, "genotypes", "0", "uses").array().empty());
  CHECK(at(with, "genotypes", "0", "words").string().find("no number changes") != std::string::npos);
  CHECK(at(with, "genotypes", "1", "score").number() == 1.5);
}

TEST_CASE("genes and diplotypes that cannot be read are errors at their place") {
  CHECK(complaints(asked(model_text, R"({"CYP2D7":"*1/*1"})")) == "patient.unknown_gene /patient/genotypes/CYP2D7");
  CHECK(complaints(asked(model_text, R"({"CYP2D6":"*1/*4 or *1/*10"})")) == "genotype.ambiguous /patient/genotypes/CYP2D6");
  CHECK(complaints(asked(model_text, R"({"CYP2D6":7})")) == "request.type /patient/genotypes/CYP2D6");
  CHECK(complaints(asked(model_text, R"(["CYP2D6"])")) == "request.type /patient/genotypes");
}

TEST_CASE("the card says which gene a covariate comes from, and a mapping that contradicts the rules is refused") {
  const auto card = ask(*json::parse(R"({"verb":"compile","model":)" + model_with(by_diplotype) + "}"));
  CHECK(at(card, "result", "genotypes", "0", "gene").string() == "CYP3A5");
  CHECK(at(card, "result", "genotypes", "0", "values").array().size() == 3);
  const auto compile = [](const std::string& covariate) {
    return complaints(ask(*json::parse(R"({"verb":"compile","model":)" + model_with(covariate) + "}")));
  };
  const std::string place = " /model/covariates/GENE/from_genotype";
  CHECK(compile(replaced(by_diplotype, "*3/*3", "*3/*99")) == "model.bad_value" + place + "/diplotypes/*3~1*99");
  CHECK(compile(replaced(by_diplotype, "\"slow\", \"*3", "\"slower\", \"*3")) ==
        "model.unknown_name" + place + "/diplotypes/*3~1*3");
  CHECK(compile(replaced(by_diplotype, "*1/*1", "*1/*3")) == "model.duplicate_name" + place + "/diplotypes/*1~1*3");
  CHECK(compile(replaced(by_phenotype, "normal", "mormal")) == "model.unknown_name" + place + "/phenotypes/mormal metaboliser");
  CHECK(compile(replaced(by_score, "CYP2D6", "CYP3A5")) == "model.bad_value" + place + "/activity_score");
  CHECK(compile(replaced(by_score, R"(, "activity_score": true)", "")) == "model.missing" + place);
}
