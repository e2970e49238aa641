// What the files of titrate_inside share: times, and the line of JSON that run.mjs reads.

#pragma once

#include <cstdio>
#include <ctime>
#include <functional>
#include <vector>

#ifdef __EMSCRIPTEN__
#include <emscripten.h>
#endif

namespace titrate::bench {

// In ms: of the processor, so that what else runs on the machine does not count. In WebAssembly std::clock counts whole
// milliseconds of the wall; Node knows better, a browser's worker knows the wall alone.
inline double processor_time() {
#ifdef __EMSCRIPTEN__
  return EM_ASM_DOUBLE({
    if (typeof process == "undefined") return performance.now();
    const used = process.cpuUsage();
    return (used.user + used.system) / 1000;
  });
#else
  return 1e3 * static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
#endif
}

using Times = std::vector<double>;  // ms of one call each, in the order measured

// Nine measurements, each of as many calls as last 5 ms, a browser's clock being coarse. What comes before them is not counted:
// WebAssembly is compiled well only after a while.
inline Times timed(const std::function<void()>& job) {
  const auto batch = [&](int calls) {
    const double start = processor_time();
    for (int i = 0; i < calls; ++i) job();
    return processor_time() - start;
  };
  int calls = 1;
  while (batch(calls) < 5.0) calls *= 2;
  Times times;
  for (int i = 0; i < 9; ++i) times.push_back(batch(calls) / calls);
  return times;
}

inline void row(const char* job, const Times& times, double error, const char* of) {
  std::printf("{\"job\":\"%s\",\"times\":[", job);
  for (std::size_t i = 0; i < times.size(); ++i) std::printf("%s%.5g", i == 0 ? "" : ",", times[i]);
  std::printf("],\"achieved\":\"%.1e %s\"}\n", error, of);
}

void stepping_jobs();

}  // namespace titrate::bench
