// The neutral expression language in the engine's: see translate in neutral_case.hpp.

#include <stdexcept>

#include "support/neutral_case.hpp"

namespace titrate::support {

namespace {

bool is_name_start(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_number_start(char c) { return (c >= '0' && c <= '9') || c == '.'; }

// The end of the parenthesis that opens at `open`, and the positions of its top-level commas.
std::size_t closing(const std::string& text, std::size_t open, std::vector<std::size_t>& commas) {
  int depth = 0;
  for (std::size_t i = open; i < text.size(); ++i) {
    if (text[i] == '(') ++depth;
    if (text[i] == ',' && depth == 1) commas.push_back(i);
    if (text[i] == ')' && --depth == 0) return i;
  }
  throw std::runtime_error("a parenthesis is not closed in " + text);
}

std::size_t number_end(const std::string& text, std::size_t i) {
  while (i < text.size() && is_number_start(text[i])) ++i;
  if (i < text.size() && (text[i] == 'e' || text[i] == 'E')) {
    ++i;
    if (i < text.size() && (text[i] == '+' || text[i] == '-')) ++i;
    while (i < text.size() && is_number_start(text[i])) ++i;
  }
  return i;
}

}  // namespace

std::string translate(const std::string& text, const std::map<std::string, std::string>& renamed) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    if (is_number_start(text[i])) {
      const std::size_t end = number_end(text, i);
      out += text.substr(i, end - i);
      i = end;
      continue;
    }
    if (!is_name_start(text[i])) {
      out += text[i++];
      continue;
    }
    std::size_t end = i;
    while (end < text.size() && (is_name_start(text[end]) || (text[end] >= '0' && text[end] <= '9'))) ++end;
    const std::string name = text.substr(i, end - i);
    if (name == "pow" || name == "ifelse") {
      std::vector<std::size_t> commas;
      const std::size_t close = closing(text, end, commas);
      const auto part = [&](std::size_t from, std::size_t to) {
        return translate(text.substr(from + 1, to - from - 1), renamed);
      };
      if (name == "pow")
        out += "((" + part(end, commas.at(0)) + ")^(" + part(commas.at(0), close) + "))";
      else
        out += "if(" + part(end, commas.at(0)) + ", " + part(commas.at(0), commas.at(1)) + ", " + part(commas.at(1), close) + ")";
      i = close + 1;
      continue;
    }
    const auto known = renamed.find(name);
    out += known != renamed.end() ? known->second : name == "T" ? "t" : name;
    i = end;
  }
  return out;
}

}  // namespace titrate::support
