// The only reader and the only writer of JSON text in the engine.
//
// Reading gives a value tree in document order in which every value and key knows its bytes. Duplicate keys, depth over
// `max_depth`, text over `max_bytes`, numbers that overflow and invalid UTF-8 are diagnostics. Writing refuses numbers that
// are not finite: it throws std::domain_error, which the door reports as an internal error, so no NaN can leave the engine.
// Numbers are written in the shortest form that reads back as the same double, the same natively and in wasm.

#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/pointer.hpp"
#include "base/result.hpp"

namespace titrate::json {

struct Member;
class Value;
using Array = std::vector<Value>;
using Object = std::vector<Member>;

enum class Kind { null, boolean, number, string, array, object };

class Value {
 public:
  // Defined where Member is complete.
  Value();
  Value(const Value& other);
  Value(Value&& other) noexcept;
  Value& operator=(const Value& other);
  Value& operator=(Value&& other) noexcept;
  ~Value();

  Value(std::nullptr_t);
  Value(bool b);
  Value(double x);
  Value(int i);
  Value(std::size_t n);
  Value(const char* s);
  Value(const std::string& s);
  Value(std::string&& s);
  Value(std::string_view s);
  Value(Array a);
  Value(Object o);
  Value(const std::vector<double>& column);
  Value(const std::vector<std::string>& column);

  Kind kind() const { return static_cast<Kind>(data_.index()); }
  bool is_null() const { return kind() == Kind::null; }
  bool is_boolean() const { return kind() == Kind::boolean; }
  bool is_number() const { return kind() == Kind::number; }
  bool is_string() const { return kind() == Kind::string; }
  bool is_array() const { return kind() == Kind::array; }
  bool is_object() const { return kind() == Kind::object; }

  // Each throws std::bad_variant_access on another kind: check the kind first.
  bool boolean() const { return std::get<bool>(data_); }
  double number() const { return std::get<double>(data_); }
  const std::string& string() const { return std::get<std::string>(data_); }
  const Array& array() const { return std::get<Array>(data_); }
  const Object& object() const { return std::get<Object>(data_); }
  Array& array() { return std::get<Array>(data_); }
  Object& object() { return std::get<Object>(data_); }

  // The member of an object, or null when this is no object or has no such key. Keys are literals nearly always and many values
  // are text: passed as they are, here and in base/pointer.hpp, they take the least code where they are used.
  const Value* find(const char* key) const;
  const Value* find(std::string_view key) const;
  // Adds or replaces a member; a null value becomes an object first.
  Value& set(const char* key, const char* text);
  Value& set(const char* key, const std::string& text);
  Value& set(const char* key, Value value);
  Value& set(std::string key, Value value);

  Span span;  // bytes of this value in the text it was read from; empty for values built in code

 private:
  std::variant<std::nullptr_t, bool, double, std::string, Array, Object> data_;
};

struct Member {
  std::string key;
  Value value;
  Span key_span{};
};

struct Limits {
  std::size_t max_bytes = 8u << 20;
  std::size_t max_depth = 64;
};

[[nodiscard]] Result<Value> parse(std::string_view text, const Limits& limits = {});
[[nodiscard]] std::string write(const Value& value);
// Two spaces a level, for files that people read.
[[nodiscard]] std::string write_indented(const Value& value);

// 64-bit FNV-1a of the canonical compact text, as 16 hexadecimal digits: names a model or a request's part in a cache.
[[nodiscard]] std::string hash(const Value& value);

}  // namespace titrate::json
