#include "decide/words.hpp"

#include <algorithm>
#include <cmath>

#include "base/text.hpp"

namespace titrate {

std::string number_words(double x, int digits) {
  if (x == 0.0 || !std::isfinite(x)) return std::isfinite(x) ? "0" : "unlimited";
  const int before = static_cast<int>(std::floor(std::log10(std::abs(x)))) + 1;
  const double scale = std::pow(10.0, std::max(0, digits - before));  // digits before the point are never rounded away
  return to_text(std::round(x * scale) / scale);
}

std::string hours_words(double hours) {
  if (hours >= 48.0 && std::abs(std::remainder(hours, 24.0)) < 1e-9) return number_words(hours / 24.0, 4) + " days";
  if (hours < 1.0 && hours > 0.0) return number_words(hours * 60.0) + " min";
  return number_words(hours) + " h";
}

std::string in_unit(double value, const Unit& unit, int digits) {
  std::string words = number_words(value / unit.factor, digits);
  if (unit.text.size() > 2 && unit.text.compare(0, 2, "1e") == 0) return words + " x 10^" + unit.text.substr(2);
  return unit.text == "1" ? words : words + " " + unit.text;
}

std::string joined(const std::vector<std::string>& words) {
  std::string all;
  for (const std::string& word : words) all += (all.empty() ? "" : ", ") + word;
  return all;
}

}  // namespace titrate
