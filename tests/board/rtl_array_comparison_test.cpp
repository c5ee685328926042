// The comparison behind `make netlist`, on a verilated board: it passes what is right and finds every kind of error.
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "contract/builtin/builtin_configurations.hpp"
#include "device/link/link_device.hpp"
#include "sim/board/line/pin_stream.hpp"
#include "sim/equivalence/array_comparison.hpp"

using namespace settle;
using registers::Memory;
using settle::equivalence::RandomArray;

namespace {

constexpr std::uint32_t kStart = registers::kControlStart, kStartClear = kStart | registers::kControlClear,
                        kStartAnew = kStartClear | registers::kControlZero;

using Change = std::function<std::uint32_t(std::uint32_t address, std::uint32_t value)>;

std::uint32_t same(std::uint32_t, std::uint32_t value) { return value; }

/// A device with an error: words change on their way in or out.
class Tampered : public Device {
 public:
  Tampered(Device& device, Change written, Change found)
      : device_(device), written_(std::move(written)), found_(std::move(found)) {}

  std::string engine() const override { return device_.engine(); }
  std::uint32_t read(std::uint32_t address) override { return found_(address, device_.read(address)); }
  void write(std::uint32_t address, std::uint32_t value) override { device_.write(address, written_(address, value)); }
  std::uint32_t status_when_idle() override { return device_.status_when_idle(); }
  void read_blocks(const std::vector<ReadBlock>& blocks) override {
    device_.read_blocks(blocks);
    for (const ReadBlock& b : blocks) {
      for (std::size_t i = 0; i < b.count; ++i) {
        b.values[i] = found_(b.address + static_cast<std::uint32_t>(i), b.values[i]);
      }
    }
  }

 private:
  Device& device_;
  Change written_, found_;
};

/// Flips `bit` of the word at `where` alone.
Change flipped(std::uint32_t where, int bit) {
  return [=](std::uint32_t address, std::uint32_t value) { return address == where ? value ^ (1u << bit) : value; };
}

const Configuration& tiny() {
  static const Configuration kTiny = configuration("tiny");
  return kTiny;
}

/// An array that projects words and writes a trace.
RandomArray rich_array() {
  for (std::uint64_t seed = 1;; ++seed) {
    RandomArray array(tiny(), seed, RandomArray::Size::small, 5);
    ModelDevice model(tiny());
    for (const auto& [where, value] : array.writes) model.write(where, value);
    model.write(registers::control, kStartClear);
    if (array.words > 2 && model.read(registers::trace_count) > 2) return array;
  }
}

struct Bench {
  RandomArray array = rich_array();
  LinkDevice board{std::make_unique<PinStream>(make_pin_board("tiny")), {std::chrono::milliseconds(200), 8}};

  ComparisonCounts run(const Change& written, const Change& found) {
    board.reset();
    Tampered device(board, written, found);
    return ArrayComparison(device, tiny(), array).run(kStartClear);
  }
};

}  // namespace

TEST_CASE("a board that computes what the model computes passes; what was compared is counted") {
  Bench bench;
  ArrayComparison comparison(bench.board, tiny(), bench.array);
  ComparisonCounts total;
  for (const std::uint32_t control : {kStartClear, kStart, kStartAnew}) total.add(comparison.run(control));
  const auto cells = static_cast<std::uint64_t>(bench.array.cells);
  CHECK(total.mismatches == 0);
  CHECK(total.first_mismatch.empty());
  CHECK(total.steps == 3 * bench.array.steps);
  CHECK(total.states == 3 * cells);
  CHECK(total.values >= 3 * (7 * cells + static_cast<std::uint64_t>(bench.array.words)));
}

TEST_CASE("one wrong bit in what comes back is one mismatch, wherever it is") {
  Bench bench;
  const auto last = static_cast<std::uint32_t>(bench.array.cells) - 1;
  const struct {
    std::uint32_t where;
    std::string name;
  } results[] = {{address(Memory::state, 0), "state 0"},
                 {address(Memory::state, last), "state " + std::to_string(last)},
                 {address(Memory::sum, 0), "sum, part 0 0"},
                 {sum_address(5, last), "sum, part 5 " + std::to_string(last)},
                 {address(Memory::word, 1), "bus word 1"},
                 {address(Memory::trace, 7), "trace 7"},
                 {registers::saturated_states, "register saturated_states"},
                 {registers::saturated_words, "register saturated_words"},
                 {registers::window_steps, "register window_steps"},
                 {registers::trace_count, "register trace_count"},
                 {registers::step_lo, "register step_lo"}};
  for (const auto& r : results) {
    CAPTURE(r.name);
    const ComparisonCounts counts = bench.run(same, flipped(r.where, 0));
    CHECK(counts.mismatches == 1);
    CHECK(counts.first_mismatch.rfind(r.name + ": 0x", 0) == 0);
  }
}

TEST_CASE("an array that was loaded with one wrong bit is found by what it computes") {
  Bench bench;
  const ComparisonCounts state = bench.run(flipped(address(Memory::state, 0), tiny().state.fraction), same);
  CHECK(state.mismatches > 0);
  // Fields, stiffnesses and buses are coefficients; which of them this array uses is its own affair.
  const int fraction = tiny().coefficient.fraction;
  const ComparisonCounts coefficients = bench.run(
      [=](std::uint32_t where, std::uint32_t value) {
        return region_of(where) == static_cast<std::uint32_t>(Memory::coefficient) ? value ^ (1u << (fraction - 2))
                                                                                   : value;
      },
      same);
  CHECK(coefficients.mismatches > 0);
  CHECK(bench.run(same, same).mismatches == 0);  // nothing of it is left behind
}
