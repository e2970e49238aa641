// One compartment with a depot, dosed by one route that a test writes: what tests of absorption share.

#pragma once

#include <cmath>
#include <string>
#include <vector>

#include "support/near.hpp"
#include "support/written_models.hpp"

namespace titrate::one_depot {

constexpr double V = 30.0, k = 4.0 / V, ka = 0.8, amt = 300.0;

// Eliminated at k and absorbed at ka.
inline Compiled with_route(
    const std::string& route, const std::string& individual = "", const std::string& effects = "",
    const std::string& structure = R"("one_compartment": { "CL": "4 [L/h]", "V": "30 [L]", "ka": "0.8 [1/h]" })") {
  return support::compiled_from(effects + individual + "\"structure\": {" + structure + "}, \"routes\": { \"dose\": " + route +
                                R"( }, "outputs": { "Cc": { "label": "y", "value": "central / 30 [L]", "unit": "mg/L" } })");
}

inline std::vector<double> levels(const Compiled& model, const std::vector<DosingEvent>& doses,
                                  const std::vector<double>& times) {
  const Matrix outputs = support::course_of(model, doses, times).outputs;
  return {outputs.data(), outputs.data() + outputs.rows()};
}

// Concentration after a unit amount into the depot at time 0.
inline double after_depot(double t) { return t < 0 ? 0.0 : ka / (ka - k) * (std::exp(-k * t) - std::exp(-ka * t)) / V; }

inline void check_all(const std::vector<double>& found, const std::vector<double>& expected, double tolerance) {
  REQUIRE(found.size() == expected.size());
  for (std::size_t i = 0; i < found.size(); ++i) CHECK(found[i] == support::near(expected[i], tolerance));
}

// Of two doses by this route, the sensitivities to four etas against differences of fourth order.
inline void check_sensitivities(const std::string& route, const std::string& individual, const std::vector<double>& times) {
  const Compiled model = with_route(
      route, individual,
      R"("random_effects": { "eta_1": { "sd": 0.3 }, "eta_2": { "sd": 0.3 }, "eta_3": { "sd": 0.5 }, "eta_4": { "sd": 0.2 } },)");
  SimulateOptions plain;
  plain.rtol = 1e-10;
  SimulateOptions options = plain;
  options.sensitivities = true;
  const std::vector<DosingEvent> doses{support::dose(0, amt), support::dose(6, 200)};
  Vector eta(4);
  eta << 0.1, -0.2, 0.3, 0.15;
  const Course course = support::course_of(model, doses, times, options, eta);
  for (Eigen::Index j = 0; j < 4; ++j) {
    CAPTURE(j);
    const auto shifted = [&](double by) {
      Vector e = eta;
      e(j) += by;
      return support::course_of(model, doses, times, plain, e).outputs;
    };
    const double h = 1e-3;
    const Matrix difference = (8.0 * (shifted(h) - shifted(-h)) - (shifted(2 * h) - shifted(-2 * h))) / (12.0 * h);
    CHECK((difference - course.sens[static_cast<std::size_t>(j)]).cwiseAbs().maxCoeff() < 1e-6 * course.outputs.maxCoeff());
  }
}

}  // namespace titrate::one_depot
