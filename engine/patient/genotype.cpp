// Reading a diplotype. The text is cut into two chromosomes, each into alleles, each allele into a name and its copies; what
// cannot be cut without a guess is refused.

#include "patient/genotype.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace titrate {

namespace {

using Texts = std::vector<std::string>;

constexpr const char* multiplication_sign = "\xC3\x97";  // UTF-8
constexpr const char* at_least_sign = "\xE2\x89\xA5";

std::string replaced(std::string text, const std::string& what, const std::string& by) {
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size()))
    text.replace(at, what.size(), by);
  return text;
}

Texts split(const std::string& text, const std::string& at) {
  Texts parts;
  std::size_t begin = 0;
  for (std::size_t end; (end = text.find(at, begin)) != std::string::npos; begin = end + at.size())
    parts.push_back(text.substr(begin, end - begin));
  parts.push_back(text.substr(begin));
  for (std::string& part : parts) part = std::string(trim(part));
  return parts;
}

std::string without_blanks(const std::string& text) {
  std::string bare;
  for (const char c : text)
    if (!is_space(c)) bare += c;
  return bare;
}

std::string upper(std::string text) {
  for (char& c : text)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return text;
}

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

Diagnostic refusal(const std::string& code, const std::string& path, const std::string& message, const std::string& hint) {
  return {"genotype." + code, Severity::error, path, std::nullopt, message, hint};
}

// --- alleles

struct Known {
  AlleleFunction function = AlleleFunction::uncertain;
  double value = 0.0;
};

std::optional<Known> known_allele(const Gene& gene, const std::string& name) {
  for (const AlleleGroup& group : gene.alleles)
    for (const std::string& allele : split(group.alleles, " "))
      if (allele == name) return Known{group.function, group.value};
  return std::nullopt;
}

std::string usual_name(const Gene& gene, const std::string& name) {
  for (const auto& [other, allele] : gene.also)
    if (name == other) return allele;
  return name;
}

struct Copies {
  std::string name;
  int number = 1;
  bool at_least = false;
};

// "*2x3", "*2xN", "*2x>=3"; nothing when what follows the x is no number of copies.
std::optional<Copies> copies_of(const std::string& text) {
  const std::size_t x = text.find_last_of("xX");
  if (x == std::string::npos) return Copies{text, 1, false};
  std::string count = replaced(text.substr(x + 1), at_least_sign, ">=");
  Copies copies{text.substr(0, x), 2, true};
  if (count == "N" || count == "n") return copies;
  copies.at_least = count.rfind(">=", 0) == 0;
  if (copies.at_least) count.erase(0, 2);
  if (count.empty() || count.size() > 2 || !std::all_of(count.begin(), count.end(), is_digit)) return std::nullopt;
  copies.number = std::stoi(count);
  return copies.number >= 1 ? std::optional(copies) : std::nullopt;
}

// "*7.001" is *7 with silent variants: the function is that of *7.
std::string core_allele(const std::string& name) {
  const std::size_t dot = name.find('.');
  return !name.empty() && name.front() == '*' && dot != std::string::npos ? name.substr(0, dot) : name;
}

// The alleles of one chromosome as text: "*36+*10" are two in tandem, "[c.85T>C + c.496A>G]" two variants; UGT1A1 *80+*28 is one.
Texts cut(const Gene& gene, const std::string& written) {
  std::string text = written;
  if (gene.variants && text.size() > 1 && text.front() == '[' && text.back() == ']') text = text.substr(1, text.size() - 2);
  if (known_allele(gene, without_blanks(text))) return {text};
  return split(text, gene.variants ? " + " : "+");
}

Result<Copies> read_piece(const Gene& gene, const std::string& piece, bool alone, Genotype& genotype) {
  std::string bare = replaced(without_blanks(piece), multiplication_sign, "x");
  if (gene.variants && bare.find('(') != 0) bare = bare.substr(0, bare.find('('));  // "c.1905+1G>A (*2A)" says it twice
  auto copies = gene.variants ? std::optional(Copies{usual_name(gene, bare), 1, false}) : copies_of(bare);
  const bool star = copies && copies->name.size() > 1 && copies->name.front() == '*';
  if (!copies || copies->name.empty() || (!star && !gene.variants))
    return refusal("unreadable", genotype.path, "\"" + piece + "\" is no allele of " + gene.name + ".",
                   gene.variants ? "write for instance \"Reference/c.2846A>T\"" : "write for instance \"*1/*2\"");
  if ((copies->number != 1 || copies->at_least || !alone) && !gene.copies && !gene.variants)
    return refusal("copies", genotype.path, "Copies and tandems are counted for CYP2D6 only, not for " + gene.name + ".",
                   "write one allele for each chromosome, such as \"*1/*2\"");
  const std::string core = core_allele(copies->name);
  if (gene.variants && copies->name != bare) genotype.remarks.push_back(bare + " is " + copies->name + ".");
  if (core != copies->name)
    genotype.remarks.push_back(copies->name + " was read as " + core + ": its variants change no function.");
  copies->name = core;
  return *copies;
}

// What all alleles of a chromosome do together: copies and tandems add up, of several variants the worst counts.
void judge(const Gene& gene, const std::vector<Copies>& pieces, Haplotype& haplotype) {
  double sum = 0.0, worst = 1.0;
  for (const Copies& piece : pieces) {
    const auto known = known_allele(gene, piece.name);
    if (!known) return haplotype.function.reset();
    sum += known->value * piece.number;
    worst = std::min(worst, known->value);
    haplotype.at_least = haplotype.at_least || (piece.at_least && known->value > 0.0);
    haplotype.function = std::max(haplotype.function.value_or(known->function), known->function);  // from increased to none
  }
  if (gene.by_score.empty()) return;
  haplotype.value = gene.variants ? worst : sum;
  if (!gene.copies || (pieces.size() == 1 && sum <= 1.0)) return;
  haplotype.function = sum <= 0.0   ? AlleleFunction::none
                       : sum < 1.0  ? AlleleFunction::decreased
                       : sum <= 1.0 ? AlleleFunction::normal
                                    : AlleleFunction::increased;
}

Result<Haplotype> read_haplotype(const Gene& gene, const std::string& written, Genotype& genotype) {
  Haplotype haplotype;
  std::vector<Copies> pieces;
  const Texts texts = cut(gene, written);
  for (const std::string& text : texts) {
    const auto piece = read_piece(gene, text, texts.size() == 1, genotype);
    if (!piece) return piece.diagnostics();
    pieces.push_back(*piece);
    haplotype.alleles.push_back(piece->name);
    haplotype.text += (haplotype.text.empty() ? "" : gene.variants ? " + " : "+") + piece->name;
    if (piece->number > 1 || piece->at_least) haplotype.text += piece->at_least ? "xN" : "x" + std::to_string(piece->number);
    if (!known_allele(gene, piece->name)) genotype.not_covered.push_back(piece->name);
  }
  judge(gene, pieces, haplotype);
  return haplotype;
}

// --- VKORC1: two bases, of one strand or the other

Result<Texts> read_bases(const std::string& written, Genotype& genotype) {
  std::string text = upper(without_blanks(written));
  // "RS9923231REFERENCE(C)/RS9923231VARIANT(T)" and "RS9923231C/T" come down to the bases.
  for (const char* word : {"RS9923231", "REFERENCE", "VARIANT", "-1639G>A", "-1639", "C.", "(", ")"})
    text = replaced(text, word, "");
  const Texts halves = split(text, "/");
  const bool pair = halves.size() == 2 && halves[0].size() == 1 && halves[1].size() == 1;
  std::string bases = pair ? halves[0] + halves[1] : text;
  if (bases.empty())
    return refusal("one_allele", genotype.path, "\"" + written + "\" names the variant, not the two bases of the patient.",
                   "write \"G/G\", \"G/A\" or \"A/A\"");
  const bool right = bases.size() == 2 && bases.find_first_not_of("GACT") == std::string::npos;
  const bool other_strand = right && bases.find_first_not_of("CT") == std::string::npos;
  if (!right || (!other_strand && bases.find_first_not_of("GA") != std::string::npos))
    return refusal("unreadable", genotype.path, "\"" + written + "\" is no genotype of VKORC1 -1639 (rs9923231).",
                   "write \"G/G\", \"G/A\" or \"A/A\" (C and T on the other strand)");
  if (other_strand) {
    for (char& base : bases) base = base == 'C' ? 'G' : 'A';
    genotype.remarks.push_back("C and T are the other strand: read as " + bases.substr(0, 1) + "/" + bases.substr(1) +
                               " at -1639.");
  }
  return Texts{bases.substr(0, 1), bases.substr(1)};
}

// --- phenotypes

std::string phenotype_of_score(const Gene& gene, double score) {
  for (const ScoreStep& step : gene.by_score)
    if (score <= step.up_to) return step.phenotype;
  return "indeterminate";
}

std::string phenotype_of_functions(const Gene& gene, AlleleFunction a, AlleleFunction b) {
  for (const FunctionPair& pair : gene.by_function)
    if ((pair.a == a && pair.b == b) || (pair.a == b && pair.b == a)) return pair.phenotype;
  return "indeterminate";
}

void conclude(Genotype& genotype) {
  const Gene& gene = *genotype.gene;
  if (!genotype.not_covered.empty()) {
    genotype.phenotype = "not covered";
    return;
  }
  const Haplotype &a = genotype.haplotypes[0], &b = genotype.haplotypes[1];
  if (gene.by_score.empty()) {
    genotype.phenotype = phenotype_of_functions(gene, *a.function, *b.function);
    return;
  }
  genotype.score = *a.value + *b.value;
  genotype.at_least = a.at_least || b.at_least;
  genotype.phenotype = phenotype_of_score(gene, *genotype.score);
  if (genotype.at_least && genotype.phenotype != gene.by_score.back().phenotype) {
    genotype.phenotype = "indeterminate";
    genotype.remarks.emplace_back("The phenotype depends on the number of copies: ask for it.");
  }
}

// *1 before *2 before *10; letters and all else by the text.
bool before(const Haplotype& a, const Haplotype& b) {
  const auto number = [](const std::string& text) {
    const std::size_t length = text.size() > 1 && text.front() == '*' ? number_length(std::string_view(text).substr(1)) : 0;
    return length > 0 ? to_double(std::string_view(text).substr(1, length)) : -1.0;
  };
  const double x = number(a.text), y = number(b.text);
  return x != y ? x < y : a.text < b.text;
}

}  // namespace

std::string word(AlleleFunction function) {
  switch (function) {
    case AlleleFunction::increased:
      return "increased function";
    case AlleleFunction::normal:
      return "normal function";
    case AlleleFunction::decreased:
      return "decreased function";
    case AlleleFunction::none:
      return "no function";
    case AlleleFunction::uncertain:
      break;
  }
  return "uncertain function";
}

Result<Genotype> read_genotype(const Gene& gene, const std::string& text, const std::string& path) {
  Genotype genotype;
  genotype.gene = &gene;
  genotype.written = text;
  genotype.path = path;
  std::string rest = replaced(std::string(trim(text)), gene.name, "");
  for (const Gene& other : genes())
    if (holds(rest, other.name))
      return refusal("other_gene", path, "\"" + text + "\" is a genotype of " + other.name + ", not of " + gene.name + ".",
                     "put it under " + other.name);
  rest = std::string(trim(replaced(rest, "|", "/")));
  if (holds(rest, ";") || holds(rest, " or ") || holds(rest, "?") || split(rest, "/").size() > 2)
    return refusal("ambiguous", path, "\"" + text + "\" leaves open which alleles lie on the same chromosome.",
                   "ask the laboratory for the one diplotype, such as \"*1/*2\", or leave the gene out");
  if (rest.size() > 1 && rest.front() == '(' && holds(rest, "/") && rest.find(')') > rest.find('/') && !gene.variants)
    return refusal("copies", path, "\"" + text + "\" does not say which of the two alleles is duplicated.",
                   "ask the laboratory: \"*1x2/*4\" and \"*1/*4x2\" differ");
  Texts halves;
  if (gene.name == "VKORC1") {
    auto bases = read_bases(rest, genotype);
    if (!bases) return bases.diagnostics();
    halves = *bases;
    for (const std::string& base : halves) {
      const auto known = known_allele(gene, base);
      genotype.haplotypes.push_back({base, {base}, known->function, std::nullopt, false});
    }
    if (genotype.haplotypes[0].text < genotype.haplotypes[1].text) std::swap(genotype.haplotypes[0], genotype.haplotypes[1]);
  } else {
    halves = split(rest, "/");
    if (halves.size() != 2 || halves[0].empty() || halves[1].empty())
      return refusal("one_allele", path, "\"" + text + "\" names one allele; everybody has two.",
                     gene.variants
                         ? "write for instance \"Reference/c.2846A>T\""
                         : "write for instance \"*1/" + (halves[0].empty() ? "*2" : halves[0]) + "\", or the same allele twice");
    for (const std::string& half : halves) {
      auto haplotype = read_haplotype(gene, half, genotype);
      if (!haplotype) return haplotype.diagnostics();
      genotype.haplotypes.push_back(std::move(*haplotype));
    }
    if (before(genotype.haplotypes[1], genotype.haplotypes[0])) std::swap(genotype.haplotypes[0], genotype.haplotypes[1]);
    if (gene.variants && genotype.haplotypes[1].text == "Reference") std::swap(genotype.haplotypes[0], genotype.haplotypes[1]);
  }
  genotype.diplotype = genotype.haplotypes[0].text + "/" + genotype.haplotypes[1].text;
  conclude(genotype);
  return genotype;
}

std::optional<Phenoconversion> phenoconverted(const Genotype& genotype, const std::vector<std::string>& inhibitors) {
  if (genotype.gene->name != "CYP2D6" || !genotype.score || inhibitors.empty()) return std::nullopt;
  Phenoconversion converted;
  converted.inhibitors = inhibitors;
  for (const std::string& named : inhibitors) {
    bool strong = named == "strong";
    for (const Inhibitor& inhibitor : cyp2d6_inhibitors())
      if (named == inhibitor.drug) strong = inhibitor.strong;
    converted.factor = std::min(converted.factor, strong ? 0.0 : 0.5);
  }
  converted.score = *genotype.score * converted.factor;
  converted.phenotype = phenotype_of_score(*genotype.gene, converted.score);
  if (genotype.at_least && converted.factor > 0.0) converted.phenotype = "indeterminate";
  return converted;
}

}  // namespace titrate
