// Patients who are one of several: exact Bayes by quadrature over eta in every class, in closed form for a bolus into one
// compartment, f(t) = sum of doses / V exp(-k (t - t_dose)).

#include "infer/variants.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <numeric>

#include "infer/fit.hpp"
#include "support/small_models.hpp"

using namespace titrate;

namespace {

struct Class {
  std::string word;
  double share;
  double CL;
};

const std::vector<Class> fast_and_slow = {{"slow", 0.5, 1.0}, {"fast", 0.5, 2.0}};

// CL of the class times exp(eta), V = 10, additive error of SD 0.5.
Compiled classes_of_clearance(const std::vector<Class>& classes, double omega, bool hidden = true,
                              const std::string& variance = "0.25") {
  support::SmallModel small;
  Covariate group;
  group.name = "group";
  group.label = "Group";
  group.hidden = hidden;
  std::string CL = "0";
  for (std::size_t i = 0; i < classes.size(); ++i) {
    group.choices.emplace_back(classes[i].word, static_cast<double>(i + 1));
    group.frequencies.push_back(classes[i].share);
    CL = "if(group == " + std::to_string(i + 1) + ", " + std::to_string(classes[i].CL) + ", " + CL + ")";
  }
  small.covariates = {group};
  small.etas = {{"eta", omega}};
  small.individual = {{"CL", "(" + CL + ") * exp(eta)"}};
  small.states = {{"A", "-CL / 10 * A"}};
  small.outputs = {{"y", "A / 10"}};
  small.residual = variance;
  small.entries = {support::into("A")};
  return support::compiled(small);
}

DosingEvent dose(double time, double amt = 100.0, double taken = 1.0) {
  DosingEvent d;
  d.time = time;
  d.amt = amt;
  d.taken = taken;
  d.route = "dose";
  d.order = 1;
  d.path = "/patient/doses/" + std::to_string(static_cast<int>(time));
  return d;
}

Observation level(double time, double dv) {
  Observation o;
  o.time = time;
  o.dv = dv;
  o.output = "y";
  o.order = 2;
  return o;
}

Patient patient_with(std::vector<DosingEvent> doses, std::vector<Observation> levels) {
  Patient patient;
  patient.doses = std::move(doses);
  patient.observations = std::move(levels);
  return patient;
}

Posterior fitted(const Compiled& model, const Patient& patient, const FitSettings& settings = {}) {
  const auto posterior = fit(model, patient, settings);
  for (const auto& diagnostic : posterior.diagnostics()) MESSAGE(diagnostic.message);
  REQUIRE(static_cast<bool>(posterior));
  return *posterior;
}

// p(levels) and the mean of eta by the trapezoidal rule, which is exact to rounding for what falls off like a normal
// distribution.
struct Exact {
  double evidence = 0.0, mean = 0.0;
};

Exact by_quadrature(double CL, double omega, const Patient& patient) {
  Exact exact;
  const double sd = std::sqrt(omega), step = sd / 100.0;
  for (double eta = -9.0 * sd; eta <= 9.0 * sd; eta += step) {
    double density = std::exp(-0.5 * eta * eta / omega) / (sd * std::sqrt(2.0 * M_PI));
    for (const Observation& o : patient.observations) {
      double f = 0.0;
      for (const DosingEvent& d : patient.doses)
        if (d.taken == 1.0 && d.time <= o.time) f += d.amt / 10.0 * std::exp(-CL * std::exp(eta) / 10.0 * (o.time - d.time));
      density *= std::exp(-0.5 * (o.dv - f) * (o.dv - f) / 0.25) / std::sqrt(2.0 * M_PI * 0.25);
    }
    exact.evidence += density * step;
    exact.mean += eta * density * step;
  }
  exact.mean /= exact.evidence;
  return exact;
}

double probability_of(const Posterior& posterior, const std::string& label) {
  for (const PosteriorVariant& variant : posterior.variants)
    if (variant.label == label) return variant.probability;
  FAIL("no variant " << label);
  return 0.0;
}

double mean_eta(const Posterior& posterior) { return posterior.draws.row(0).dot(posterior.weights); }

}  // namespace

TEST_CASE("without variation inside the classes the levels weigh two support points as exactly as 0.77231 to 0.22769") {
  for (const FitMethod method : {FitMethod::importance, FitMethod::laplace}) {
    FitSettings settings;
    settings.method = method;
    const Posterior posterior =
        fitted(classes_of_clearance(fast_and_slow, 1e-12), patient_with({dose(0.0)}, {level(5.0, 5.0)}), settings);
    REQUIRE(posterior.ok());
    CHECK(std::abs(probability_of(posterior, "Group: slow") - 0.77231) < 5e-6);
    CHECK(std::abs(probability_of(posterior, "Group: fast") - 0.22769) < 5e-6);
    CHECK(posterior.leading == 0);
  }
}

TEST_CASE("class probabilities and the mean of the draws agree with quadrature over eta in every class") {
  const std::vector<Class> classes = {{"slow", 0.2, 0.6}, {"usual", 0.5, 1.0}, {"fast", 0.3, 2.0}};
  const double omega = 0.09;
  const Patient patient = patient_with({dose(0.0)}, {level(2.0, 7.6), level(6.0, 4.6)});
  FitSettings settings;
  settings.draws = 20000;
  const Posterior posterior = fitted(classes_of_clearance(classes, omega), patient, settings);
  REQUIRE(posterior.ok());
  double total = 0.0, mean = 0.0;
  for (const Class& c : classes) total += c.share * by_quadrature(c.CL, omega, patient).evidence;
  for (const Class& c : classes) {
    const Exact exact = by_quadrature(c.CL, omega, patient);
    const double p = c.share * exact.evidence / total;
    mean += p * exact.mean;
    CHECK(std::abs(probability_of(posterior, "Group: " + c.word) - p) < 0.005);
  }
  CHECK(posterior.log_evidence == doctest::Approx(std::log(total)).epsilon(0.005));
  CHECK(std::abs(mean_eta(posterior) - mean) < 0.006);

  // The draws carry the classes in the proportions of their probabilities.
  std::vector<double> weight(classes.size(), 0.0);
  for (Eigen::Index s = 0; s < posterior.draws.cols(); ++s) weight[posterior.variant_of(s)] += posterior.weights[s];
  for (std::size_t v = 0; v < classes.size(); ++v) CHECK(weight[v] == doctest::Approx(posterior.variants[v].probability));
}

TEST_CASE("each class keeps the posterior that its own model gives, and the mixture's mean is their weighted mean") {
  const double omega = 0.09;
  const Patient patient = patient_with({dose(0.0)}, {level(4.0, 6.0)});
  FitSettings settings;
  settings.draws = 20000;
  const Posterior mixed = fitted(classes_of_clearance(fast_and_slow, omega), patient, settings);
  double mean = 0.0;
  for (std::size_t v = 0; v < 2; ++v) {
    std::vector<Class> alone = fast_and_slow;
    alone[v].share = 1.0;
    alone[1 - v].share = 0.0;
    const Posterior one = fitted(classes_of_clearance(alone, omega), patient, settings);
    CHECK(one.variants.empty());
    CHECK((one.mode - mixed.variants[v].mode).norm() == 0.0);
    CHECK(mixed.variants[v].ofv == one.ofv);
    mean += mixed.variants[v].probability * mean_eta(one);
  }
  CHECK(std::abs(mean_eta(mixed) - mean) < 0.006);
  CHECK((mixed.mode - mixed.variants[mixed.leading].mode).norm() == 0.0);
}

TEST_CASE("without levels the classes keep their frequencies and the draws are those of the prior") {
  const std::vector<Class> classes = {{"slow", 0.2, 1.0}, {"fast", 0.8, 2.0}};
  const Posterior posterior = fitted(classes_of_clearance(classes, 0.09), patient_with({dose(0.0)}, {}));
  CHECK(posterior.status == PosteriorStatus::no_data);
  CHECK(probability_of(posterior, "Group: slow") == doctest::Approx(0.2).epsilon(1e-14));
  CHECK(posterior.leading == 1);
  double slow = 0.0;
  for (Eigen::Index s = 0; s < posterior.draws.cols(); ++s)
    if (posterior.variant_of(s) == 0) slow += posterior.weights[s];
  CHECK(slow == doctest::Approx(0.2));
  CHECK(posterior.ess > 950.0);
}

TEST_CASE("the order of the classes changes no probability") {
  const std::vector<Class> classes = {{"slow", 0.2, 0.6}, {"usual", 0.5, 1.0}, {"fast", 0.3, 2.0}};
  const std::vector<Class> turned = {classes[2], classes[0], classes[1]};
  const Patient patient = patient_with({dose(0.0)}, {level(2.0, 7.6), level(6.0, 4.6)});
  const Posterior one = fitted(classes_of_clearance(classes, 0.09), patient);
  const Posterior other = fitted(classes_of_clearance(turned, 0.09), patient);
  for (const Class& c : classes)
    CHECK(probability_of(one, "Group: " + c.word) == doctest::Approx(probability_of(other, "Group: " + c.word)).epsilon(1e-12));
  CHECK(one.mode == other.mode);
  CHECK(std::abs(mean_eta(one) - mean_eta(other)) < 0.03);
}

TEST_CASE("a known class leaves one variant, with the numbers of a model that has only this class") {
  const Compiled model = classes_of_clearance(fast_and_slow, 0.09, false);
  Patient patient = patient_with({dose(0.0)}, {level(4.0, 6.0)});
  patient.covariates["group"] = {{0.0}, {2.0}, ""};
  const auto variants = variants_of(*model, patient);
  REQUIRE(static_cast<bool>(variants));
  CHECK(variants->size() == 1);
  CHECK(variants->unknown.empty());
  const Posterior known = fitted(model, patient);
  const Posterior only =
      fitted(classes_of_clearance({{"slow", 0.0, 1.0}, {"fast", 1.0, 2.0}}, 0.09), patient_with({dose(0.0)}, {level(4.0, 6.0)}));
  CHECK(known.draws == only.draws);
  CHECK(known.weights == only.weights);
}

TEST_CASE("doses taken with a probability are weighed as by enumerating every case") {
  const double omega = 0.04;
  const Compiled model = classes_of_clearance({{"all", 1.0, 1.0}, {"none", 0.0, 1.0}}, omega);
  const Patient patient =
      patient_with({dose(0.0), dose(6.0, 100.0, 0.7), dose(12.0, 60.0, 0.4)}, {level(8.0, 9.0), level(14.0, 7.5)});
  FitSettings settings;
  settings.draws = 20000;
  const Posterior posterior = fitted(model, patient, settings);
  REQUIRE(posterior.ok());
  REQUIRE(posterior.variants.size() == 4);
  double total = 0.0;
  std::vector<double> joint;
  for (const double second : {1.0, 0.0})
    for (const double third : {1.0, 0.0}) {
      Patient definite = patient;
      definite.doses[1].taken = second;
      definite.doses[2].taken = third;
      joint.push_back((second > 0.0 ? 0.7 : 0.3) * (third > 0.0 ? 0.4 : 0.6) * by_quadrature(1.0, omega, definite).evidence);
      total += joint.back();
    }
  for (std::size_t v = 0; v < 4; ++v) CHECK(std::abs(posterior.variants[v].probability - joint[v] / total) < 0.005);
  const auto variants = variants_of(*model, patient);
  REQUIRE(static_cast<bool>(variants));
  std::vector<double> after;
  for (const auto& variant : posterior.variants) after.push_back(variant.probability);
  CHECK(marginal(*variants, 0, after)[0] == doctest::Approx(after[0] + after[1]));
  CHECK(marginal(*variants, 1, after)[0] == doctest::Approx(after[0] + after[2]));
}

TEST_CASE("a doubtful dose begins its occasion whether it was taken or not, so that all cases have the same effects") {
  support::SmallModel small;
  small.etas = {{"eta", 0.04}};
  small.individual = {{"CL", "exp(eta + kappa)"}};
  small.states = {{"A", "-CL / 10 * A"}};
  small.outputs = {{"y", "A / 10"}};
  small.residual = "0.25";
  small.entries = {support::into("A")};
  auto model = support::build(small);
  RandomEffect kappa;
  kappa.name = "kappa";
  kappa.variance = 0.02;
  model->occasion_effects.push_back(kappa);
  model->pi = Matrix{{0.02}};
  const auto compiled = compile(model);
  for (const auto& d : compiled.diagnostics()) MESSAGE(d.message);
  REQUIRE(static_cast<bool>(compiled));
  const Patient patient = patient_with({dose(0.0), dose(6.0, 100.0, 0.6)}, {level(4.0, 6.5), level(9.0, 5.0)});
  const Posterior posterior = fitted(*compiled, patient);
  REQUIRE(posterior.ok());
  REQUIRE(posterior.variants.size() == 2);
  CHECK(posterior.variants[0].mode.size() == 3);  // eta, and the kappas of two occasions
  CHECK(posterior.variants[1].mode.size() == 3);
  CHECK(posterior.draws.rows() >= 3);
}

TEST_CASE("a missed dose is as if it had never been written down") {
  const Compiled model = classes_of_clearance({{"all", 1.0, 1.0}, {"none", 0.0, 1.0}}, 0.04);
  const Posterior missed = fitted(model, patient_with({dose(0.0), dose(6.0, 100.0, 0.0)}, {level(8.0, 5.0)}));
  const Posterior without = fitted(model, patient_with({dose(0.0)}, {level(8.0, 5.0)}));
  CHECK(missed.variants.empty());
  CHECK(missed.draws == without.draws);
  CHECK(missed.weights == without.weights);
}

TEST_CASE("a level that nothing could have caused proves that the doubtful dose was taken") {
  const Compiled model = classes_of_clearance({{"all", 1.0, 1.0}, {"none", 0.0, 1.0}}, 0.04, true, "0.01 * prediction^2");
  const Posterior posterior = fitted(model, patient_with({dose(0.0, 100.0, 0.3)}, {level(5.0, 6.0)}));
  REQUIRE(posterior.ok());
  CHECK(posterior.variants[0].probability == 1.0);
  CHECK(posterior.variants[1].probability == 0.0);
  CHECK_FALSE(posterior.variants[1].ofv.has_value());
}

TEST_CASE("a class that cannot be fitted but could explain the levels refuses the whole fit") {
  // In the slow class the prediction exceeds what the logarithm of its error can hold: no value anywhere.
  support::SmallModel small;
  Covariate group;
  group.name = "group";
  group.label = "Group";
  group.choices = {{"good", 1.0}, {"bad", 2.0}};
  group.frequencies = {0.9, 0.1};
  small.covariates = {group};
  small.etas = {{"eta", 0.09}};
  small.individual = {{"CL", "exp(eta)"}};
  small.states = {{"A", "-CL / 10 * A"}};
  small.outputs = {{"y", "A / 10 * if(group == 1, 1, -1)"}};
  small.log_scale = true;
  small.residual = "0.04";
  small.entries = {support::into("A")};
  const Posterior posterior = fitted(support::compiled(small), patient_with({dose(0.0)}, {level(5.0, 6.0)}));
  CHECK_FALSE(posterior.ok());
  CHECK(posterior.words.rfind("if Group: bad: ", 0) == 0);
  CHECK(posterior.draws.size() == 0);
}

TEST_CASE("more than 64 cases are refused, with what makes them") {
  const Compiled model = classes_of_clearance(fast_and_slow, 0.09);
  std::vector<DosingEvent> doses;
  for (int i = 0; i < 5; ++i) doses.push_back(dose(6.0 * i, 100.0, 0.9));
  CHECK(static_cast<bool>(variants_of(*model, patient_with(doses, {}))));
  doses.push_back(dose(30.0, 100.0, 0.9));
  const auto refused = variants_of(*model, patient_with(doses, {}));
  REQUIRE_FALSE(static_cast<bool>(refused));
  CHECK(refused.diagnostics().front().code == "infer.too_many_variants");
  CHECK(refused.diagnostics().front().message.find("Group, dose at 0 h") != std::string::npos);
  CHECK_FALSE(refused.diagnostics().front().hint.empty());
}

TEST_CASE("draws are allotted in the asked shares, in every fifth of them too") {
  const std::vector<int> of = allot({0.2, 0.5, 0.3}, 1000, 7);
  for (const int stride : {1, 5, 10}) {
    std::vector<double> count(3, 0.0);
    for (std::size_t s = 0; s < of.size(); s += static_cast<std::size_t>(stride))
      count[static_cast<std::size_t>(of[s])] += stride;
    CHECK(std::abs(count[0] - 200.0) < 0.03 * 1000);
    CHECK(std::abs(count[1] - 500.0) < 0.03 * 1000);
    CHECK(std::abs(count[2] - 300.0) < 0.03 * 1000);
  }
  CHECK(allot({0.2, 0.5, 0.3}, 1000, 7) == of);
  CHECK(allot({1.0}, 5, 7) == std::vector<int>(5, 0));
}
