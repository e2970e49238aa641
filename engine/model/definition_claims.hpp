// What an argument of a named structure or absorption must be. It is checked by itself, once every name is known, so that a
// clearance in L is reported at the clearance and not in an equation that the author never wrote.

#pragma once

#include "model/definition_fields.hpp"

namespace titrate::definition {

class Claims {
 public:
  // `owner` is the place of the structure. What combines arguments is checked only where each is right by itself.
  struct Claim {
    Expression value;
    std::optional<Dimension> dimension;
    std::string what, owner;
    bool combined = false;
  };
  void add(Claim claim) { claims_.push_back(std::move(claim)); }
  // Needs individual, states and derived. What is wrong elsewhere is left to the compiler, which finds it with everything else.
  void check(Reading& reading) const;

 private:
  std::vector<Claim> claims_;
};

// A name or a number can stand as a factor; everything else gets parentheses.
[[nodiscard]] std::string as_factor(const Expression& expression);
[[nodiscard]] bool is_bare_name(const Expression& expression);

[[nodiscard]] Dimension time_dimension();
[[nodiscard]] Dimension per_time();

}  // namespace titrate::definition
