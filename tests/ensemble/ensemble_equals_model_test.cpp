// Every chain of the ensemble engine, of sixteen or alone, has the model's bits: states, sums, words, trace and
// counters, in every set of instructions that this computer runs, for random and extreme contents.
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include <doctest/doctest.h>

#include "array/ensemble/array_block.hpp"
#include "array/formats.hpp"
#include "array/model/noise.hpp"
#include "base/splitmix.hpp"
#include "contract/builtin/builtin_configurations.hpp"
#include "device/model_device.hpp"
#include "sim/equivalence/random_array.hpp"

namespace {

using namespace settle;
using namespace settle::equivalence;
using namespace settle::testing;
using ensemble::ArrayBlockOf;
using ensemble::BlockPlan;
using ensemble::kChains;
using ensemble::Kernels;
using registers::Memory;
using Code = registers::Operation;

/// What each chain of a random array is told beside the others.
class ChainContents {
 public:
  ChainContents(const Configuration& c, const ArrayMemories& memories)
      : c_(c), free_field_(memories.coefficients.size()) {
    for (const Operation& o : memories.program) {
      if (o.code == Code::layer) mark(o.coefficient, o.per_site ? cells(memories, o) : site(memories, o), 1);
    }
    // Random arrays share coefficients: a field that something else reads stays as it is.
    for (const Operation& o : memories.program) {
      const int taps = o.tap_range.taps();
      if (o.code == Code::stiffness || o.code == Code::neighbour) mark(o.coefficient, site(memories, o), 0);
      if (o.code == Code::project || o.code == Code::bus) mark(o.coefficient, taps * o.count * site(memories, o), 0);
      if (o.code == Code::trace) mark(o.coefficient, cells(memories, o), 0);
    }
  }

  void write(ModelDevice& model, Random& random, bool extreme) const {
    const auto highest = static_cast<int>(c_.state.highest());
    const int states = extreme ? highest : highest >> 3;
    for (std::size_t i = 0; i < static_cast<std::size_t>(c_.cells); ++i) {
      model.write(address(Memory::state, i), static_cast<std::uint32_t>(random.between(-states, states)));
    }
    const auto coefficient = static_cast<int>(c_.coefficient.highest());
    for (std::size_t i = 0; i < free_field_.size(); ++i) {
      if (free_field_[i] == 0) continue;
      model.write(address(Memory::coefficient, i),
                  static_cast<std::uint32_t>(random.between(-coefficient - 1, coefficient)));
    }
    for (std::size_t i = 0; i < static_cast<std::size_t>(c_.segments) * static_cast<std::size_t>(c_.layers); ++i) {
      const int gain = random.chance(20) ? 0 : random.between(0, extreme ? coefficient : coefficient >> 4);
      model.write(address(Memory::gain, i), static_cast<std::uint32_t>(gain));
    }
    for (std::size_t i = 0; i < static_cast<std::size_t>(c_.noise_rounds); ++i) {
      model.write(address(Memory::noise_key, i), static_cast<std::uint32_t>(random.bits()));
    }
  }

 private:
  static const LayerDescriptor& layer(const ArrayMemories& memories, const Operation& o) {
    return memories.layers[static_cast<std::size_t>(o.layer)];
  }
  static int cells(const ArrayMemories& memories, const Operation& o) { return layer(memories, o).cells(); }
  static int site(const ArrayMemories& memories, const Operation& o) { return layer(memories, o).site_cells; }

  void mark(int first, int count, char free) {
    for (int i = first; i < first + count; ++i) free_field_[static_cast<std::size_t>(i)] = free;
  }

  const Configuration& c_;
  std::vector<char> free_field_;
};

struct Total {
  std::uint64_t updates = 0, saturated_states = 0, saturated_words = 0;
  int all = 0, proved_small = 0, proved_extreme = 0;
  int split_forces = 0, split_words = 0, whole_forces = 0, whole_words = 0;

  void count(const BlockPlan& plan, RandomArray::Size size) {
    ++(size == RandomArray::Size::small ? proved_small : proved_extreme);
    for (const auto& update : plan.updates) ++(update.split ? split_forces : whole_forces);
    for (const auto& project : plan.projects) ++(project.split ? split_words : whole_words);
  }
};

/// The loops for so many chains that this computer runs.
std::vector<const Kernels*> runnable(int chains) {
  return chains == 1 ? ensemble::runnable_solo_kernels() : ensemble::runnable_kernels();
}

template <int Chains>
void check_same(const ArrayBlockOf<Chains>& block, int chain, const ArrayModel& model, const BlockPlan& plan) {
  CAPTURE(chain);
  const Configuration& c = plan.configuration;
  const ArrayResults& results = model.results();
  int differences = 0;
  for (std::size_t i = 0; i < static_cast<std::size_t>(c.cells); ++i) {
    differences += model.memories().state[i] == block.state(chain, static_cast<int>(i)) ? 0 : 1;
  }
  CHECK(differences == 0);
  for (std::size_t i = 0; i < plan.words; ++i) {
    differences += results.words[i] == block.word(chain, static_cast<int>(i)) ? 0 : 1;
  }
  CHECK(differences == 0);
  for (std::size_t i = 0; i < plan.cells; ++i) {
    differences += results.sum[i] == block.sum(chain, static_cast<int>(i)) ? 0 : 1;
    differences += results.square[i] == block.square(chain, static_cast<int>(i)) ? 0 : 1;
  }
  CHECK(differences == 0);
  CHECK(results.saturated_states == block.saturated_states(chain));
  CHECK(results.saturated_words == block.saturated_words(chain));
  CHECK(results.window_steps == block.window_steps());
  REQUIRE(results.trace.size() == block.trace(chain).size());
  for (std::size_t t = 0; t < results.trace.size(); ++t) {
    differences += results.trace[t].overlap == block.trace(chain)[t].overlap ? 0 : 1;
    differences += results.trace[t].square == block.trace(chain)[t].square ? 0 : 1;
  }
  REQUIRE(differences == 0);
}

/// One random array, a chain for each model, twice: the second run goes on.
template <int Chains>
void compare(const Configuration& c, std::uint64_t seed, RandomArray::Size size, int most_steps, const Kernels& kernels,
             Total& total) {
  const RandomArray array(c, seed, size, most_steps);
  std::vector<std::unique_ptr<ModelDevice>> models;
  Random random(mix64(seed));
  std::optional<ChainContents> contents;
  for (int k = 0; k < Chains; ++k) {
    models.push_back(std::make_unique<ModelDevice>(c));
    for (const auto& [where, value] : array.writes) models.back()->write(where, value);
    if (!contents) contents.emplace(c, models.front()->model().memories());
    contents->write(*models.back(), random, size == RandomArray::Size::extreme);
  }
  ++total.all;
  const ArrayModel& first = models.front()->model();
  std::shared_ptr<const BlockPlan> plan;
  try {
    plan = std::make_shared<const BlockPlan>(c, first.memories());
  } catch (const ensemble::NotProved&) {
    return;
  }
  total.count(*plan, size);
  ArrayBlockOf<Chains> block(plan, kernels);
  block.set_common(first.memories());
  for (int k = 0; k < Chains; ++k) block.set_chain(k, models[static_cast<std::size_t>(k)]->model().memories());
  block.step = first.step;
  block.refresh = first.refresh;
  block.trace_stride = first.trace_stride;
  const int segments = static_cast<int>(models.front()->read(registers::segments));
  for (const bool clear : {true, false}) {
    if (clear) block.clear_results();
    block.begin(segments);
    while (block.advance(7)) {
    }
    for (auto& model : models) {
      model->write(registers::control, registers::kControlStart | (clear ? registers::kControlClear : 0));
      model->read(registers::magic);  // to its end
    }
    for (int k = 0; k < Chains; ++k) check_same(block, k, models[static_cast<std::size_t>(k)]->model(), *plan);
    total.updates += array.steps * static_cast<std::uint64_t>(array.cells) * Chains;
  }
  for (auto& model : models) {
    total.saturated_states += model->read(registers::saturated_states);
    total.saturated_words += model->read(registers::saturated_words);
  }
}

template <int Chains>
Total compare(const Configuration& c, int arrays, int most_steps, std::uint64_t seed) {
  Total total;
  for (const Kernels* kernels : runnable(Chains)) {
    CAPTURE(kernels->name);
    for (int i = 0; i < arrays; ++i) {
      CAPTURE(i);
      const auto size = i % 3 == 2 ? RandomArray::Size::extreme : RandomArray::Size::small;
      compare<Chains>(c, mix64(seed + static_cast<std::uint64_t>(i)), size, most_steps, *kernels, total);
    }
  }
  MESSAGE(c.name, ", ", Chains, " chains: ", total.updates, " cell updates, ", total.proved_small, " small and ",
          total.proved_extreme, " extreme of ", total.all, " arrays proved, forces split ", total.split_forces,
          " whole ", total.whole_forces, ", words split ", total.split_words, " whole ", total.whole_words, ", ",
          total.saturated_states, " saturated states, ", total.saturated_words, " saturated words");
  return total;
}

/// A chain for each of several noises, of contents that are written by hand, against the model: `steps` steps.
template <int Chains>
void check_chains(const Configuration& c, ArrayMemories memories, const std::shared_ptr<const BlockPlan>& plan,
                  std::uint32_t steps) {
  for (const Kernels* kernels : runnable(Chains)) {
    CAPTURE(kernels->name);
    ArrayBlockOf<Chains> block(plan, *kernels);
    block.set_common(memories);
    std::vector<ArrayModel> models(Chains, ArrayModel(c));
    for (int k = 0; k < Chains; ++k) {
      memories.noise_keys = noise_keys(static_cast<std::uint64_t>(k), c.noise_rounds);
      block.set_chain(k, memories);
      models[static_cast<std::size_t>(k)].memories() = memories;
    }
    block.begin(1);
    block.advance(steps);
    std::uint64_t clipped = 0;
    for (int k = 0; k < Chains; ++k) {
      ArrayModel& model = models[static_cast<std::size_t>(k)];
      model.begin(1);
      model.advance(steps);
      check_same(block, k, model, *plan);
      clipped += model.results().saturated_states;
    }
    CHECK(clipped > 0);
  }
}

void check_contents(const Configuration& c, ArrayMemories memories, std::uint32_t steps, bool split) {
  memories.segments[0] = {steps, true};
  const auto plan = std::make_shared<const BlockPlan>(c, memories);
  CHECK(plan->updates.back().split == split);
  check_chains<kChains>(c, memories, plan, steps);
  check_chains<1>(c, memories, plan, steps);
}

using Sixteen = std::integral_constant<int, kChains>;
using One = std::integral_constant<int, 1>;

/// Times as many arrays of one chain: each is a sixteenth of the work.
template <typename Chains>
constexpr int kManyFor = Chains::value == 1 ? 4 : 1;

void fill(std::vector<std::int16_t>& memory, int first, int count, int value) {
  std::fill_n(memory.begin() + first, count, static_cast<std::int16_t>(value));
}

}  // namespace

TEST_CASE_TEMPLATE("ensemble equals model: tiny, every feature", Chains, Sixteen, One) {
  const Total total = compare<Chains::value>(configuration("tiny"), kManyFor<Chains> * 6, 40, 31);
  CHECK(total.proved_small == total.all * 2 / 3);
  CHECK(total.split_forces > 0);
  CHECK(total.whole_forces > 0);
  CHECK(total.split_words > 0);
  CHECK(total.whole_words > 0);
  CHECK(total.saturated_states > 1000);
  CHECK(total.saturated_words > 1000);
}

TEST_CASE_TEMPLATE("ensemble equals model: other formats, rounding and cutting", Chains, Sixteen, One) {
  for (const Configuration& c : {tiny_short(), tiny_narrow()}) {
    const Total total = compare<Chains::value>(c, kManyFor<Chains> * 6, 20, 34);
    CHECK(total.proved_small > 0);
    CHECK(total.saturated_states > 1000);
  }
}

TEST_CASE_TEMPLATE("ensemble equals model: anchored, paper, wide", Chains, Sixteen, One) {
  for (const char* name : {"anchored", "paper", "wide"}) {
    CHECK(compare<Chains::value>(configuration(name), 3, 10, 32).proved_small > 0);
  }
}

TEST_CASE_TEMPLATE("ensemble equals model: maps", Chains, Sixteen, One) {
  CHECK(compare<Chains::value>(configuration("map"), 2, 4, 33).proved_small > 0);
}

// `make soak`
TEST_SUITE("soak" * doctest::skip()) {
  TEST_CASE("ensemble equals model: a thousand million cell updates") {
    const auto all = [](auto chains) {
      constexpr int kCount = decltype(chains)::value;
      constexpr int kMany = kManyFor<decltype(chains)>;
      std::uint64_t updates = compare<kCount>(configuration("tiny"), kMany * 250, 60, 41).updates;
      for (const Configuration& c : {tiny_short(), tiny_narrow()}) {
        updates += compare<kCount>(c, kMany * 100, 60, 42).updates;
      }
      for (const char* name : {"anchored", "paper", "wide"}) {
        updates += compare<kCount>(configuration(name), kMany * 30, 40, 43).updates;
      }
      return updates + compare<kCount>(configuration("map"), 9, 10, 44).updates;
    };
    const std::uint64_t updates = all(Sixteen());
    CHECK(all(One()) > updates / 8);
    CHECK(updates > 1000000000);
  }
}

TEST_CASE("the largest noise counts: without it this force would be proved to fit 32 bits, and does not") {
  const Configuration& c = configuration("tiny");
  ArrayMemories memories = ArrayModel(c).memories();
  constexpr int kCells = 16, kField = 0, kStiffness = 16, kCoupling = 32;
  memories.layers[0] = {0, kCells, 1, 1, 0, kCells};
  memories.program[0] = {Code::layer, false, 0, 0, 0, kField, 0};
  memories.program[1] = {Code::stiffness, false, 0, 0, 0, kStiffness, 0};
  memories.program[2] = {Code::neighbour, true, 0, 0, 0, kCoupling, 1};
  fill(memories.coefficients, kField, kCells, 32767);
  fill(memories.coefficients, kStiffness, kCells, 32767);
  fill(memories.coefficients, kCoupling, kCells, 28000);
  std::fill(memories.state.begin(), memories.state.end(), static_cast<std::int32_t>(c.state.lowest()));
  memories.gains[0] = 8192;
  check_contents(c, memories, 3, true);
}

TEST_CASE("a cell that is updated twice in a step enters the window's sums twice; four times is not made here") {
  const Configuration& c = configuration("tiny");
  constexpr int kCells = 16, kField = 0, kStiffness = 16;
  const auto contents = [&](int updates) {
    ArrayMemories memories = ArrayModel(c).memories();
    memories.layers[0] = {0, kCells, 1, 1, 0, kCells};
    for (std::size_t u = 0; u < static_cast<std::size_t>(updates); ++u) {
      memories.program[2 * u] = {Code::layer, false, 0, 0, 0, kField, 0};
      memories.program[2 * u + 1] = {Code::stiffness, true, 0, 0, 0, kStiffness, 0};
    }
    fill(memories.coefficients, kField, kCells, -32768);
    std::fill(memories.state.begin(), memories.state.end(), static_cast<std::int32_t>(c.state.lowest()));
    return memories;
  };
  check_contents(c, contents(1), 400, false);
  check_contents(c, contents(2), 400, false);
  CHECK_THROWS_WITH_AS(BlockPlan(c, contents(4)), "ensemble: a cell is updated too often in a step",
                       ensemble::NotProved);
}

TEST_CASE("taps of which one fits three pairs at a time and another two are summed by two from the first on") {
  const Configuration& c = configuration("tiny");
  ArrayMemories memories = ArrayModel(c).memories();
  constexpr int kCells = 16, kCount = 10, kField = 0, kProject = 16, kBus = kProject + kCount * kCells;
  memories.layers[0] = {0, kCells, 1, 2, 0, kCells};
  memories.layers[1] = {2 * kCells, kCells, 1, 2, 0, kCells};
  memories.program[0] = {Code::project, false, 0, 0, kCount, kProject, 0};
  memories.program[1] = {Code::layer, false, 0, 1, 0, kField, 0};
  memories.program[2] = {Code::bus, true, 0, 1, kCount, kBus, 0, TapRange{0, 0, 1, 2}};
  fill(memories.coefficients, kProject, kCount * kCells, 32767);  // every word is clipped to the lowest
  std::fill(memories.state.begin(), memories.state.end(), static_cast<std::int32_t>(c.state.lowest()));
  const auto coefficient = [&](int tap, int word) -> std::int16_t& {
    const int at = kBus + (tap * kCount + word) * kCells;
    return memories.coefficients[static_cast<std::size_t>(at)];
  };
  for (const int word : {4, 5, 6, 7}) coefficient(0, word) = 29500;
  for (const int word : {0, 1, 4, 5}) coefficient(1, word) = 19500;
  check_contents(c, memories, 1, true);
}
