#include "model/creatinine.hpp"

#include <algorithm>

#include "base/unit.hpp"

namespace titrate {

namespace {

bool is_mass(const Covariate& covariate) { return covariate.unit.dimension == parse_unit("mg/dL")->dimension; }

std::string upper_case(std::string text) {
  for (char& c : text)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return text;
}

}  // namespace

bool is_creatinine(const Covariate& covariate) {
  if (!is_mass(covariate) && !(covariate.unit.dimension == parse_unit("umol/L")->dimension)) return false;
  const std::string name = upper_case(covariate.name), label = upper_case(covariate.label);
  return name.rfind("SCR", 0) == 0 || name.rfind("CREAT", 0) == 0 || label.find("CREATININE") != std::string::npos;
}

double creatinine_mg_per_dL(const Covariate& covariate) {
  return is_mass(covariate) ? parse_unit("mg/dL")->factor : creatinine_umol_per_L_of_mg_per_dL * parse_unit("umol/L")->factor;
}

}  // namespace titrate
