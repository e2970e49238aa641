// Models of the tree, read and compiled. Paths are relative to the root, where tests and benchmarks are run.

#pragma once

#include <fstream>
#include <memory>
#include <sstream>
#include <string>

#include "base/json.hpp"
#include "model/compiled.hpp"
#include "model/definition.hpp"

#ifndef TITRATE_MODELS_DIR
#define TITRATE_MODELS_DIR "models"
#endif

namespace titrate::support {

// Null when the file is no model that compiles.
inline Compiled model_in_tree(const std::string& name, const std::string& folder = TITRATE_MODELS_DIR) {
  std::ifstream file(folder + "/" + name + ".json", std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  const auto tree = json::parse(text.str());
  if (!tree) return nullptr;
  const auto model = read_model(*tree);
  if (!model) return nullptr;
  const auto compiled = compile(std::make_shared<const Model>(*model));
  return compiled ? *compiled : nullptr;
}

}  // namespace titrate::support
