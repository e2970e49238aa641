#include "infer/correlation.hpp"

#include <cmath>

#include "base/products.hpp"
#include "patient/same_times.hpp"

namespace titrate {

namespace {

bool names(const ResidualCorrelation::Side& side, const Observation& level) {
  return side.output == level.output && (side.assay.empty() || side.assay == level.assay);
}

// The stated correlation of two levels; 0 when they have none.
double correlation_of(const Model& model, const Observation& a, const Observation& b) {
  if (at_one_time(a.time, b.time))
    for (const ResidualCorrelation& stated : model.residual_correlations)
      if ((names(stated.between[0], a) && names(stated.between[1], b)) ||
          (names(stated.between[0], b) && names(stated.between[1], a)))
        return stated.correlation;
  if (a.output != b.output) return 0.0;
  for (const Output& output : model.outputs)
    if (output.name == a.output && output.autocorrelation) return std::exp2(-std::abs(a.time - b.time) / *output.autocorrelation);
  return 0.0;
}

Diagnostic refusal(const char* code, const std::string& path, std::string message, std::string hint) {
  return {code, Severity::error, path, std::nullopt, std::move(message), std::move(hint)};
}

}  // namespace

Result<CorrelatedGroup> correlated_group(const Model& model, const Patient& patient, const std::vector<Measured>& measured) {
  const auto level = [&](std::size_t i) -> const Observation& {
    return patient.observations[static_cast<std::size_t>(measured[i].observation)];
  };
  CorrelatedGroup group;
  for (std::size_t i = 0; i < measured.size(); ++i) {
    bool correlated = false;
    for (std::size_t j = 0; j < measured.size() && !correlated; ++j)
      correlated = i != j && measured[i].used && measured[j].used && correlation_of(model, level(i), level(j)) != 0.0;
    if (correlated) group.members.push_back(i);
  }
  const auto n = static_cast<Eigen::Index>(group.members.size());
  Diagnostics wrong;
  Matrix C = Matrix::Identity(n, n);
  for (Eigen::Index a = 0; a < n; ++a) {
    const std::size_t i = group.members[static_cast<std::size_t>(a)];
    if (measured[i].censored != Censored::no)
      wrong.push_back(
          refusal("infer.censored_correlated", level(i).path,
                  "the error of this level is correlated with that of another one, so it must be a number, not a limit",
                  "exclude it, or the levels that it is correlated with"));
    for (Eigen::Index b = 0; b < a; ++b) {
      const std::size_t j = group.members[static_cast<std::size_t>(b)];
      C(a, b) = C(b, a) = correlation_of(model, level(i), level(j));
      if (C(a, b) == 1.0)
        wrong.push_back(
            refusal("infer.same_time", level(i).path,
                    "two levels of '" + level(i).output + "' at one time say the same when its error is autocorrelated",
                    "exclude one of the two"));
    }
  }
  if (!wrong.empty()) return wrong;
  const Eigen::LLT<Matrix> llt(C);
  if (n > 0 && (llt.info() != Eigen::Success || llt.rcond() < 1e-12))
    return refusal("infer.correlation", level(group.members.front()).path,
                   "the correlations of the errors of these levels contradict one another", "exclude some of them");
  group.inverse = llt.solve(Matrix::Identity(n, n));
  group.mixed = 0.25 * (Matrix::Identity(n, n) + C.cwiseProduct(group.inverse));
  group.log_det = 2.0 * llt.matrixLLT().diagonal().array().log().sum();
  return group;
}

void correlate(const CorrelatedGroup& group, const std::vector<Measured>& measured, std::vector<Explained>& levels) {
  const auto n = static_cast<Eigen::Index>(group.members.size());
  if (n == 0) return;
  Vector u(n), sd(n);
  for (Eigen::Index j = 0; j < n; ++j) {
    const std::size_t i = group.members[static_cast<std::size_t>(j)];
    sd[j] = std::sqrt(levels[i].point->V);
    u[j] = (measured[i].y - levels[i].point->f) / sd[j];
  }
  const Vector w = group.inverse * u;
  for (Eigen::Index j = 0; j < n; ++j) {
    Explained& level = levels[group.members[static_cast<std::size_t>(j)]];
    level.term = {std::log(level.point->V) + w[j] * u[j] + (j == 0 ? group.log_det : 0.0), -2.0 * w[j] / sd[j],
                  1.0 - w[j] * u[j]};
  }
}

Matrix group_information(const CorrelatedGroup& group, const Matrix& a, const Matrix& c, const Vector& V) {
  const Matrix scaled = V.cwiseSqrt().cwiseInverse().asDiagonal() * a;
  return product(product(scaled.transpose(), group.inverse), scaled) + product(product(c.transpose(), group.mixed), c);
}

}  // namespace titrate
