#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace titrate {

namespace {

std::string lower_case(std::string_view word) {
  std::string lowered(word);
  for (char& c : lowered)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return lowered;
}

// Damerau's distance in its restricted form: insertions, deletions, replacements and exchanges of neighbours.
std::size_t edits(const std::string& a, const std::string& b) {
  std::vector<std::size_t> before(b.size() + 1), last(b.size() + 1), now(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    now[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      now[j] = std::min({last[j] + 1, now[j - 1] + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0u : 1u)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) now[j] = std::min(now[j], before[j - 2] + 1);
    }
    before = last;
    last = now;
  }
  return last[b.size()];
}

}  // namespace

std::string_view trim(std::string_view text) {
  // No-break spaces, wide and narrow, come with text that was pasted.
  static constexpr std::string_view no_break[] = {"\xC2\xA0", "\xE2\x80\xAF"};
  for (bool more = true; more;) {
    const std::size_t before = text.size();
    while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
    while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
    for (const std::string_view space : no_break) {
      if (text.substr(0, space.size()) == space) text.remove_prefix(space.size());
      if (text.size() >= space.size() && text.substr(text.size() - space.size()) == space) text.remove_suffix(space.size());
    }
    more = text.size() < before;
  }
  return text;
}

std::size_t number_length(std::string_view text) {
  std::size_t i = 0, digits = 0;
  while (i < text.size() && is_digit(text[i])) ++i, ++digits;
  if (i < text.size() && text[i] == '.') {
    ++i;
    while (i < text.size() && is_digit(text[i])) ++i, ++digits;
  }
  if (digits == 0) return 0;
  if (i < text.size() && (text[i] == 'e' || text[i] == 'E')) {
    std::size_t j = i + 1;
    if (j < text.size() && (text[j] == '+' || text[j] == '-')) ++j;
    if (j < text.size() && is_digit(text[j])) {
      while (j < text.size() && is_digit(text[j])) ++j;
      i = j;
    }
  }
  return i;
}

double to_double(std::string_view number) { return std::strtod(std::string(number).c_str(), nullptr); }

std::string to_text(double x) {
  if (!std::isfinite(x)) throw std::domain_error("a number that is not finite has no text");
  if (x == 0.0) return "0";
  std::array<char, 64> buffer{};
  char* end = nlohmann::detail::to_chars(buffer.data(), buffer.data() + buffer.size(), x);
  std::string text(buffer.data(), end);
  if (text.size() > 2 && text.compare(text.size() - 2, 2, ".0") == 0) text.resize(text.size() - 2);
  return text;
}

std::string nearest_word(std::string_view word, const std::vector<std::string>& among) {
  if (word.size() > 64) return {};
  const std::string lowered = lower_case(word);
  std::string best;
  std::size_t best_cost = std::string::npos;
  for (const std::string& candidate : among) {
    if (candidate.size() > 64 || candidate == word) continue;
    const std::size_t difference = edits(lowered, lower_case(candidate));
    // A third of the letters may be wrong; one letter of two or three may.
    if (difference > std::max<std::size_t>(word.size() > 1 ? 1 : 0, word.size() / 3)) continue;
    const std::size_t cost = 100 * difference + edits(std::string(word), candidate);
    if (cost < best_cost) best_cost = cost, best = candidate;
  }
  return best;
}

}  // namespace titrate
