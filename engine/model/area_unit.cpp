#include "model/area_unit.hpp"

namespace titrate {

Unit area_unit(const Unit& of, const std::string& time_unit) {
  const Unit time = *parse_unit(time_unit);
  if (of.text == "1") return time;
  const std::size_t slash = of.text.find('/');
  const std::string above = of.text.substr(0, slash), below = slash == std::string::npos ? "" : of.text.substr(slash);
  return {(above == "1" ? "" : above + "*") + time_unit + below, of.factor * time.factor, of.dimension * time.dimension};
}

}  // namespace titrate
