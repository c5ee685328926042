// Lock files by which programs of any kind keep others from a serial port: LCK..ttyUSB0, with the number of the process
// that has it, as minicom, picocom, pppd and others write and honour them.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "base/processes.hpp"

namespace settle {

/// Where they stand (/var/lock is a link to it).
inline constexpr const char* kLockFolder = "/run/lock";

/// The lock's name for a port: its path below /dev, with _ for /.
std::string lock_name(const std::filesystem::path& port);

/// The process that a lock file names, if it lives and is not this one.
std::optional<Process> lock_holder(const std::filesystem::path& file);

/// A lock that is held until it is destroyed; a program that is killed leaves a file that nobody honours any more.
class ProcessLock {
 public:
  /// `file`: as in /run/lock/LCK..ttyUSB0. One of a process that is gone is replaced. Where no file can be written, or
  /// another process has it, nothing is held.
  explicit ProcessLock(std::filesystem::path file);
  ~ProcessLock();
  ProcessLock(const ProcessLock&) = delete;
  ProcessLock& operator=(const ProcessLock&) = delete;

  bool held() const { return held_; }

 private:
  std::filesystem::path file_;
  bool held_ = false;
};

}  // namespace settle
