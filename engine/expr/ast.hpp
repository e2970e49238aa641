// What a modeller wrote, as a tree that remembers the place of every word.

#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/unit.hpp"

namespace titrate {

// An expression as written: its text and where it stands in the model file (JSON pointer).
struct Expression {
  std::string text;
  std::string path;
};

struct Ast;
using AstPtr = std::shared_ptr<const Ast>;

struct Ast {
  enum class Kind { number, name, unary, binary, call };
  Kind kind = Kind::number;
  Span span;              // bytes in the expression's text
  double value = 0.0;     // number: in the coherent set of base/unit.hpp
  Unit unit;              // number: as written; "1" without a unit
  bool has_unit = false;  // number
  std::string text;       // name: the name; unary: "-", "not"; binary: "+", "<=", "and" ...; call: the function
  std::vector<AstPtr> children;
};

// A function defined by an expression in its own arguments, expanded before typing and lowering: covariate calculators and
// the like are formulas in the model language, so they are typed, differentiated and compiled as any other expression.
struct Formula {
  std::string name;
  std::vector<std::string> arguments;
  std::string text;
  std::string source;  // citation of the formula
};

}  // namespace titrate
