// Other drugs at the door that the model does not compute: what is known of them is said, and no number changes.

#include "patient/interactions.hpp"

#include <doctest/doctest.h>

#include <string>

#include "unit/door/asking.hpp"

using namespace titrate;
using namespace titrate::door_tests;

namespace {

// A fit of levels at 5 and 20 h, of a model of `drug`; `more` are further members of the patient.
json::Value fitted(const std::string& drug, const std::string& more) {
  return ask(*json::parse(R"({"verb":"fit","model":)" + replaced(model_text, "testin", drug) +
                          R"(,"patient":{"covariates":{"WT":"70 kg"},"doses":[{"time":"0 h","amt":"10 mg"}],"observations":[
        {"time":"5 h","dv":"600 ng/mL","output":"Cc"},{"time":"20 h","dv":"250 ng/mL","output":"Cc"}])" +
                          more + "}}"));
}

const json::Value* caution(const json::Value& response, const std::string& id) {
  for (const json::Value& one : at(response, "cautions").array())
    if (at(one, "id").string() == id) return &one;
  return nullptr;
}

bool says(const json::Value& caution, const std::string& key, const std::string& words) {
  return at(caution, key).string().find(words) != std::string::npos;
}

}  // namespace

TEST_CASE("a drug that is known to change the exposure is a warning with its source, and changes no number") {
  const auto without = fitted("tacrolimus", "");
  const auto with = fitted("tacrolimus", R"(,"co_medication":[{"drug":"voriconazole","start":"0 h"}])");
  REQUIRE(ok(without));
  REQUIRE(ok(with));
  CHECK(caution(without, "interaction_not_computed") == nullptr);
  const json::Value* warning = caution(with, "interaction_not_computed");
  REQUIRE(warning != nullptr);
  CHECK(at(*warning, "grade").string() == "warn");
  CHECK(at(*warning, "path").string() == "/patient/co_medication/0");
  CHECK(says(*warning, "message", "exposure to tacrolimus is known to rise: level per dose times 2.4"));
  CHECK(says(*warning, "why", "Mori"));
  CHECK(json::write(at(with, "result")) == json::write(at(without, "result")));
}

TEST_CASE("levels with an interaction and without it are said to share one clearance") {
  const auto advice = [](const std::string& span) {
    const auto response = fitted("tacrolimus", R"(,"co_medication":[{"drug":"rifampicin",)" + span + "}]");
    CHECK(says(*caution(response, "interaction_not_computed"), "message", "known to fall"));
    return at(*caution(response, "interaction_not_computed"), "what_to_do").string();
  };
  const std::string words = "with one clearance";  // levels at 5 and 20 h
  CHECK(advice(R"("start":"10 h")").find(words) != std::string::npos);
  CHECK(advice(R"("start":"-48 h","stop":"10 h")").find(words) != std::string::npos);
  CHECK(advice(R"("start":"-48 h")").find(words) == std::string::npos);
  CHECK(advice(R"("start":"-48 h","stop":"30 h")").find(words) == std::string::npos);
  CHECK(advice(R"("start":"30 h")").find(words) == std::string::npos);
}

TEST_CASE("a drug of which nothing is listed for this one is a note, and a name that nobody knows is refused") {
  const auto other = fitted("tacrolimus", R"(,"co_medication":[{"drug":"ibuprofen","start":"0 h"}])");
  REQUIRE(ok(other));
  const json::Value* note = caution(other, "interaction_not_listed");
  REQUIRE(note != nullptr);
  CHECK(at(*note, "grade").string() == "note");
  CHECK(complaints(fitted("tacrolimus", R"(,"co_medication":[{"drug":"voriconazol","start":"0 h"}])")) ==
        "patient.unknown_drug /patient/co_medication/0/drug");
}

TEST_CASE("a drug that the model doses itself is asked for among the doses") {
  const std::string model = replaced(replaced(model_text, "testin", "midazolam"), "\"iv\": {", "\"rifampicin\": {");
  const auto response =
      ask(*json::parse(R"({"verb":"fit","model":)" + model +
                       R"(,"patient":{"covariates":{"WT":"70 kg"},"doses":[{"time":"0 h","amt":"10 mg"}],"observations":[],
                         "co_medication":[{"drug":"rifampicin","start":"0 h"}]}})"));
  CHECK(complaints(response) == "patient.drug_is_dosed /patient/co_medication/0/drug");
}

TEST_CASE("the card lists the interactions of the drug that the model does not compute") {
  const auto listed = [](const std::string& text) {
    return at(ask(*json::parse(R"({"verb":"compile","model":)" + text + "}")), "result", "interactions").array().size();
  };
  const std::string model = replaced(model_text, "testin", "tacrolimus");
  CHECK(listed(model_text) == 0);
  CHECK(listed(model) == interactions_of("tacrolimus").size());
  CHECK(listed(replaced(
            replaced(model, "\"parameters\"", R"("inputs": { "induced": { "label": "Induction", "unit": "1", "resting": "1" } },
    "co_medication": { "rifampicin": { "label": "Rifampicin", "input": "induced", "value": 2 } }, "parameters")"),
            "TVCL * (WT", "TVCL * induced * (WT")) == interactions_of("tacrolimus").size() - 1);
}
