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

// Whether a call has ended by an exception: too much work, memory exhausted, a fault of the program. It was answered, but the
// build for pages leaves the memory in use at that moment behind (CMakeLists.txt), and its host takes a new engine in place of
// this one.
[[nodiscard]] bool interrupted();

[[nodiscard]] std::string version();

}  // namespace titrate
