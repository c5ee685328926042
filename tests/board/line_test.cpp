// The adapter on pins, and the faults that are made on purpose.
#include <algorithm>
#include <cmath>
#include <memory>

#include <doctest/doctest.h>

#include "board/echo_board.hpp"
#include "board/stream_checks.hpp"
#include "error_message.hpp"
#include "sim/board/line/line_end.hpp"
#include "sim/board/line/pin_stream.hpp"

using namespace settle;
using namespace settle_test;
using std::chrono::microseconds;

namespace {

/// A byte's levels, each for `divisor16` sixteenths of a cycle, beginning `phase` sixteenths after a cycle's edge, as
/// another clock would send it; after it a stop bit of its own length. The adapter's bytes.
Bytes heard(const Bytes& bytes, int divisor16, int line_divisor16, int phase) {
  LineAdapter adapter(divisor16);
  Bytes result;
  const auto level = [&](std::int64_t at) {  // in sixteenths of a cycle
    if (at < 0) return true;
    const std::int64_t bit = at / line_divisor16, byte = bit / 10;
    if (byte >= static_cast<std::int64_t>(bytes.size())) return true;
    const std::int64_t place = bit % 10;
    if (place == 0) return false;
    return place == 9 || ((bytes[static_cast<std::size_t>(byte)] >> (place - 1)) & 1) != 0;
  };
  const std::int64_t end = static_cast<std::int64_t>(bytes.size() + 1) * 10 * line_divisor16;
  for (std::int64_t at = -phase; at < end; at += 16) {
    if (const auto byte = adapter.clock(level(at))) result.push_back(*byte);
  }
  CHECK(adapter.idle());
  return result;
}

/// What comes out of one direction of a line; `gap` cycles between bytes.
struct Passed {
  Bytes bytes;
  FaultCounts counts;
  std::uint64_t longest_hold = 0;
};

Passed pass(const FaultRates& rates, std::uint32_t direction, const Bytes& bytes, std::uint64_t gap) {
  LineFaults faults(rates, direction);
  Passed passed;
  std::uint64_t now = 0;
  for (const std::uint8_t byte : bytes) {
    faults.push(byte, now);
    for (std::uint64_t held = 0; held < gap; ++held, ++now) {
      while (const auto next = faults.pop(now)) {
        passed.bytes.push_back(*next);
        passed.longest_hold = std::max(passed.longest_hold, held);
      }
    }
  }
  CHECK(faults.empty());
  passed.counts = faults.counts();
  return passed;
}

/// Within five standard deviations of a binomial distribution.
void check_rate(std::uint64_t count, std::uint64_t of, double rate) {
  const double mean = rate * static_cast<double>(of), deviation = std::sqrt(mean * (1 - rate));
  CHECK(std::abs(static_cast<double>(count) - mean) <= 5 * deviation);
}

Bytes echoed(PinStream& stream, const Bytes& bytes) {
  send(stream, bytes);
  return drain(stream);
}

}  // namespace

TEST_CASE("every byte passes the pins, at whole and broken lengths of a bit") {
  const Bytes bytes = all_bytes();
  for (const int divisor16 : {64, 65, 73, 79, 83, 192, 384, 217 * 16, 1000 * 16 + 7}) {
    INFO("divisor16 ", divisor16);
    PinStream stream(std::make_unique<EchoBoard>(divisor16));
    CHECK(echoed(stream, bytes) == bytes);
    CHECK(stream.line().host().adapter().broken() == 0);
    CHECK(stream.line().host().idle());
  }
}

TEST_CASE("bytes that touch keep the line's speed") {
  for (const int divisor16 : {64, 73, 384}) {
    PinStream stream(std::make_unique<EchoBoard>(divisor16));
    const Bytes bytes = random_bytes(500, 1);
    echoed(stream, bytes);
    const double cycles = static_cast<double>(stream.line().board().cycles()) -
                          static_cast<double>(stream.silence().count()) * 24.0;  // that drain() waited at last
    CHECK(cycles / 500 == doctest::Approx(divisor16 / 1.6).epsilon(0.01));
  }
}

TEST_CASE("the adapter follows a line whose clock differs, from any phase") {
  const Bytes bytes = random_bytes(200, 2);
  for (int phase = 0; phase < 16; phase += 5) {
    CHECK(heard(bytes, 384, 384, phase) == bytes);
    CHECK(heard(bytes, 384, 391, phase) == bytes);  // 2 % slow
    CHECK(heard(bytes, 384, 377, phase) == bytes);  // 2 % fast
    CHECK(heard(bytes, 64, 64, phase) == bytes);
    CHECK(heard(bytes, 73, 73, phase) == bytes);
  }
  CHECK(heard(bytes, 384, 300, 0) != bytes);
}

TEST_CASE("spikes are no bytes, and a byte without a stop bit is dropped and counted") {
  LineAdapter adapter(384);
  const auto hold = [&](bool level, int cycles) {
    int bytes = 0;
    for (int i = 0; i < cycles; ++i) bytes += adapter.clock(level) ? 1 : 0;
    return bytes;
  };
  CHECK(hold(true, 100) == 0);
  CHECK(hold(false, 5) == 0);
  CHECK(hold(true, 400) == 0);
  CHECK(adapter.idle());
  CHECK(adapter.broken() == 0);
  CHECK(hold(false, 500) == 0);  // a break
  CHECK(adapter.broken() == 1);
  CHECK(hold(true, 100) == 0);
  CHECK(adapter.idle());
  CHECK(hold(false, 24) == 0);
  CHECK(hold(true, 300) == 1);
}

TEST_CASE("lengths of a bit and rates out of range") {
  check_fails([] { LineAdapter adapter(63); }, "63 sixteenths of a cycle per bit; 64 to 4194304");
  check_fails([] { LineAdapter adapter(kMostDivisor16 + 1); }, "64 to 4194304");
  const auto refused = [](double FaultRates::*rate, double value, const char* part) {
    FaultRates rates;
    rates.*rate = value;
    check_fails([&] { LineFaults faults(rates, 0); }, part);
  };
  refused(&FaultRates::drop, -0.1, "drop: -0.1; 0 to 1 is allowed");
  refused(&FaultRates::flip, 1.5, "flip: 1.5");
  refused(&FaultRates::repeat, std::nan(""), "repeat: nan");
  refused(&FaultRates::delay, 2, "delay: 2");
  refused(&FaultRates::hang_up, 2, "hang_up: 2");
  refused(&FaultRates::reset, -1, "resets per second: -1");
  FaultRates rates;
  rates.most_delay = 0;
  check_fails([&] { LineFaults faults(rates, 0); }, "most_delay");
}

TEST_CASE("a line without faults changes nothing") {
  const Bytes bytes = random_bytes(1000, 3);
  const Passed passed = pass({}, 0, bytes, 1);
  CHECK(passed.bytes == bytes);
  CHECK(passed.counts.bytes == 1000);
  CHECK(passed.counts.dropped + passed.counts.flipped + passed.counts.repeated + passed.counts.delayed == 0);
  CHECK(passed.longest_hold == 0);
}

TEST_CASE("each fault comes at its rate and does what it says") {
  const std::size_t count = 100000;
  const Bytes bytes = random_bytes(count, 4);
  FaultRates rates;
  SUBCASE("drop") {
    rates.drop = 0.01;
    const Passed passed = pass(rates, 0, bytes, 1);
    check_rate(passed.counts.dropped, count, 0.01);
    CHECK(passed.bytes.size() == count - passed.counts.dropped);
  }
  SUBCASE("flip") {
    rates.flip = 0.02;
    const Passed passed = pass(rates, 0, bytes, 1);
    check_rate(passed.counts.flipped, count, 0.02);
    REQUIRE(passed.bytes.size() == count);
    std::uint64_t flipped[8] = {}, others = 0;
    for (std::size_t i = 0; i < count; ++i) {
      const unsigned changed = passed.bytes[i] ^ bytes[i];
      if (changed == 0) continue;
      ++others;
      for (int bit = 0; bit < 8; ++bit) {
        if (changed == 1U << bit) {
          ++flipped[bit];
          --others;
        }
      }
    }
    CHECK(others == 0);
    for (const std::uint64_t n : flipped) check_rate(n, count, 0.02 / 8);
  }
  SUBCASE("repeat") {
    rates.repeat = 0.03;
    const Passed passed = pass(rates, 0, bytes, 1);
    check_rate(passed.counts.repeated, count, 0.03);
    CHECK(passed.bytes.size() == count + passed.counts.repeated);
  }
  SUBCASE("delay") {
    rates.delay = 0.1;
    rates.most_delay = 50;
    const Passed passed = pass(rates, 0, bytes, 51);
    check_rate(passed.counts.delayed, count, 0.1);
    CHECK(passed.bytes == bytes);
    CHECK(passed.longest_hold == 50);
  }
}

TEST_CASE("bytes after one that is held back wait for it") {
  FaultRates rates;
  rates.delay = 0.2;
  rates.most_delay = 300;
  const Bytes bytes = random_bytes(2000, 5);
  LineFaults faults(rates, 0);
  Bytes came;
  std::uint64_t now = 0;
  for (const std::uint8_t byte : bytes) {
    faults.push(byte, now++);
    while (const auto next = faults.pop(now)) came.push_back(*next);
  }
  CHECK(came.size() < bytes.size());
  now += rates.most_delay;
  while (const auto next = faults.pop(now)) came.push_back(*next);
  CHECK(came == bytes);
}

TEST_CASE("the same seed makes the same faults; seeds and directions differ") {
  FaultRates rates;
  rates.drop = rates.flip = rates.repeat = rates.delay = 0.05;
  const Bytes bytes = random_bytes(5000, 6);
  const Bytes first = pass(rates, 0, bytes, 1000).bytes;
  CHECK(pass(rates, 0, bytes, 1000).bytes == first);
  CHECK(pass(rates, 1, bytes, 1000).bytes != first);
  FaultRates other = rates;
  other.seed = 2;
  CHECK(pass(other, 0, bytes, 1000).bytes != first);
  // The numbers themselves are part of what --seed promises, on every machine.
  FaultRandom random(1, 0);
  CHECK(random.below(1000000) == 758437);
}

TEST_CASE("resets come at their rate and after their bytes") {
  FaultRates rates;
  rates.reset = 10;
  BoardFaults faults(rates);
  const std::uint64_t seconds = 100, step = 1000;
  for (std::uint64_t now = 0; now < seconds * kNominalHertz; now += step) faults.take_reset(now);
  CHECK(std::abs(static_cast<double>(faults.resets()) - 1000) < 5 * std::sqrt(1000.0));

  rates.reset = 0;
  rates.reset_after = 3;
  BoardFaults once(rates);
  for (int i = 1; i <= 10; ++i) {
    once.byte();
    CHECK(once.take_reset(1) == (i == 3));
  }
  CHECK(once.resets() == 1);
}

TEST_CASE("the line is closed at its rate and after its bytes") {
  FaultRates rates;
  rates.hang_up = 0.01;
  BoardFaults faults(rates);
  for (int i = 0; i < 100000; ++i) {
    faults.byte();
    faults.take_hang_up();
  }
  check_rate(faults.hang_ups(), 100000, 0.01);

  rates.hang_up = 0;
  rates.hang_up_after = 4;
  BoardFaults once(rates);
  for (int i = 1; i <= 10; ++i) {
    once.byte();
    CHECK(once.take_hang_up() == (i == 4));
  }
  CHECK(once.hang_ups() == 1);
}

TEST_CASE("a stream through pins: time passes only in read, by the nominal clock") {
  PinStream stream(std::make_unique<EchoBoard>(64));
  CHECK(stream.name() == "pins");
  std::uint8_t bytes[16];
  CHECK(stream.read(bytes, sizeof bytes, microseconds(1000)) == 0);
  CHECK(stream.line().board().cycles() == 24000);
  CHECK(stream.read(bytes, sizeof bytes, microseconds(0)) == 0);
  CHECK(stream.read(bytes, sizeof bytes, microseconds(-5)) == 0);
  const std::uint8_t hello[] = {'h', 'e', 'l', 'l', 'o'};
  stream.write(hello, sizeof hello);
  CHECK(stream.line().board().cycles() == 24000);
  CHECK(stream.read(bytes, 0, microseconds(1000)) == 0);
  CHECK(stream.line().board().cycles() == 24000);
  CHECK(stream.read(bytes, sizeof bytes, microseconds(1000)) == 1);  // as soon as any are there
  CHECK(bytes[0] == 'h');
  CHECK(stream.line().board().cycles() < 24000 + 100);
  CHECK(stream.silence() > microseconds(200));  // not all has left yet
  drain(stream);
  CHECK(stream.silence() == microseconds(200));
}

TEST_CASE("a stream that is opened anew has nothing in it") {
  PinStream stream(std::make_unique<EchoBoard>(64));
  const Bytes bytes = random_bytes(300, 7);
  std::uint8_t taken[10];
  stream.write(bytes.data(), bytes.size());
  stream.read(taken, sizeof taken, microseconds(1000));
  stream.reopen();
  CHECK(drain(stream).empty());
  CHECK(echoed(stream, {1, 2, 3}) == Bytes{1, 2, 3});
}

TEST_CASE("a stream with faults: counted both ways, silent only when nothing is held back") {
  FaultRates rates;
  rates.drop = 0.01;
  rates.delay = 0.05;
  rates.most_delay = 20000;
  PinStream stream(std::make_unique<EchoBoard>(64), rates);
  CHECK(stream.silence() > microseconds(1000));
  const Bytes came = echoed(stream, random_bytes(5000, 8));
  const LineEnd& host = stream.line().host();
  CHECK(host.to_board().bytes == 5000);
  CHECK(host.to_host().bytes == 5000 - host.to_board().dropped);
  CHECK(came.size() == host.to_host().bytes - host.to_host().dropped);
  CHECK(host.idle());
  check_rate(host.to_board().dropped, 5000, 0.01);
  check_rate(host.to_host().delayed, 5000, 0.05);
}

TEST_CASE("a line that is closed is lost until it is opened anew") {
  FaultRates rates;
  rates.hang_up_after = 5;
  PinStream stream(std::make_unique<EchoBoard>(64), rates);
  const Bytes bytes = random_bytes(20, 9);
  stream.write(bytes.data(), bytes.size());
  CHECK_THROWS_AS(drain(stream), DeviceLost);
  std::uint8_t taken[10];
  CHECK_THROWS_AS(stream.read(taken, sizeof taken, microseconds(10)), DeviceLost);
  CHECK_THROWS_AS(stream.write(taken, sizeof taken), DeviceLost);
  check_fails([&] { stream.write(taken, sizeof taken); }, "pins: the line was closed");
  stream.reopen();
  CHECK(echoed(stream, bytes) == bytes);
}

TEST_CASE("a board that is reset in mid run") {
  FaultRates rates;
  rates.reset_after = 10;
  auto board = std::make_unique<EchoBoard>(64);
  const EchoBoard& echo = *board;
  PinStream stream(std::move(board), rates);
  const Bytes bytes = random_bytes(50, 10);
  CHECK(echoed(stream, bytes) != bytes);
  CHECK(echo.resets == 1);
  CHECK(stream.line().host().faults().resets() == 1);
  CHECK(echoed(stream, bytes) == bytes);
}
