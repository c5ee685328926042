#include "sim/board/ports/pseudo_terminal.hpp"

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/processes.hpp"

namespace settle {

namespace fs = std::filesystem;

PseudoTerminal::PseudoTerminal(const fs::path& link) : link_(link) { open(); }

PseudoTerminal::~PseudoTerminal() { close(); }

std::string PseudoTerminal::name() const { return "serial:" + (link_.empty() ? terminal_ : link_.string()); }

void PseudoTerminal::open() {
  const auto failed = [&](const char* what) {
    const std::string cause = std::strerror(errno);
    close();
    throw error("pseudo-terminal: {}: {}", what, cause);
  };
  file_ = posix_openpt(O_RDWR | O_NOCTTY);
  if (file_ < 0 || fcntl(file_, F_SETFD, FD_CLOEXEC) != 0 || fcntl(file_, F_SETFL, O_NONBLOCK) != 0) failed("open");
  std::array<char, 128> name{};
  if (grantpt(file_) != 0 || unlockpt(file_) != 0 || ptsname_r(file_, name.data(), name.size()) != 0) failed("unlock");
  terminal_ = name.data();
  prepare();
  if (!link_.empty()) put_link();
}

void PseudoTerminal::close() {
  std::error_code ignored;
  if (!link_.empty() && !terminal_.empty() && fs::read_symlink(link_, ignored) == terminal_) fs::remove(link_, ignored);
  if (file_ >= 0) ::close(file_);
  file_ = -1;
  terminal_.clear();
  client_ = Client::none;
}

void PseudoTerminal::prepare() {
  // Once the other side was open and is closed, poll() says so (POLLHUP): that no client is there.
  const int other = ::open(terminal_.c_str(), O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
  if (other < 0) return;  // a client has made it its own: it is there
  termios mode{};
  if (tcgetattr(other, &mode) == 0) {
    cfmakeraw(&mode);
    tcsetattr(other, TCSANOW, &mode);
  }
  tcflush(other, TCIFLUSH);
  ::close(other);
}

void PseudoTerminal::put_link() {
  std::error_code code;
  const fs::file_status found = fs::symlink_status(link_, code);
  if (fs::exists(found) && !fs::is_symlink(found)) {
    throw error("{}: is there and is no symbolic link", one_line(link_.string()));
  }
  // A board that was killed leaves a link behind. It leads nowhere, or by chance to the terminal that is the new one.
  const fs::path target = fs::read_symlink(link_, code);
  if (fs::is_symlink(found) && target != terminal_ && target != linked_ && fs::exists(link_, code)) {
    const std::optional<Process> other = server_of_terminal(target);
    throw error("{}: leads to {}, which is there: {}", one_line(link_.string()), one_line(target.string()),
                other ? "in use by " + other->text() : "another board's? It must be removed first");
  }
  remove_left_over(link_);
  const fs::path temporary = temporary_beside(link_);
  fs::create_symlink(terminal_, temporary, code);
  if (!code) fs::rename(temporary, link_, code);
  if (code) throw error("{}: no symbolic link can be made: {}", one_line(link_.string()), code.message());
  linked_ = terminal_;
}

Client PseudoTerminal::look() {
  pollfd entry{file_, POLLIN, 0};
  ::poll(&entry, 1, 0);
  const Client before = client_;
  if ((entry.revents & POLLHUP) == 0) {
    client_ = Client::here;
  } else {
    client_ = (entry.revents & POLLIN) != 0 ? Client::left : Client::none;
  }
  if (before != Client::none && client_ == Client::none) prepare();
  return client_;
}

std::size_t PseudoTerminal::read(std::uint8_t* bytes, std::size_t size) {
  const ssize_t count = ::read(file_, bytes, size);  // EIO: the client left
  return count > 0 ? static_cast<std::size_t>(count) : 0;
}

std::size_t PseudoTerminal::write(const std::uint8_t* bytes, std::size_t size) {
  pollfd entry{file_, POLLOUT, 0};
  if (::poll(&entry, 1, 0) > 0 && (entry.revents & POLLHUP) != 0) return size;  // the next client must not get it
  const ssize_t count = ::write(file_, bytes, size);
  return count > 0 ? static_cast<std::size_t>(count) : 0;
}

void PseudoTerminal::hang_up() {
  // The next terminal is ready, and the link leads to it, before the client learns that the old one is gone.
  const int old = std::exchange(file_, -1);
  client_ = Client::none;
  try {
    open();
  } catch (...) {
    ::close(old);
    throw;
  }
  ::close(old);
}

bool PseudoTerminal::watch(std::vector<pollfd>& entries, bool reading, bool writing) const {
  // Without a client poll() would return at once, for ever.
  if (client_ == Client::none) return false;
  entries.push_back({file_, static_cast<short>((reading ? POLLIN : 0) | (writing ? POLLOUT : 0)), 0});
  return true;
}

}  // namespace settle
