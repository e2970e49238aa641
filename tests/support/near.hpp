// The closeness in which tests compare numbers.

#pragma once

#include <doctest/doctest.h>

namespace titrate::support {

// Relative closeness alone: 0 is near nothing but 0.
inline doctest::Approx near(double value, double relative = 1e-9) { return doctest::Approx(value).epsilon(relative).scale(0); }

}  // namespace titrate::support
