// Requests from a buffer, on a port that answers at random: every access and every answer against the protocol.
#include <deque>
#include <iterator>
#include <string>

#include <fmt/format.h>

#include <doctest/doctest.h>

#include "VM_link_executor.h"
#include "rtl_modules/link_protocol.hpp"

namespace {

using namespace settle;
using namespace settle::testing;

constexpr std::size_t kBuffer = registers::kLinkBuffer;
constexpr std::size_t kLongestAnswer = 1026;
constexpr int kResponse = 4;       // cycles from a request on the port to its response
constexpr int kReport = 2;         // cycles from error_i to its report, if there is nothing else to do
constexpr int kPatience = 100000;  // cycles without a byte: it will never come

std::string hex(const Bytes& bytes) {
  std::string out;
  for (const std::uint8_t byte : bytes) out += fmt::format("{:02x} ", byte);
  return out;
}

class ExecutorBench {
 public:
  explicit ExecutorBench(int seed) : random_(static_cast<std::uint64_t>(seed)), bench_(seed), buffer_(kBuffer) {
    restart();
  }

  void restart() {
    bench_->error_i = bench_->rsp_valid_i = 0;
    bench_->end_i = 0;
    reset(bench_);
    model_ = LinkModel();
    frames_.clear();
    log_.clear();
    answer_.clear();
    end_ = head_ = used_ = 0;
    response_in_ = ticks_ = quiet_ = 0;
    errors_.clear();
    in_answer_ = in_reset_ = held_ = was_idle_ = was_empty_ = false;
  }

  bool fits(const Bytes& content) const { return used_ + 1 + content.size() + kCheckBytes < kBuffer; }

  void push(const Bytes& content) {
    store(content.size());
    for (const std::uint8_t byte : content) store(byte);
    frames_.push_back(content);
    used_ += 1 + content.size();
  }

  /// Until all is answered.
  void run() {
    while ((!frames_.empty() || !errors_.empty()) && fault_.empty()) cycle();
  }

  /// The answer to one request, and nothing else.
  Bytes ask(const Bytes& content) {
    push(content);
    run();
    return last_answer_;
  }

  void sync(std::uint8_t due) { ask(request(static_cast<unsigned>(due) + 255u, Request::sync, 1, 0, {1, 2, 3, 4})); }

  void cycles(int n) {
    for (int i = 0; i < n; ++i) cycle();
  }

  /// A broken frame, told in the next cycle.
  void error(Answer code) { errors_.push_back({now_, code}); }

  void cycle() {
    bench_->rdata_i = buffer_[raddr_];
    bench_->end_i = static_cast<std::uint16_t>(end_);
    bench_->ready_i = random_.one_in(stall);
    bench_->tick_i = tick_now || (tick_one_in != 0 && random_.one_in(tick_one_in));
    bench_->busy_i = busy;
    const bool error = !errors_.empty() && errors_.back().cycle == now_;
    bench_->error_i = error;
    bench_->late_i = error ? errors_.back().code == Answer::timed_out : random_.one_in(2);
    respond();
    bench_.settle();
    was_empty_ = was_empty_ || frames_.empty();
    was_idle_ = was_idle_ || !busy;
    watch_port();
    const bool ended = watch_answer();
    ticks_ += bench_->tick_i;
    raddr_ = bench_->raddr_o;
    bench_.clock();
    if (ended) {
      judge();
    } else if (bench_->head_o != head_) {
      fault("head_o moved before the answer was out");
    }
    tick_now = false;
    ++now_;
    if (busy_one_in != 0 && random_.one_in(busy_one_in)) busy = !busy;
    spoil_free_space();
  }

  // What the surroundings do.
  int stall = 1;          ///< one in so many cycles the line takes a byte
  int refuse_one_in = 0;  ///< accesses that the port refuses though it is not busy; 0: none
  int refuse_at = -1;     ///< that access of the next request is refused, counted from 0
  int busy_one_in = 0;    ///< in one in so many cycles busy_i changes; 0: never
  int tick_one_in = 0;
  bool busy = false, tick_now = false;

  const LinkModel& model() const { return model_; }
  std::size_t waiting() const { return frames_.size(); }
  const std::vector<Access>& accesses() const { return last_accesses_; }
  const Bytes& last_answer() const { return last_answer_; }
  int answers(Answer code) const { return answers_[static_cast<std::size_t>(code)]; }
  int reports() const { return reports_; }
  int reset_cycles() const { return reset_cycles_; }
  bool in_answer() const { return in_answer_; }
  /// The first thing that went wrong, or nothing.
  const std::string& fault() const { return fault_; }
  Random& random() { return random_; }

 private:
  struct Logged {
    Access access;
    Response response;
  };

  struct Error {
    std::int64_t cycle;
    Answer code;
  };

  void fault(const std::string& text) {
    if (fault_.empty()) fault_ = text;
  }

  void store(std::size_t byte) {
    buffer_[end_] = static_cast<std::uint8_t>(byte);
    end_ = (end_ + 1) % kBuffer;
  }

  /// Where no frame is, the next ones come in.
  void spoil_free_space() {
    const int free = static_cast<int>(kBuffer - used_);
    buffer_[(end_ + static_cast<std::size_t>(random_.below(free))) % kBuffer] =
        static_cast<std::uint8_t>(random_.next());
  }

  void respond() {
    const bool now = response_in_ > 0 && --response_in_ == 0;
    bench_->rsp_valid_i = now;
    bench_->rsp_error_i = now ? log_.back().response.refused : random_.one_in(2);
    bench_->rsp_rdata_i = now ? log_.back().response.data : static_cast<std::uint32_t>(random_.next());
  }

  void watch_port() {
    const bool resets = bench_->array_rst_o != 0;
    if (resets && !in_reset_) log_.push_back({{Access::Kind::reset, 0, 0}, {0, false, false}});
    reset_cycles_ = !resets ? reset_cycles_ : in_reset_ ? reset_cycles_ + 1 : 1;
    in_reset_ = resets;
    if (bench_->req_valid_o == 0) return;
    if (response_in_ > 0) fault("a request on the port before the last one was answered");
    if (resets) fault("a request on the port during a reset");
    const Access access = {bench_->req_write_o != 0 ? Access::Kind::write : Access::Kind::read, bench_->req_addr_o,
                           bench_->req_wdata_o};
    const bool refused =
        busy ? !random_.one_in(4)
             : static_cast<int>(log_.size()) == refuse_at || (refuse_one_in != 0 && random_.one_in(refuse_one_in));
    log_.push_back({access, {static_cast<std::uint32_t>(random_.next()), refused, busy}});
    response_in_ = kResponse;
  }

  /// Returns whether an answer ended.
  bool watch_answer() {
    if (++quiet_ > kPatience) fault("locked up");
    const bool offers = bench_->valid_o != 0;
    if (held_ && (!offers || bench_->byte_o != offered_ || (bench_->last_o != 0) != offered_last_)) {
      fault("an answer's byte changed before it was taken");
    }
    held_ = offers && bench_->ready_i == 0;
    offered_ = bench_->byte_o;
    offered_last_ = bench_->last_o != 0;
    if (offers && !in_answer_) {
      in_answer_ = true;
      began_ = now_;
      idle_before_ = was_idle_;
      empty_before_ = was_empty_;
      ticks_before_ = ticks_;
    }
    if (!offers || bench_->ready_i == 0) return false;
    quiet_ = 0;
    answer_.push_back(bench_->byte_o);
    if (answer_.size() > kLongestAnswer) fault("an answer without an end");
    return offered_last_;
  }

  /// An answer is that to the oldest frame if head_o gives its space back, else the report of a broken one.
  void judge() {
    last_answer_.swap(answer_);
    answer_.clear();
    last_accesses_.clear();
    for (const Logged& l : log_) last_accesses_.push_back(l.access);
    if (bench_->head_o == head_) {
      judge_report();
    } else {
      judge_answer();
    }
    log_.clear();
    in_answer_ = was_idle_ = was_empty_ = false;
    ticks_ = 0;
    refuse_at = -1;
  }

  void judge_report() {
    ++reports_;
    if (!empty_before_) fault("a report before all frames were answered");
    if (!log_.empty()) fault("a report asks the array");
    // It is of the last one; of what breaks once it has begun another one comes.
    auto told = errors_.begin();
    while (told != errors_.end() && told->cycle + kReport <= began_) ++told;
    if (told == errors_.begin()) return fault("an answer to nothing: " + hex(last_answer_));
    if (last_answer_ != model_.report(std::prev(told)->code)) fault("a wrong report: " + hex(last_answer_));
    errors_.erase(errors_.begin(), told);
  }

  void judge_answer() {
    if (frames_.empty()) return fault("head_o moved without a frame");
    const Bytes frame = frames_.front();
    frames_.pop_front();
    used_ -= 1 + frame.size();
    head_ = (head_ + 1 + frame.size()) % kBuffer;
    if (bench_->head_o != head_) fault("head_o is not behind the frame: " + hex(frame));
    const bool due = frame[0] == model_.due();
    std::size_t at = 0;
    const Bytes expected = model_.answer(frame, [&](const Access& a) {
      if (at == log_.size()) {
        fault("an access is missing: " + hex(frame));
        return Response{0, true, false};
      }
      const Logged& l = log_[at++];
      const bool same = l.access.kind == a.kind && (a.kind == Access::Kind::reset || l.access.address == a.address) &&
                        (a.kind != Access::Kind::write || l.access.data == a.data);
      if (!same) fault("a wrong access: " + hex(frame));
      return l.response;
    });
    if (at != log_.size()) fault("an access too many: " + hex(frame));
    if (last_answer_ != expected) {
      fault(hex(frame) + "is answered " + hex(last_answer_) + "and not " + hex(expected));
    }
    const auto code = static_cast<Answer>(expected.back());
    ++answers_[expected.back()];
    if (code == Answer::ok && due && frame[1] >> 4 == static_cast<int>(Request::wait) && !idle_before_ &&
        ticks_before_ <= frame[5]) {
      fault("a wait that did not: " + hex(frame));
    }
  }

  Random random_;
  Bench<VM_link_executor> bench_;
  LinkModel model_;
  Bytes buffer_;
  std::size_t end_ = 0, head_ = 0, used_ = 0, raddr_ = 0;
  std::deque<Bytes> frames_;
  std::vector<Logged> log_;  // since the last answer
  std::vector<Access> last_accesses_;
  Bytes answer_, last_answer_;
  int response_in_ = 0, quiet_ = 0, reset_cycles_ = 0, reports_ = 0;
  int ticks_ = 0, ticks_before_ = 0;  // since the last answer; until this one began
  bool was_idle_ = false, idle_before_ = false, was_empty_ = false, empty_before_ = false;
  bool in_answer_ = false, in_reset_ = false, held_ = false, offered_last_ = false;
  std::uint8_t offered_ = 0;
  std::int64_t now_ = 0, began_ = 0;  // cycles; of the answer
  std::vector<Error> errors_;         // not told yet
  int answers_[16] = {};
  std::string fault_;
};

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

}  // namespace

TEST_CASE("link_executor: random requests, sent ahead, repeated, lost, malformed, refused; broken frames; resets") {
  ExecutorBench bench(1);
  Random& random = bench.random();
  unsigned next = 0;  // what a host would send that has seen nothing go wrong
  for (int i = 0; i < 500000; ++i) {
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
  // All of it happened, and often.
  CHECK(bench.answers(Answer::ok) > 50000);
  for (const Answer code : {Answer::repeated, Answer::busy, Answer::no_address, Answer::bad_request,
                            Answer::out_of_sequence, Answer::no_session}) {
    CAPTURE(static_cast<int>(code));
    CHECK(bench.answers(code) > 1000);
  }
  CHECK(bench.reports() > 1000);
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
