// The verb "population": one number of each patient of a virtual population, as percentiles and as the share within limits.

#pragma once

#include <cstdint>

#include "base/json.hpp"
#include "model/compiled.hpp"

namespace titrate {

// `asked` is the request's "population". Its patients are those that the seed counts: the same numbers for the same request.
[[nodiscard]] Result<json::Value> population_value(const CompiledModel& model, const json::Value& asked, std::uint64_t seed);

}  // namespace titrate
