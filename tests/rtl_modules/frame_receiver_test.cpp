// Frames, whole and broken, into the buffer: its contents, end_o and error_o in every cycle against the reference.
#include <deque>

#include <doctest/doctest.h>

#include "VM_frame_receiver.h"
#include "rtl_modules/link_frames.hpp"

namespace frame_receiver_bench {
namespace {

using namespace settle;
using namespace settle::testing;
using registers::Answer;

constexpr int kSpacing = 9;  // closest valid_i
constexpr int kTicks = 16;
constexpr std::size_t kBuffer = registers::kLinkBuffer, kLongest = registers::kLongestRequest;

struct Counts {
  int frames = 0, broken = 0, overrun = 0, late = 0;
};

class ReceiverBench {
 public:
  explicit ReceiverBench(int seed)
      : random_(static_cast<std::uint64_t>(seed)), bench_(seed), reader_(kLongest, kShortestRequest) {
    bench_->valid_i = bench_->tick_i = 0;
    bench_->head_i = bench_->raddr_i = 0;
    restart();
  }

  void restart() {
    reset(bench_);
    reader_.restart();
    frames_.clear();
    end_ = head_ = at_ = used_ = 0;
    reading_ = false;
  }

  void send(const Bytes& line) {
    for (const std::uint8_t byte : line) send(byte);
  }

  void send(std::uint8_t byte) {
    cycle(byte);
    idle(spacing_ - 1);
  }

  void idle(int cycles) {
    for (int i = 0; i < cycles; ++i) cycle(-1);
  }

  /// A cycle with tick_i.
  void tick() {
    tick_now_ = true;
    cycle(-1);
  }

  /// Everything that is there is read and its space given back.
  void drain() {
    const int before = read_one_in_;
    read_one_in_ = 1;
    for (std::size_t i = 0; i < 2 * kBuffer && !frames_.empty(); ++i) cycle(-1);
    read_one_in_ = before;
  }

  /// One in so many cycles a byte is read from the buffer; 0: none.
  void read_one_in(int n) { read_one_in_ = n; }
  /// One in so many cycles has tick_i; 0: none.
  void tick_one_in(int n) { tick_one_in_ = n; }
  void spacing(int cycles) { spacing_ = cycles; }

  std::size_t waiting() const { return frames_.size(); }
  /// Cycles in which an output was another than expected.
  int wrong() const { return wrong_; }
  const Counts& counts() const { return counts_; }
  Random& random() { return random_; }

 private:
  static std::size_t wrapped(std::size_t at) { return at % kBuffer; }

  void cycle(int byte) {
    bool error = false;
    Answer code = Answer::bad_frame;
    const bool tick = tick_now_ || (tick_one_in_ != 0 && random_.one_in(tick_one_in_));
    tick_now_ = false;
    bench_->tick_i = tick;
    bench_->valid_i = byte >= 0;
    bench_->byte_i = static_cast<std::uint8_t>(byte >= 0 ? byte : random_.below(256));
    if (byte >= 0) {
      ticks_ = 0;
      error = take(static_cast<std::uint8_t>(byte));
    } else if (tick && reader_.begun() && ++ticks_ == kTicks) {
      reader_.restart();
      error = true;
      code = Answer::timed_out;
      ++counts_.late;
    }
    bench_->head_i = static_cast<std::uint16_t>(head_);
    const bool reads = read_one_in_ != 0 && reading_ && random_.one_in(read_one_in_);
    bench_->raddr_i = static_cast<std::uint16_t>(reads ? wrapped(head_ + at_) : random_.next() % kBuffer);
    bench_.clock();
    wrong_ += bench_->end_o != end_ || (bench_->error_o != 0) != error;
    if (error) wrong_ += (bench_->late_o != 0) != (code == Answer::timed_out);
    if (reads) {
      const Bytes& frame = frames_.front();
      wrong_ += bench_->rdata_o != (at_ == 0 ? frame.size() : frame[at_ - 1]);
      if (at_++ == frame.size()) pop();
    }
    reading_ = !frames_.empty();  // what has just come is read from the next cycle on
  }

  /// Returns whether a frame ended that is none.
  bool take(std::uint8_t byte) {
    const std::size_t before = reader_.taken();
    const FrameReader::Event event = reader_.take(byte);
    if (reader_.taken() > before && used_ + 1 + reader_.taken() > kBuffer) {
      overrun_ = true;
      reader_.spoil();
    }
    if (event == FrameReader::Event::none) return false;
    counts_.overrun += overrun_;
    overrun_ = false;
    if (event == FrameReader::Event::broken) {
      ++counts_.broken;
      return true;
    }
    ++counts_.frames;
    frames_.push_back(reader_.content());
    used_ += 1 + frames_.back().size();
    end_ = wrapped(end_ + 1 + frames_.back().size());
    return false;
  }

  void pop() {
    used_ -= 1 + frames_.front().size();
    head_ = wrapped(head_ + 1 + frames_.front().size());
    frames_.pop_front();
    at_ = 0;
  }

  Random random_;
  Bench<VM_frame_receiver> bench_;
  FrameReader reader_;
  std::deque<Bytes> frames_;
  std::size_t end_ = 0, head_ = 0, at_ = 0;
  std::size_t used_ = 0;  // bytes from head to end
  bool reading_ = false, overrun_ = false, tick_now_ = false;
  int ticks_ = 0, read_one_in_ = 1, tick_one_in_ = 0, spacing_ = kSpacing, wrong_ = 0;
  Counts counts_;
};

/// A frame without its flags: good, too short, too long, or broken in some other way; broken ones are the most.
Bytes random_body(Random& random) {
  const int kind = random.below(1000);
  if (kind < 2) {
    const std::size_t size = kLongest - 1 + static_cast<std::size_t>(random.below(kind == 0 ? 4 : 80));
    return escaped(with_check(random_content(random, size)));
  }
  if (kind < 60) {
    const Bytes bytes = with_check(random_content(random, static_cast<std::size_t>(random.below(6))));
    return escaped({bytes.begin(), bytes.begin() + random.below(static_cast<int>(bytes.size()) + 1)});
  }
  const Bytes body =
      escaped(with_check(random_content(random, kShortestRequest + static_cast<std::size_t>(random.below(5)))));
  return kind < 300 ? body : broken(random, body);
}

void many_frames(int count) {
  ReceiverBench bench(1);
  Random& random = bench.random();
  for (int i = 0; i < count; ++i) {
    if (i % 500 == 0) {
      constexpr int kReads[] = {1, 1, 3, 60, 250}, kTickRates[] = {0, 0, 3, 8, 40};
      bench.read_one_in(kReads[random.below(5)]);
      bench.tick_one_in(kTickRates[random.below(5)]);
      bench.spacing(random.one_in(4) ? kSpacing + random.below(6) : kSpacing);
      REQUIRE(bench.wrong() == 0);
    }
    if (random.one_in(2000)) bench.restart();
    if (random.one_in(2)) bench.send(kFlag);
    bench.send(random_body(random));
    if (random.one_in(20)) bench.idle(random.below(500));
    if (!random.one_in(50)) bench.send(kFlag);
    if (random.one_in(10)) bench.send(kFlag);
  }
  bench.send(kFlag);
  bench.drain();
  CHECK(bench.wrong() == 0);
  const Counts& counts = bench.counts();
  CHECK(counts.frames > count / 20 * 3);
  CHECK(counts.broken > count / 10 * 6);
  CHECK(counts.overrun > count / 1000);
  CHECK(counts.late > count / 1000);
}

}  // namespace

TEST_CASE("frame_receiver: 100,000 frames, most of them broken") { many_frames(100000); }

// `make soak`
TEST_CASE("frame_receiver: a million frames, most of them broken" * doctest::test_suite("soak") * doctest::skip()) {
  many_frames(1000000);
}

TEST_CASE("frame_receiver: the shortest and the longest content") {
  ReceiverBench bench(2);
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, kShortestRequest - 1, kShortestRequest, kLongest,
                                 kLongest + 1, kLongest + 5, std::size_t{512}}) {
    CAPTURE(size);
    const int before = bench.counts().frames;
    bench.send(frame_of(random_content(bench.random(), size)));
    bench.drain();
    CHECK(bench.counts().frames - before == (size >= kShortestRequest && size <= kLongest));
    CHECK(bench.wrong() == 0);
  }
}

TEST_CASE("frame_receiver: a buffer that nobody empties keeps what it has and takes what still fits") {
  ReceiverBench bench(3);
  for (int round = 0; round < 300; ++round) {
    bench.read_one_in(0);
    // Filled to `left` bytes with a frame of which the check just fits; then all that is longer is refused.
    std::size_t left = kBuffer;
    while (left > kLongest + 1 + kCheckBytes) {
      // What is left is room for one more.
      const auto size = kShortestRequest + static_cast<std::size_t>(
                                               bench.random().below(static_cast<int>(kLongest - 2 * kShortestRequest)));
      bench.send(frame_of(random_content(bench.random(), size)));
      left -= 1 + size;
    }
    const std::size_t frames = bench.waiting(), most = left - 1 - kCheckBytes;
    bench.send(frame_of(random_content(bench.random(), most + 1)));
    CHECK(bench.waiting() == frames);
    bench.send(frame_of(random_content(bench.random(), most)));
    CHECK(bench.waiting() == frames + 1);
    bench.send(frame_of(random_content(bench.random(), kShortestRequest)));
    CHECK(bench.waiting() == frames + 1);
    bench.read_one_in(1);
    bench.drain();
    CHECK(bench.waiting() == 0);
    REQUIRE(bench.wrong() == 0);
  }
}

TEST_CASE("frame_receiver: a frame ends 16 ticks after its last byte, whatever it holds, and the next one is taken") {
  ReceiverBench bench(4);
  const Bytes good = frame_of({1, 2, 3, 4, 5});
  for (const Bytes& begun : {Bytes{0x55}, Bytes{kFlag, kEscape}, Bytes(good.begin(), good.end() - 1)}) {
    for (int ticks = kTicks - 1; ticks <= 2 * kTicks; ++ticks) {
      const int late = bench.counts().late;
      bench.send(begun);
      for (int i = 0; i < ticks; ++i) {
        bench.tick();
        bench.idle(bench.random().below(4));
      }
      CHECK(bench.counts().late - late == (ticks >= kTicks));
      bench.send(good);
      bench.drain();
    }
    for (int i = 0; i < 3 * kTicks; ++i) bench.tick();  // between frames nothing is late
  }
  CHECK(bench.wrong() == 0);
}

TEST_CASE("frame_receiver: a frame may begin in the cycle after one that was late") {
  ReceiverBench bench(5);
  const Bytes good = frame_of({1, 2, 3, 4, 5});
  // Without a flag ahead of it, which would give the receiver time to go back to where the late one began.
  const Bytes bare(good.begin() + 1, good.end());
  for (const Bytes& begun : {Bytes{0x55}, Bytes{kFlag, kEscape}, Bytes(good.begin(), good.end() - 1)}) {
    for (int i = 0; i < 100; ++i) {
      const int late = bench.counts().late, frames = bench.counts().frames;
      bench.send(begun);
      for (int ticks = 0; ticks < kTicks; ++ticks) bench.tick();
      bench.send(bare);
      bench.drain();
      CHECK(bench.counts().late - late == 1);
      CHECK(bench.counts().frames - frames == 1);
      REQUIRE(bench.wrong() == 0);
    }
  }
}

}  // namespace frame_receiver_bench
