#include "expr/lexer.hpp"

#include <cmath>

#include "base/text.hpp"

namespace titrate {

namespace {

// Signs of other languages, and the sign meant. Longest first.
struct Sign {
  std::string_view written, meant;
};
constexpr Sign signs[] = {{"<=", "<="},
                          {">=", ">="},
                          {"==", "=="},
                          {"!=", "!="},
                          {"**", "^"},
                          {"&&", "and"},
                          {"||", "or"},
                          {"<>", "!="},
                          {"\xE2\x89\xA4", "<="},
                          {"\xE2\x89\xA5", ">="},
                          {"\xC3\x97", "*"},
                          {"\xC2\xB7", "*"},
                          {"\xE2\x88\x92", "-"},
                          {"+", "+"},
                          {"-", "-"},
                          {"*", "*"},
                          {"/", "/"},
                          {"^", "^"},
                          {"(", "("},
                          {")", ")"},
                          {",", ","},
                          {"<", "<"},
                          {">", ">"},
                          {"=", "=="},
                          {"!", "not"}};

bool is_name_part(char c) { return is_letter(c) || is_digit(c) || c == '_'; }

std::size_t character_length(std::string_view text, std::size_t i) {
  std::size_t end = i + 1;
  while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0u) == 0x80u) ++end;
  return end - i;
}

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  Tokens read() {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (is_space(c))
        ++at_;
      else if (is_letter(c) || c == '_')
        name();
      else if (number_length(text_.substr(at_)) > 0)
        number();
      else if (c == '[')
        unit();
      else
        symbol();
    }
    result_.tokens.push_back({Token::Kind::end, "", 0.0, {text_.size(), text_.size()}});
    return std::move(result_);
  }

 private:
  void push(Token::Kind kind, std::size_t length, std::string text, double value = 0.0) {
    result_.tokens.push_back({kind, std::move(text), value, {at_, at_ + length}});
    at_ += length;
  }
  void complain(std::size_t length, std::string message, std::string hint) {
    result_.diagnostics.push_back(
        {"expr.syntax", Severity::error, "", Span{at_, at_ + length}, std::move(message), std::move(hint)});
  }

  void name() {
    std::size_t end = at_;
    while (end < text_.size() && is_name_part(text_[end])) ++end;
    std::string word(text_.substr(at_, end - at_));
    const bool operation = word == "and" || word == "or" || word == "not";
    push(operation ? Token::Kind::symbol : Token::Kind::name, end - at_, std::move(word));
  }

  void number() {
    const std::size_t length = number_length(text_.substr(at_));
    std::size_t end = at_ + length;
    while (end < text_.size() && (is_name_part(text_[end]) || text_[end] == '.')) ++end;
    std::string written(text_.substr(at_, length));
    double value = to_double(written);
    if (end > at_ + length) {
      const std::string tail(text_.substr(at_ + length, end - at_ - length));
      complain(end - at_, "\"" + written + tail + "\" is not a number.",
               tail[0] == '.' ? "Write one decimal point."
                              : "Write a unit in brackets, as in 120 [mL/min], or * between a number and a name.");
    } else if (!std::isfinite(value)) {
      complain(length, "The number " + written + " is too large.", "");
      value = 1.0;
    }
    push(Token::Kind::number, end - at_, std::move(written), value);
  }

  void unit() {
    const std::size_t close = text_.find(']', at_);
    if (close == std::string_view::npos) {
      complain(1, "The bracket [ of a unit is not closed.", "Write a unit as in 120 [mL/min].");
      at_ = text_.size();
      return;
    }
    push(Token::Kind::unit, close + 1 - at_, std::string(text_.substr(at_ + 1, close - at_ - 1)));
  }

  void symbol() {
    for (const Sign& sign : signs) {
      if (text_.substr(at_, sign.written.size()) != sign.written) continue;
      if (sign.written != sign.meant)
        complain(sign.written.size(), "\"" + std::string(sign.written) + "\" is not an operator here.",
                 "Write " + std::string(sign.meant) + ".");
      push(Token::Kind::symbol, sign.written.size(), std::string(sign.meant));
      return;
    }
    const std::size_t length = character_length(text_, at_);
    complain(length, "The character \"" + std::string(text_.substr(at_, length)) + "\" has no meaning here.",
             text_[at_] == ';' ? "One expression stands alone: leave out the semicolon." : "");
    at_ += length;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  Tokens result_;
};

}  // namespace

Tokens read_tokens(std::string_view text) { return Lexer(text).read(); }

}  // namespace titrate
