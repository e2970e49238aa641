// What an input adds to the area of an output over a window, whatever else is given.
//
// The area J of f = C y + d over [from, to] is linear in what enters dy/dt = A y + b + u. With the adjoint state
//
//   -dm/dt = A' m + C' (inside the window),   m(to) = 0,
//
// a unit given at once into state i at t adds m_i(t), and one per time from t on adds M_i(t), the integral of m_i from t to the
// end of the window; an infusion at rate r from t1 to t2 adds r (M_i(t1) - M_i(t2)). One walk back from the end of the window
// gives both at all times that any plan asks for, where each plan by itself would need a walk forward. Along the modes A = V L
// V^-1 (sim/solve_linear), with m = V^-T n, each goes by itself:
//
//   n(t - h) = e^(l h) n(t) + h exp[l h, 0] c,     integral of n = h exp[l h, 0] n(t) + h^2 exp[l h, 0, 0] c,     c = V' C'
//
// Reference: Cacuci 1981, J Math Phys 22:2794 (the adjoint of a linear functional).

#pragma once

#include <cstddef>
#include <vector>

#include "sim/exposure.hpp"
#include "sim/timeline.hpp"

namespace titrate {

class AreaWeights {
 public:
  AreaWeights(const CompiledModel& model, const System& system, const Schedule& schedule, int output, const Window& window)
      : model_(model), system_(system), schedule_(schedule), output_(output), window_(window) {}

  // First all inputs that are asked for; a number for each, the same for the same. Then the way back, once for all individuals.
  void forget();
  [[nodiscard]] std::size_t ask(int state, double time);
  void lay_out();

  // Of the next individual. False where one of its segments has no modes, or the output is an integral of the system.
  [[nodiscard]] bool set(Individual& individual, const Segments& segments);
  [[nodiscard]] double at_once(std::size_t input) const { return at_once_[input]; }
  [[nodiscard]] double per_time(std::size_t input) const { return per_time_[input]; }

 private:
  struct Input {
    int state = 0;
    double time = 0.0;
  };
  // Back by h to a time, under the parameters of a segment; then the inputs there.
  struct Step {
    std::size_t segment = 0;
    double h = 0.0;
    bool inside = false;  // the window
    std::vector<std::size_t> inputs;
  };
  void move_back(const Step& step, const LinearSolver::Modal& modal, const std::vector<Eigen::Index>& moving);

  const CompiledModel& model_;
  const System& system_;
  const Schedule& schedule_;
  int output_;
  Window window_;
  std::vector<Input> inputs_;
  std::vector<Step> steps_;
  std::vector<double> at_once_, per_time_;
  Vector m_, M_;  // of the moving states
  Vector n_;      // of the modes
};

}  // namespace titrate
