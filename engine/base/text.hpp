// Small readings of text shared by units, quantities and expressions: where a number ends, and which word was meant.

#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace titrate {

[[nodiscard]] inline bool is_digit(char c) { return c >= '0' && c <= '9'; }
[[nodiscard]] inline bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
[[nodiscard]] inline bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

[[nodiscard]] std::string_view trim(std::string_view text);

// Bytes of the unsigned decimal number at the start of `text` (12, 0.5, .5, 1e-3), or 0 when there is none.
[[nodiscard]] std::size_t number_length(std::string_view text);
// The value of such a number; infinite when it overflows.
[[nodiscard]] double to_double(std::string_view number);
// The shortest text that reads back as the same double: 3, 0.1, 1e+20.
[[nodiscard]] std::string to_text(double x);

// The word among `among` that differs from `word` by case or by few edits; empty when none is near.
[[nodiscard]] std::string nearest_word(std::string_view word, const std::vector<std::string>& among);

}  // namespace titrate
