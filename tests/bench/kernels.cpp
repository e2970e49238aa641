// Kernels alone: what one call of a model's tape costs, interpreted, linked (where this program runs as WebAssembly), and, for
// the right side of a neutrophil model, as straight-line C++. One row of JSON each; times in ns, linking (once a model) in ms.
//
//   titrate_kernels FOLDER_OF_MODELS

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <string>
#include <vector>

#include "base/rng.hpp"
#include "expr/emit.hpp"
#include "expr/link.hpp"
#include "expr/run.hpp"
#include "support/model_file.hpp"

using namespace titrate;

namespace {

using Clock = std::chrono::steady_clock;
using Nanoseconds = std::chrono::duration<double, std::nano>;

// The shortest of many batches of about 2 ms: what the machine does besides makes others longer. Compilation in the background
// has ended long before the last.
template <class Call>
double time_of(const Call& call) {
  const auto batch = [&](int n) {
    const auto start = Clock::now();
    for (int i = 0; i < n; ++i) call(1.0 + 1e-3 * i);
    return Nanoseconds(Clock::now() - start).count() / n;
  };
  const int n = std::max(10, static_cast<int>(2e6 / batch(100)));
  double shortest = batch(n);
  for (int i = 0; i < 200; ++i) shortest = std::min(shortest, batch(n));
  return shortest;
}

// docetaxel_neutropenia_ozawa2007: three compartments, a pool, five stages of neutrophils. p: k10 k12 k13 k21 k31 V1 kin ktr
// slope ANC0 gamma.
[[gnu::noinline]] void straight_line(double, const double* y, const double* p, double* out, double*) {
  const double k12 = p[1] * y[0], k13 = p[2] * y[0], k21 = p[3] * y[1], k31 = p[4] * y[2], released = p[6] * y[3];
  const double ktr = p[7], Cc = y[0] / p[5], leaves = ktr * y[4];
  out[0] = k21 + k31 - p[0] * y[0] - k12 - k13;
  out[1] = k12 - k21;
  out[2] = k13 - k31;
  out[3] = -released;
  out[4] = leaves * (1.0 - p[8] * Cc) * std::pow(p[9] / y[8], p[10]) - leaves;
  out[5] = ktr * (y[4] - y[5]);
  out[6] = ktr * (y[5] - y[6]);
  out[7] = ktr * (y[6] - y[7]);
  out[8] = ktr * y[7] + released - ktr * y[8];
}

void measure(const std::string& model, const std::string& name, const Tape& tape) {
  const Rng rng{3, 0};
  std::vector<double> y(500), p(5000), out(tape.outputs.size()), registers(static_cast<std::size_t>(tape.registers));
  for (std::size_t i = 0; i < y.size(); ++i) y[i] = std::exp(0.1 * rng.normal(i));
  for (std::size_t i = 0; i < p.size(); ++i) p[i] = std::exp(0.1 * rng.normal(1000 + i));
  const Linker host = use_linker({});
  Kernel kernel(tape);
  kernel.set(p.data());
  const double interpreted = time_of([&](double t) { kernel(t, y.data(), out.data()); });
  use_linker(host);
  const auto start = Clock::now();
  tape.link->make(tape);
  const double linking = Nanoseconds(Clock::now() - start).count() * 1e-6;
  std::printf("{\"model\": \"%s\", \"tape\": \"%s\", \"operations\": %zu, \"bytes\": %zu, \"interpreted\": %.1f", model.c_str(),
              name.c_str(), tape.code.size(), emit(tape).module.size(), interpreted);
  if (const Link::Function linked = tape.link->function(); linked != nullptr)
    std::printf(", \"linked\": %.1f, \"linking\": %.3f",
                time_of([&](double t) { linked(t, y.data(), p.data(), out.data(), registers.data()); }), linking);
  if (model == "docetaxel_neutropenia_ozawa2007" && name == "rhs") {
    const Link::Function volatile function = &straight_line;  // called as the others are
    std::printf(", \"straight\": %.1f",
                time_of([&](double t) { function(t, y.data(), p.data(), out.data(), registers.data()); }));
  }
  std::printf("}\n");
}

}  // namespace

int main(int argc, char** argv) {
  const std::string folder = argc > 1 ? argv[1] : "models";
  for (const char* const name : {"docetaxel_neutropenia_ozawa2007", "bone_mineral", "coagulation_network"}) {
    const Compiled model = support::model_in_tree(name, folder);
    if (!model) {
      std::fprintf(stderr, "cannot read the model %s\n", name);
      return 1;
    }
    measure(name, "rhs", model->states.rhs);
    measure(name, "rhs_jacobian", model->states.rhs_jacobian);
    measure(name, "rhs_sens", model->states.rhs_sens);
    measure(name, "curvature", model->states.curvature);
    measure(name, "outputs_sens", model->outputs_sens);
  }
  return 0;
}
