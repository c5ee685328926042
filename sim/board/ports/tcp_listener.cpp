#include "sim/board/ports/tcp_listener.hpp"

#include <cerrno>
#include <cstring>
#include <optional>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/error.hpp"
#include "base/processes.hpp"

namespace settle {

namespace {

/// A socket's address, v4 or v6.
union Address {
  sockaddr any;
  sockaddr_in v4;
  sockaddr_in6 v6;
};

/// A client that has said nothing for so long is asked, so many times, whether it is still there.
constexpr int kIdleSeconds = 10, kProbes = 3;

void close_and_clear(int& file) {
  if (file >= 0) ::close(file);
  file = -1;
}

}  // namespace

bool is_ip_address(const std::string& text) {
  in6_addr address{};  // large enough for both
  return inet_pton(AF_INET, text.c_str(), &address) == 1 || inet_pton(AF_INET6, text.c_str(), &address) == 1;
}

TcpListener::TcpListener(const std::string& address, int port) : address_(address) {
  Address where{};
  socklen_t size = 0;
  if (inet_pton(AF_INET, address.c_str(), &where.v4.sin_addr) == 1) {
    where.v4.sin_family = AF_INET;
    where.v4.sin_port = htons(static_cast<std::uint16_t>(port));
    size = sizeof where.v4;
  } else if (inet_pton(AF_INET6, address.c_str(), &where.v6.sin6_addr) == 1) {
    where.v6.sin6_family = AF_INET6;
    where.v6.sin6_port = htons(static_cast<std::uint16_t>(port));
    size = sizeof where.v6;
  } else {
    throw error("{}: an IPv4 or IPv6 address is needed, as in 127.0.0.1", one_line(address));
  }
  const int on = 1;
  listener_ = socket(where.any.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (listener_ < 0 || setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 ||
      bind(listener_, &where.any, size) != 0 || listen(listener_, 4) != 0 ||
      getsockname(listener_, &where.any, &size) != 0) {
    const int cause = errno;
    close_and_clear(listener_);
    if (cause != EADDRINUSE) throw error("tcp port {} of {}: {}", port, address, std::strerror(cause));
    const std::optional<Process> other = server_of_tcp(port);
    throw error("tcp port {} of {}: in use by {}", port, address, other ? other->text() : "another program");
  }
  port_ = ntohs(where.any.sa_family == AF_INET ? where.v4.sin_port : where.v6.sin6_port);
}

TcpListener::~TcpListener() {
  close_and_clear(client_);
  close_and_clear(listener_);
}

std::string TcpListener::name() const {
  const bool v6 = address_.find(':') != std::string::npos;
  return fmt::format(v6 ? "tcp:[{}]:{}" : "tcp:{}:{}", address_, port_);
}

Client TcpListener::look_at_client() {
  if (client_ < 0) return Client::none;
  pollfd entry{client_, POLLIN | POLLRDHUP, 0};
  if (::poll(&entry, 1, 0) <= 0 || (entry.revents & (POLLRDHUP | POLLHUP | POLLERR)) == 0) return Client::here;
  std::uint8_t next = 0;
  if (recv(client_, &next, 1, MSG_PEEK) > 0) return Client::left;
  close_and_clear(client_);
  return Client::none;
}

Client TcpListener::look() {
  while (true) {
    // In this order: whoever waits now may have come because the other one has left.
    pollfd entry{listener_, POLLIN, 0};
    const bool next_waits = ::poll(&entry, 1, 0) > 0;
    const Client client = look_at_client();
    if (!next_waits || client == Client::left) return client;
    const int next = accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (next < 0) return client;  // it has given up
    if (client == Client::here) {
      ::close(next);
      continue;
    }
    const int on = 1;
    setsockopt(next, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    // A host that is cut off without a word must not keep the board for ever.
    setsockopt(next, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
    setsockopt(next, IPPROTO_TCP, TCP_KEEPIDLE, &kIdleSeconds, sizeof kIdleSeconds);
    setsockopt(next, IPPROTO_TCP, TCP_KEEPINTVL, &kIdleSeconds, sizeof kIdleSeconds);
    setsockopt(next, IPPROTO_TCP, TCP_KEEPCNT, &kProbes, sizeof kProbes);
    client_ = next;
  }
}

std::size_t TcpListener::read(std::uint8_t* bytes, std::size_t size) {
  if (client_ < 0 || size == 0) return 0;
  const ssize_t count = recv(client_, bytes, size, 0);
  if (count > 0) return static_cast<std::size_t>(count);
  if (count == 0 || (errno != EAGAIN && errno != EINTR)) close_and_clear(client_);
  return 0;
}

std::size_t TcpListener::write(const std::uint8_t* bytes, std::size_t size) {
  if (client_ < 0) return 0;
  const ssize_t count = send(client_, bytes, size, MSG_NOSIGNAL);
  if (count >= 0) return static_cast<std::size_t>(count);
  if (errno != EAGAIN && errno != EINTR) close_and_clear(client_);
  return 0;
}

void TcpListener::hang_up() { close_and_clear(client_); }

bool TcpListener::watch(std::vector<pollfd>& entries, bool reading, bool writing) const {
  entries.push_back({listener_, POLLIN, 0});
  if (client_ >= 0) {
    const int wanted = (reading ? POLLIN : 0) | (writing ? POLLOUT : 0);
    entries.push_back({client_, static_cast<short>(wanted), 0});
  }
  return true;
}

}  // namespace settle
