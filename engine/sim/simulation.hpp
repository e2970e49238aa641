// One schedule simulated for many individuals, by sim/simulate's definition: the draws of a posterior, the etas that a fit tries.
// The memory of a course and the list of what happens in it (sim/timeline) are kept from one to the next.

#pragma once

#include <memory>

#include "sim/individual.hpp"

namespace titrate {

class History;  // sim/history

class Simulation {
 public:
  // `model` and `schedule` must outlive this.
  Simulation(const CompiledModel& model, const Schedule& schedule, const SimulateOptions& options);
  ~Simulation();
  Simulation(Simulation&&) noexcept;
  Simulation& operator=(Simulation&&) noexcept;

  // Holds until the next call, unless it is moved from. `history`: of this individual alone, where other schedules are simulated
  // for it too.
  [[nodiscard]] Course& of(Individual& individual, History* history = nullptr);

 private:
  class Run;
  std::unique_ptr<Run> run_;
};

}  // namespace titrate
