// Passes bytes between a board's line and the host that is there, at whichever port it came.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <vector>

#include "sim/board/line/line_end.hpp"
#include "sim/board/ports/client_port.hpp"

namespace settle {

class Clients {
 public:
  explicit Clients(std::vector<std::unique_ptr<ClientPort>> ports);

  /// Called after a hang-up that was asked for: the port's name may be another one.
  std::function<void(const ClientPort&)> on_hang_up;

  /// Sees who came and left, and passes on what is there both ways. While nobody is there, what the board says is lost;
  /// whoever comes while another is served is sent away. Never waits.
  void exchange(LineEnd& line);

  bool connected() const { return client_ != nullptr; }

  /// Sleeps until exchange() may have something to do, `file` (a signal's) can be read, or for `longest`.
  void wait(int file, std::chrono::milliseconds longest) const;

  const std::vector<std::unique_ptr<ClientPort>>& ports() const { return ports_; }

 private:
  /// A client that does not read is not read from either: nothing is lost, nothing grows.
  bool listens() const { return for_client_.size() < kMostForClient; }
  void hang_up();

  static constexpr std::size_t kMostForClient = 65536, kMostForBoard = 4096;

  std::vector<std::unique_ptr<ClientPort>> ports_;
  ClientPort* client_ = nullptr;
  std::vector<std::uint8_t> for_client_;
};

}  // namespace settle
