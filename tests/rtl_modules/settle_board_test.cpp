// The whole board by its two pins, on a line that breaks most of what is sent: no answer, register or memory word other
// than a host would expect, and it never locks up.
#include <deque>
#include <string>

#include <fmt/format.h>

#include <doctest/doctest.h>

#include "VM_settle_board.h"
#include "device/device.hpp"
#include "rtl_modules/idle_array.hpp"
#include "rtl_modules/link_protocol.hpp"

namespace settle_board_bench {
namespace {

using namespace settle;
using namespace settle::testing;
using registers::Memory;

constexpr int kBit = 4;  // cycles
constexpr auto kNoMemory = static_cast<Memory>(static_cast<std::uint32_t>(Memory::square) + 1);
constexpr std::size_t kLongestAnswer = 1026;
constexpr std::int64_t kPatience = 3000000;  // cycles that the board may take for all that its buffer holds

class BoardBench {
 public:
  explicit BoardBench(int seed)
      : random_(static_cast<std::uint64_t>(seed)),
        bench_(seed),
        requests_(registers::kLongestRequest, kShortestRequest),
        answers_(kLongestAnswer) {
    bench_->rx_i = 1;
    reset(bench_);
  }

  /// A good frame among the bytes is to be answered as the protocol says.
  void send(const Bytes& line) {
    for (const std::uint8_t byte : line) {
      const bool good = comparing_ && requests_.take(byte) == FrameReader::Event::frame;
      if (good) expect(requests_.content());
      // The test has to see to that: when the board has room again it does not know to the cycle.
      if (used_ + 1 + requests_.taken() >= registers::kLinkBuffer) fault("the test overruns the board's buffer");
      put(byte);
    }
  }

  /// The reference knows nothing of this.
  void put(std::uint8_t byte) {
    drive(false, kBit);
    for (int i = 0; i < 8; ++i) drive(((byte >> i) & 1) != 0, kBit);
    drive(true, kBit);
  }

  void drive(bool level, int cycles) {
    bench_->rx_i = level;
    for (int i = 0; i < cycles; ++i) cycle();
  }

  /// What has been sent of the current frame counts no more: the next byte is a flag.
  void forget() { requests_.restart(); }

  /// Until no more than so many bytes of the board's buffer can be in use.
  void wait_for_room(std::size_t used) {
    const std::int64_t begin = now_;
    while (used_ > used && fault_.empty()) {
      cycle();
      if (now_ - begin > kPatience) fault("locked up");
    }
  }

  /// The answer to a request of the number that is due, when all before it are answered.
  Bytes ask(Request kind, int word_bytes, std::uint32_t address, const Bytes& content = {}) {
    wait_for_room(0);
    const int before = answered_;
    send(frame_of(request(due_, kind, word_bytes, address, content)));
    const std::int64_t begin = now_;
    while (answered_ == before && fault_.empty()) {
      cycle();
      if (now_ - begin > kPatience) fault("no answer");
    }
    if (kind == Request::sync || last_answer_.back() == static_cast<int>(Answer::ok)) ++due_;
    return last_answer_;
  }

  /// The board's reset, at any time: the line is let go of in the middle of a byte.
  void restart() {
    reset(bench_);
    bit_at_ = 0;
    answers_.restart();
  }

  bool sync(std::uint8_t number) {
    due_ = number;
    const Bytes echo = random_content(random_, 4);
    Bytes wanted = {number};
    append(wanted, echo);
    wanted.push_back(static_cast<std::uint8_t>(Answer::ok));
    return ask(Request::sync, 1, 0, echo) == wanted;
  }

  /// One word.
  std::uint32_t read(std::uint32_t address) {
    const Bytes answer = ask(Request::read, 4, address, {0});
    if (answer.size() != 6) fault("a read that brought no word");
    std::uint32_t word = 0;
    for (std::size_t i = 0; i < 4 && i + 1 < answer.size(); ++i) word |= std::uint32_t{answer[i + 1]} << (8 * i);
    return word;
  }

  Answer write(std::uint32_t address, std::uint32_t value) {
    Bytes bytes;
    for (int i = 0; i < 4; ++i) bytes.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
    return static_cast<Answer>(ask(Request::write, 4, address, bytes).back());
  }

  /// Until the board has said nothing for a while.
  void fall_silent() {
    const std::int64_t begin = now_;
    quiet_ = 0;
    while (quiet_ < 3000 && fault_.empty()) {
      cycle();
      if (now_ - begin > kPatience) fault("the line does not fall silent");
    }
  }

  void cycle() {
    bench_.clock();
    ++now_;
    ++quiet_;
    const bool level = bench_->tx_o != 0;
    if (bit_at_ == 0) {
      if (level) return;
      bit_at_ = 1;
      bits_ = 0;
      return;
    }
    if (bit_at_++ % kBit == kBit / 2) bits_ |= static_cast<unsigned>(level) << (bit_at_ / kBit);
    if (bit_at_ != 10 * kBit - 1) return;
    bit_at_ = 0;
    quiet_ = 0;
    if ((bits_ & 1u) != 0 || bits_ >> 9 != 1) fault("a byte without its start or stop bit");
    take(static_cast<std::uint8_t>(bits_ >> 1));
  }

  /// Until this is called the reference is left out. A sync comes next.
  void begin_comparing() { comparing_ = true; }

  IdleArray array;

  bool busy() { return bench_->busy_o != 0; }
  std::int64_t now() const { return now_; }
  const LinkModel& model() const { return model_; }
  const Bytes& last_answer() const { return last_answer_; }
  const Bytes& last_report() const { return last_report_; }
  int answers() const { return answered_; }
  int reports() const { return reports_; }
  const std::string& fault() const { return fault_; }
  Random& random() { return random_; }

 private:
  struct Expected {
    Bytes answer;
    std::size_t room;
  };

  void fault(const std::string& text) {
    if (fault_.empty()) fault_ = text;
  }

  void expect(const Bytes& frame) {
    const std::size_t room = 1 + frame.size();
    expected_.push_back({model_.answer(frame, [&](const Access& a) { return array.access(a); }), room});
    used_ += room;
  }

  void take(std::uint8_t byte) {
    const FrameReader::Event event = answers_.take(byte);
    if (event == FrameReader::Event::broken) fault("a broken frame from the board");
    if (event != FrameReader::Event::frame) return;
    const Bytes& answer = answers_.content();
    if (answer.size() < 2) return fault("an answer of one byte");
    const auto code = static_cast<Answer>(answer.back());
    if (code == Answer::bad_frame || code == Answer::timed_out) {
      ++reports_;
      last_report_ = answer;
      if (answer.size() != 2) fault("a report with data");
      if (comparing_ && expected_.empty() && answer != model_.report(code)) fault("a report of another number");
      return;
    }
    last_answer_ = answer;
    ++answered_;
    if (!comparing_) return;
    if (expected_.empty()) return fault("an answer to nothing");
    const Bytes& wanted = expected_.front().answer;
    if (answer != wanted) {
      fault(fmt::format("answer {}: {:02x} and not {:02x}", answered_, fmt::join(answer, " "), fmt::join(wanted, " ")));
    }
    used_ -= expected_.front().room;
    expected_.pop_front();
  }

  Random random_;
  Bench<VM_settle_board> bench_;
  LinkModel model_;
  FrameReader requests_, answers_;
  std::deque<Expected> expected_;
  std::size_t used_ = 0;
  Bytes last_answer_ = {0, 0xff}, last_report_;  // no answer looks so
  std::int64_t now_ = 0;
  int bit_at_ = 0, quiet_ = 0, answered_ = 0, reports_ = 0;
  unsigned bits_ = 0;
  bool comparing_ = false;
  std::uint8_t due_ = 0;  // as a host counts
  std::string fault_;
};

/// A request that leaves the control register alone.
Bytes random_board_request(BoardBench& bench) {
  constexpr Memory kMemories[] = {Memory::state, Memory::coefficient, Memory::clamp, Memory::gain, Memory::noise_key};
  Random& random = bench.random();
  unsigned number = bench.model().due();
  if (random.one_in(4)) number -= static_cast<unsigned>(random.below(130));
  if (random.one_in(10)) number = static_cast<unsigned>(random.below(256));
  const auto word = static_cast<std::uint32_t>(random.below(4096));
  const int kind = random.below(12);
  if (kind == 0) return random_request(random, number, address(kNoMemory, 0));
  if (kind < 5) return random_request(random, number, registers::status + word % 8);  // after control
  return random_request(random, number, address(kMemories[random.below(5)], word));
}

/// All words that the reference knows, written and read as they are: one block per request.
template <class Block>
void for_blocks(const Block& block) {
  constexpr std::uint32_t kWords = 32;
  for (const Memory memory : {Memory::state, Memory::coefficient, Memory::clamp, Memory::gain}) {
    const std::uint32_t words = IdleArray::shape(static_cast<std::uint32_t>(memory)).words;
    for (std::uint32_t word = 0; word < words; word += kWords) block(address(memory, word), kWords);
  }
}

void read_all(BoardBench& bench) {
  for_blocks([&](std::uint32_t address, std::uint32_t words) {
    bench.ask(Request::read, 4, address, {static_cast<std::uint8_t>(words - 1)});
  });
  bench.ask(Request::read, 4, 0, {6});
  bench.ask(Request::read, 4, registers::control, {registers::window_steps - registers::control});
}

void many_frames(int count) {
  BoardBench bench(1);
  Random& random = bench.random();
  bench.ask(Request::read, 4, registers::magic, {0});
  CHECK(bench.last_answer() == Bytes{0, static_cast<std::uint8_t>(Answer::no_session)});
  CHECK(bench.sync(3));
  for (std::uint32_t reg = 0; reg <= registers::window_steps; ++reg) {
    if (reg != 7) bench.array.learn(reg, bench.read(reg));
  }
  CHECK(bench.read(registers::magic) == registers::kMagicValue);

  bench.begin_comparing();
  CHECK(bench.sync(200));
  for_blocks([&](std::uint32_t address, std::uint32_t words) {
    bench.ask(Request::write, 4, address, random_content(random, 4 * words));
  });
  read_all(bench);
  REQUIRE(bench.fault() == "");

  const int reports = bench.reports(), answers = bench.answers();
  for (int i = 0; i < count; ++i) {
    bench.wait_for_room(200);
    const Bytes frame = frame_of(random_board_request(bench));
    bench.send(random.one_in(6) ? frame : broken(random, frame));
    if (random.one_in(100)) {
      // Anything at all on the wire, then the idle line and the flag that set both sides right.
      for (int j = random.below(60); j > 0; --j) bench.drive(random.one_in(2), random.below(12));
      bench.drive(true, 12 * kBit);
      bench.forget();
      bench.send({kFlag});
    }
    REQUIRE(bench.fault() == "");
  }
  CHECK(bench.answers() - answers > count / 20 * 3);
  CHECK(bench.reports() - reports > count / 20 * 8);

  bench.send({kFlag, kFlag});
  CHECK(bench.sync(77));
  read_all(bench);
  CHECK(bench.read(registers::magic) == registers::kMagicValue);
  CHECK(bench.fault() == "");
}

}  // namespace

TEST_CASE("settle_board: 3000 frames, most of them broken, and noise between them") { many_frames(3000); }

// `make soak`
TEST_CASE("settle_board: 20000 frames, most of them broken" * doctest::test_suite("soak") * doctest::skip()) {
  many_frames(20000);
}

TEST_CASE("settle_board: a buffer that is overrun loses what does not fit, and nothing else") {
  BoardBench bench(2);
  CHECK(bench.sync(100));
  bench.write(registers::step_lo, 0x12345678);
  const int answers = bench.answers(), reports = bench.reports();
  constexpr int kRequests = 40;
  for (int i = 0; i < kRequests / 2; ++i) {  // old ones, so that it is known what the lost ones do
    bench.send(frame_of(request(100, Request::read, 4, address(Memory::coefficient, 0), {255})));
    bench.send(frame_of(request(100, Request::write, 4, registers::step_lo, Bytes(240))));
  }
  bench.fall_silent();
  CHECK(bench.answers() - answers > 0);
  CHECK(bench.answers() - answers < kRequests);
  CHECK(bench.reports() > reports);
  CHECK(bench.sync(9));
  CHECK(bench.read(registers::step_lo) == 0x12345678);
  CHECK(bench.fault() == "");
}

TEST_CASE("settle_board: a frame that is not ended is told after a million cycles") {
  BoardBench bench(3);
  CHECK(bench.sync(41));
  bench.send({kFlag, 42, 0x30});
  const std::int64_t begin = bench.now();
  const int reports = bench.reports();
  while (bench.reports() == reports && bench.now() - begin < 1100000) bench.cycle();
  CHECK(bench.last_report() == Bytes{42, static_cast<std::uint8_t>(Answer::timed_out)});
  CHECK(bench.now() - begin > 983040);
  CHECK(bench.now() - begin < 1048576 + 1000);
  CHECK(bench.read(registers::magic) == registers::kMagicValue);
  CHECK(bench.fault() == "");
}

TEST_CASE("settle_board: an array that runs refuses, is waited for, stopped and reset") {
  constexpr std::int64_t kUnit = registers::kWaitUnit;
  BoardBench bench(4);
  CHECK(bench.sync(250));
  for (std::uint32_t word = 0; word < 4; ++word) bench.write(address(Memory::program, word), 0);  // end of the step
  bench.write(address(Memory::segment, 0), 1000000000);
  bench.write(address(Memory::segment, 1), 0);
  bench.write(registers::segments, 1);
  for (const bool stop : {true, false}) {
    CHECK(bench.write(registers::control, registers::kControlStart) == Answer::ok);
    CHECK(bench.busy());
    CHECK(bench.write(address(Memory::state, 0), 5) == Answer::busy);
    const std::uint32_t status = bench.read(registers::status);
    CHECK((status & registers::kStatusBusy) != 0);
    CHECK((status & registers::kStatusRefused) != 0);
    std::int64_t begin = bench.now();
    CHECK(bench.ask(Request::wait, 1, 0, {2}).back() == static_cast<int>(Answer::ok));
    CHECK(bench.now() - begin > 2 * kUnit);
    CHECK(bench.now() - begin < 3 * kUnit + 2000);
    CHECK(bench.busy());
    if (stop) {
      CHECK(bench.write(registers::control, registers::kControlStop) == Answer::ok);
    } else {
      CHECK(bench.ask(Request::reset, 1, 0).back() == static_cast<int>(Answer::ok));
    }
    begin = bench.now();
    CHECK(bench.ask(Request::wait, 1, 0, {255}).back() == static_cast<int>(Answer::ok));
    CHECK(bench.now() - begin < 2000);
    CHECK(!bench.busy());
    CHECK(bench.write(address(Memory::state, 0), 5) == Answer::ok);
    CHECK(bench.read(registers::segments) == (stop ? 1 : 0));
  }
  CHECK(bench.read(address(Memory::state, 0)) == 5);
  CHECK(bench.fault() == "");
}

TEST_CASE("settle_board: after a reset, in the middle of whatever it was, there is no session and a new one begins") {
  BoardBench bench(5);
  for (int i = 0; i < 200; ++i) {
    CHECK(bench.sync(static_cast<std::uint8_t>(i)));
    bench.write(address(Memory::gain, 3), 1000u + static_cast<std::uint32_t>(i));
    const Bytes line = frame_of(request(0, Request::read, 4, address(Memory::coefficient, 0), {9}));
    bench.send({line.begin(), line.begin() + bench.random().below(static_cast<int>(line.size()) + 1)});
    bench.drive(bench.random().one_in(2), bench.random().below(2000));
    bench.restart();
    bench.drive(true, 12 * kBit);
    const Bytes refused = bench.ask(Request::read, 4, address(Memory::gain, 3), {0});
    CHECK(refused.back() == static_cast<int>(Answer::no_session));
    CHECK(bench.sync(55));
    CHECK(bench.read(address(Memory::gain, 3)) == 1000u + static_cast<std::uint32_t>(i));
    REQUIRE(bench.fault() == "");
  }
}

}  // namespace settle_board_bench
