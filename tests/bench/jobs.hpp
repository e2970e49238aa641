// What the files of titrate_inside share: times of the processor, and the line of JSON that run.mjs reads.

#pragma once

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <functional>
#include <vector>

#ifdef __EMSCRIPTEN__
#include <emscripten.h>
#endif

namespace titrate::bench {

// In ms: of the processor, so that what else runs on the machine does not count. In WebAssembly std::clock counts whole
// milliseconds of the wall; Node knows better.
inline double processor_time() {
#ifdef __EMSCRIPTEN__
  return EM_ASM_DOUBLE({
    const used = process.cpuUsage();
    return (used.user + used.system) / 1000;
  });
#else
  return 1e3 * static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
#endif
}

struct Times {
  double median = 0.0, worst = 0.0;
};

inline Times timed(int runs, const std::function<void()>& job) {
  std::vector<double> times;
  for (int i = 0; i <= runs; ++i) {
    const double start = processor_time();
    job();
    if (i > 0) times.push_back(processor_time() - start);  // the first is not counted
  }
  std::sort(times.begin(), times.end());
  return {times[times.size() / 2], times.back()};
}

inline void row(const char* job, const Times& times, double error, const char* of) {
  std::printf("{\"job\":\"%s\",\"median\":%.5g,\"worst\":%.5g,\"achieved\":\"%.1e %s\"}\n", job, times.median, times.worst, error,
              of);
}

void stepping_jobs();

}  // namespace titrate::bench
