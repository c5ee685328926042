// The way to the board under test, as `--device` names it.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "device/link/byte_stream.hpp"
#include "hil/virtual_board.hpp"
#include "sim/board/line/pin_stream.hpp"

namespace settle::hil {

/// Throws Error, which begins with "--device", unless the name is "virtual" (settle-board as a process of its own),
/// "pins" (a board in this process) or a line's, as open_stream takes it.
void check_device(const std::string& name);

/// Whether it is a board in simulation, which faults of every kind can be asked of.
bool is_virtual(const std::string& device);

class BoardLines {
 public:
  /// A virtual board is started, and ends with this. `configuration`: of a virtual board; `program`: settle-board.
  /// Throws Error if it does not start, or was not verilated in this build.
  BoardLines(const std::string& device, const std::string& configuration, const std::filesystem::path& program);

  /// The line, opened anew. A board in this process stays what it is from one session to the next. Throws DeviceLost.
  std::unique_ptr<ByteStream> open() const;

  bool in_process() const { return device_ == "pins"; }

 private:
  std::string device_;
  std::optional<VirtualBoard> board_;
  std::unique_ptr<PinStream> pins_;
};

}  // namespace settle::hil
