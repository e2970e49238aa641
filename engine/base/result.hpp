// A value, or everything that was wrong with the input. Bad input never throws and never becomes a default.
//
// A Diagnostic names its place twice: `path` is a JSON pointer into the request or the model file ("/doses/0/amt"), and
// `span` counts bytes inside the text found there (an expression, say), so that a page can underline the words.

#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace titrate {

enum class Severity { note, warning, error };

struct Span {
  std::size_t begin = 0;
  std::size_t end = 0;
};

struct Diagnostic {
  std::string code;  // layer.what, for instance "expr.unknown_name"
  Severity severity = Severity::error;
  std::string path;  // JSON pointer; empty for the whole request
  std::optional<Span> span;
  std::string message;  // what is wrong, in one sentence
  std::string hint;     // what would put it right; may be empty
};

using Diagnostics = std::vector<Diagnostic>;

[[nodiscard]] inline bool has_error(const Diagnostics& diagnostics) {
  for (const Diagnostic& d : diagnostics)
    if (d.severity == Severity::error) return true;
  return false;
}

inline void append(Diagnostics& to, const Diagnostics& more) { to.insert(to.end(), more.begin(), more.end()); }

template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : value_(std::move(value)) {}
  Result(T value, Diagnostics remarks) : value_(std::move(value)), diagnostics_(std::move(remarks)) {}
  Result(Diagnostics errors) : diagnostics_(std::move(errors)) {}
  Result(Diagnostic error) : diagnostics_{std::move(error)} {}

  explicit operator bool() const { return value_.has_value(); }
  T& operator*() { return value_.value(); }
  const T& operator*() const { return value_.value(); }
  T* operator->() { return &value_.value(); }
  const T* operator->() const { return &value_.value(); }
  const Diagnostics& diagnostics() const { return diagnostics_; }

 private:
  std::optional<T> value_;
  Diagnostics diagnostics_;
};

}  // namespace titrate
