// A board that is started for the tests and ends with them: settle-board, as a process of its own.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <sys/types.h>

namespace settle::hil {

class VirtualBoard {
 public:
  /// `program`: settle-board; `arguments`: its options. Throws Error if it does not start and say where it listens.
  VirtualBoard(const std::filesystem::path& program, const std::vector<std::string>& arguments);
  ~VirtualBoard();
  VirtualBoard(const VirtualBoard&) = delete;
  VirtualBoard& operator=(const VirtualBoard&) = delete;

  const std::string& device() const { return device_; }  ///< where it listens first, as open_stream takes it

 private:
  pid_t process_ = -1;
  std::string device_;
};

}  // namespace settle::hil
