// The line bit by bit against its length in sixteenths of a cycle; and the receiver at its other end.
#include <vector>

#include <doctest/doctest.h>

#include "VM_uart_receiver_128.h"
#include "VM_uart_receiver_139.h"
#include "VM_uart_receiver_1667.h"
#include "VM_uart_receiver_64.h"
#include "VM_uart_transmitter_128.h"
#include "VM_uart_transmitter_139.h"
#include "VM_uart_transmitter_1667.h"
#include "VM_uart_transmitter_64.h"
#include "rtl_modules/uart_line.hpp"

namespace uart_transmitter_bench {
namespace {

using namespace settle;
using namespace settle::testing;
using Bytes = std::vector<std::uint8_t>;

template <class Transmitter, class Receiver, int divisor16>
struct Pair {
  static constexpr int kDivisor16 = divisor16;
  static constexpr int kBytes = 1000000 / divisor16;

  explicit Pair(int seed) : random(static_cast<std::uint64_t>(seed)), transmitter(seed), receiver(seed + 1) {
    transmitter->valid_i = 0;
    receiver->rx_i = 1;
    reset(transmitter);
    reset(receiver);
  }

  /// `bytes` and some silence on the line; before each byte up to `most_gap` cycles pass.
  std::vector<bool> levels(const Bytes& bytes, int most_gap) {
    std::vector<bool> line;
    std::size_t at = 0;
    int gap = 0;
    const std::size_t patience = (bytes.size() + 2) * static_cast<std::size_t>(12 * divisor16 / 16 + most_gap);
    for (int silence = 0; silence < 12 * divisor16 / 16 && line.size() < patience;) {
      transmitter->valid_i = at < bytes.size() && gap == 0;
      transmitter->byte_i = transmitter->valid_i != 0 ? bytes[at] : static_cast<std::uint8_t>(random.next());
      transmitter.settle();
      line.push_back(transmitter->tx_o != 0);
      if (transmitter->valid_i != 0 && transmitter->ready_o != 0) {
        ++at;
        gap = most_gap == 0 ? 0 : random.below(most_gap);
      } else if (gap > 0) {
        --gap;
      }
      silence = at < bytes.size() ? 0 : silence + 1;
      receiver->rx_i = transmitter->tx_o;
      transmitter.clock();
      receiver.clock();
      if (receiver->valid_o != 0) received.push_back(receiver->byte_o);
    }
    return line;
  }

  Random random;
  Bench<Transmitter> transmitter;
  Bench<Receiver> receiver;
  Bytes received;
};

using Shortest = Pair<VM_uart_transmitter_64, VM_uart_receiver_64, 64>;
using Whole = Pair<VM_uart_transmitter_128, VM_uart_receiver_128, 128>;
using Fraction = Pair<VM_uart_transmitter_139, VM_uart_receiver_139, 139>;
using Long = Pair<VM_uart_transmitter_1667, VM_uart_receiver_1667, 1667>;

/// Bytes of a line whose bits are where they belong, within a cycle. `wrong` counts the cycles that are not.
Bytes decode(const std::vector<bool>& line, int divisor16, int& wrong) {
  Bytes bytes;
  std::size_t at = 0;
  while (true) {
    while (at < line.size() && line[at]) ++at;
    if (at == line.size()) return bytes;
    const auto edge = [&](int bit) { return at + static_cast<std::size_t>(bit * divisor16 / 16); };
    unsigned bits = 0;
    for (int bit = 0; bit < 10; ++bit) {
      const bool level = line.at((edge(bit) + edge(bit + 1)) / 2);
      bits |= static_cast<unsigned>(level) << bit;
      for (std::size_t i = edge(bit) + (bit == 0 ? 0 : 1); i < edge(bit + 1); ++i) wrong += line.at(i) != level;
    }
    wrong += (bits & 1u) != 0 || (bits >> 9) != 1;
    bytes.push_back(static_cast<std::uint8_t>(bits >> 1));
    at = edge(10);
  }
}

}  // namespace

TEST_CASE_TEMPLATE("uart_transmitter: every bit where it belongs, within a cycle, and received", P, Shortest, Whole,
                   Fraction, Long) {
  P pair(1);
  for (const int most_gap : {0, 3, 2 * P::kDivisor16}) {
    Bytes sent;
    for (int i = 0; i < P::kBytes; ++i) sent.push_back(static_cast<std::uint8_t>(pair.random.next()));
    int wrong = 0;
    pair.received.clear();
    const std::vector<bool> line = pair.levels(sent, most_gap);
    CHECK(decode(line, P::kDivisor16, wrong) == sent);
    CHECK(wrong == 0);
    CHECK(pair.received == sent);
    // No more than two cycles per byte are lost between bytes that wait.
    if (most_gap == 0) CHECK(line.size() < sent.size() * (10 * P::kDivisor16 + 32) / 16 + 13 * P::kDivisor16 / 16);
  }
}

TEST_CASE_TEMPLATE("uart_transmitter: a reset lets go of the line at once", P, Shortest, Whole, Fraction, Long) {
  P pair(2);
  for (int bits = 0; bits < 10; ++bits) {
    pair.transmitter->valid_i = 1;
    pair.transmitter->byte_i = 0;
    for (int i = 0; i < bits * P::kDivisor16 / 16; ++i) pair.transmitter.clock();
    pair.transmitter->valid_i = 0;
    reset(pair.transmitter);
    CHECK(pair.transmitter->tx_o == 1);
    int wrong = 0;
    CHECK(decode(pair.levels({0x35}, 0), P::kDivisor16, wrong) == Bytes{0x35});
    CHECK(wrong == 0);
  }
}

}  // namespace uart_transmitter_bench
