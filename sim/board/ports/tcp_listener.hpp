// A TCP port where hosts come. Whoever comes while another is served is sent away.
#pragma once

#include <string>

#include "sim/board/ports/client_port.hpp"

namespace settle {

/// IPv4 or IPv6, in digits.
bool is_ip_address(const std::string& text);

class TcpListener : public ClientPort {
 public:
  /// Listens on `port`, 0 to 65535 (0: a free one), of `address`, IPv4 or IPv6 in digits. Throws Error naming them.
  TcpListener(const std::string& address, int port);
  ~TcpListener() override;
  TcpListener(const TcpListener&) = delete;
  TcpListener& operator=(const TcpListener&) = delete;

  std::string name() const override;
  int port() const { return port_; }
  Client look() override;
  std::size_t read(std::uint8_t* bytes, std::size_t size) override;
  std::size_t write(const std::uint8_t* bytes, std::size_t size) override;
  void hang_up() override;
  bool watch(std::vector<pollfd>& entries, bool reading, bool writing) const override;

 private:
  std::string address_;
  int port_ = 0;
  /// Of the client that was taken; closes its socket when nothing is left in it.
  Client look_at_client();

  int listener_ = -1, client_ = -1;
};

}  // namespace settle
