// Lines on which something else than a good board speaks, by a clock of their own: nothing here waits.
#include <deque>
#include <functional>

#include <doctest/doctest.h>

#include "contract/builtin/builtin_configurations.hpp"
#include "device/identity.hpp"
#include "device/link/resuming_device.hpp"
#include "device/run_watch.hpp"
#include "device/streams/stream_to.hpp"
#include "error_message.hpp"
#include "model_board.hpp"

using namespace settle;
using namespace settle_test;
using registers::Answer;
using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

/// What is written goes to `heard`, which says what comes back. Time passes only while the host waits.
class Line : public ByteStream {
 public:
  std::function<Bytes(const Bytes&)> heard = [](const Bytes&) { return Bytes{}; };
  std::function<Bytes()> unasked;  ///< what comes besides, whenever nothing else does
  bool closes = false;             ///< after all that it has to say
  milliseconds takes{1};           ///< a read that brings something

  const std::string& name() const override { return name_; }
  void write(const std::uint8_t* bytes, std::size_t size) override {
    const Bytes back = heard(Bytes(bytes, bytes + size));
    waiting_.insert(waiting_.end(), back.begin(), back.end());
  }
  std::size_t read(std::uint8_t* bytes, std::size_t size, microseconds patience) override {
    if (waiting_.empty() && unasked) say(unasked());
    if (waiting_.empty() && closes) throw DeviceLost(name_ + ": the other side closed the connection");
    now_ += waiting_.empty() ? patience : std::min<microseconds>(takes, patience);
    const std::size_t count = std::min(size, waiting_.size());
    std::copy_n(waiting_.begin(), count, bytes);
    waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(count));
    return count;
  }
  microseconds now() const override { return now_; }
  microseconds silence() const override { return milliseconds(20); }
  void reopen() override { waiting_.clear(); }

  void say(const Bytes& bytes) { waiting_.insert(waiting_.end(), bytes.begin(), bytes.end()); }

 private:
  std::string name_ = "line";
  std::deque<std::uint8_t> waiting_;
  microseconds now_{0};
};

Bytes text(const char* words) {
  const std::string all = words;
  return {all.begin(), all.end()};
}

/// The contents of the frames that were written.
std::vector<Bytes> frames_in(const Bytes& bytes) {
  FrameParser parser(1000);
  std::vector<Bytes> found;
  for (const std::uint8_t byte : bytes) {
    if (parser.take(byte) == FrameParser::Found::frame) found.push_back(parser.content());
  }
  return found;
}

/// Good answers to syncs, and what `answer` says to every other request.
std::function<Bytes(const Bytes&)> after_sync(const std::function<Bytes(const Bytes&)>& answer) {
  return [answer](const Bytes& bytes) {
    Bytes all;
    for (const Bytes& request : frames_in(bytes)) {
      Bytes content = {request[0]};
      if (value_of(registers::kKindCode, request[1]) == static_cast<int>(registers::Request::sync)) {
        content.insert(content.end(), request.begin() + std::ptrdiff_t{registers::kRequestHeader}, request.end());
        content.push_back(static_cast<std::uint8_t>(Answer::ok));
      } else {
        content = answer(request);
      }
      if (content.empty()) continue;
      const Bytes frame = encode_frame(content);
      all.insert(all.end(), frame.begin(), frame.end());
    }
    return all;
  };
}

Bytes answer_with(const Bytes& request, Answer code, std::uint8_t off = 0) {
  return {static_cast<std::uint8_t>(request[0] + off), static_cast<std::uint8_t>(code)};
}

std::string refusal_of(Line& line, const LinkTimes& times = {}) {
  return message_of([&] { LinkDevice device(std::make_unique<StreamTo>(line), times); });
}

double time_of(const Line& line) { return std::chrono::duration<double>(line.now()).count(); }

LinkRequest read_word(std::uint32_t address) {
  LinkRequest request;
  request.address = address;
  request.bytes = 4;
  request.content = {0};
  request.expected = 4;
  return request;
}

}  // namespace

TEST_CASE("line: an echo is no board, though it answers with whole frames") {
  Line line;
  line.heard = [](const Bytes& bytes) { return bytes; };
  CHECK(mentions(refusal_of(line), "line: what is sent comes back: an echo"));
  // A board that answers behind an echo: the echo of a read would pass for its answer.
  const auto good = after_sync([](const Bytes&) { return Bytes{}; });
  line.heard = [&](const Bytes& bytes) {
    Bytes both = bytes;
    const Bytes answer = good(bytes);
    both.insert(both.end(), answer.begin(), answer.end());
    return both;
  };
  CHECK(mentions(refusal_of(line), "an echo"));
  CHECK(time_of(line) < 60);
}

TEST_CASE("line: an echo in mid-run is never taken for a number") {
  for (const bool write_first : {false, true}) {
    ModelBoard board(configuration("tiny"));
    LinkClient client(board);
    bool echoes = false;
    Line echo;
    board.to_board = [&](std::uint8_t byte, Bytes& arrived) {
      if (!echoes) return arrived.push_back(byte);
      board.say({byte});
    };
    std::vector<LinkRequest> one = {read_word(registers::step_lo)};
    client.run(one);
    echoes = true;
    std::vector<LinkRequest> more = {read_word(registers::step_lo)};
    if (write_first) {
      LinkRequest write;
      write.kind = registers::Request::write;
      write.address = registers::step_lo;
      write.bytes = 4;
      write.content = {1, 0, 0, 0};
      more.insert(more.begin(), write);
    }
    CHECK(mentions(message_of([&] { client.run(more); }), "an echo"));
    CHECK_THROWS_AS(client.begin(), DeviceTimeout);
  }
}

TEST_CASE("line: a number that looks like the question for it is a number all the same") {
  ModelBoard board(configuration("tiny"));
  LinkDevice device(std::make_unique<StreamTo>(board));
  const std::uint32_t looks = 0x33 | registers::step_lo << 8;
  device.write(registers::step_lo, looks);
  CHECK(device.read(registers::step_lo) == looks);
  CHECK(device.read(registers::step_lo) == looks);
  device.write(registers::step_lo, 7);
  CHECK(device.read(registers::step_lo) == 7);
}

TEST_CASE("line: answers that nobody asked for, without end, are no silence and no session") {
  Line line;
  std::uint8_t number = 0;
  line.unasked = [&] { return encode_frame({++number, 1, 2, 3, 4, 0}); };
  CHECK(mentions(refusal_of(line), "answers come without end that nobody asked for"));
  CHECK(time_of(line) < 10);
  // The same in mid-run, as fast as the line carries them, and slowly.
  for (const milliseconds each : {milliseconds(1), milliseconds(900)}) {
    Line flooded;
    flooded.heard = after_sync([](const Bytes& request) { return answer_with(request, Answer::ok); });
    LinkDevice device(std::make_unique<StreamTo>(flooded));
    flooded.unasked = [&] { return encode_frame({++number, 1, 2, 3, 4, 0}); };
    flooded.takes = each;
    const double before = time_of(flooded);
    CHECK_THROWS_AS(device.read(registers::step_lo), DeviceError);
    CHECK(time_of(flooded) - before < 60);
  }
}

TEST_CASE("line: a board that answers by another number, or refuses everything, is told by what it does") {
  Line line;
  for (const int off : {-1, 1, 100, -100}) {
    CAPTURE(off);
    line.heard = after_sync(
        [&](const Bytes& request) { return answer_with(request, Answer::ok, static_cast<std::uint8_t>(off)); });
    const double before = time_of(line);
    CHECK(mentions(refusal_of(line), "no answer that is whole and due (does another program use the board?)"));
    CHECK(time_of(line) - before < 20);
  }
  line.heard = after_sync([](const Bytes& request) { return answer_with(request, Answer::bad_request); });
  CHECK(mentions(refusal_of(line), "reset refused: the board does not know such a request"));
  line.heard = after_sync([](const Bytes& request) { return answer_with(request, Answer::no_session); });
  CHECK_THROWS_AS(LinkDevice(std::make_unique<StreamTo>(line)), DeviceReset);
  for (const Answer code : {Answer::bad_frame, Answer::timed_out, Answer::out_of_sequence}) {
    line.heard = after_sync([&](const Bytes& request) { return answer_with(request, code); });
    CHECK(mentions(refusal_of(line), "no answer that is whole and due"));
  }
  line.heard = [&](const Bytes&) { return encode_frame({1, 4}); };  // not even a session
  CHECK(mentions(refusal_of(line), "answers came, but none to 8 attempts to begin a session"));
}

TEST_CASE("line: another service is told by its own words") {
  Line line;
  line.say(text("SSH-2.0-OpenSSH_9.2p1\r\n"));
  CHECK(mentions(refusal_of(line), "it says \"SSH-2.0-OpenSSH_9.2p1\""));
  Line web;
  web.heard = [&](const Bytes&) {
    web.closes = true;
    return text("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n");
  };
  CHECK(mentions(refusal_of(web),
                 "line: the other side closed the connection; it said \"HTTP/1.1 400 Bad Request\": no Settle board"));
  CHECK_THROWS_AS(LinkDevice(std::make_unique<StreamTo>(web)), DeviceLost);
}

TEST_CASE("line: a board that boots for seconds is waited for, as long as there are attempts") {
  const auto boots = [](Line& line) {
    const auto good = after_sync([](const Bytes& request) { return answer_with(request, Answer::ok); });
    return [&line, good](const Bytes& bytes) { return time_of(line) < 3 ? Bytes{} : good(bytes); };
  };
  Line line;
  line.heard = boots(line);
  CHECK(refusal_of(line).empty());
  CHECK(time_of(line) < 5);
  Line looked_at;
  looked_at.heard = boots(looked_at);
  CHECK(mentions(refusal_of(looked_at, {milliseconds(300), 3}), "no answer in 3 attempts"));
}

TEST_CASE("line: a board that says it runs, for ever, ends in an error after the patience, by the line's clock") {
  ModelBoard board(configuration("tiny"));
  board.ticks = milliseconds(80);
  LinkTimes times;
  times.step = seconds(20);
  LinkDevice device(std::make_unique<StreamTo>(board), times);
  int asked = 0;
  board.says = [&](std::uint32_t address, std::uint32_t& value) {
    if (address == registers::status && ++asked > 60) value |= registers::kStatusBusy;
  };
  for (int n = 0; n < 60; ++n) CHECK(wait_until_idle(device, {}) == 0);
  const microseconds before = board.now();
  CHECK_THROWS_AS(wait_until_idle(device, {}), DeviceTimeout);
  CHECK(board.now() - before > seconds(20));
  CHECK(board.now() - before < seconds(23));
}

TEST_CASE("line: another board in mid-run is seen, though no session was lost") {
  ModelBoard board(configuration("tiny"));
  LinkDevice device(std::make_unique<StreamTo>(board));
  identify(device);
  CHECK(device.status_when_idle() == 0);
  board.says = [&](std::uint32_t address, std::uint32_t& value) {
    if (address == registers::config_hash_lo) value = 0x12345678;
  };
  const std::string message = message_of([&] { device.status_when_idle(); });
  CHECK(mentions(message, "another board answers now: its configuration is "));
  CHECK(mentions(message, "12345678, it was " + configuration("tiny").hash_text()));
}

TEST_CASE("line: a board that is reset by every run it makes is given up") {
  ModelBoard board(configuration("tiny"));
  ResumeOptions options;
  options.interval = milliseconds(1);
  ResumingDevice device(std::make_unique<LinkDevice>(std::make_unique<StreamTo>(board)), options);
  bool fails = false;
  board.says = [&](std::uint32_t address, std::uint32_t&) { fails = fails || address == registers::window_steps; };
  board.before_request = [&](std::size_t) {
    if (std::exchange(fails, false)) board.power_cycle();
  };
  // It comes back every time, and goes at the second half of the same question.
  std::uint32_t values[600];
  const auto ask = [&] { device.read_blocks({{registers::window_steps, values, 1}, {registers::step_lo, values, 1}}); };
  CHECK_THROWS_AS(ask(), DeviceLost);
  CHECK(mentions(message_of(ask), "it has come back 20 times and goes again"));
}
