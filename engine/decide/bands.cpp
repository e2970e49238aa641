// Weighted quantiles of a forecast at each time; see decide/forecast.hpp for what they are quantiles of.

#include "decide/bands.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "infer/condensed_mixture.hpp"
#include "infer/quantiles.hpp"
#include "infer/residual.hpp"

namespace titrate {

namespace {

void push(Quantiles& q, double p5, double p25, double p75, double p95) {
  q.p5.push_back(p5);
  q.p25.push_back(p25);
  q.p75.push_back(p75);
  q.p95.push_back(p95);
}

// What a measurement would show, on the scale of its error: of few nodes where that is the same as of all draws.
std::optional<Mixture> mixture_of(const CompiledResidual& residual, const Vector& values, const Vector& weights) {
  Vector f = values;
  if (residual.transformed()) {
    if (!(values.minCoeff() > 0.0)) return std::nullopt;
    f = values.unaryExpr([&](double x) { return on_scale(residual, x); });
  }
  const auto few = condensed(f, weights, [&](double x) -> std::optional<double> {
    const auto point = residual_at(residual, from_scale(residual, x));
    return point ? std::optional(std::sqrt(point->V)) : std::nullopt;
  });
  if (few) return few;
  Vector sd(values.size());
  for (Eigen::Index s = 0; s < values.size(); ++s) {
    const auto point = residual_at(residual, values[s]);
    if (!point && residual.transformed()) return std::nullopt;
    sd[s] = point ? std::sqrt(point->V) : 0.0;  // a proportional error of nothing
  }
  return Mixture{std::move(f), std::move(sd), weights};
}

// Quantiles of what a measurement would show; nothing where the error model has no value for some draw (ln 0).
std::optional<std::vector<double>> measured_quantiles(const CompiledResidual& residual, const Vector& values,
                                                      const Vector& weights) {
  const auto mixture = mixture_of(residual, values, weights);
  if (!mixture) return std::nullopt;
  auto q = mixture_quantiles(mixture->f, mixture->sd, mixture->weights, {0.05, 0.25, 0.75, 0.95}, residual.student_t.get());
  const bool positive = values.minCoeff() >= 0.0;
  for (double& x : q) {
    x = from_scale(residual, x);
    if (positive) x = std::max(x, 0.0);  // no laboratory reports less than nothing
  }
  return q;
}

}  // namespace

Bands bands_of(const CompiledModel& model, int output, const Matrix& values, const Vector& weights,
               const CompiledResidual* residual) {
  const auto& residuals = model.residuals[static_cast<std::size_t>(output)];
  const Matrix q = row_quantiles(values, weights, {0.05, 0.25, 0.5, 0.75, 0.95});
  Bands bands;
  for (Eigen::Index i = 0; i < values.rows(); ++i) {
    bands.parameters.median.push_back(q(i, 2));
    push(bands.parameters, q(i, 0), q(i, 1), q(i, 3), q(i, 4));
    if (residuals.empty()) continue;
    const auto r = measured_quantiles(residual != nullptr ? *residual : residuals.front(), values.row(i).transpose(), weights);
    if (r) {
      push(bands.with_residual, (*r)[0], (*r)[1], (*r)[2], (*r)[3]);
    } else {
      push(bands.with_residual, q(i, 0), q(i, 1), q(i, 3), q(i, 4));
    }
  }
  return bands;
}

}  // namespace titrate
