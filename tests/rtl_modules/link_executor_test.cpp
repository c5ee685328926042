// Requests from a buffer, on a port that answers at random: every access and every answer against the protocol.
#include <doctest/doctest.h>

#include "rtl_modules/executor_bench.hpp"

namespace link_executor_bench {
namespace {

using namespace settle;
using namespace settle::testing;

constexpr Request kKinds[] = {Request::sync, Request::reset, Request::read, Request::write, Request::wait};

/// A short request that is well formed.
Bytes plain_request(unsigned number, Request kind) {
  switch (kind) {
    case Request::sync:
      return request(number, kind, 1, 0, {1, 2, 3, 4});
    case Request::reset:
      return request(number, kind, 1, 0);
    case Request::read:
    case Request::write:
      return request(number, kind, 2, 0x123456, kind == Request::read ? Bytes{1} : Bytes{1, 2, 3, 4});
    default:
      return request(number, kind, 1, 0, {0});
  }
}

/// Something that hosts do not send.
Bytes malformed(Random& random, Bytes frame) {
  switch (random.below(3)) {
    case 0:
      frame[1] = static_cast<std::uint8_t>(frame[1] ^ (1u << random.below(8)));
      break;
    case 1:
      frame.resize(kShortestRequest +
                   static_cast<std::size_t>(random.below(static_cast<int>(frame.size() - kShortestRequest + 1))));
      break;
    default:
      append(frame, random_content(random, static_cast<std::size_t>(1 + random.below(5))));
      if (frame.size() > registers::kLongestRequest) frame.resize(registers::kLongestRequest);
      break;
  }
  return frame;
}

/// All of what is asked for happens, and often.
void many_requests(int count) {
  ExecutorBench bench(1);
  Random& random = bench.random();
  unsigned next = 0;  // what a host would send that has seen nothing go wrong
  for (int i = 0; i < count; ++i) {
    if (i % 200 == 0) {
      constexpr int kStalls[] = {1, 2, 5}, kRates[] = {0, 0, 10, 40, 300};
      bench.stall = kStalls[random.below(3)];
      bench.refuse_one_in = kRates[random.below(5)];
      bench.busy_one_in = kRates[random.below(5)];
      bench.busy = bench.busy && bench.busy_one_in != 0;
      bench.tick_one_in = random.one_in(2) ? 50 : 400;
      if (random.one_in(4)) bench.restart();
    }
    if (bench.waiting() == 0 && random.one_in(3)) next = bench.model().due();
    unsigned number = next;
    if (random.one_in(6)) number = next - static_cast<unsigned>(random.below(140));
    if (random.one_in(20)) number = static_cast<unsigned>(random.below(256));
    std::uint32_t address = static_cast<std::uint32_t>(random.next()) & 0xffffffu;
    if (random.one_in(4)) address |= 0xffff0u;  // near a region's end
    Bytes frame = random_request(random, number, address);
    if (random.one_in(12)) frame = malformed(random, frame);
    if (number == next) ++next;
    while (!bench.fits(frame) && bench.fault().empty()) bench.cycle();
    bench.push(frame);
    if (random.one_in(30)) bench.error(random.one_in(2) ? Answer::bad_frame : Answer::timed_out);
    if (random.one_in(2)) bench.cycles(random.below(100));
    if (random.one_in(3)) bench.run();
    REQUIRE(bench.fault() == "");
  }
  bench.run();
  CHECK(bench.fault() == "");
  CHECK(bench.answers(Answer::ok) > 25000);
  for (const Answer code : {Answer::repeated, Answer::busy, Answer::no_address, Answer::bad_request,
                            Answer::out_of_sequence, Answer::no_session}) {
    CAPTURE(static_cast<int>(code));
    CHECK(bench.answers(code) > 1000);
  }
  CHECK(bench.reports() > 1000);
}

}  // namespace

TEST_CASE("link_executor: random requests, sent ahead, repeated, lost, malformed, refused; broken frames; resets") {
  many_requests(250000);
}

// `make soak`.
TEST_CASE("link_executor: two million random requests" * doctest::test_suite("soak") * doctest::skip()) {
  many_requests(2000000);
}

TEST_CASE("link_executor: every kind of request with every short length, in a session and before") {
  ExecutorBench bench(2);
  for (const bool session : {false, true}) {
    for (int code = 0; code < 256; ++code) {
      for (std::size_t size = kShortestRequest; size <= 15; ++size) {
        if (!session) bench.restart();
        if (session && (!bench.model().in_session() || bench.random().one_in(50))) {
          bench.sync(static_cast<std::uint8_t>(bench.random().next()));
        }
        Bytes frame = random_content(bench.random(), size);
        frame[0] = bench.model().due();
        frame[1] = static_cast<std::uint8_t>(code);
        bench.ask(frame);
        REQUIRE(bench.fault() == "");
      }
    }
  }
  CHECK(bench.answers(Answer::ok) > 0);
}

TEST_CASE("link_executor: every distance from the number that is due") {
  ExecutorBench bench(3);
  for (const Request kind : kKinds) {
    for (unsigned number = 0; number < 256; ++number) {
      const auto due = static_cast<std::uint8_t>(bench.random().next());
      bench.sync(due);
      bench.ask(plain_request(due + number, kind));
      // Whatever it was, the one that is due now is carried out.
      bench.ask(plain_request(bench.model().due(), Request::write));
      CHECK(bench.accesses().size() == 2);
      REQUIRE(bench.fault() == "");
    }
  }
}

TEST_CASE("link_executor: the longest reads and writes, across a region's end") {
  ExecutorBench bench(4);
  bench.sync(7);
  for (const int bytes : {1, 2, 4}) {
    const auto size = static_cast<std::size_t>(bytes);
    const std::size_t most = (registers::kLongestRequest - 5) / size * size;
    for (const std::uint32_t address : {0u, 0x5fff80u, 0xfffff0u}) {
      bench.ask(request(bench.model().due(), Request::read, bytes, address, {255}));
      CHECK(bench.last_answer().size() == 256 * size + 2);
      bench.ask(request(bench.model().due(), Request::write, bytes, address, random_content(bench.random(), most)));
      CHECK(bench.accesses().size() == most / size);
      REQUIRE(bench.fault() == "");
    }
  }
}

TEST_CASE("link_executor: an access refused ends the request there; it can be sent again") {
  ExecutorBench bench(5);
  bench.sync(0);
  for (const Request kind : {Request::read, Request::write}) {
    for (int refused = 0; refused < 5; ++refused) {
      const unsigned due = bench.model().due();
      const Bytes frame = request(due, kind, 1, 0x100000, kind == Request::read ? Bytes{4} : Bytes{1, 2, 3, 4, 5});
      bench.refuse_at = refused;
      CHECK(bench.ask(frame).back() == static_cast<int>(Answer::no_address));
      CHECK(bench.accesses().size() == static_cast<std::size_t>(refused + 1));
      CHECK(bench.model().due() == due);
      CHECK(bench.ask(frame).back() == static_cast<int>(Answer::ok));
      CHECK(bench.accesses().size() == 5);
      REQUIRE(bench.fault() == "");
    }
  }
}

TEST_CASE("link_executor: a wait ends when the array is idle, or n ticks after the first") {
  constexpr int kSoon = 40;  // cycles in which a request is read from the buffer, or an answer begins
  ExecutorBench bench(6);
  bench.sync(0);
  for (const int n : {0, 1, 2, 7, 255}) {
    for (const bool idles : {false, true}) {
      CAPTURE(n);
      bench.busy = true;
      bench.push(request(bench.model().due(), Request::wait, 1, 0, {static_cast<std::uint8_t>(n)}));
      bench.cycles(kSoon);
      for (int ticks = 0; ticks <= n; ++ticks) {
        CHECK(bench.waiting() == 1);
        CHECK(!bench.in_answer());
        if (idles && ticks == n) break;
        bench.tick_now = true;
        bench.cycles(1 + bench.random().below(20));
      }
      if (idles) bench.busy = false;
      bench.cycles(kSoon);
      CHECK(bench.waiting() == 0);
      CHECK(bench.last_answer().back() == static_cast<int>(Answer::ok));
      REQUIRE(bench.fault() == "");
    }
  }
}

TEST_CASE("link_executor: a reset holds the array's reset for some cycles") {
  ExecutorBench bench(7);
  bench.sync(0);
  bench.busy = true;  // it does not have to be idle for that
  bench.ask(plain_request(bench.model().due(), Request::reset));
  CHECK(bench.reset_cycles() >= 2);
  CHECK(bench.reset_cycles() <= 16);
  CHECK(bench.last_answer().back() == static_cast<int>(Answer::ok));
  CHECK(bench.fault() == "");
}

TEST_CASE(
    "link_executor: frames that broke while others were answered are told once, afterwards, as the last of them") {
  ExecutorBench bench(8);
  bench.sync(0);
  for (int i = 0; i < 100; ++i) {
    const int before = bench.reports();
    for (unsigned j = 0; j < 3; ++j) bench.push(plain_request(bench.model().due() + j, Request::write));
    for (int errors = 0; errors < 4; ++errors) {
      bench.cycles(bench.random().below(20));
      REQUIRE(bench.waiting() > 0);
      bench.error(bench.random().one_in(2) ? Answer::bad_frame : Answer::timed_out);
    }
    bench.run();
    CHECK(bench.reports() == before + 1);
    bench.cycles(50);
    REQUIRE(bench.fault() == "");
  }
}

TEST_CASE("link_executor: a frame that breaks while a report is on its way is told, too") {
  ExecutorBench bench(9);
  for (int apart = 1; apart < 60; ++apart) {
    bench.stall = 1 + apart % 7;
    const int before = bench.reports();
    bench.error(Answer::bad_frame);
    bench.cycles(apart);
    bench.error(Answer::timed_out);
    bench.run();
    CHECK(bench.last_answer() == Bytes{0, static_cast<std::uint8_t>(Answer::timed_out)});
    CHECK(bench.reports() - before == 2);
    REQUIRE(bench.fault() == "");
  }
}

}  // namespace link_executor_bench
