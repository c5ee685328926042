#include "device/link/link_client.hpp"

#include <algorithm>

#include <doctest/doctest.h>

#include "base/splitmix.hpp"
#include "error_message.hpp"
#include "model_board.hpp"

using namespace settle;
using registers::Request;
using settle_test::message_of;
using settle_test::ModelBoard;

namespace {

LinkRequest write_word(std::uint32_t where, std::uint32_t value) {
  LinkRequest request;
  request.kind = Request::write;
  request.address = where;
  request.bytes = 4;
  for (int i = 0; i < 4; ++i) request.content.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
  return request;
}

LinkRequest write_step(std::uint32_t value) { return write_word(registers::step_lo, value); }

LinkRequest read_words(std::uint32_t address, std::size_t words) {
  LinkRequest request;
  request.address = address;
  request.bytes = 4;
  request.content = {static_cast<std::uint8_t>(words - 1)};
  request.expected = 4 * words;
  return request;
}

/// A line on which a byte comes every 10 ms, for ever: something else speaks.
class TricklingStream : public ByteStream {
 public:
  const std::string& name() const override { return name_; }
  void write(const std::uint8_t*, std::size_t) override {}
  std::size_t read(std::uint8_t* bytes, std::size_t size, std::chrono::microseconds patience) override {
    now_ += std::min<std::chrono::microseconds>(patience, std::chrono::milliseconds(10));
    if (size == 0 || patience < std::chrono::milliseconds(10)) return 0;
    *bytes = static_cast<std::uint8_t>(++count_ * 37);
    return 1;
  }
  std::chrono::microseconds now() const override { return now_; }
  std::chrono::microseconds silence() const override { return std::chrono::milliseconds(20); }
  void reopen() override {}

 private:
  std::string name_ = "trickle";
  std::chrono::microseconds now_{0};
  unsigned count_ = 0;
};

LinkRequest to(Request kind) {
  LinkRequest request;
  request.kind = kind;
  return request;
}

/// Hits byte number `when` of all that passes, in one of the ways of a bad line.
struct OneFault {
  std::size_t when;
  int kind;
  std::size_t passed = 0;

  void operator()(std::uint8_t byte, Bytes& arrived) {
    if (passed++ != when) return arrived.push_back(byte);
    if (kind == 1) arrived.push_back(static_cast<std::uint8_t>(byte ^ (1u << (when % 8))));
    if (kind == 2) arrived.insert(arrived.end(), 2, byte);
  }
};

}  // namespace

TEST_CASE("requests are sent ahead as far as the board's buffer goes, and done in order") {
  ModelBoard board(configuration("tiny"));
  LinkClient client(board);
  std::vector<LinkRequest> requests;
  for (std::uint32_t i = 0; i < 500; ++i) requests.push_back(write_step(i));
  requests.push_back(read_words(registers::step_lo, 1));
  client.run(requests);
  CHECK(requests.back().data == Bytes{499 & 255, 499 >> 8, 0, 0});
  CHECK_FALSE(board.overrun());
  CHECK(board.carried_out() == 502);  // and the sync
  CHECK(client.statistics().round_trips == 1);
  CHECK(client.statistics().requests == 501);
  CHECK(client.statistics().repeats == 0);
}

TEST_CASE("whatever byte is lost, changed or doubled, both ways: nothing is done twice, nothing is left out") {
  const Configuration tiny = configuration("tiny");
  std::size_t bytes_out = 0, bytes_in = 0;
  for (const bool outward : {true, false}) {
    for (int kind = 0; kind < 3; ++kind) {
      for (std::size_t when = 0;; ++when) {
        ModelBoard board(tiny);
        LinkClient client(board);
        OneFault fault{when, kind};
        (outward ? board.to_board : board.to_host) = [&](std::uint8_t b, Bytes& arrived) { fault(b, arrived); };
        std::vector<LinkRequest> requests;
        // Three runs of five steps: a start that came twice would count ten.
        requests.push_back(write_word(address(registers::Memory::segment, 0), 5));
        requests.push_back(write_word(registers::segments, 1));
        for (std::uint32_t i = 0; i < 3; ++i) {
          requests.push_back(write_word(registers::refresh, 100 + i));
          requests.push_back(write_word(registers::control, 1));
          requests.push_back(to(Request::wait));
          requests.back().content = {3};
        }
        requests.push_back(read_words(registers::step_lo, 4));
        client.run(requests);
        CHECK(requests.back().data == Bytes{15, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 102, 0, 0, 0});
        std::vector<LinkRequest> more = {write_step(7), read_words(registers::step_lo, 1)};
        client.run(more);
        CHECK(more.back().data == Bytes{7, 0, 0, 0});
        (outward ? bytes_out : bytes_in) = fault.passed;
        if (when > fault.passed) break;  // nothing was hit any more
      }
    }
  }
  CHECK(bytes_out > 150);
  CHECK(bytes_in > 100);
}

TEST_CASE("a request that the board refuses is named, and the link goes on") {
  ModelBoard board(configuration("tiny"));
  LinkClient client(board);
  std::vector<LinkRequest> requests = {write_step(1), read_words(999, 1), read_words(registers::step_lo, 1)};
  const std::string message = message_of([&] { client.run(requests); });
  CHECK(message.find("0x0003e7") != std::string::npos);
  CHECK(message.find("no such address") != std::string::npos);
  std::vector<LinkRequest> more = {read_words(registers::step_lo, 1)};
  client.run(more);
  CHECK(more[0].data == Bytes{1, 0, 0, 0});
}

TEST_CASE("a board that was reset, is unplugged or does not answer is said so, by type") {
  ModelBoard board(configuration("tiny"));
  LinkClient client(board, {std::chrono::milliseconds(100), 3});
  std::vector<LinkRequest> one = {read_words(0, 1)};
  board.power_cycle();
  CHECK_THROWS_AS(client.run(one), DeviceReset);
  client.begin();
  client.run(one);
  board.unplug();
  CHECK_THROWS_AS(client.run(one), DeviceLost);
  board.plug();
  board.reopen();
  client.run(one);
  board.to_host = [](std::uint8_t, Bytes&) {};
  CHECK_THROWS_AS(client.run(one), DeviceTimeout);
  CHECK_THROWS_AS(client.begin(), DeviceTimeout);
  CHECK(message_of([&] { client.begin(); }).find("no answer in 3 attempts") != std::string::npos);
  board.to_host = nullptr;
  client.begin();
  client.run(one);
}

TEST_CASE("a line that never falls silent, or brings only noise, ends in an error") {
  ModelBoard board(configuration("tiny"));
  std::uint64_t n = 0;
  board.to_host = [&](std::uint8_t, Bytes& arrived) { arrived.push_back(static_cast<std::uint8_t>(mix64(++n))); };
  CHECK_THROWS_AS(LinkClient(board, {std::chrono::milliseconds(100), 3}), DeviceTimeout);
}

TEST_CASE("a new session is not misled by an old one's answers") {
  ModelBoard board(configuration("tiny"));
  {
    LinkClient first(board);
    Bytes half = encode_frame({9, 9, 9, 9, 9, 9, 9, 9});
    half.resize(6);
    board.write(half.data(), half.size());  // it died in the middle of a frame
  }
  LinkClient second(board);
  std::vector<LinkRequest> requests = {write_step(5), read_words(registers::step_lo, 1)};
  second.run(requests);
  CHECK(requests[1].data == Bytes{5, 0, 0, 0});
}

TEST_CASE("link client: a line that trickles is given up after the time that it is borne") {
  TricklingStream line;
  LinkTimes times;
  times.noise = std::chrono::seconds(2);
  CHECK_THROWS_AS(LinkClient(line, times), DeviceTimeout);
  CHECK(line.now() > times.noise);
  CHECK(line.now() < 2 * times.noise);
  const std::string message = message_of([&] { LinkClient client(line, times); });
  CHECK(message.find("trickle: the line does not fall silent") != std::string::npos);
}

TEST_CASE("link client: nobody who wants to end waits for a line, be it noisy or silent") {
  TricklingStream line;
  LinkTimes times;
  int asked = 0;
  times.stop = [&] { return ++asked > 3; };
  CHECK_THROWS_AS(LinkClient(line, times), DeviceTimeout);
  CHECK(line.now() < std::chrono::milliseconds(100));

  ModelBoard board(configuration("tiny"));
  LinkTimes silent;
  bool stop = false;
  silent.stop = [&] { return stop; };
  LinkClient client(board, silent);
  int lost = 0;
  board.to_board = [&](std::uint8_t, Bytes&) { stop = ++lost > 5; };
  std::vector<LinkRequest> requests = {write_step(1)};
  const std::string message = message_of([&] { client.run(requests); });
  CHECK(message == "model-board: interrupted");
}
