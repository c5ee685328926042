// A TCP connection as a pipe of bytes: a simulated board, or a real one at a serial server.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <system_error>

#include "device/link/byte_stream.hpp"

namespace settle {

/// Where a TCP peer listens.
struct Endpoint {
  std::string host;  ///< a name or an address, without brackets
  int port = 0;      ///< 1 to 65535
};

/// Reads HOST:PORT; an IPv6 address stands in brackets, as in [::1]:5123. Throws Error naming the text.
Endpoint parse_endpoint(const std::string& text);

class TcpStream : public ByteStream {
 public:
  /// Connects to HOST:PORT and gives up after `patience`, plus the time that the system takes to look the name up.
  /// Throws Error if the text is no such, DeviceLost naming host and port if nobody answers there. Both ways a peer
  /// that closes the connection before it said anything is one that another host has: DeviceInUse where that can be
  /// seen.
  explicit TcpStream(const std::string& host_and_port, std::chrono::milliseconds patience = std::chrono::seconds(3));
  ~TcpStream() override;
  TcpStream(const TcpStream&) = delete;
  TcpStream& operator=(const TcpStream&) = delete;

  const std::string& name() const override { return name_; }

  /// Waits while the peer takes nothing, but not longer than three seconds from one byte to the next: then it is lost.
  void write(const std::uint8_t* bytes, std::size_t size) override;
  std::size_t read(std::uint8_t* bytes, std::size_t size, std::chrono::microseconds patience) override;
  /// 20 ms: a simulated board takes more than 10 ms for all that its buffer holds.
  std::chrono::microseconds silence() const override { return std::chrono::milliseconds(20); }
  /// With the constructor's patience.
  void reopen() override;

 private:
  struct Connection;

  /// Gives the connection up for the reason that the system gave. Throws DeviceInUse if another host is known to have
  /// the peer, else DeviceLost.
  [[noreturn]] void lose(const std::error_code& code);

  Endpoint endpoint_;
  std::string name_;
  std::chrono::milliseconds patience_;
  std::unique_ptr<Connection> connection_;
  bool heard_ = false;  ///< something came on this connection
};

}  // namespace settle
