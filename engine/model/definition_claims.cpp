#include "model/definition_claims.hpp"

#include <algorithm>

#include "expr/parser.hpp"
#include "model/names.hpp"

namespace titrate::definition {

void Claims::check(Reading& reading) const {
  if (has_error(reading.diagnostics) || reading.model.unchecked_units) return;
  Diagnostics problems;
  Graph graph;
  Names names(reading.model, graph, problems);
  std::vector<std::string> wrong;  // owners of a wrong argument
  for (const bool combined : {false, true})
    for (const Claim& c : claims_) {
      if (c.combined != combined || (combined && std::find(wrong.begin(), wrong.end(), c.owner) != wrong.end())) continue;
      const std::size_t before = problems.size();
      if (!names.read(c.value, c.dimension, c.what)) wrong.push_back(c.owner);
      if (combined)
        for (std::size_t i = before; i < problems.size(); ++i) problems[i].span.reset();  // not a text of the file
    }
  for (const Diagnostic& d : problems)
    if (std::any_of(claims_.begin(), claims_.end(), [&](const Claim& c) { return c.value.path == d.path; }))
      reading.diagnostics.push_back(d);
}

std::string as_factor(const Expression& expression) {
  const auto parsed = parse_expression(expression);
  const bool simple = parsed && ((*parsed)->kind == Ast::Kind::name || (*parsed)->kind == Ast::Kind::number);
  return simple ? expression.text : "(" + expression.text + ")";
}

bool is_bare_name(const Expression& expression) {
  const auto parsed = parse_expression(expression);
  return parsed && (*parsed)->kind == Ast::Kind::name;
}

Dimension time_dimension() { return parse_unit("h")->dimension; }
Dimension per_time() { return Dimension{} / time_dimension(); }

}  // namespace titrate::definition
