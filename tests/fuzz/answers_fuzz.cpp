// Coverage-guided fuzzing (libFuzzer) of all that the host makes of what a line brings: the input is the line. The
// first byte of the input says what the host asks for; between the others the host is heard, so that an input can
// answer what it was asked. Nothing may crash, hang, or end in anything but a device's typed error.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>

#include "device/link/link_device.hpp"

namespace {

using settle::Bytes;

constexpr std::size_t kHeader = settle::registers::kRequestHeader;

/// A board that says what the input says, and answers in earnest where the input asks it to.
class Puppet : public settle::ByteStream {
 public:
  Puppet(const std::uint8_t* script, std::size_t size) : script_(script, script + size) {}

  const std::string& name() const override { return name_; }
  std::chrono::microseconds silence() const override { return std::chrono::microseconds(1); }
  void reopen() override {}

  void write(const std::uint8_t* bytes, std::size_t size) override {
    for (std::size_t i = 0; i < size; ++i) {
      if (heard_.take(bytes[i]) == settle::FrameParser::Found::frame) asked_ = heard_.content();
    }
  }

  std::size_t read(std::uint8_t* bytes, std::size_t size, std::chrono::microseconds) override {
    if (waiting_.empty() && at_ < script_.size()) next();
    const std::size_t count = std::min(size, waiting_.size());
    std::copy_n(waiting_.begin(), count, bytes);
    waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(count));
    return count;
  }

 private:
  /// One word of the script: bytes as they are, a frame around them, or a frame that answers the last request.
  void next() {
    const std::uint8_t word = script_[at_++];
    const std::size_t length = std::min<std::size_t>(word & 63u, script_.size() - at_);
    Bytes content(script_.begin() + static_cast<std::ptrdiff_t>(at_),
                  script_.begin() + static_cast<std::ptrdiff_t>(at_ + length));
    at_ += length;
    switch (word >> 6) {
      case 0:
        waiting_ = content;
        break;
      case 1:
        waiting_ = settle::encode_frame(content);
        break;
      case 2:  // with the number that it has, and this data
        if (!asked_.empty()) content.insert(content.begin(), asked_.front());
        waiting_ = settle::encode_frame(content);
        break;
      default:  // what a good board says
        if (asked_.size() >= kHeader) content = good_answer(content);
        waiting_ = settle::encode_frame(content);
        break;
    }
  }

  Bytes good_answer(const Bytes& data) const {
    Bytes answer = {asked_[0]};
    const auto kind = static_cast<settle::registers::Request>(value_of(settle::registers::kKindCode, asked_[1]));
    if (kind == settle::registers::Request::sync)
      answer.insert(answer.end(), asked_.begin() + std::ptrdiff_t{kHeader}, asked_.end());
    if (kind == settle::registers::Request::read && asked_.size() > kHeader) {
      const auto less_1 = static_cast<unsigned>(value_of(settle::registers::kKindBytesLess1, asked_[1]));
      const std::size_t size = (asked_[kHeader] + 1u) * (less_1 + 1u);
      for (std::size_t i = 0; i < size; ++i) answer.push_back(data.empty() ? std::uint8_t{0} : data[i % data.size()]);
    }
    answer.push_back(0);
    return answer;
  }

  std::string name_ = "puppet";
  Bytes script_, waiting_, asked_;
  std::size_t at_ = 0;
  settle::FrameParser heard_{300};
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  try {
    settle::LinkDevice device(std::make_unique<Puppet>(data + 1, size - 1), {std::chrono::microseconds(1), 3});
    std::uint32_t values[300] = {};
    for (int i = 0; i < 4; ++i) {
      for (std::uint32_t n = 0; n < data[0]; ++n) device.write(0x200000u + n, n);
      device.read_block(0x900000u, values, 1u + data[0]);
      device.status_when_idle();
    }
    // Words of two bytes, unsigned: whatever came, it is nothing larger.
    for (std::size_t n = 0; n < 1u + data[0]; ++n) {
      if (values[n] > 0xffffu) std::abort();
    }
  } catch (const settle::DeviceError&) {
    // What a board may do to a host.
  }
  return 0;
}
