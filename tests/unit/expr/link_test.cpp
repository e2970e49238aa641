// When and how tapes are linked. Where the tests themselves run as WebAssembly, the linked kernels too: on random programs, and
// on every tape of every model in the tree.

#include "expr/link.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstring>
#include <set>

#include "expr/run.hpp"
#include "support/random_programs.hpp"

#ifdef __EMSCRIPTEN__
#include <dirent.h>

#include "support/model_file.hpp"
#endif

using namespace titrate;

namespace {

// A host that answers every module by one function, or refuses.
struct FakeHost {
  static inline int asked = 0, given_back = 0;
  static inline bool refuses = false;
  static void kernel(double t, const double*, const double*, double* out, double*) { out[0] = 1000.0 + t; }
  static std::uintptr_t link(const std::uint8_t*, std::size_t) {
    ++asked;
    return refuses ? 0 : reinterpret_cast<std::uintptr_t>(&kernel);
  }
  static void unlink(std::uintptr_t) { ++given_back; }

  explicit FakeHost(bool refuse) : before(use_linker({link, unlink})) {
    asked = given_back = 0;
    refuses = refuse;
  }
  ~FakeHost() { use_linker(before); }
  FakeHost(const FakeHost&) = delete;
  FakeHost& operator=(const FakeHost&) = delete;
  Linker before;
};

Tape doubled_time() {
  Graph graph;
  const NodeId t = graph.input(Input::time, 0), sum = graph.make(Op::add, t, t);
  return make_tape(graph, {sum}, [&](NodeId id) -> std::optional<Load> {
    if (id != t) return std::nullopt;
    return Load{Load::From::t, 0, 0.0};
  });
}

double at(const Tape& tape, double t) {
  double out = 0.0;
  std::vector<double> registers;
  const double* const none = nullptr;
  run(tape, t, none, none, &out, registers);
  return out;
}

}  // namespace

TEST_CASE("a tape is linked after as much work as linking costs, and its place is given back with its last copy") {
  const FakeHost host(false);
  {
    const Tape tape = doubled_time(), copy = tape;
    CHECK(at(tape, 3.0) == 6.0);
    CHECK(FakeHost::asked == 0);
    int interpreted = 1;
    while (at(tape, 3.0) == 6.0 && interpreted < 1000000) ++interpreted;
    CHECK(interpreted > 1000);
    CHECK(FakeHost::asked == 1);
    CHECK(at(copy, 3.0) == 1003.0);
    Kernel kernel(copy);
    kernel.set(nullptr);
    double out = 0.0;
    kernel(5.0, nullptr, &out);
    CHECK(out == 1005.0);
    CHECK(FakeHost::asked == 1);
    CHECK(FakeHost::given_back == 0);
  }
  CHECK(FakeHost::given_back == 1);
}

TEST_CASE("a host that refuses is asked once, and everything is interpreted") {
  const FakeHost host(true);
  const Tape first = doubled_time(), second = doubled_time();
  bool right = true;
  for (int i = 0; i < 200000; ++i) right = right && at(first, i) == 2.0 * i && at(second, i) == 2.0 * i;
  CHECK(right);
  CHECK(FakeHost::asked == 1);
  CHECK(FakeHost::given_back == 0);
}

#ifdef __EMSCRIPTEN__

namespace {

bool same_bits(double a, double b) { return (std::isnan(a) && std::isnan(b)) || std::memcmp(&a, &b, sizeof a) == 0; }

// Outputs of the linked tape that differ from the interpreted ones.
int differences(const Tape& tape, double t, const std::vector<double>& y, const std::vector<double>& p) {
  std::vector<double> a(tape.outputs.size()), b(a), registers;
  interpret(tape, t, y.data(), p.data(), a.data(), registers);
  tape.link->make(tape);
  REQUIRE(bool(tape.link->function()));
  run(tape, t, y.data(), p.data(), b.data(), registers);
  int found = 0;
  for (std::size_t i = 0; i < a.size(); ++i) found += same_bits(a[i], b[i]) ? 0 : 1;
  return found;
}

std::vector<const Tape*> tapes_of(const CompiledModel& model) {
  std::vector<const Tape*> all{&model.individual,     &model.individual_sens, &model.outputs,        &model.outputs_sens,
                               &model.initial,        &model.initial_sens,    &model.events,         &model.events_sens,
                               &model.profiles,       &model.profiles_sens,   &model.profiles_slope, &model.conditions,
                               &model.conditions_sens};
  for (const System* system : {&model.states, &model.with_auc})
    for (const Tape* tape : {&system->rhs, &system->rhs_jacobian, &system->rhs_sens, &system->curvature, &system->linear_parts,
                             &system->linear_sens})
      all.push_back(tape);
  for (const auto& residuals : model.residuals)
    for (const CompiledResidual& residual : residuals) all.push_back(&residual.variance);
  return all;
}

}  // namespace

TEST_CASE("10,000 random programs give the same bits linked as interpreted, in the same place of the table") {
  RandomPrograms programs(7);
  std::set<Link::Function> places;
  int different = 0;
  for (int i = 0; i < 10000; ++i) {
    const RandomProgram program = programs.next(2 + i % 60);
    if (!program.tape.link) continue;
    different += differences(program.tape, program.t, program.y, program.p);
    places.insert(program.tape.link->function());
  }
  CHECK(different == 0);
  CHECK(places.size() == 1);
}

TEST_CASE("every tape of every model in the tree gives the same bits linked as interpreted") {
  int models = 0, tapes = 0, different = 0;
  const Rng rng{11, 0};
  std::uint64_t counter = 0;
  DIR* const folder = opendir(TITRATE_MODELS_DIR);
  REQUIRE(folder != nullptr);
  while (const dirent* const entry = readdir(folder)) {
    const std::string name = entry->d_name;
    if (name.size() < 6 || name.substr(name.size() - 5) != ".json" || name == "schema.json") continue;
    const Compiled model = support::model_in_tree(name.substr(0, name.size() - 5));
    if (!model) continue;
    ++models;
    for (const Tape* const tape : tapes_of(*model)) {
      if (!tape->link) continue;
      ++tapes;
      std::size_t states = 0, values = 0;
      for (const Load& load : tape->loads) {
        std::size_t& size = load.from == Load::From::y ? states : values;
        size = std::max(size, static_cast<std::size_t>(load.index) + 1);
      }
      for (int i = 0; i < 5; ++i) {
        std::vector<double> y(states), p(values);
        for (auto* const list : {&y, &p})
          for (double& x : *list) x = std::exp(2.0 * rng.normal(counter++));
        const int found = differences(*tape, 100.0 * rng.uniform(counter++), y, p);
        different += found;
        CHECK_MESSAGE(found == 0, name);
      }
    }
  }
  closedir(folder);
  CHECK(different == 0);
  CHECK(models >= 60);
  CHECK(tapes > 700);
}

#endif
