#include "hil/faults.hpp"

#include <algorithm>
#include <vector>

#include "device/link/resuming_device.hpp"
#include "device/model_device.hpp"
#include "device/run_watch.hpp"
#include "sim/equivalence/random_array.hpp"

namespace settle::hil {

namespace {

using registers::Memory;

/// Does the same on both, and compares.
class Work {
 public:
  Work(ResumingDevice& device, const Configuration& c, std::uint64_t seed)
      : device_(device), model_(c), c_(c), random_(seed), array_(c, seed, equivalence::RandomArray::Size::small, 6) {
    for (const auto& [where, value] : array_.writes) write(where, value);
    begin();
  }

  void once() {
    switch (random_.between(0, 5)) {
      case 0:
        return write_block();
      case 1:
        return read_block(address(Memory::coefficient, 0), c_.coefficients, 200);
      case 2:
        return read_block(address(Memory::state, 0), array_.cells, 64);
      case 3:
        return read_block(registers::step_lo, registers::saturated_words - registers::step_lo + 1, 12);
      case 4:
        return read_block(address(Memory::sum, 0), array_.cells, 64);
      default:
        return run();
    }
  }

  std::uint64_t wrong() const { return wrong_; }

 private:
  void write(std::uint32_t where, std::uint32_t value) {
    device_.write(where, value);
    model_.write(where, value);
  }

  /// A chain of runs that depend on each other begins.
  void begin() {
    write(registers::step_lo, static_cast<std::uint32_t>(random_.between(0, 1 << 20)));
    write(registers::step_hi, 0);
    runs_ = 0;
  }

  void write_block() {
    const auto count = static_cast<std::size_t>(random_.between(1, 100));
    const auto first = static_cast<std::size_t>(random_.between(0, c_.coefficients - static_cast<int>(count)));
    for (std::size_t i = 0; i < count; ++i) {
      write(address(Memory::coefficient, first + i), static_cast<std::uint32_t>(random_.between(-300, 300)));
    }
  }

  void read_block(std::uint32_t base, int words, int most) {
    const int count = random_.between(1, std::min(words, most));
    const std::uint32_t first = base + static_cast<std::uint32_t>(random_.between(0, words - count));
    std::vector<std::uint32_t> found(static_cast<std::size_t>(count));
    device_.read_block(first, found.data(), found.size());
    for (std::size_t i = 0; i < found.size(); ++i) {
      if (found[i] != model_.read(first + static_cast<std::uint32_t>(i))) ++wrong_;
    }
  }

  void run() {
    if (++runs_ > 12) begin();
    constexpr std::uint32_t kStart = registers::kControlStart;
    const std::uint32_t control = runs_ == 0 ? kStart | registers::kControlZero | registers::kControlClear : kStart;
    write(registers::control, control);
    wait_until_idle(device_, {});
  }

  ResumingDevice& device_;
  ModelDevice model_;
  Configuration c_;
  equivalence::Random random_;
  equivalence::RandomArray array_;
  int runs_ = 0;
  std::uint64_t wrong_ = 0;
};

}  // namespace

FaultReport work_under_faults(ResumingDevice& device, const Configuration& configuration, std::uint64_t seed,
                              std::uint64_t faults, const std::function<std::uint64_t()>& injected,
                              const std::function<void(std::uint64_t)>& progress, const std::function<bool()>& stop) {
  FaultReport report;
  bool lost = false;
  const LinkStatistics before = device.link().statistics();
  try {
    Work work(device, configuration, seed);
    while (injected() < faults && !(stop && stop())) {
      work.once();
      report.wrong_results = work.wrong();
      if (progress) progress(injected());
    }
  } catch (const DeviceLost&) {
    lost = true;
  } catch (const DeviceTimeout&) {
    lost = true;
  }
  if (lost && !(stop && stop())) ++report.hangs;  // a user who ends it waits no longer
  const LinkStatistics after = device.link().statistics();
  report.injected = injected();
  report.requests = after.requests - before.requests;
  report.mended = after.repeats - before.repeats;
  report.resumed = static_cast<std::uint64_t>(device.resumed());
  return report;
}

}  // namespace settle::hil
