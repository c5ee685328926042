#include "device/link/journal.hpp"

namespace settle {

namespace {

constexpr std::uint32_t kStart = 1, kZero = 2, kClear = 4, kStop = 8, kBusy = 1;
constexpr auto kStateRegion = static_cast<std::uint32_t>(registers::Memory::state);

}  // namespace

void Journal::write(std::uint32_t address, std::uint32_t value) {
  if (address == registers::step_lo) step_known_ |= 1;
  if (address == registers::step_hi) step_known_ |= 2;
  if (address == registers::control) {
    if ((value & kStop) != 0) stopped_ = true;
    constexpr std::uint32_t kAnew = kStart | kZero | kClear;
    if ((value & kAnew) == kAnew && step_known_ == 3) forget_runs();
    if ((value & kStart) != 0) step_known_ = 0;
  }
  since_.push_back({address, value});
}

void Journal::forget_runs() {
  for (const Write& w : since_) {
    if (w.address != registers::control && w.address >> 20 != kStateRegion) settled_[w.address] = w.value;
  }
  since_.clear();
  stopped_ = false;
}

void Journal::replay(Device& device, const std::function<bool()>& stop) const {
  for (const auto& [address, value] : settled_) device.write(address, value);
  for (const Write& w : since_) {
    device.write(w.address, w.value);
    if (w.address == registers::control && (w.value & kStart) != 0) wait_until_idle(device, stop);
  }
}

std::uint32_t wait_until_idle(Device& device, const std::function<bool()>& stop) {
  std::uint32_t status = device.status_when_idle();
  while ((status & kBusy) != 0 && !(stop && stop())) status = device.status_when_idle();
  return status;
}

}  // namespace settle
