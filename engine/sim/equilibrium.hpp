// Where some states come to rest while the others stay: rhs_i(t, y, p) + rate_i = 0 for i in `moving`.
//
// Pseudo-transient continuation (Kelley & Keyes 1998, SIAM J Numer Anal 35:508): (I / d - J) step = rhs + rate, in units of each
// state, with d growing as the residual falls: implicit Euler steps far away, Newton's method near the end. It follows the
// system's own way to rest, so that it does not jump to a state that the system would never reach.
//
// At rest the sensitivities follow from J S + B + d rate = 0; S of the states that stay is taken as it is.

#pragma once

#include "sim/motion.hpp"

namespace titrate {

// motion.y is where the search begins, and the state at rest afterwards; S (n x K, no columns without sensitivities) is filled.
// Input profiles that run have no rest and are a failure.
void come_to_rest(const System& system, const std::vector<Eigen::Index>& moving, const SegmentValues& values,
                  const Forcing& forcing, Motion& motion, Failure& failure);

}  // namespace titrate
