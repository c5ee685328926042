// A board from its clock on: nothing answers before the lock and the reset after it; then a sync is answered on a line
// whose bit is clock over baud cycles long, though that is no whole number.
#include <cmath>

#include <doctest/doctest.h>

#include "VM_board_core.h"
#include "rtl_modules/link_protocol.hpp"
#include "rtl_modules/uart_line.hpp"

namespace board_core_bench {
namespace {

using namespace settle;
using namespace settle::testing;

constexpr double kBit = 12000000.0 / 1382400.0;  // cycles; as in CMakeLists.txt
constexpr int kReset = 1024;                     // cycles after the lock
constexpr std::size_t kLongestAnswer = 16;

/// What the board answers to a sync of number 7 that begins now; nothing: no byte within as long as it needs.
Bytes answer_to_sync(Bench<VM_board_core>& bench) {
  Waveform line(2);
  for (const std::uint8_t byte : frame_of(request(7, Request::sync, 1, 0, {1, 2, 3, 4}))) line.add_byte(byte, kBit);
  FrameReader answers(kLongestAnswer);
  int since_edge = -1;  // of the byte's start bit; -1: none has begun
  unsigned bits = 0;
  for (int cycle = 0; cycle < 600 * static_cast<int>(kBit); ++cycle) {
    bench->rx_i = line.next();
    bench.clock();
    const bool level = bench->tx_o != 0;
    if (since_edge < 0) {
      if (level) continue;
      since_edge = 0;
      bits = 0;
    }
    // In the middle of each bit, by the line's own measure.
    for (int bit = 0; bit < 10; ++bit) {
      if (since_edge == std::lround((bit + 0.5) * kBit)) bits |= static_cast<unsigned>(level) << bit;
    }
    if (++since_edge <= std::lround(9.5 * kBit)) continue;
    since_edge = -1;
    CHECK((bits & 1u) == 0);
    CHECK((bits >> 9) == 1);
    if (answers.take(static_cast<std::uint8_t>(bits >> 1)) == FrameReader::Event::frame) return answers.content();
  }
  return {};
}

}  // namespace

TEST_CASE("board_core: a sync is answered after lock and reset, at the line's rate, and not before") {
  const Bytes answer = {7, 1, 2, 3, 4, static_cast<std::uint8_t>(registers::Answer::ok)};
  Bench<VM_board_core> bench(3);
  bench->rx_i = 1;
  bench->locked_i = 0;
  CHECK(answer_to_sync(bench).empty());
  bench->locked_i = 1;
  for (int i = 0; i < kReset + 4; ++i) bench.clock();
  CHECK(answer_to_sync(bench) == answer);
  CHECK(bench->busy_o == 0);
  bench->locked_i = 0;
  for (int i = 0; i < 4; ++i) bench.clock();
  CHECK(answer_to_sync(bench).empty());
}

}  // namespace board_core_bench
