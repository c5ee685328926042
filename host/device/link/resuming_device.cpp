#include "device/link/resuming_device.hpp"

#include <array>
#include <thread>
#include <utility>

namespace settle {

namespace {

using Clock = std::chrono::steady_clock;

// From one request. A bad supply that fails whenever the array runs would have it resumed for ever.
constexpr int kMostReturns = 20;

std::uint64_t hash_of(Device& device) {
  std::array<std::uint32_t, 2> words{};
  static_assert(registers::config_hash_hi == registers::config_hash_lo + 1);
  device.read_block(registers::config_hash_lo, words.data(), words.size());
  return std::uint64_t{words[1]} << 32 | words[0];
}

/// The board may come back: nothing was wrong with what it was asked.
bool is_gone(const DeviceError& e) {
  return dynamic_cast<const DeviceLost*>(&e) != nullptr || dynamic_cast<const DeviceReset*>(&e) != nullptr ||
         dynamic_cast<const DeviceTimeout*>(&e) != nullptr;
}

}  // namespace

ResumingDevice::ResumingDevice(std::unique_ptr<LinkDevice> device, ResumeOptions options)
    : device_(std::move(device)), options_(std::move(options)), hash_(hash_of(*device_)) {}

void ResumingDevice::persist(const std::function<void()>& action) {
  for (int times = 0;; ++times) {
    std::string why;
    try {
      action();
      return;
    } catch (const DeviceError& e) {
      if (!is_gone(e) || !journal_.can_replay() || options_.patience.count() == 0) throw;
      why = e.what();
    }
    if (times == kMostReturns)
      throw DeviceLost(fmt::format("{}; it has come back {} times and goes again", why, times));
    resume(why);
  }
}

void ResumingDevice::resume(const std::string& why) {
  const Clock::time_point until = Clock::now() + options_.patience;
  const auto seconds = options_.patience.count() / 1000;
  for (bool told = false;; told = true) {
    std::string last;
    try {
      device_->reconnect();
      const std::uint64_t hash = hash_of(*device_);
      if (hash == hash_) {
        journal_.replay(*device_, options_.stop);
        device_->finish();
        ++resumed_;
        if (options_.notice) {
          options_.notice(told ? fmt::format("{}: it is back, and the run goes on", device_->name())
                               : fmt::format("{}; it is back, and the run goes on", why));
        }
        return;
      }
      last = fmt::format("another board came, configuration {:016x} instead of {:016x}", hash, hash_);
    } catch (const DeviceError& e) {
      if (!is_gone(e)) throw;
      last = e.what();
    }
    if (options_.stop && options_.stop()) throw DeviceLost(why);
    if (Clock::now() >= until) throw DeviceLost(fmt::format("{}; {} s later: {}", why, seconds, last));
    if (!told && options_.notice) {
      options_.notice(fmt::format("{}: waiting for it to come back, up to {} s", why, seconds));
    }
    std::this_thread::sleep_for(options_.interval);
  }
}

void ResumingDevice::write(std::uint32_t address, std::uint32_t value) {
  journal_.write(address, value);
  bool tried = false;
  persist([&] {
    if (std::exchange(tried, true)) return;  // the journal has done it
    device_->write(address, value);
  });
}

std::uint32_t ResumingDevice::read(std::uint32_t address) {
  std::uint32_t value = 0;
  persist([&] { value = device_->read(address); });
  return value;
}

std::uint32_t ResumingDevice::status_when_idle() {
  std::uint32_t value = 0;
  persist([&] { value = device_->status_when_idle(); });
  return value;
}

void ResumingDevice::read_block(std::uint32_t address, std::uint32_t* values, std::size_t count) {
  persist([&] { device_->read_block(address, values, count); });
}

void ResumingDevice::read_blocks(const std::vector<ReadBlock>& blocks) {
  persist([&] { device_->read_blocks(blocks); });
}

void ResumingDevice::finish() {
  persist([&] { device_->finish(); });
}

}  // namespace settle
