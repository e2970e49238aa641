// Lines and columns for diagnostics of a model file, so that an editor can jump to them.

#pragma once

#include <optional>
#include <string_view>

#include "base/json.hpp"

namespace titrate {

struct TextPlace {
  std::size_t line = 1, column = 1;  // columns count bytes
};

// Where the diagnostic's place stands in the text that `root` was read from: the value that its path names or, where something is
// missing, what encloses it. Inside text its span counts, as long as nothing there is escaped.
[[nodiscard]] TextPlace place_of(const Diagnostic& diagnostic, std::string_view text, const json::Value& root);
[[nodiscard]] TextPlace place_at(std::string_view text, std::size_t offset);

}  // namespace titrate
