// The host's link on the verilated board's pins: whatever the line does, what was written is there, once.
#include <memory>

#include <doctest/doctest.h>

#include "board/stream_checks.hpp"
#include "device/link/link_device.hpp"
#include "sim/board/line/pin_stream.hpp"

using namespace settle;
using namespace settle_test;

namespace {

// Simulated time: a silence costs its cycles.
LinkTimes short_times() {
  LinkTimes times;
  times.answer = std::chrono::microseconds(5000);
  times.attempts = 30;
  return times;
}

/// Writes two memories and reads them back, a few times.
void check_memories(LinkDevice& device, unsigned seed) {
  const std::uint32_t coefficients = address(registers::Memory::coefficient, 0);
  const std::uint32_t states = address(registers::Memory::state, 0);
  for (unsigned round = 0; round < 3; ++round) {
    std::vector<std::uint32_t> values, read(600);
    for (const std::uint8_t byte : random_bytes(600, seed + round)) values.push_back(byte);
    device.write_block(coefficients, values.data(), 500);
    for (std::uint32_t i = 0; i < 100; ++i) device.write(states + i, values[500 + i]);
    device.read_block(coefficients, read.data(), 500);
    device.read_block(states, read.data() + 500, 100);
    CHECK(read == values);
    CHECK(device.read(registers::magic) == registers::kMagicValue);
  }
}

}  // namespace

TEST_CASE("the host's link on the pins: nothing is sent twice on a good line") {
  for (const PinBoardKey& key : pin_board_keys()) {
    LinkDevice device(std::make_unique<PinStream>(make_pin_board(key.configuration, key.divisor16)), short_times());
    check_memories(device, 1);
    CHECK(device.statistics().repeats == 0);
    CHECK(device.statistics().broken_frames + device.statistics().reported == 0);
  }
}

TEST_CASE("the host's link on pins that lose, change, repeat and hold back bytes") {
  for (unsigned seed = 1; seed <= 10; ++seed) {
    INFO("seed ", seed);
    FaultRates rates;
    rates.drop = rates.flip = rates.repeat = 0.0005;  // half of the longest answers come whole
    rates.delay = 0.01;
    rates.seed = seed;
    LinkDevice device(std::make_unique<PinStream>(make_pin_board("tiny"), rates), short_times());
    check_memories(device, seed);
    CHECK(device.statistics().repeats > 0);
  }
}

TEST_CASE("the host's link learns of a reset and of a line that was closed") {
  FaultRates rates;
  rates.reset_after = 500;
  rates.hang_up_after = 3000;
  LinkDevice device(std::make_unique<PinStream>(make_pin_board("tiny"), rates), short_times());
  CHECK_THROWS_AS(check_memories(device, 1), DeviceReset);
  device.reconnect();
  CHECK_THROWS_AS(check_memories(device, 1), DeviceLost);
  device.reconnect();
  check_memories(device, 1);
}
