// JSON text of a model file (models/schema.json) to a Model: names structures, converts units, omega and residual errors, expands
// one-line structures to ordinary states and equations, and reports everything that is wrong at once.
//
// What the format has but the engine does not do yet is refused with model.not_yet, which says what it is.

#pragma once

#include "base/json.hpp"
#include "model/model.hpp"

namespace titrate {

struct ReadOptions {
  bool allow_unchecked_units = false;  // only the tests' reader of foreign cases may
};

[[nodiscard]] Result<Model> read_model(const json::Value& definition, const ReadOptions& options = {});

}  // namespace titrate
