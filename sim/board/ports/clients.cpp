#include "sim/board/ports/clients.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace settle {

namespace {

// How often one looks for clients that poll() does not see.
constexpr std::chrono::milliseconds kLook{20};

}  // namespace

Clients::Clients(std::vector<std::unique_ptr<ClientPort>> ports) : ports_(std::move(ports)) {}

void Clients::hang_up() {
  if (client_ == nullptr) return;
  ClientPort& port = *std::exchange(client_, nullptr);
  for_client_.clear();
  port.hang_up();
  if (on_hang_up) on_hang_up(port);
}

void Clients::exchange(LineEnd& line) {
  if (client_ != nullptr && client_->look() == Client::none) client_ = nullptr;
  for (const auto& port : ports_) {
    if (port.get() == client_ || port->look() == Client::none) continue;
    if (client_ == nullptr) {
      client_ = port.get();
    } else if (client_->look() == Client::here) {  // still: the next one may have come because it has just left
      port->hang_up();
      if (on_hang_up) on_hang_up(*port);
    }
  }
  if (line.take_hang_up()) {
    hang_up();
    line.discard();
  }
  std::array<std::uint8_t, 4096> bytes{};
  while (const std::size_t count = line.receive(bytes.data(), bytes.size())) {
    if (client_ != nullptr) for_client_.insert(for_client_.end(), bytes.data(), bytes.data() + count);
  }
  if (client_ == nullptr) {
    for_client_.clear();
    return;
  }
  if (!for_client_.empty()) {
    const std::size_t taken = client_->write(for_client_.data(), for_client_.size());
    for_client_.erase(for_client_.begin(), for_client_.begin() + static_cast<std::ptrdiff_t>(taken));
  }
  while (listens() && line.unsent() < kMostForBoard) {
    const std::size_t count = client_->read(bytes.data(), bytes.size());
    if (count == 0) break;
    line.send(bytes.data(), count);
  }
}

void Clients::wait(int file, std::chrono::milliseconds longest) const {
  std::vector<pollfd> entries{{file, POLLIN, 0}};
  bool all_seen = true;
  for (const auto& port : ports_) {
    const bool served = port.get() == client_;
    all_seen = port->watch(entries, served && listens(), served && !for_client_.empty()) && all_seen;
  }
  if (!all_seen) longest = std::min(longest, kLook);
  ::poll(entries.data(), static_cast<nfds_t>(entries.size()), static_cast<int>(longest.count()));
}

}  // namespace settle
