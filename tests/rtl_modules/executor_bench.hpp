// link_executor on a bench: a buffer that fills with requests and a port that answers at random, and every access and
// every answer compared with the protocol's model.
#pragma once

#include <deque>
#include <iterator>
#include <string>

#include <fmt/format.h>

#include "VM_link_executor.h"
#include "rtl_modules/link_protocol.hpp"

namespace settle::testing {

inline constexpr std::size_t kBuffer = registers::kLinkBuffer;
inline constexpr std::size_t kLongestAnswer = 1026;
inline constexpr int kResponse = 4;       // cycles from a request on the port to its response
inline constexpr int kReport = 2;         // cycles from error_i to its report, if there is nothing else to do
inline constexpr int kPatience = 100000;  // cycles without a byte: it will never come

inline std::string hex(const Bytes& bytes) {
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
    if (bench_->head_o != head_) fault("head_o is not after the frame: " + hex(frame));
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

}  // namespace settle::testing
