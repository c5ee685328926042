#include "device/link/journal.hpp"

#include "device/run_watch.hpp"

namespace settle {

namespace {

constexpr auto kStateRegion = static_cast<std::uint32_t>(registers::Memory::state);

}  // namespace

void Journal::write(std::uint32_t address, std::uint32_t value) {
  if (address == registers::step_lo) step_known_ |= 1;
  if (address == registers::step_hi) step_known_ |= 2;
  if (address == registers::control) {
    if ((value & registers::kControlStop) != 0) stopped_ = true;
    constexpr std::uint32_t kAnew = registers::kControlStart | registers::kControlZero | registers::kControlClear;
    if ((value & kAnew) == kAnew && step_known_ == 3) forget_runs();
    if ((value & registers::kControlStart) != 0) step_known_ = 0;
  }
  since_.push_back({address, value});
}

void Journal::forget_runs() {
  for (const Write& w : since_) {
    if (w.address != registers::control && region_of(w.address) != kStateRegion) settled_[w.address] = w.value;
  }
  since_.clear();
  stopped_ = false;
}

void Journal::replay(Device& device, const std::function<bool()>& stop) const {
  for (const auto& [address, value] : settled_) device.write(address, value);
  for (const Write& w : since_) {
    device.write(w.address, w.value);
    if (w.address == registers::control && (w.value & registers::kControlStart) != 0) wait_until_idle(device, stop);
  }
}

}  // namespace settle
