// Bytes from a peer whose clock is a little off, at random phases, and what a line does that is no byte.
#include <vector>

#include <doctest/doctest.h>

#include "VM_uart_receiver_128.h"
#include "VM_uart_receiver_139.h"
#include "VM_uart_receiver_1667.h"
#include "VM_uart_receiver_64.h"
#include "rtl_modules/uart_line.hpp"

namespace uart_receiver_bench {
namespace {

using namespace settle;
using namespace settle::testing;
using Bytes = std::vector<std::uint8_t>;

template <class Module, int divisor16>
struct Receiver {
  static constexpr double kBit = bit_cycles(divisor16);
  static constexpr int kBytes = 2000000 / divisor16;

  explicit Receiver(int seed) : random(static_cast<std::uint64_t>(seed)), bench(seed) {
    bench->rx_i = 1;
    reset(bench);
  }

  std::uint8_t byte() { return static_cast<std::uint8_t>(random.next()); }
  double phase() { return 3 + fraction(random); }

  /// All that is received; two bits of silence follow.
  Bytes play(Waveform line) {
    Bytes bytes;
    line.add(true, 2 * kBit);
    while (!line.ended()) {
      bench->rx_i = line.next();
      bench.clock();
      if (bench->valid_o != 0) bytes.push_back(bench->byte_o);
    }
    return bytes;
  }

  Random random;
  Bench<Module> bench;
};

using Shortest = Receiver<VM_uart_receiver_64, 64>;
using Whole = Receiver<VM_uart_receiver_128, 128>;
using Fraction = Receiver<VM_uart_receiver_139, 139>;
using Long = Receiver<VM_uart_receiver_1667, 1667>;

}  // namespace

TEST_CASE_TEMPLATE("uart_receiver: bytes without a gap and with one, a peer's clock up to 2 % off", R, Shortest, Whole,
                   Fraction, Long) {
  R receiver(1);
  for (const double off : {0.0, 0.001, -0.001, 0.01, -0.01, 0.02, -0.02}) {
    CAPTURE(off);
    const double bit = R::kBit * (1 + off);
    for (const bool gaps : {false, true}) {
      // Each run of bytes has another phase; the clocks' difference makes it wander within a run.
      for (int run = 0; run < 8; ++run) {
        Bytes sent;
        Waveform line(receiver.phase());
        for (int i = 0; i < R::kBytes / 10; ++i) {
          sent.push_back(receiver.byte());
          line.add_byte(sent.back(), bit, gaps ? 1 + 3 * fraction(receiver.random) : 1);
        }
        CHECK(receiver.play(line) == sent);
      }
    }
  }
}

TEST_CASE_TEMPLATE("uart_receiver: a spike of up to half a bit is no start bit", R, Shortest, Whole, Fraction, Long) {
  R receiver(2);
  const int longest = static_cast<int>(R::kBit / 2);
  for (int run = 0; run < 300; ++run) {
    Waveform line(receiver.phase());
    line.add(false, run % 2 == 0 ? longest : longest * fraction(receiver.random));
    line.add(true, R::kBit);
    const std::uint8_t byte = receiver.byte();
    line.add_byte(byte, R::kBit);
    CHECK(receiver.play(line) == Bytes{byte});
  }
}

TEST_CASE_TEMPLATE("uart_receiver: a byte without a stop bit is dropped, the next one is not", R, Shortest, Whole,
                   Fraction, Long) {
  R receiver(3);
  for (int run = 0; run < 100; ++run) {
    Waveform line(receiver.phase());
    const std::uint8_t before = receiver.byte(), after = receiver.byte();
    line.add_byte(before, R::kBit);
    line.add_byte(receiver.byte(), R::kBit, 0);
    line.add(false, R::kBit);
    line.add(true, R::kBit);
    line.add_byte(after, R::kBit);
    CHECK(receiver.play(line) == Bytes{before, after});
  }
}

TEST_CASE_TEMPLATE("uart_receiver: a line held low is no byte, and the first one after it is received", R, Shortest,
                   Whole, Fraction, Long) {
  R receiver(4);
  for (int run = 0; run < 100; ++run) {
    Waveform line(receiver.phase());
    line.add(false, R::kBit * (10 + 90 * fraction(receiver.random)));
    line.add(true, R::kBit);
    const std::uint8_t after = receiver.byte();
    line.add_byte(after, R::kBit);
    CHECK(receiver.play(line) == Bytes{after});
  }
}

TEST_CASE_TEMPLATE("uart_receiver: noise of any kind leaves it ready for a byte", R, Shortest, Whole, Fraction, Long) {
  R receiver(5);
  for (int run = 0; run < 100; ++run) {
    Waveform line(receiver.phase());
    for (int i = 0; i < 40; ++i) line.add(i % 2 != 0, 3 * R::kBit * fraction(receiver.random));
    line.add(true, 11 * R::kBit);
    const std::uint8_t after = receiver.byte();
    line.add_byte(after, R::kBit);
    const Bytes bytes = receiver.play(line);
    REQUIRE(!bytes.empty());
    CHECK(bytes.back() == after);
  }
}

TEST_CASE_TEMPLATE("uart_receiver: reset in the middle of a byte forgets it", R, Shortest, Whole, Fraction, Long) {
  R receiver(6);
  for (int bits = 0; bits <= 9; ++bits) {
    Waveform begun(receiver.phase());
    for (int i = 0; i < bits; ++i) begun.add(i % 2 != 0, R::kBit);
    while (!begun.ended()) {
      receiver.bench->rx_i = begun.next();
      receiver.bench.clock();
    }
    receiver.bench->rx_i = 1;
    for (int i = 0; i < 4; ++i) receiver.bench.clock();  // it is there by now if it had ended
    reset(receiver.bench);
    Waveform line(receiver.phase());
    const std::uint8_t after = receiver.byte();
    line.add_byte(after, R::kBit);
    CHECK(receiver.play(line) == Bytes{after});
  }
}

}  // namespace uart_receiver_bench
