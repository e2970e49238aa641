#include "sim/step_implicit.hpp"

#include <cmath>

namespace titrate {

namespace {

constexpr int kStages = 8;
constexpr double kGamma = 0.21193756319429014;

constexpr double kA[kStages][kStages - 1] = {
    {},
    {3.0},
    {2.849394379747939, 0.45842242204463923},
    {-6.954028509809101, 2.489845061869568, -10.358996098473584},
    {2.8029986275628964, 0.5072464736228206, -0.3988312541770524, -0.04721187230404641},
    {-7.502846399306121, 2.561846144803919, -11.627539656261098, -0.18268767659942256, 0.030198172008377946},
    {-7.502846399306121, 2.561846144803919, -11.627539656261098, -0.18268767659942256, 0.030198172008377946, 1.0},
    {-7.502846399306121, 2.561846144803919, -11.627539656261098, -0.18268767659942256, 0.030198172008377946, 1.0, 1.0}};

constexpr double kC[kStages][kStages - 1] = {
    {},
    {-14.155112264123755},
    {-17.97296035885952, -2.859693295451294},
    {147.12150275711716, -1.41221402718213, 71.68940251302358},
    {165.43517024871676, -0.4592823456491126, 42.90938336958603, -5.961986721573306},
    {24.854864614690072, -3.0009227002832186, 47.4931110020768, 5.5814197821558125, -0.6610691825249471},
    {30.91273214028599, -3.1208243349937974, 77.79954646070892, 34.28646028294783, -19.097331116725623, -28.087943162872662},
    {37.80277123390563, -3.2571969029072276, 112.26918849496327, 66.9347231244047, -40.06618937091002, -54.66780262877968,
     -9.48861652309627}};

constexpr double kTime[kStages] = {0.0, 0.6358126895828704, 0.4095798393397535, 0.9769306725060716, 0.4288403609558664, 1.0, 1.0,
                                   1.0};
constexpr double kTimeSlope[kStages] = {kGamma, -0.42387512638858027, -0.3384627126235924, 1.8046452872882734, 2.325825639765069};

// The dense output: z(s) = (1 - s) z + s (z_new + (1 - s) (b_1 + s (b_2 + s b_3))), b = H u.
constexpr double kH[3][kStages] = {{25.948786856663858, -2.5579724845846235, 10.433815404888879, -2.3679251022685204,
                                    0.524948541321073, 1.1241088310450404, 0.4272876194431874, -0.17202221070155493},
                                   {-9.91568850695171, -0.9689944594115154, 3.0438037242978453, -24.495224566215796,
                                    20.176138334709044, 15.98066361424651, -6.789040303419874, -6.710236069923372},
                                   {11.419903575922262, 2.8879645146136994, 72.92137995996029, 80.12511834622643,
                                    -52.072871366152654, -59.78993625266729, -0.15582684282751913, 4.883087185713722}};

void add(Values& to, double factor, const Values& from) {
  if (factor == 0.0) return;
  double* const a = to.data();
  const double* const b = from.data();
  for (std::size_t i = 0, n = to.size(); i < n; ++i) a[i] += factor * b[i];
}

}  // namespace

bool ImplicitStep::begin(Equations& equations, const Values& z, double t) {
  if (began_) return true;
  if (pattern_ != &equations.pattern()) {
    pattern_ = &equations.pattern();
    W_.emplace(*pattern_);
    v_.resize(equations.states());
    Jv_.resize(equations.states());
    has_v_ = false;
  }
  slope_.resize(z.size());
  stage_.resize(z.size());
  for (Values& u : u_) u.resize(z.size());
  began_ = equations.linearise(z, t, slope_);
  return began_;
}

bool ImplicitStep::attempt(Equations& equations, const Values& z, double t, double h, Values& z_new, Values& error) {
  t_ = t;
  h_ = h;
  has_between_ = false;
  if (!W_->factorise(equations.jacobian(), 1.0 / (kGamma * h))) return false;
  const Eigen::Index n = equations.states(), columns = static_cast<Eigen::Index>(z.size()) / n - 1;
  for (int i = 0; i < kStages; ++i) {
    Values& u = u_[i];
    if (i == 0) {
      u = slope_;
    } else {
      stage_ = z;
      for (int j = 0; j < i; ++j) add(stage_, kA[i][j], u_[j]);
      equations.slope(stage_, t + kTime[i] * h, u);
    }
    for (int j = 0; j < i; ++j) add(u, kC[i][j] / h, u_[j]);
    if (!equations.autonomous()) add(u, h * kTimeSlope[i], equations.time_slope());
    W_->solve(u.data(), 1);
    if (columns == 0) continue;
    equations.add_curvature(u, 1.0, u);
    W_->solve(u.data() + n, columns);
  }
  error = u_[kStages - 1];
  z_new = stage_;
  add(z_new, 1.0, error);
  return true;
}

void ImplicitStep::interpolate(const Values& z, const Values& z_new, double t, Values& out) {
  if (!has_between_)
    for (int i = 0; i < 3; ++i) {
      between_[i].assign(z.size(), 0.0);
      for (int j = 0; j < kStages; ++j) add(between_[i], kH[i][j], u_[j]);
    }
  has_between_ = true;
  const double s = (t - t_) / h_;
  for (std::size_t i = 0; i < z.size(); ++i)
    out[i] = (1.0 - s) * z[i] + s * (z_new[i] + (1.0 - s) * (between_[0][i] + s * (between_[1][i] + s * between_[2][i])));
}

double ImplicitStep::fastest_rate(const Equations& equations) {
  if (!has_v_) {
    for (Eigen::Index i = 0; i < v_.size(); ++i) v_(i) = 1.0 + 0.1 * static_cast<double>(i % 7);  // no direction is preferred
    v_.normalize();
  }
  has_v_ = true;
  equations.multiply(v_, Jv_);
  const double rate = Jv_.norm();
  if (!(rate > 0.0) || !std::isfinite(rate)) {
    has_v_ = false;
    return 0.0;
  }
  v_ = Jv_ / rate;
  return rate;
}

}  // namespace titrate
