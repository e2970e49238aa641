// JSON pointers (RFC 6901), which name the place of a diagnostic.

#pragma once

#include <string>

namespace titrate::json {

// "/doses" + "amt" -> "/doses/amt", with ~ and / escaped.
[[nodiscard]] std::string child(const std::string& path, const char* key);
[[nodiscard]] std::string child(const std::string& path, const std::string& key);
[[nodiscard]] std::string child(const std::string& path, std::size_t index);

}  // namespace titrate::json
