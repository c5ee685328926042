// A line that is made bad on the host's side: for boards that cannot misbehave themselves.
#pragma once

#include <algorithm>
#include <memory>
#include <string>
#include <utility>

#include "link/byte_stream.hpp"
#include "link/frame.hpp"
#include "sim/board/line_faults.hpp"

namespace settle::hil {

class FaultyStream : public ByteStream {
 public:
  /// `rates`: of bytes lost, flipped and repeated, and of lines closed; nothing is held back and nothing reset here.
  FaultyStream(std::unique_ptr<ByteStream> stream, FaultRates rates)
      : stream_(std::move(stream)), out_(rates, 0), in_(rates, 1), ends_(rates) {}

  const std::string& name() const override { return stream_->name(); }
  std::chrono::microseconds silence() const override { return stream_->silence(); }

  void write(const std::uint8_t* bytes, std::size_t size) override {
    if (closed_) throw DeviceLost(name() + ": closed on purpose");
    Bytes passed = pass(out_, bytes, size);
    stream_->write(passed.data(), passed.size());
  }

  std::size_t read(std::uint8_t* bytes, std::size_t size, std::chrono::microseconds patience) override {
    if (closed_) throw DeviceLost(name() + ": closed on purpose");
    if (waiting_.empty()) {
      Bytes come(4096);
      come.resize(stream_->read(come.data(), come.size(), patience));
      waiting_ = pass(in_, come.data(), come.size());
    }
    const std::size_t count = std::min(size, waiting_.size());
    std::copy_n(waiting_.begin(), count, bytes);
    waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(count));
    return count;
  }

  void reopen() override {
    stream_->reopen();
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

  std::unique_ptr<ByteStream> stream_;
  LineFaults out_, in_;
  BoardFaults ends_;
  Bytes waiting_;
  bool closed_ = false;
};

}  // namespace settle::hil
