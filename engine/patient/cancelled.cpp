#include "patient/cancelled.hpp"

#include <limits>

namespace titrate {

Cancelled cancelled(const Patient& patient, const DosingEvent& record) {
  Cancelled result{std::numeric_limits<double>::infinity(), false};
  const auto end = [&](double time, int order, bool by_steady_state) {
    const bool later = time > record.time || (time == record.time && order > record.order);
    if (later && time < result.from) result = {time, by_steady_state};
  };
  for (const Reset& reset : patient.resets) end(reset.time, reset.order, false);
  for (const DosingEvent& other : patient.doses)
    if (other.ss == 1 && other.taken > 0.0) end(other.time, other.order, true);
  return result;
}

}  // namespace titrate
