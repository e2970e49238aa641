#include "model/regimen_text.hpp"

#include <cmath>

#include "base/text.hpp"

namespace titrate {

namespace {

bool starts_with(std::string_view text, std::string_view begin) { return text.substr(0, begin.size()) == begin; }
bool ends_with(std::string_view text, std::string_view end) {
  return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

constexpr double longest_hours = 120.0 * 365.25 * 24.0;

// The length of one of the units of time that these texts may use, in hours.
std::optional<double> hours_in(std::string_view unit) {
  if (unit == "h") return 1.0;
  if (unit == "min") return 1.0 / 60.0;
  if (unit == "s") return 1.0 / 3600.0;
  if (unit == "day" || unit == "days") return 24.0;
  if (unit == "week" || unit == "weeks") return 168.0;
  return std::nullopt;
}

// A number and what follows it.
struct Count {
  double value = 0.0;
  std::string_view rest;
};

std::optional<Count> number_first(std::string_view text) {
  text = trim(text);
  const std::size_t length = number_length(text);
  if (length == 0) return std::nullopt;
  const double value = to_double(text.substr(0, length));
  if (!std::isfinite(value)) return std::nullopt;
  return Count{value, trim(text.substr(length))};
}

Diagnostic wrong(const std::string& path, std::string_view whole, std::string_view part, std::string message) {
  const auto begin = static_cast<std::size_t>(part.data() - whole.data());
  return {"model.bad_regimen",
          Severity::error,
          path,
          Span{begin, begin + part.size()},
          std::move(message),
          "Write for instance \"1000 mg over 1 h every 12 h, 5 doses\", \"7 mg every 12 h at steady state\" or \"96 mg over 1 h "
          "once\"."};
}

}  // namespace

std::optional<double> parse_hours(std::string_view text) {
  const auto count = number_first(text);
  if (!count) return std::nullopt;
  const auto length = hours_in(count->rest);
  if (!length || std::fabs(count->value * *length) > longest_hours) return std::nullopt;
  return count->value * *length;
}

std::optional<Window> parse_window(std::string_view text) {
  const auto from = number_first(text);
  if (!from || !starts_with(from->rest, "to ")) return std::nullopt;
  const auto to = number_first(from->rest.substr(3));
  if (!to) return std::nullopt;
  const auto length = hours_in(to->rest);
  if (!length || !(from->value < to->value)) return std::nullopt;
  if (std::fabs(from->value * *length) > longest_hours || to->value * *length > longest_hours) return std::nullopt;
  return Window{from->value * *length, to->value * *length};
}

bool is_during(std::string_view text) {
  for (const std::string_view dose : {std::string_view(" after the last dose"), std::string_view(" after the first dose")})
    if (ends_with(text, dose)) {
      text = text.substr(0, text.size() - dose.size());
      return starts_with(text, "at ") ? parse_hours(text.substr(3)).has_value() : parse_window(text).has_value();
    }
  if (text == "last interval" || text == "cycle" || text == "steady state") return true;
  if (starts_with(text, "first ")) return parse_hours(text.substr(6)).value_or(0.0) > 0.0;
  if (starts_with(text, "at ")) return parse_hours(text.substr(3)).has_value();
  return parse_window(text).has_value();
}

Result<RegimenText> parse_regimen(std::string_view text, const std::string& path) {
  RegimenText regimen;
  std::string_view body = trim(text);
  if (const std::size_t colon = body.find(':'); colon != std::string_view::npos) {
    regimen.route = std::string(trim(body.substr(0, colon)));
    if (regimen.route.empty()) return wrong(path, text, body, "The name of a route is missing before the colon.");
    body = trim(body.substr(colon + 1));
  }
  for (const std::string_view word : {std::string_view(" from "), std::string_view(" once at ")}) {
    const std::size_t at = body.find(word);
    if (at == std::string_view::npos) continue;
    const std::string_view time = trim(body.substr(at + word.size()));
    const auto start = parse_hours(time);
    if (!start) return wrong(path, text, time, "The time of the first dose is a number with its unit.");
    regimen.start = *start;
    body = body.substr(0, word == " from " ? at : at + 5);
  }
  const std::size_t every = body.find(" every ");
  const bool once = ends_with(body, " once");
  if ((every == std::string_view::npos) != once)
    return wrong(path, text, body, "A regimen says \"once\", or \"every\" with an interval and a number of doses.");

  const std::string_view dose = body.substr(0, once ? body.size() - 5 : every);
  const std::size_t over = dose.find(" over ");
  const std::string_view amount = trim(dose.substr(0, over));
  const auto written = number_first(amount);
  if (!written || written->rest.empty()) return wrong(path, text, amount, "The regimen needs an amount with its unit first.");
  std::string_view unit_text = written->rest;
  if (unit_text.size() > 2 && unit_text.front() == '[' && unit_text.back() == ']')
    unit_text = unit_text.substr(1, unit_text.size() - 2);
  const auto unit = parse_unit(unit_text);
  if (!unit) return wrong(path, text, amount, "The unit of the amount is not known.");
  regimen.amt = Quantity{written->value * unit->factor, *unit};
  if (!(regimen.amt.value > 0.0)) return wrong(path, text, amount, "The amount must be more than 0.");

  if (over != std::string_view::npos) {
    const std::string_view duration = trim(dose.substr(over + 6));
    regimen.dur = parse_hours(duration).value_or(0.0);
    if (!(regimen.dur > 0.0)) return wrong(path, text, duration, "The time of infusion must be more than 0, with its unit.");
  }
  if (once) return regimen;

  std::string_view rest = body.substr(every + 7);
  const std::size_t comma = rest.find(',');
  std::string_view interval = trim(rest.substr(0, comma));
  if (ends_with(interval, " at steady state")) {
    regimen.steady_state = true;
    interval = trim(interval.substr(0, interval.size() - 16));
  }
  regimen.ii = parse_hours(interval).value_or(0.0);
  if (!(regimen.ii > 0.0)) return wrong(path, text, interval, "The interval must be more than 0, with its unit.");
  if (comma == std::string_view::npos) {
    if (!regimen.steady_state) return wrong(path, text, rest, "The number of doses is missing.");
    return regimen;
  }
  const std::string_view doses = trim(rest.substr(comma + 1));
  const auto n = number_first(doses);
  const bool counted = n && (n->rest == "doses" || n->rest == "dose");
  if (!counted || n->value < 1.0 || n->value > 10000.0 || n->value != std::floor(n->value))
    return wrong(path, text, doses, "After the comma a number of doses is needed, from 1 to 10000.");
  regimen.n = static_cast<int>(n->value);
  return regimen;
}

}  // namespace titrate
