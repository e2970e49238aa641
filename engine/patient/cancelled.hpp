// What is still to come of a record with additional doses is cancelled by a later reset, and by a later dose at steady state that
// replaces what was given before (NONMEM's SS = 1: compartments are set, infusions and pending additional doses end).

#pragma once

#include "patient/patient.hpp"

namespace titrate {

struct Cancelled {
  double from;  // h: additional doses at this time or later are not given; infinity: all are
  bool by_steady_state;
};
[[nodiscard]] Cancelled cancelled(const Patient& patient, const DosingEvent& record);

}  // namespace titrate
