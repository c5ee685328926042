#include "sim/board/line/pin_stream.hpp"

#include <algorithm>
#include <utility>

namespace settle {

namespace {

constexpr std::uint64_t kCyclesPerMicrosecond = kNominalHertz / 1'000'000;
constexpr std::chrono::microseconds kSilence{200};

std::uint64_t cycles_of(std::chrono::microseconds time) {
  const auto bounded = std::clamp(time, std::chrono::microseconds(0), kMostPatience);
  return static_cast<std::uint64_t>(bounded.count()) * kCyclesPerMicrosecond;
}

std::chrono::microseconds time_of(std::uint64_t cycles) {
  const std::uint64_t time = cycles / kCyclesPerMicrosecond + 1;
  const auto most = static_cast<std::uint64_t>(kMostPatience.count());
  return std::chrono::microseconds(static_cast<std::int64_t>(std::min(time, most)));
}

}  // namespace

PinStream::PinStream(std::unique_ptr<PinBoard> board, const FaultRates& rates) : line_(std::move(board), rates) {
  // A slow line is not silent between two bytes that touch.
  silence_ = std::max(kSilence, time_of(2 * line_.host().adapter().byte_cycles()));
  if (rates.delay > 0) silence_ += time_of(rates.most_delay);
}

std::chrono::microseconds PinStream::now() const { return time_of(line_.board().cycles()); }

std::chrono::microseconds PinStream::silence() const {
  const LineEnd& host = line_.host();
  return silence_ +
         (host.idle() ? std::chrono::microseconds(0) : time_of((host.unsent() + 1) * host.adapter().byte_cycles()));
}

void PinStream::write(const std::uint8_t* bytes, std::size_t size) {
  if (closed_) throw DeviceLost("pins: the line was closed");
  line_.host().send(bytes, size);
}

std::size_t PinStream::read(std::uint8_t* bytes, std::size_t size, std::chrono::microseconds patience) {
  if (closed_) throw DeviceLost("pins: the line was closed");
  if (size == 0) return 0;
  line_.run(cycles_of(patience), true);
  if (line_.host().take_hang_up()) {
    closed_ = true;
    throw DeviceLost("pins: the line was closed");
  }
  return line_.host().receive(bytes, size);
}

void PinStream::reopen() {
  line_.host().discard();
  std::uint8_t forgotten[256];
  const std::uint64_t silence = cycles_of(this->silence());
  std::uint64_t silent = 0;
  while (silent < silence) {
    silent += line_.run(silence - silent, true);
    const bool hung_up = line_.host().take_hang_up();  // nobody is there to notice
    if (line_.host().receive(forgotten, sizeof forgotten) > 0 || hung_up) silent = 0;
  }
  closed_ = false;
}

}  // namespace settle
