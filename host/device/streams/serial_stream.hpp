// A serial port as a pipe of bytes: a USB adapter, a UART, or a pseudo-terminal that stands for one. Linux.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "base/process_lock.hpp"
#include "device/link/byte_stream.hpp"
#include "generated/registers.hpp"

namespace settle {

/// Baud rates that can be asked for; a port may take fewer.
inline constexpr int kLeastBaud = 50;
inline constexpr int kMostBaud = 20'000'000;

class SerialStream : public ByteStream {
 public:
  /// Opens `path`: raw bytes, 8 data bits, no parity, one stop bit, no flow control, `baud` (standard or not), for this
  /// process alone. The port's lines stay as they are when it is closed: opening it again resets no board. `locks`:
  /// folder of lock files (base/process_lock.hpp), which are honoured and, where that is possible, written. Throws
  /// Error if `baud` is out of range; DeviceInUse, which says by whom where that can be seen, if another program has
  /// the port open or locked; DeviceLost naming the port if it does not exist, may not be opened, is no serial port or
  /// does not take the rate.
  explicit SerialStream(const std::string& path, int baud = registers::kBaud,
                        const std::filesystem::path& locks = kLockFolder);
  ~SerialStream() override;
  SerialStream(const SerialStream&) = delete;
  SerialStream& operator=(const SerialStream&) = delete;

  const std::string& name() const override { return name_; }

  /// Waits while the port takes nothing, but not longer than three seconds from one byte to the next: then the port is
  /// lost.
  void write(const std::uint8_t* bytes, std::size_t size) override;

  /// A signal does not cut the patience short: whoever wants to stop on Ctrl-C asks between reads.
  std::size_t read(std::uint8_t* bytes, std::size_t size, std::chrono::microseconds patience) override;

  /// 30 ms, for USB adapters hold bytes for 16 ms, and what the bytes take that have not left yet. For a
  /// pseudo-terminal 20 ms: a simulated board takes more than 10 ms for all that its buffer holds.
  std::chrono::microseconds silence() const override;

  /// At once: a port that is not there is not waited for.
  void reopen() override;

 private:
  void open();
  void close();
  /// Raw mode and the rate.
  void configure();
  /// Closes the port for the reason that errno gives.
  [[noreturn]] void lose(int cause);
  [[noreturn]] void lose(const std::string& cause);
  /// Closes the port: it is another's.
  [[noreturn]] void refuse(const std::string& whose);
  /// Refuses a port that another program says is its own, in a lock file.
  void honour_locks();
  /// Refuses a port that another process has open, locks or not.
  void honour_users(const struct stat& port);

  std::string path_, name_;
  std::filesystem::path locks_;
  int baud_;
  std::unique_ptr<ProcessLock> lock_;
  int file_ = -1;
  bool pseudo_terminal_ = false;
};

}  // namespace settle
