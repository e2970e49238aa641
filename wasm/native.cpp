// The same door without WebAssembly: `titrate REQUEST.json ...` prints one response a line, `titrate -` answers each line of
// its input. It serves comparisons between the builds, and timings; people use wasm/cli.mjs.

#include <fstream>
#include <iostream>
#include <iterator>
#include <string>

#include "engine.hpp"

int main(int argc, char** argv) {
  if (argc < 2) {
    std::cerr << "usage: titrate REQUEST.json ... | -\n";
    return 2;
  }
  for (int i = 1; i < argc; ++i) {
    const std::string name = argv[i];
    if (name == "-") {
      for (std::string line; std::getline(std::cin, line);) std::cout << titrate::call(line) << std::endl;
      continue;
    }
    std::ifstream file(name, std::ios::binary);
    if (!file) {
      std::cerr << "titrate: cannot read " << name << "\n";
      return 2;
    }
    const std::string request{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    std::cout << titrate::call(request) << "\n";
  }
  return 0;
}
