// The device that runs on the loops for one chain against the model's, word by word over the port.
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "array/formats.hpp"
#include "base/splitmix.hpp"
#include "contract/builtin/builtin_configurations.hpp"
#include "device/solo_device.hpp"
#include "sim/equivalence/random_array.hpp"

namespace {

using namespace settle;
using namespace settle::equivalence;
using namespace settle::testing;
using registers::Memory;

/// Everything that a run leaves.
std::vector<std::uint32_t> results(Device& device, const Configuration& c) {
  std::vector<std::uint32_t> all;
  const auto read = [&](std::uint32_t where) { all.push_back(device.read(where)); };
  const auto read_memory = [&](Memory memory, std::uint32_t words) {
    for (std::uint32_t word = 0; word < words; ++word) read(address(memory, word));
  };
  for (const std::uint32_t where : {registers::status, registers::step_lo, registers::step_hi, registers::trace_count,
                                    registers::saturated_states, registers::saturated_words, registers::window_steps}) {
    read(where);
  }
  const auto cells = static_cast<std::size_t>(c.cells);
  read_memory(Memory::state, static_cast<std::uint32_t>(c.cells));
  read_memory(Memory::word, static_cast<std::uint32_t>(c.words));
  read_memory(Memory::trace, device.read(registers::trace_count) * registers::kTraceWords);
  for (std::size_t part = 0; part < kWindowParts; ++part) {
    for (std::size_t cell = 0; cell < cells; ++cell) read(sum_address(part, cell));
  }
  return all;
}

/// Both devices do what a random array's writes say, then run, are changed and run again.
class Pair {
 public:
  explicit Pair(const Configuration& c) : c_(c), solo_(c), model_(c) {}

  void write(std::uint32_t where, std::uint32_t value) {
    solo_.write(where, value);
    model_.write(where, value);
  }

  void run(std::uint32_t flags) {
    write(registers::control, registers::kControlStart | flags);
    solo_.read(registers::magic);  // to its end
    model_.read(registers::magic);
    CHECK(results(solo_, c_) == results(model_, c_));
  }

  bool on_loops() const { return solo_.on_loops(); }

  /// Stops both after as many steps.
  void stop_early() {
    write(registers::control, registers::kControlStart);
    CHECK(solo_.status_when_idle() == model_.status_when_idle());
    write(registers::control, registers::kControlStop);
    CHECK(results(solo_, c_) == results(model_, c_));
  }

 private:
  const Configuration& c_;
  SoloDevice solo_;
  ModelDevice model_;
};

}  // namespace

TEST_CASE("the device on the loops for one chain is the model's, run after run") {
  for (const Configuration& c : {configuration("tiny"), tiny_narrow(), configuration("anchored")}) {
    CAPTURE(c.name);
    int made_by_loops = 0;
    for (std::uint64_t seed = 1; seed <= 6; ++seed) {
      CAPTURE(seed);
      Random random(mix64(seed));
      const auto size = seed % 3 == 0 ? RandomArray::Size::extreme : RandomArray::Size::small;
      const RandomArray array(c, seed, size, 40);
      Pair pair(c);
      for (const auto& [where, value] : array.writes) pair.write(where, value);
      pair.run(registers::kControlClear);
      pair.run(0);
      const auto lowest = static_cast<int>(c.coefficient.lowest());
      for (int n = 0; n < 3; ++n) {  // coefficients and states that the host changes between two runs
        const auto word = static_cast<std::uint32_t>(random.between(0, c.coefficients - 1));
        pair.write(address(Memory::coefficient, word), static_cast<std::uint32_t>(random.between(lowest >> 4, 99)));
        pair.write(address(Memory::state, static_cast<std::uint32_t>(random.between(0, c.cells - 1))), 12345);
        pair.run(n == 1 ? registers::kControlZero : 0);
      }
      pair.stop_early();
      pair.run(registers::kControlZero | registers::kControlClear);
      if (pair.on_loops()) ++made_by_loops;
    }
    CHECK(made_by_loops >= 4);  // extreme contents need not be proved
  }
}

TEST_CASE("whatever the host changes between two runs counts in the next") {
  const Configuration c = configuration("tiny");
  Random random(5);
  const RandomArray array(c, 11, RandomArray::Size::small, 30);
  Pair pair(c);
  for (const auto& [where, value] : array.writes) pair.write(where, value);
  pair.run(registers::kControlClear);
  const auto change = [&](Memory memory, int words, int least, int most) {
    for (int n = 0; n < 4; ++n) {
      const auto word = static_cast<std::uint32_t>(random.between(0, words - 1));
      pair.write(address(memory, word), static_cast<std::uint32_t>(random.between(least, most)));
    }
    pair.run(0);
    CHECK(pair.on_loops());
  };
  change(Memory::clamp, c.cells, 0, 1);
  change(Memory::gain, c.segments * c.layers, 0, 900);
  change(Memory::noise_key, c.noise_rounds, 0, 1 << 30);
  change(Memory::coefficient, c.coefficients, -200, 200);
  change(Memory::table, c.layers << c.table_bits, 0, 200);
  pair.write(registers::step_lo, 4000000000U);
  pair.write(registers::step_hi, 255);
  pair.run(0);
  pair.write(registers::refresh, 3);
  pair.write(registers::trace_stride, 2);
  pair.run(registers::kControlClear);
  pair.write(registers::trace_stride, 1);
  for (int n = 0; n < 3; ++n) pair.run(0);  // the trace fills up
  pair.write(registers::segments, 1);
  pair.run(0);
  const std::uint32_t lowest = 0x8000, coefficients = static_cast<std::uint32_t>(c.coefficients);
  for (std::uint32_t word = 0; word < coefficients; ++word) pair.write(address(Memory::coefficient, word), lowest);
  pair.run(0);
  CHECK_FALSE(pair.on_loops());
  for (std::uint32_t word = 0; word < coefficients; ++word) pair.write(address(Memory::coefficient, word), word % 64);
  pair.run(0);
  CHECK(pair.on_loops());
}

TEST_CASE("contents whose sums are not proved to fit are run by the model") {
  const Configuration c = configuration("tiny");
  Pair pair(c);
  const RandomArray array(c, 3, RandomArray::Size::extreme, 20);
  for (const auto& [where, value] : array.writes) pair.write(where, value);
  for (int word = 0; word < c.coefficients; ++word) {
    pair.write(address(Memory::coefficient, static_cast<std::uint32_t>(word)), 0x8000);
  }
  CHECK_THROWS_AS(ensemble::BlockPlan(c,
                                      [&] {
                                        ModelDevice model(c);
                                        for (const auto& [where, value] : array.writes) model.write(where, value);
                                        for (int word = 0; word < c.coefficients; ++word) {
                                          model.write(address(Memory::coefficient, static_cast<std::uint32_t>(word)),
                                                      0x8000);
                                        }
                                        return model.model().memories();
                                      }()),
                  ensemble::NotProved);
  pair.run(registers::kControlClear);
}
