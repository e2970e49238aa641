#include "response/place.hpp"

#include <algorithm>
#include <string>

namespace titrate {

namespace {

// The member or element that a part of a pointer names.
const json::Value* inside(const json::Value& value, std::string_view part) {
  if (value.is_object()) {
    for (const json::Member& member : value.object())
      if (json::child("", member.key).substr(1) == part) return &member.value;
  } else if (value.is_array()) {
    for (std::size_t i = 0; i < value.array().size(); ++i)
      if (std::to_string(i) == part) return &value.array()[i];
  }
  return nullptr;
}

}  // namespace

TextPlace place_at(std::string_view text, std::size_t offset) {
  const std::string_view before = text.substr(0, std::min(offset, text.size()));
  const std::size_t line_begin = before.rfind('\n') + 1;  // npos + 1 is 0
  return {1 + static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n')), 1 + before.size() - line_begin};
}

TextPlace place_of(const Diagnostic& diagnostic, std::string_view text, const json::Value& root) {
  if (root.is_null() && diagnostic.span) return place_at(text, diagnostic.span->begin);  // no JSON at all
  const json::Value* value = &root;
  std::string_view rest = diagnostic.path;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('/', 1), rest.size());
    const json::Value* next = inside(*value, rest.substr(1, end - 1));
    if (next == nullptr) break;
    value = next;
    rest.remove_prefix(end);
  }
  std::size_t offset = value->span.begin;
  if (rest.empty() && diagnostic.span && value->is_string()) {
    const std::string_view written = text.substr(offset, value->span.end - offset);
    if (written.find('\\') == std::string_view::npos) offset += 1 + diagnostic.span->begin;
  }
  return place_at(text, offset);
}

}  // namespace titrate
