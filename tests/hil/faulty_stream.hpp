// A line that is made bad on the host's side: for boards that cannot misbehave themselves.
#pragma once

#include <algorithm>
#include <string>

#include "device/link/frame.hpp"
#include "device/streams/stream_to.hpp"
#include "sim/board/line/line_faults.hpp"

namespace settle::hil {

class FaultyStream : public StreamTo {
 public:
  /// `rates`: of bytes lost, flipped and repeated, and of lines closed; nothing is held back and nothing reset here.
  FaultyStream(ByteStream& line, const FaultRates& rates)
      : StreamTo(line), out_(rates, 0), in_(rates, 1), ends_(rates) {}

  void write(const std::uint8_t* bytes, std::size_t size) override {
    if (closed_) throw DeviceLost(name() + ": closed on purpose");
    const Bytes passed = pass(out_, bytes, size);
    StreamTo::write(passed.data(), passed.size());
  }

  std::size_t read(std::uint8_t* bytes, std::size_t size, std::chrono::microseconds patience) override {
    if (closed_) throw DeviceLost(name() + ": closed on purpose");
    if (waiting_.empty()) {
      Bytes come(4096);
      come.resize(StreamTo::read(come.data(), come.size(), patience));
      waiting_ = pass(in_, come.data(), come.size());
    }
    const std::size_t count = std::min(size, waiting_.size());
    std::copy_n(waiting_.begin(), count, bytes);
    waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(count));
    return count;
  }

  void reopen() override {
    StreamTo::reopen();
    waiting_.clear();
    closed_ = false;
  }

  std::uint64_t injected() const {
    const auto all = [](const FaultCounts& c) { return c.dropped + c.flipped + c.repeated; };
    return all(out_.counts()) + all(in_.counts()) + ends_.hang_ups();
  }

 private:
  Bytes pass(LineFaults& faults, const std::uint8_t* bytes, std::size_t size) {
    Bytes passed;
    for (std::size_t i = 0; i < size; ++i) {
      faults.push(bytes[i], 0);
      while (const auto byte = faults.pop(0)) passed.push_back(*byte);
      ends_.byte();
    }
    closed_ = closed_ || ends_.take_hang_up();
    return passed;
  }

  LineFaults out_, in_;
  BoardFaults ends_;
  Bytes waiting_;
  bool closed_ = false;
};

}  // namespace settle::hil
