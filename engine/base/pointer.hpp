// JSON pointers (RFC 6901), which name the place of a diagnostic.

#pragma once

#include <string>
#include <string_view>

namespace titrate::json {

// "/doses" + "amt" -> "/doses/amt", with ~ and / escaped.
[[nodiscard]] std::string child(std::string_view path, std::string_view key);
[[nodiscard]] std::string child(std::string_view path, std::size_t index);

}  // namespace titrate::json
