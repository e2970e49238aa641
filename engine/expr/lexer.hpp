// Text to tokens. A unit in brackets is one token with the text between the brackets.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace titrate {

struct Token {
  enum class Kind { number, name, symbol, unit, end };
  Kind kind = Kind::end;
  std::string text;  // symbol: + - * / ^ ( ) , < <= > >= == != and or not; unit: what stands between the brackets
  double value = 0.0;
  Span span;
};

struct Tokens {
  std::vector<Token> tokens;  // the last one is Kind::end
  Diagnostics diagnostics;    // without paths
};

[[nodiscard]] Tokens read_tokens(std::string_view text);

}  // namespace titrate
