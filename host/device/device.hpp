// The one way to reach an array, whatever it is: 32-bit registers and memories at the word addresses of
// rtl/registers.json.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/bit_field.hpp"
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

/// The way to the device is another program's, or another host's.
class DeviceInUse : public DeviceLost {
 public:
  using DeviceLost::DeviceLost;
};

/// The device was reset since it was last asked: what it held cannot be relied on.
class DeviceReset : public DeviceError {
 public:
  using DeviceError::DeviceError;
};

/// How long a run may make no step, unless a user says otherwise.
inline constexpr std::chrono::seconds kStepPatience{60};

/// Where consecutive words are read from and go to.
struct ReadBlock {
  std::uint32_t address = 0;        ///< of the first
  std::uint32_t* values = nullptr;  ///< [count]
  std::size_t count = 0;
};

/// Addresses: a region (0: registers, else registers::Memory) and a word in it, as address() puts them together.
class Device {
 public:
  virtual ~Device() = default;

  /// Its engine (engine_names.hpp), or what else stands in reports as `engine`.
  virtual std::string engine() const = 0;

  /// What messages call it: where it is attached, if it is.
  virtual std::string name() const { return engine(); }

  /// One word. Throws DeviceError, or one of its kinds, for an address that does not exist, for what an array refuses
  /// while it runs, and if the device does not answer; so does all below that reads or writes.
  virtual std::uint32_t read(std::uint32_t address) = 0;
  virtual void write(std::uint32_t address, std::uint32_t value) = 0;

  /// Completes what the device leaves beside its answers (a waveform). To be called after the last access;
  /// throws Error if it could not be completed.
  virtual void finish() {}

  /// The status register, once the array is idle or the device's patience is at its end: to be asked until it is not
  /// busy.
  virtual std::uint32_t status_when_idle() { return read(registers::status); }

  /// Time on the clock by which a run is waited for.
  virtual std::chrono::microseconds now() const {
    return std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now().time_since_epoch());
  }
  /// How long a run may make no step until it is given up.
  virtual std::chrono::microseconds patience() const { return kStepPatience; }

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

/// Address of word `offset` of a memory.
constexpr std::uint32_t address(registers::Memory memory, std::size_t offset) {
  return in_place(registers::kAddressRegion, static_cast<std::int64_t>(memory)) |
         in_place(registers::kAddressWord, static_cast<std::int64_t>(offset));
}

/// Region of an address: 0, or the number of a registers::Memory.
constexpr std::uint32_t region_of(std::uint32_t address) {
  return static_cast<std::uint32_t>(value_of(registers::kAddressRegion, address));
}

/// Word of an address in its region.
constexpr std::uint32_t word_of(std::uint32_t address) {
  return static_cast<std::uint32_t>(value_of(registers::kAddressWord, address));
}

/// 16-bit words of a cell's two sums over the window: of x, then of x^2.
inline constexpr std::size_t kWindowParts = registers::kSumParts + registers::kSquareParts;

/// Address of one of a cell's kWindowParts; the same part of the next cells follows.
constexpr std::uint32_t sum_address(std::size_t part, std::size_t cell) {
  const bool of_x = part < registers::kSumParts;
  const std::size_t of_its_sum = of_x ? part : part - registers::kSumParts;
  return address(of_x ? registers::Memory::sum : registers::Memory::square,
                 in_place(registers::kSumAddressPart, static_cast<std::int64_t>(of_its_sum)) |
                     in_place(registers::kSumAddressCell, static_cast<std::int64_t>(cell)));
}

// Both memories lie alike.
static_assert(registers::kSumAddressCell.low == registers::kSquareAddressCell.low &&
              registers::kSumAddressCell.width == registers::kSquareAddressCell.width);
static_assert(registers::kSumAddressPart.low == registers::kSquareAddressPart.low &&
              registers::kSumAddressPart.width == registers::kSquareAddressPart.width);

}  // namespace settle
