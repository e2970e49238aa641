// A regimen in one line, as worked cases write it, and windows of time in words.
//
//   [ROUTE:] AMOUNT [over DURATION] once [at TIME]
//   [ROUTE:] AMOUNT [over DURATION] every INTERVAL, N doses [from TIME]
//   [ROUTE:] AMOUNT [over DURATION] every INTERVAL at steady state[, N doses] [from TIME]
//
// for instance "1000 mg over 1 h every 12 h, 5 doses" or "sc: 60 mg once at 7 days". Without `over` it is a bolus or an oral
// dose, without a time it begins at 0. At steady state the first dose is given when the regimen has gone on for ever, and N doses
// (1 when not stated) are given from there.

#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/unit.hpp"

namespace titrate {

struct RegimenText {
  std::string route;   // empty: the model's first
  double start = 0.0;  // h
  Quantity amt;        // in the coherent set; unit as typed
  double dur = 0.0;    // h; 0: no infusion
  double ii = 0.0;     // h; 0: once
  int n = 1;
  bool steady_state = false;
};

[[nodiscard]] Result<RegimenText> parse_regimen(std::string_view text, const std::string& path = {});

struct Window {
  double from = 0.0, to = 0.0;  // h
};

// "0 to 24 h", "1 to 21 days": from < to. Nothing when it is no such text.
[[nodiscard]] std::optional<Window> parse_window(std::string_view text);
// "12 h", "2 days", in hours.
[[nodiscard]] std::optional<double> parse_hours(std::string_view text);

// When a target's metric counts: "first 24 h", "24 to 48 h", "at 48 h", "last interval", "cycle", "steady state".
[[nodiscard]] bool is_during(std::string_view text);

}  // namespace titrate
