// Counts what is asked of the heap, by new and by Eigen alike: natively, under the sanitizers and in WebAssembly.

#pragma once

namespace titrate::support {

[[nodiscard]] long allocations();

}  // namespace titrate::support
