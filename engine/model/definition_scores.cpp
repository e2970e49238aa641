// Ordered scores of a model file: a Markov chain whose probabilities change with the states, in steps of equal length.
//
//   "scores": { "hfs": { "levels": ["0", "1", "2", "3"], "step": "1 week", "start": [1, 0, 0, 0],
//                        "to": { "0": { "1": "expression", ... }, ... } } }
//
// pi_i is the probability of level i, a state hfs_i that stands still between steps. At every step, with the transition
// probabilities P_ij that the states of that moment give,
//
//   pi_j <- sum over i of pi_i P_ij,     P_ii = 1 - sum over j != i of P_ij
//
// so that the probabilities of a row add up by construction; a P_ij below 0 is a failure of the simulation, with its time. The
// derived quantities are each P_ij (hfs_0_to_1), the expected score (hfs, when the levels are numbers) and the probability of a
// level or a higher one (hfs_at_least_1). Reference: Karlsson 2000, Clin Pharmacol Ther 68:175.

#include <cmath>

#include "base/text.hpp"
#include "model/definition_fields.hpp"

namespace titrate::definition {

namespace {

struct Score {
  std::string name, label, path;
  std::vector<std::string> levels;
  std::vector<double> start;
  [[nodiscard]] std::string state(std::size_t i) const { return name + "_" + levels[i]; }
  [[nodiscard]] std::string move(std::size_t i, std::size_t j) const { return state(i) + "_to_" + levels[j]; }
};

std::string sum_of(const std::vector<std::string>& terms) {
  std::string sum;
  for (const std::string& term : terms) sum += (sum.empty() ? "" : " + ") + term;
  return sum.empty() ? "0" : sum;
}

bool read_levels(Fields& fields, Score& score, Reading& reading) {
  const json::Value* levels = fields.need("levels", "[\"0\", \"1\", \"2\", \"3\"]");
  if (levels == nullptr) return false;
  each_element(levels, fields.at("levels"), reading, [&](const json::Value& value, const std::string& path) {
    if (const auto text = read_text(value, path, reading)) score.levels.push_back(*text);
  });
  if (levels->is_array() && score.levels.size() == levels->array().size() && score.levels.size() >= 2 &&
      score.levels.size() <= 20)
    return true;
  reading.error_at("model.bad_value", *levels, fields.at("levels"), "A score has from 2 to 20 levels, the lowest first.",
                   "Write for instance [\"0\", \"1\", \"2\", \"3\"].");
  return false;
}

bool read_start(Fields& fields, Score& score, Reading& reading) {
  const json::Value* start = fields.need("start", "[1, 0, 0, 0]");
  if (start == nullptr) return false;
  double sum = 0.0;
  bool good = true;
  each_element(start, fields.at("start"), reading, [&](const json::Value& value, const std::string& path) {
    const auto probability = read_quantity(value, Unit{}, path, reading);
    score.start.push_back(probability ? probability->value : 0.0);
    sum += score.start.back();
    good = good && probability && probability->value >= 0.0;
  });
  if (good && score.start.size() == score.levels.size() && std::fabs(sum - 1.0) < 1e-9) return true;
  reading.error_at("model.bad_value", *start, fields.at("start"),
                   "The start holds one probability for each level, and they add up to 1.");
  return false;
}

// The probabilities of leaving each level; of a move that is not stated: 0.
void read_moves(Fields& fields, const Score& score, std::vector<std::vector<std::optional<Expression>>>& moves,
                Reading& reading) {
  const std::size_t n = score.levels.size();
  moves.assign(n, std::vector<std::optional<Expression>>(n));
  const json::Value* to = fields.need("to", "{ \"0\": { \"1\": \"p01\" }, ... }");
  if (to == nullptr) return;
  const Fields rows(*to, fields.at("to"), reading, score.levels);
  for (std::size_t i = 0; i < n; ++i) {
    const json::Value* row = rows.find(score.levels[i]);
    if (row == nullptr) continue;
    Fields cells(*row, rows.at(score.levels[i]), reading, score.levels);
    for (std::size_t j = 0; j < n; ++j) {
      if (!cells.has(score.levels[j])) continue;
      if (i == j)
        reading.error("model.bad_value", cells.at(score.levels[j]), "The probability of staying is what the others leave.",
                      "Remove it.");
      else
        moves[i][j] = cells.expression(score.levels[j]);
    }
  }
}

void add_derived(const std::string& name, const std::string& value, const std::string& label, const std::string& path,
                 Reading& reading) {
  reading.declare(name, path);
  Intermediate made;
  made.name = name;
  made.unit = Unit{};
  made.value = {value, path};
  made.label = label;
  reading.model.derived.push_back(std::move(made));
}

void add_transitions(const Score& score, const std::vector<std::vector<std::optional<Expression>>>& moves,
                     const Expression& every, Reading& reading) {
  const std::size_t n = score.levels.size();
  std::vector<std::vector<std::string>> arrivals(n);
  for (std::size_t i = 0; i < n; ++i) {
    std::string rest = "1";
    for (std::size_t j = 0; j < n; ++j) {
      if (!moves[i][j]) continue;
      add_derived(score.move(i, j), moves[i][j]->text, "From " + score.levels[i] + " to " + score.levels[j], moves[i][j]->path,
                  reading);
      rest += " - " + score.move(i, j);
      arrivals[j].push_back(score.state(i) + " * " + score.move(i, j));
    }
    add_derived(score.move(i, i), rest, "Stays at " + score.levels[i], score.path, reading);
    arrivals[i].insert(arrivals[i].begin(), score.state(i) + " * " + score.move(i, i));
  }
  ConditionEvent step;
  step.name = score.name;
  step.path = score.path;
  step.every = every;
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < n; ++j)
      if (i == j || moves[i][j]) step.not_negative.push_back({score.move(i, j), score.path});
  for (std::size_t j = 0; j < n; ++j) step.set.emplace_back(score.state(j), Expression{sum_of(arrivals[j]), score.path});
  reading.model.events.push_back(std::move(step));
}

void add_summaries(const Score& score, Reading& reading) {
  std::vector<std::string> expected;
  bool numbers = true;
  for (std::size_t i = 0; i < score.levels.size(); ++i) {
    numbers = numbers && number_length(score.levels[i]) == score.levels[i].size();
    expected.push_back(score.levels[i] + " * " + score.state(i));
  }
  if (numbers) add_derived(score.name, sum_of(expected), score.label, score.path, reading);
  for (std::size_t m = 1; m < score.levels.size(); ++m) {
    std::vector<std::string> terms;
    for (std::size_t i = m; i < score.levels.size(); ++i) terms.push_back(score.state(i));
    add_derived(score.name + "_at_least_" + score.levels[m], sum_of(terms), score.label + ", " + score.levels[m] + " or more",
                score.path, reading);
  }
}

void read_score(const std::string& name, const json::Value& value, const std::string& path, Reading& reading) {
  Fields fields(value, path, reading, {"label", "levels", "step", "start", "to"});
  if (!value.is_object()) return;
  Score score;
  score.name = name;
  score.path = path;
  score.label = fields.text("label");
  if (score.label.empty()) score.label = name;
  if (!read_levels(fields, score, reading) || !read_start(fields, score, reading)) return;
  std::vector<std::vector<std::optional<Expression>>> moves;
  read_moves(fields, score, moves, reading);
  if (fields.need("step", "\"1 week\"") == nullptr) return;
  const auto step = fields.quantity("step", *parse_unit("week"));
  if (!step) return;
  if (!(step->value > 0.0)) {
    reading.error("model.bad_value", fields.at("step"), "A step takes more than no time.");
    return;
  }
  for (std::size_t i = 0; i < score.levels.size(); ++i) {
    reading.declare(score.state(i), path);
    State state;
    state.name = score.state(i);
    state.label = score.label + ", probability of " + score.levels[i];
    state.initial = {to_text(score.start[i]), path};
    state.derivative = {"0", path};
    reading.model.states.push_back(std::move(state));
  }
  add_transitions(score, moves, {to_text(step->value) + " [h]", fields.at("step")}, reading);
  add_summaries(score, reading);
}

}  // namespace

void read_scores(const json::Value& file, Reading& reading) {
  each_member(file.find("scores"), "/scores", reading,
              [&](const std::string& name, const json::Value& value, const std::string& path) {
                read_score(name, value, path, reading);
              });
}

}  // namespace titrate::definition
