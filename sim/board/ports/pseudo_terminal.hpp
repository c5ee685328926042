// A pseudo-terminal to whose other side hosts come as to a serial port.
#pragma once

#include <filesystem>
#include <string>

#include "sim/board/ports/client_port.hpp"

namespace settle {

class PseudoTerminal : public ClientPort {
 public:
  /// `link`: a symbolic link that leads to the terminal, whatever the system calls it; empty: none. Only a symbolic
  /// link that leads nowhere is ever replaced. Throws Error naming the link or the cause.
  explicit PseudoTerminal(const std::filesystem::path& link = {});
  /// Removes the link if it still leads here.
  ~PseudoTerminal() override;
  PseudoTerminal(const PseudoTerminal&) = delete;
  PseudoTerminal& operator=(const PseudoTerminal&) = delete;

  /// "serial:" and the link or, without one, the terminal; the latter changes with every hang-up.
  std::string name() const override;
  Client look() override;
  std::size_t read(std::uint8_t* bytes, std::size_t size) override;
  std::size_t write(const std::uint8_t* bytes, std::size_t size) override;
  void hang_up() override;
  bool watch(std::vector<pollfd>& entries, bool reading, bool writing) const override;

 private:
  void open();
  void close();
  /// Sets the other side to raw bytes and forgets what nobody read.
  void prepare();
  void put_link();

  std::filesystem::path link_;
  int file_ = -1;
  std::string terminal_;
  std::string linked_;  ///< where the link leads, if this put it there
  Client client_ = Client::none;
};

}  // namespace settle
