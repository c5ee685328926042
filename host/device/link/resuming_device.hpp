// A device that outlives its board: when the way to it is cut or it is reset, it waits, brings the board that
// comes back into the state in which the lost one was, and goes on. Its user notices nothing but the time.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "device/link/journal.hpp"
#include "device/link/link_device.hpp"

namespace settle {

struct ResumeOptions {
  std::chrono::milliseconds patience{60'000};      ///< for a board to come back; 0: none
  std::chrono::milliseconds interval{250};         ///< between two attempts
  std::function<void(const std::string&)> notice;  ///< is told, in one line, of a loss and of a return
  std::function<bool()> stop;                      ///< the user wants to end
};

class ResumingDevice : public Device {
 public:
  ResumingDevice(std::unique_ptr<LinkDevice> device, ResumeOptions options);

  std::string engine() const override { return device_->engine(); }
  std::string name() const override { return device_->name(); }

  /// Every call throws as LinkDevice; DeviceLost, DeviceReset and DeviceTimeout only if the board did not come back in
  /// time (one with another configuration does not count), went again and again at the same request, or a run had been
  /// stopped on the way.
  std::uint32_t read(std::uint32_t address) override;
  void write(std::uint32_t address, std::uint32_t value) override;
  std::uint32_t status_when_idle() override;
  std::chrono::microseconds now() const override { return device_->now(); }
  std::chrono::microseconds patience() const override { return device_->patience(); }
  void read_block(std::uint32_t address, std::uint32_t* values, std::size_t count) override;
  void read_blocks(const std::vector<ReadBlock>& blocks) override;
  void finish() override;

  const LinkDevice& link() const { return *device_; }
  int resumed() const { return resumed_; }  ///< times

 private:
  /// Does it, as often as the board comes back.
  void persist(const std::function<void()>& action);
  void resume(const std::string& why);

  std::unique_ptr<LinkDevice> device_;
  ResumeOptions options_;
  Journal journal_;
  std::uint64_t hash_;
  int resumed_ = 0;
};

}  // namespace settle
