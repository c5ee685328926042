// The one way to reach an array, whatever stands behind it: 32-bit registers and memories at 24-bit word addresses.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "generated/registers.hpp"

namespace settle {

/// The device did not do what it was asked; the message says what, where and what came back.
class DeviceError : public Error {
 public:
  using Error::Error;
};

/// No answer in time. Never reported as a value.
class DeviceTimeout : public DeviceError {
 public:
  using DeviceError::DeviceError;
};

/// The way to the device is cut: unplugged, the peer gone, no such port any more.
class DeviceLost : public DeviceError {
 public:
  using DeviceError::DeviceError;
};

/// The device was reset since it was last asked: what it held cannot be relied on.
class DeviceReset : public DeviceError {
 public:
  using DeviceError::DeviceError;
};

/// Where consecutive words are read from and go to.
struct ReadBlock {
  std::uint32_t address = 0;
  std::uint32_t* values = nullptr;
  std::size_t count = 0;
};

/// Addresses: bits 23:20 the region (0: registers, else registers::Memory), bits 19:0 the word in it.
class Device {
 public:
  virtual ~Device() = default;

  /// "rtl", "model", ...: what stands in reports as `engine`.
  virtual std::string engine() const = 0;

  /// What messages call it: where it is attached, if it is.
  virtual std::string name() const { return engine(); }

  virtual std::uint32_t read(std::uint32_t address) = 0;
  virtual void write(std::uint32_t address, std::uint32_t value) = 0;

  /// Completes what the device writes beside its answers (a waveform). To be called after the last access;
  /// throws Error if it could not be completed.
  virtual void finish() {}

  /// The status register, once the array is idle or the device's patience is at its end: to be asked until it is not
  /// busy.
  virtual std::uint32_t status_when_idle() { return read(registers::status); }

  /// `count` consecutive words. Devices with costly round trips override these.
  virtual void read_block(std::uint32_t address, std::uint32_t* values, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) values[i] = read(address + static_cast<std::uint32_t>(i));
  }
  /// Several blocks; devices with costly round trips ask for all of them at once.
  virtual void read_blocks(const std::vector<ReadBlock>& blocks) {
    for (const ReadBlock& b : blocks) read_block(b.address, b.values, b.count);
  }
  /// Consecutive words. A device may keep what is written until it is next asked for something, and say only then what
  /// went wrong.
  virtual void write_block(std::uint32_t address, const std::uint32_t* values, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) write(address + static_cast<std::uint32_t>(i), values[i]);
  }
};

/// Words of the sum memory from one part of a sum to the next.
constexpr std::size_t kSumPart = 65536;

/// Address of word `offset` of a memory.
constexpr std::uint32_t address(registers::Memory memory, std::size_t offset) {
  return (static_cast<std::uint32_t>(memory) << 20) | static_cast<std::uint32_t>(offset);
}

}  // namespace settle
