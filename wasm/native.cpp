// The door without WebAssembly, with the words of wasm/cli.mjs: `titrate VERB FILE...` answers request files, `titrate validate`
// checks model files and folders of them, `titrate -` answers each line of its input, for comparisons between the builds. A model
// named by its id is read from ./models.

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "engine.hpp"

namespace {

using Json = nlohmann::json;

constexpr const char* usage =
    "usage: titrate compile | validate | simulate | population | fit | forecast | recommend FILE...\n       titrate version\n    "
    "   titrate "
    "-\n";

std::optional<std::string> read(const std::string& name) {
  std::ifstream file(name, std::ios::binary);
  if (!file) return std::nullopt;
  return std::string{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

int missing(const std::string& name) {
  std::cerr << "titrate: cannot read " << name << "\n";
  return 2;
}

// The request with this verb, and with the file of the model that it names by its id.
std::string with_verb(const std::string& verb, const std::string& text) {
  Json request = Json::parse(text, nullptr, false);
  if (!request.is_object()) return text;  // the engine says what is wrong, and where
  request["verb"] = verb;
  if (request.contains("model") && request["model"].is_string())
    if (const auto model = read("models/" + request["model"].get<std::string>() + ".json"))
      request["model"] = Json::parse(*model, nullptr, false);
  return request.dump();
}

int answer(const std::string& verb, const std::string& name) {
  const auto text = read(name);
  if (!text) return missing(name);
  const std::string response = titrate::call(with_verb(verb, *text));
  std::cout << response << "\n";
  return Json::parse(response)["ok"].get<bool>() ? 0 : 1;
}

void print_wrong(const std::string& name, const Json& check) {
  std::cerr << name << ": error: " << check["label"].get<std::string>() << ", " << check["check"].get<std::string>() << ": "
            << check["got"] << " " << check["unit"].get<std::string>() << ", expected " << check["expected"] << ".\n";
}

// Lines are those of the file; only the first is moved, by what stands before the model in the request.
void print_diagnostic(const std::string& name, const Json& d, int before) {
  const int line = d["line"].get<int>(), column = d["column"].get<int>();
  const std::string hint = d["hint"].get<std::string>();
  std::cerr << name << ":" << line << ":" << (line == 1 ? std::max(1, column - before) : column) << ": "
            << d["severity"].get<std::string>() << ": " << d["message"].get<std::string>() << (hint.empty() ? "" : " ") << hint
            << "\n";
}

int validate(const std::string& name) {
  const auto text = read(name);
  if (!text) return missing(name);
  const std::string envelope = "{\"verb\":\"validate\",\"model\":";
  const Json response = Json::parse(titrate::call(envelope + *text + "}"));
  for (const Json& d : response["diagnostics"]) print_diagnostic(name, d, static_cast<int>(envelope.size()));
  bool sound = response["ok"].get<bool>();
  double worst = 0.0;
  std::size_t numbers = 0, passed = 0;
  if (sound) {
    for (const Json& check : response["result"]["worked_cases"]) {
      ++numbers;
      worst = std::max(worst, check["relative"].get<double>() / check["tolerance"].get<double>());
      if (check["ok"].get<bool>()) continue;
      print_wrong(name, check);
      sound = false;
    }
    for (const Json& check : response["result"]["population_checks"]) passed += check["ok"].get<bool>() ? 1 : 0;
  }
  if (!sound) {
    std::cout << name << ": wrong" << std::endl;
    return 1;
  }
  char error[32];
  std::snprintf(error, sizeof error, "%.2g", worst);
  std::cout << name << ": " << numbers << " numbers, worst error " << error << " of its tolerance; " << passed << " of "
            << response["result"]["population_checks"].size() << " population checks passed; "
            << response["result"]["grade"]["word"].get<std::string>() << std::endl;
  return 0;
}

// A folder stands for its model files, by name.
std::vector<std::string> model_files(const std::string& name) {
  if (!std::filesystem::is_directory(name)) return {name};
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(name))
    if (entry.path().extension() == ".json" && entry.path().filename() != "schema.json") files.push_back(entry.path().string());
  std::sort(files.begin(), files.end());
  return files;
}

int answer_lines() {
  for (std::string line; std::getline(std::cin, line);) std::cout << titrate::call(line) << std::endl;
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> words(argv + 1, argv + argc);
  const std::vector<std::string> verbs{"compile", "validate", "simulate", "population", "fit", "forecast", "recommend"};
  if (words.size() == 1 && words[0] == "-") return answer_lines();
  if (words.size() == 1 && words[0] == "version") {
    std::cout << titrate::version() << "\n";
    return 0;
  }
  if (words.size() < 2 || std::find(verbs.begin(), verbs.end(), words[0]) == verbs.end()) {
    std::cerr << usage;
    return 2;
  }
  int worst = 0;
  for (std::size_t i = 1; i < words.size(); ++i) {
    if (words[0] != "validate") {
      worst = std::max(worst, answer(words[0], words[i]));
      continue;
    }
    for (const std::string& file : model_files(words[i])) worst = std::max(worst, validate(file));
  }
  return worst;
}
