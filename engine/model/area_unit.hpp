// The unit of an area under a curve: mg/L and h give mg*h/L, 1e9/L and day give 1e9*day/L, a plain number gives the time.

#pragma once

#include "base/unit.hpp"

namespace titrate {

[[nodiscard]] Unit area_unit(const Unit& of, const std::string& time_unit);

}  // namespace titrate
