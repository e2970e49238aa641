// Runs the fixed corpus once, every file a test:  titrate_fuzz_replay tests/fuzz/corpus
// A file fails when a promise is broken or it takes longer than 5 s; sanitizers end the process, after the file was named.

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "fuzz/targets.hpp"

namespace {

constexpr double most_seconds = 5.0;

bool holds(const titrate::fuzz::Target& target, const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  const auto begin = std::chrono::steady_clock::now();
  try {
    target.run(text);
  } catch (const std::exception& error) {
    std::printf("FAILED %s: %s\n", file.c_str(), error.what());
    return false;
  }
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  if (seconds > most_seconds) std::printf("FAILED %s: it takes %.1f s\n", file.c_str(), seconds);
  return seconds <= most_seconds;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return std::fprintf(stderr, "usage: titrate_fuzz_replay FOLDER\n"), 2;
  int passed = 0, failed = 0;
  for (const auto& target : titrate::fuzz::targets()) {
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(std::filesystem::path(argv[1]) / target.name))
      files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    for (const auto& file : files) {
      std::fprintf(stderr, "%s\n", file.c_str());
      ++(holds(target, file) ? passed : failed);
    }
  }
  std::printf("%d passed, %d failed, 0 skipped\n", passed, failed);
  return failed > 0 || passed == 0 ? 1 : 0;
}
