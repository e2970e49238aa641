// The steady state of a regimen: the state at the dose's record after infinitely many earlier doses at interval ii.
//
// One interval is a map y -> P(y); its fixed point is found by Newton's method with the exact M = dP/dy, y+ = y + (I - M)^-1
// (P(y) - y): one step for a linear system, few for others. At the fixed point the sensitivities follow from S = M S + dP/deta.
// Lag, infusions longer than the interval, doses that enter several states and input profiles are events inside the interval. The
// covariates of the record hold throughout, as they do for NONMEM. A constant infusion is a state of rest (sim/equilibrium).

#pragma once

#include "sim/carrier.hpp"

namespace titrate {

// Fills motion.y and motion.S (n x k) and the infusions that run at the record. `carrier` must move the model's states alone.
void steady_state(const CompiledModel& model, const Schedule& schedule, const Segments& segments, const ScheduledDose& dose,
                  Carrier& carrier, bool linear, int k, Motion& motion, Forcing& forcing, Failure& failure);

}  // namespace titrate
