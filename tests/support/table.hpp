// Text files and tables of comma-separated values, as the tests' reference data come.

#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace titrate::support {

using Row = std::map<std::string, std::string>;

struct Table {
  std::vector<std::string> columns;
  std::vector<Row> rows;

  [[nodiscard]] bool has(const std::string& column) const;
};

// Nothing when the file is missing; a table throws std::runtime_error on a row of another length.
[[nodiscard]] std::optional<std::string> read_text(const std::string& path);
[[nodiscard]] std::optional<Table> read_table(const std::string& path);

// "." and "" are missing values.
[[nodiscard]] bool missing(const std::string& field);
// Missing values are 0; what is no number throws std::runtime_error.
[[nodiscard]] double number(const std::string& field);

}  // namespace titrate::support
