// Reading and writing of JSON text: nlohmann's parser drives, this file builds the tree and keeps the places.
//
// The parser reports values in document order, so a cursor that walks over the same bytes finds each value's span: by the time
// an event arrives, its token is known to be well formed. Depth is bounded before parsing by counting brackets outside strings.

#include "base/json.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "base/stable_order.hpp"
#include "base/text.hpp"

namespace titrate::json {

Value::Value() = default;
Value::Value(const Value&) = default;
Value::Value(Value&&) noexcept = default;
Value& Value::operator=(const Value&) = default;
Value& Value::operator=(Value&&) noexcept = default;
Value::~Value() = default;

Value::Value(std::nullptr_t) {}
Value::Value(bool b) : data_(b) {}
Value::Value(double x) : data_(x) {}
Value::Value(int i) : data_(static_cast<double>(i)) {}
Value::Value(std::size_t n) : data_(static_cast<double>(n)) {}
Value::Value(const char* s) : data_(std::string(s)) {}
Value::Value(const std::string& s) : data_(s) {}
Value::Value(std::string&& s) : data_(std::move(s)) {}
Value::Value(std::string_view s) : data_(std::string(s)) {}
Value::Value(Array a) : data_(std::move(a)) {}
Value::Value(Object o) : data_(std::move(o)) {}
Value::Value(const std::vector<double>& column) : data_(Array(column.begin(), column.end())) {}
Value::Value(const std::vector<std::string>& column) : data_(Array(column.begin(), column.end())) {}

const Value* Value::find(const char* key) const { return find(std::string_view(key)); }

const Value* Value::find(std::string_view key) const {
  if (!is_object()) return nullptr;
  for (const Member& member : object())
    if (member.key == key) return &member.value;
  return nullptr;
}

Value& Value::set(const char* key, const char* text) { return set(std::string(key), Value(text)); }

Value& Value::set(const char* key, const std::string& text) { return set(std::string(key), Value(text)); }

Value& Value::set(const char* key, Value value) { return set(std::string(key), std::move(value)); }

Value& Value::set(std::string key, Value value) {
  if (is_null()) data_ = Object{};
  for (Member& member : object())
    if (member.key == key) {
      member.value = std::move(value);
      return *this;
    }
  object().push_back({std::move(key), std::move(value), {}});
  return *this;
}

namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

// Bytes of the well-formed UTF-8 sequence at `i` (Unicode 15, table 3-7), or 0.
std::size_t utf8_length(std::string_view text, std::size_t i) {
  const auto byte = [&](std::size_t k) { return k < text.size() ? static_cast<unsigned char>(text[k]) : 0u; };
  const auto follows = [&](std::size_t k) { return (byte(k) & 0xC0u) == 0x80u; };
  const unsigned lead = byte(i), next = byte(i + 1);
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead <= 0xDF) return follows(i + 1) ? 2 : 0;
  if (lead >= 0xE0 && lead <= 0xEF) {
    const unsigned low = lead == 0xE0 ? 0xA0u : 0x80u, high = lead == 0xED ? 0x9Fu : 0xBFu;
    return next >= low && next <= high && follows(i + 2) ? 3 : 0;
  }
  if (lead >= 0xF0 && lead <= 0xF4) {
    const unsigned low = lead == 0xF0 ? 0x90u : 0x80u, high = lead == 0xF4 ? 0x8Fu : 0xBFu;
    return next >= low && next <= high && follows(i + 2) && follows(i + 3) ? 4 : 0;
  }
  return 0;
}

std::string place(std::string_view text, std::size_t position) {
  const std::string_view before = text.substr(0, position);
  const auto line = 1 + std::count(before.begin(), before.end(), '\n');
  const std::size_t start = before.rfind('\n') == std::string_view::npos ? 0 : before.rfind('\n') + 1;
  return "line " + std::to_string(line) + ", column " + std::to_string(position - start + 1);
}

Diagnostic problem(const char* code, Span span, std::string message, std::string hint) {
  return {code, Severity::error, "", span, std::move(message), std::move(hint)};
}

// Size, UTF-8 and depth, in one pass and without recursion.
std::optional<Diagnostic> scan(std::string_view text, const Limits& limits) {
  if (text.size() > limits.max_bytes)
    return problem(
        "json.too_large", {0, 0},
        "The text has " + std::to_string(text.size()) + " bytes; at most " + std::to_string(limits.max_bytes) + " are read.", "");
  std::size_t depth = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t length = utf8_length(text, i);
    if (length == 0)
      return problem("json.utf8", {i, i + 1}, "The text is not valid UTF-8 at " + place(text, i) + ".",
                     "Save the file as UTF-8.");
    const char c = text[i];
    if (in_string) {
      if (c == '\\' && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0x80) ++i;
      if (c == '"') in_string = false;
    } else if (c == '"') {
      in_string = true;
    } else if (c == '{' || c == '[') {
      if (++depth > limits.max_depth)
        return problem(
            "json.too_deep", {i, i + 1},
            "Objects and arrays are nested more than " + std::to_string(limits.max_depth) + " deep at " + place(text, i) + ".",
            "");
    } else if ((c == '}' || c == ']') && depth > 0) {
      --depth;
    }
    i += length;
  }
  return std::nullopt;
}

// Finds the next token's bytes; asked once per event, after the parser has accepted the token.
class Cursor {
 public:
  explicit Cursor(std::string_view text) : text_(text) {
    if (text_.substr(0, byte_order_mark.size()) == byte_order_mark) at_ = byte_order_mark.size();
  }

  Span next() {
    while (at_ < text_.size() && (is_space(text_[at_]) || text_[at_] == ',' || text_[at_] == ':')) ++at_;
    const std::size_t begin = at_;
    if (at_ >= text_.size()) return {begin, begin};
    const char first = text_[at_++];
    if (first == '"') {
      while (at_ < text_.size() && text_[at_] != '"') at_ += text_[at_] == '\\' ? 2u : 1u;
      at_ = std::min(at_ + 1, text_.size());
    } else if (std::string_view("{}[]").find(first) == std::string_view::npos) {
      while (at_ < text_.size() && !is_space(text_[at_]) &&
             std::string_view(",:{}[]\"").find(text_[at_]) == std::string_view::npos)
        ++at_;
    }
    return {begin, at_};
  }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
};

// nlohmann's events, in the shape its sax_parse asks for.
class Builder {
 public:
  explicit Builder(std::string_view text) : text_(text), cursor_(text) {}

  bool null() { return add(nullptr); }
  bool boolean(bool b) { return add(b); }
  bool number_integer(std::int64_t i) { return add(static_cast<double>(i)); }
  bool number_unsigned(std::uint64_t u) { return add(static_cast<double>(u)); }
  bool number_float(double x, const std::string&) { return add(x); }
  bool string(std::string& s) { return add(std::move(s)); }
  bool binary(std::vector<std::uint8_t>&) { return false; }  // no such thing in text
  bool start_object(std::size_t) { return open(Value(Object{})); }
  bool start_array(std::size_t) { return open(Value(Array{})); }
  bool end_array() { return close(); }
  bool key(std::string& k) {
    frames_.back().key = std::move(k);
    frames_.back().key_span = cursor_.next();
    return true;
  }
  bool end_object() {
    find_duplicates(frames_.back().value.object());
    return close();
  }
  bool parse_error(std::size_t position, const std::string& token, const nlohmann::detail::exception& error) {
    const std::size_t at = std::min(position > 0 ? position - 1 : 0, text_.size());
    if (error.id == 406) {
      const Span number{position - std::min(position, token.size()), position};
      diagnostics.push_back(problem("json.number", number,
                                    "The number " + token + " is too large at " + place(text_, number.begin) + ".",
                                    "Numbers go up to 1.79e308."));
      return false;
    }
    std::string what = error.what();
    const std::size_t dash = what.find(" - ");
    if (dash != std::string::npos) what.erase(0, dash + 3);
    diagnostics.push_back(problem("json.syntax", {at, std::min(at + 1, text_.size())},
                                  "This is not JSON at " + place(text_, at) + ": " + what + ".",
                                  at == text_.size() ? "The text ends too early: a bracket or a quote is missing." : ""));
    return false;
  }

  Value root;
  Diagnostics diagnostics;

 private:
  struct Frame {
    Value value;
    std::string key;  // of the member being read
    Span key_span;
  };

  bool add(Value value) {
    value.span = cursor_.next();
    return store(std::move(value));
  }
  bool store(Value value) {
    if (frames_.empty()) {
      root = std::move(value);
    } else if (Frame& frame = frames_.back(); frame.value.is_array()) {
      frame.value.array().push_back(std::move(value));
    } else {
      frame.value.object().push_back({std::move(frame.key), std::move(value), frame.key_span});
    }
    return true;
  }
  bool open(Value container) {
    container.span = cursor_.next();
    frames_.push_back({std::move(container), {}, {}});
    return true;
  }
  bool close() {
    Value value = std::move(frames_.back().value);
    frames_.pop_back();
    value.span.end = cursor_.next().end;
    return store(std::move(value));
  }
  void find_duplicates(const Object& object) {
    std::vector<const Member*> members;
    for (const Member& member : object) members.push_back(&member);
    sort_stably(members.begin(), members.end(), [](const Member* a, const Member* b) { return a->key < b->key; });
    std::string path;
    for (std::size_t i = 0; i + 1 < frames_.size(); ++i) {
      const Value& parent = frames_[i].value;
      path = parent.is_array() ? child(path, parent.array().size()) : child(path, frames_[i].key);
    }
    for (std::size_t i = 1; i < members.size(); ++i)
      if (members[i]->key == members[i - 1]->key) {
        Diagnostic d = problem("json.duplicate_key", members[i]->key_span,
                               "The key \"" + members[i]->key + "\" is written twice in one object, again at " +
                                   place(text_, members[i]->key_span.begin) + ".",
                               "Keep one of them.");
        d.path = child(path, members[i]->key);
        diagnostics.push_back(std::move(d));
      }
  }

  std::string_view text_;
  Cursor cursor_;
  std::vector<Frame> frames_;
};

void write_string(std::string& out, std::string_view s) {
  static constexpr std::string_view hexadecimal = "0123456789abcdef";
  out += '"';
  for (std::size_t i = 0; i < s.size();) {
    const std::size_t length = utf8_length(s, i);
    const auto c = static_cast<unsigned char>(s[i]);
    if (length == 0) {
      out += "\xEF\xBF\xBD";  // U+FFFD, the replacement character
      ++i;
      continue;
    }
    if (c == '"' || c == '\\') {
      out += '\\';
      out += s[i];
    } else if (c >= 0x20) {
      out += s.substr(i, length);
    } else if (const std::size_t known = std::string_view("\b\f\n\r\t").find(s[i]); known != std::string_view::npos) {
      out += '\\';
      out += std::string_view("bfnrt")[known];
    } else {
      out += "\\u00";
      out += hexadecimal[c >> 4];
      out += hexadecimal[c & 15u];
    }
    i += length;
  }
  out += '"';
}

bool is_container(const Value& value) { return value.is_array() || value.is_object(); }

// indent < 0: compact. Arrays that hold no containers stay on one line in indented text.
void write_value(std::string& out, const Value& value, int indent) {
  const auto new_line = [&](int level) {
    if (level < 0) return;
    out += '\n';
    out.append(2 * static_cast<std::size_t>(level), ' ');
  };
  switch (value.kind()) {
    case Kind::null:
      out += "null";
      return;
    case Kind::boolean:
      out += value.boolean() ? "true" : "false";
      return;
    case Kind::number:
      out += to_text(value.number());
      return;
    case Kind::string:
      write_string(out, value.string());
      return;
    case Kind::array: {
      const Array& items = value.array();
      const bool lines = indent >= 0 && std::any_of(items.begin(), items.end(), is_container);
      const int inner = lines ? indent + 1 : -1;
      out += '[';
      for (std::size_t i = 0; i < items.size(); ++i) {
        if (i > 0) out += indent >= 0 && !lines ? ", " : ",";
        new_line(inner);
        write_value(out, items[i], inner);
      }
      if (lines) new_line(indent);
      out += ']';
      return;
    }
    case Kind::object: {
      const Object& members = value.object();
      const int inner = indent >= 0 ? indent + 1 : -1;
      out += '{';
      for (std::size_t i = 0; i < members.size(); ++i) {
        if (i > 0) out += ',';
        new_line(inner);
        write_string(out, members[i].key);
        out += indent >= 0 ? ": " : ":";
        write_value(out, members[i].value, inner);
      }
      if (!members.empty()) new_line(indent);
      out += '}';
      return;
    }
  }
}

}  // namespace

Result<Value> parse(std::string_view text, const Limits& limits) {
  if (auto refused = scan(text, limits)) return *std::move(refused);
  if (trim(text).empty()) return problem("json.syntax", {0, 0}, "There is no JSON: the text is empty (line 1, column 1).", "");
  Builder builder(text);
  const bool accepted = nlohmann::json::sax_parse(text.begin(), text.end(), &builder);
  if (!accepted || has_error(builder.diagnostics)) return std::move(builder.diagnostics);
  return std::move(builder.root);
}

std::string write(const Value& value) {
  std::string out;
  write_value(out, value, -1);
  return out;
}

std::string write_indented(const Value& value) {
  std::string out;
  write_value(out, value, 0);
  out += '\n';
  return out;
}

std::string child(const std::string& path, const std::string& key) {
  std::string out = path;
  out += '/';
  for (const char c : key) {
    if (c == '~')
      out += "~0";
    else if (c == '/')
      out += "~1";
    else
      out += c;
  }
  return out;
}

std::string child(const std::string& path, const char* key) { return child(path, std::string(key)); }

std::string child(const std::string& path, std::size_t index) { return child(path, std::to_string(index)); }

std::string hash(const Value& value) {
  std::uint64_t h = 14695981039346656037u;
  for (const char c : write(value)) h = (h ^ static_cast<unsigned char>(c)) * 1099511628211u;
  std::string digits(16, '0');
  for (std::size_t i = 16; i-- > 0; h >>= 4) digits[i] = "0123456789abcdef"[h & 15u];
  return digits;
}

}  // namespace titrate::json
