#include "support/table.hpp"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace titrate::support {

bool Table::has(const std::string& column) const {
  for (const auto& name : columns)
    if (name == column) return true;
  return false;
}

bool missing(const std::string& field) { return field == "." || field.empty(); }

double number(const std::string& field) {
  if (missing(field)) return 0.0;
  char* end = nullptr;
  const double value = std::strtod(field.c_str(), &end);
  if (end != field.c_str() + field.size()) throw std::runtime_error("not a number: " + field);
  return value;
}

std::optional<std::string> read_text(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::nullopt;
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::optional<Table> read_table(const std::string& path) {
  const auto text = read_text(path);
  if (!text) return std::nullopt;
  Table table;
  std::istringstream lines(*text);
  std::string line;
  while (std::getline(lines, line)) {
    while (!line.empty() && (line.back() == '\r' || line.back() == '\n')) line.pop_back();
    if (line.empty()) continue;
    std::vector<std::string> fields;
    std::string field;
    std::istringstream cells(line);
    while (std::getline(cells, field, ',')) fields.push_back(field);
    if (line.back() == ',') fields.emplace_back();
    if (table.columns.empty()) {
      table.columns = fields;
      continue;
    }
    if (fields.size() != table.columns.size()) throw std::runtime_error("a row of " + path + " has another number of fields");
    auto& row = table.rows.emplace_back();
    for (std::size_t i = 0; i < fields.size(); ++i) row[table.columns[i]] = fields[i];
  }
  return table;
}

}  // namespace titrate::support
