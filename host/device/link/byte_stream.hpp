// A pipe of bytes to a board and back: a serial port, a socket, or the pins of a verilated board.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

#include "device/device.hpp"

namespace settle {

/// Longer patience is this long: nobody waits for a year, and clocks do not overflow.
inline constexpr std::chrono::microseconds kMostPatience = std::chrono::hours(24 * 365);

/// What comes out is what went in, in order, unless the line loses or changes it: nothing is certain.
class ByteStream {
 public:
  virtual ~ByteStream() = default;

  /// As a user names it: "serial:/dev/ttyUSB1", "tcp:localhost:5123", "pins".
  virtual const std::string& name() const = 0;

  /// Hands over all `size` bytes, in order; returns when they are on their way. Throws DeviceLost.
  virtual void write(const std::uint8_t* bytes, std::size_t size) = 0;

  /// Takes up to `size` bytes as soon as any are there, and returns how many; 0 if none came in `patience`. Throws
  /// DeviceLost. Simulated lines count patience in their own time.
  virtual std::size_t read(std::uint8_t* bytes, std::size_t size, std::chrono::microseconds patience) = 0;

  /// Time on the line's clock, which patience and silence are counted by.
  virtual std::chrono::microseconds now() const {
    return std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now().time_since_epoch());
  }

  /// A line that has been silent for so long has nothing more under way.
  virtual std::chrono::microseconds silence() const = 0;

  /// Closes what is left of the pipe and opens it anew, with nothing in it. Throws DeviceLost if it cannot be opened.
  virtual void reopen() = 0;
};

}  // namespace settle
