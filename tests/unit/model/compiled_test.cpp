#include "model/compiled.hpp"

#include <doctest/doctest.h>

#include "support/small_models.hpp"

using namespace titrate;
using namespace titrate::support;

namespace {

SmallModel simple() {
  return {{{"k", 0.1}}, {{"eta_k", 0.1}}, {}, {{"ke", "k * exp(eta_k)"}}, {{"A", "-ke * A"}}, {{"out", "A"}}, "1",
          false,        {into("A")},      {}};
}

std::vector<std::string> codes(const std::shared_ptr<Model>& model) {
  std::vector<std::string> list;
  const auto result = compile(model);
  for (const Diagnostic& d : result.diagnostics()) list.push_back(d.code);
  return list;
}

State state(const char* name, const char* unit, const char* derivative) {
  State s;
  s.name = name;
  s.unit = *parse_unit(unit);
  s.initial = {"0", "/states/0/initial"};
  s.derivative = {derivative, "/states/0/derivative"};
  return s;
}

}  // namespace

TEST_CASE("a system with constant coefficients is found to be linear, one with a product of states is not") {
  CHECK(compiled(simple())->states.linear);
  SmallModel product = simple();
  product.states[0].second = "-ke * A * A";
  CHECK_FALSE(compiled(product)->states.linear);
  SmallModel in_time = simple();
  in_time.states[0].second = "-ke * A * (1 + sin(t))";
  CHECK_FALSE(compiled(in_time)->states.linear);
}

TEST_CASE("a nonlinear output keeps the states linear but not their integrals") {
  SmallModel model = simple();
  model.outputs[0].second = "A * A";
  CHECK(compiled(model)->states.linear);
  CHECK_FALSE(compiled(model)->with_auc.linear);
}

TEST_CASE("what does not change along a course is computed once per segment, not at every step") {
  SmallModel model = simple();
  model.individual.push_back({"heavy", "exp(log(ke) * 3) + sqrt(ke)"});
  model.states[0].second = "-heavy * A * A";
  // Left for every step: one product and one square, no exponential.
  const auto ready = compiled(model);
  for (const Instruction& i : ready->states.rhs.code) CHECK((i.op == Op::mul || i.op == Op::neg));
}

TEST_CASE("individual parameters may stand in any order, but a circle is named") {
  SmallModel model = simple();
  model.individual = {{"a", "b * 2"}, {"b", "ke + 1"}, {"ke", "k"}};
  CHECK(compile(build(model)));
  model.individual = {{"ke", "a"}, {"a", "b * 2"}, {"b", "ke + 1"}};
  const auto result = compile(build(model));
  REQUIRE_FALSE(result);
  CHECK(result.diagnostics().front().code == "model.cycle");
  CHECK(result.diagnostics().front().message.find("ke -> a -> b -> ke") != std::string::npos);
}

TEST_CASE("every unknown name in a model is reported at once") {
  SmallModel model = simple();
  model.individual[0].second = "kk * exp(eta_k)";
  model.outputs[0].second = "AA";
  CHECK(codes(build(model)) == std::vector<std::string>{"expr.unknown_name", "expr.unknown_name"});
}

TEST_CASE("an equation whose right side is not amount per time is refused, and both units are shown") {
  auto model = std::make_shared<Model>();
  Parameter ke;
  ke.name = "ke";
  ke.value = 0.1;
  ke.unit = *parse_unit("L/h");
  model->parameters.push_back(ke);
  model->states.push_back(state("A", "mg", "-ke * A"));
  const auto wrong = compile(model);
  REQUIRE_FALSE(wrong);
  CHECK(wrong.diagnostics().front().code == "expr.unit_mismatch");
  CHECK(wrong.diagnostics().front().path == "/states/0/derivative");
  CHECK(wrong.diagnostics().front().message.find("mg/h") != std::string::npos);
  model->parameters[0].unit = *parse_unit("1/h");
  CHECK(compile(model));
}

TEST_CASE("a lag that depends on time or on states is refused with a reason") {
  SmallModel model = simple();
  model.entries = {into("A", "1", "0.1 * t")};
  CHECK(codes(build(model)) == std::vector<std::string>{"model.not_yet"});
  model.entries = {into("A", "A")};
  CHECK(codes(build(model)) == std::vector<std::string>{"model.not_yet"});
}

TEST_CASE("a route into a state that does not exist names the nearest one") {
  SmallModel model = simple();
  model.states[0].first = "central";
  model.states[0].second = "-ke * central";
  model.outputs[0].second = "central";
  model.entries = {into("centrl")};
  const auto result = compile(build(model));
  REQUIRE_FALSE(result);
  CHECK(result.diagnostics().front().hint.find("central") != std::string::npos);
}

TEST_CASE("covariances that no distribution can have are refused") {
  SmallModel model = simple();
  model.etas.push_back({"eta_2", 0.1});
  auto wrong = build(model);
  wrong->omega(0, 1) = wrong->omega(1, 0) = 0.2;
  CHECK(codes(wrong) == std::vector<std::string>{"model.omega"});
}
