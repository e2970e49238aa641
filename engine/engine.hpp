// The one door of the engine: a request in JSON, a response in JSON.
//
// Never throws, keeps no visible state; the same request gives the same bytes.

#pragma once

#include <functional>
#include <string>

#include "expr/link.hpp"  // what a host may offer: use_linker

namespace titrate {

[[nodiscard]] std::string call(const std::string& request);

// Reports the fraction done, from 0 to 1, while it works. A request that costs more than `most_work` units (base/work.hpp) is
// refused.
[[nodiscard]] std::string call(const std::string& request, const std::function<void(double)>& progress);
[[nodiscard]] std::string call(const std::string& request, const std::function<void(double)>& progress, double most_work);

[[nodiscard]] std::string version();

}  // namespace titrate
