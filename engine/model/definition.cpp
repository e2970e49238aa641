#include "model/definition.hpp"

#include "base/text.hpp"
#include "model/definition_fields.hpp"

namespace titrate {

namespace {

using definition::Fields;
using definition::Later;
using definition::Reading;

constexpr const char* this_format = "titrate-model/1";

const std::vector<std::string> sections{"format",
                                        "id",
                                        "version",
                                        "title",
                                        "drug",
                                        "source",
                                        "time_unit",
                                        "population",
                                        "units",
                                        "covariates",
                                        "inputs",
                                        "dialysis",
                                        "co_medication",
                                        "parameters",
                                        "random_effects",
                                        "correlations",
                                        "inter_occasion",
                                        "individual",
                                        "structure",
                                        "equations",
                                        "derived",
                                        "routes",
                                        "outputs",
                                        "targets",
                                        "products",
                                        "rules",
                                        "serves",
                                        "worked_cases",
                                        "caveats",
                                        "assumptions",
                                        "notes",
                                        "scores",
                                        "mixtures",
                                        "events",
                                        "residual_correlations",
                                        "class",
                                        "population_checks"};

constexpr std::initializer_list<Later> later_sections{
    {"initial_uncertainty", "uncertain initial amounts of a transferred patient"},
};

// The identity of the model and of its drug, and whom it was estimated in.
void read_identity(Fields& file, Reading& reading) {
  Model& model = reading.model;
  model.id = file.need_text("id", "\"vancomycin_goti2018\"");
  for (const char c : model.id)
    if (!is_letter(c) && !is_digit(c) && c != '_' && c != '-') {
      reading.error("model.bad_value", file.at("id"), "An id has letters, digits, _ and - only.",
                    "Write for instance \"vancomycin_goti2018\".");
      break;
    }
  model.version = file.need_text("version", "\"1\"");
  model.title = file.need_text("title", "\"Vancomycin, hospitalised adults\"");

  if (const json::Value* value = file.need("drug", "{ \"name\": \"vancomycin\" }")) {
    Fields drug(*value, file.at("drug"), reading, {"name", "molar_mass"});
    model.drug = drug.need_text("name", "\"vancomycin\"");
    if (drug.has("molar_mass")) {
      const auto g_per_mol = parse_unit("g/mol");
      const auto mass = drug.quantity("molar_mass", *g_per_mol);
      if (mass && !(mass->value > 0.0)) reading.error("model.bad_value", drug.at("molar_mass"), "A molar mass is more than 0.");
      if (mass && mass->value > 0.0) model.molar_mass = mass->value;
    }
  }
  if (const json::Value* value = file.need("source", "{ \"citation\": \"...\", \"doi\": \"...\" }")) {
    Fields source(*value, file.at("source"), reading, {"citation", "doi"});
    model.citation = source.need_text("citation", "\"Author A. Journal 2018;40:212-221\"");
    model.doi = source.text("doi");
  }
  if (const json::Value* value = file.need("population", "{ \"n\": 1812, \"about\": \"adults in hospital\" }")) {
    Fields population(*value, file.at("population"), reading, {"n", "about", "sampled", "correlations", "read"});
    model.about = population.need_text("about", "\"adults in hospital\"");
    if (const auto n = population.number("n")) {
      if (!(*n >= 1.0)) reading.error("model.bad_value", population.at("n"), "The number of patients is at least 1.");
      model.about = "n = " + to_text(*n) + ". " + model.about;
    }
  }
  if (file.need("time_unit", "\"h\"") != nullptr)
    if (const auto unit = file.unit("time_unit")) {
      const auto hour = parse_unit("h");
      if (unit->dimension == hour->dimension || model.unchecked_units)
        model.time_unit = unit->text;
      else
        reading.error("model.bad_value", file.at("time_unit"), "\"" + unit->text + "\" is no unit of time.",
                      "Write \"h\" or \"day\".");
    }
}

void read_texts(const Fields& file, Reading& reading) {
  const auto list = [&](definition::Key key, std::vector<std::string>& to) {
    definition::each_element(file.find(key), file.at(key), reading, [&](const json::Value& value, const std::string& path) {
      if (const auto text = definition::read_text(value, path, reading)) to.push_back(*text);
    });
  };
  list("class", reading.model.classes);
  list("caveats", reading.model.caveats);
  list("assumptions", reading.model.assumptions);
  definition::each_element(file.find("notes"), file.at("notes"), reading, [&](const json::Value& value, const std::string& path) {
    Fields note(value, path, reading, {"title", "text"});
    const std::string title = note.need_text("title", "\"External evaluation\"");
    reading.model.notes.emplace_back(title, note.need_text("text", "\"...\""));
  });
}

// Nothing but the tests' foreign cases may go without units.
void read_units_key(Fields& file, Reading& reading, const ReadOptions& options) {
  if (!file.has("units")) return;
  const auto word = file.word("units", {"unchecked"});
  if (!word) return;
  if (options.allow_unchecked_units)
    reading.model.unchecked_units = true;
  else
    reading.error("model.unchecked_units", file.at("units"), "A model without checked units cannot be used here.",
                  "Remove \"units\" and state the unit of everything.");
}

}  // namespace

Result<Model> read_model(const json::Value& definition, const ReadOptions& options) {
  Reading reading;
  if (!definition.is_object()) {
    reading.error("model.wrong_kind", "", "A model is a JSON object, not " + definition::kind_of(definition) + ".");
    return reading.diagnostics;
  }
  if (const json::Value* format = definition.find("format");
      format == nullptr || !format->is_string() || format->string() != this_format) {
    const std::string found = format == nullptr ? "nothing" : definition::kind_of(*format);
    reading.error("model.format", format == nullptr ? "" : "/format",
                  "\"format\" must be \"" + std::string(this_format) + "\", not " + found + ".",
                  "Only model files of this format can be read.");
    if (format != nullptr && format->is_string()) return reading.diagnostics;  // another format's keys would all be wrong
  }
  Fields file(definition, "", reading, sections, later_sections);
  read_units_key(file, reading, options);
  read_identity(file, reading);
  definition::read_covariates(definition, reading);
  definition::read_mixtures(definition, reading);
  definition::read_inputs(definition, reading);
  definition::read_parameters(definition, reading);
  definition::read_random_effects(definition, reading);
  definition::read_individual(definition, reading);
  definition::read_states(definition, reading);
  definition::read_events(definition, reading);
  definition::read_routes(definition, reading);
  definition::read_outputs(definition, reading);
  definition::read_targets(definition, reading);
  definition::read_products(definition, reading);
  definition::read_rules(definition, reading);
  definition::read_serves(definition, reading);
  definition::read_worked_cases(definition, reading);
  definition::read_population_checks(definition, reading);
  read_texts(file, reading);

  if (has_error(reading.diagnostics)) return reading.diagnostics;
  return Result<Model>(std::move(reading.model), std::move(reading.diagnostics));
}

}  // namespace titrate
