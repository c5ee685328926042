#include "base/processes.hpp"

#include <charconv>
#include <fstream>
#include <functional>
#include <sstream>
#include <system_error>
#include <vector>

#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/error.hpp"

namespace settle {

namespace {

namespace fs = std::filesystem;

/// /dev/ptmx (Documentation/admin-guide/devices.txt), which every master of a pseudo-terminal is an opened copy of.
const dev_t kMaster = gnu_dev_makedev(5, 2);
constexpr unsigned kFirstSlaveMajor = 136, kLastSlaveMajor = 143;

/// /dev/bus/usb/*/*, of the same list.
constexpr unsigned kUsbMajor = 189;

// States of a TCP socket in /proc/net/tcp.
constexpr const char* kEstablished = "01";
constexpr const char* kListens = "0A";

bool is_slave(dev_t device) {
  return gnu_dev_major(device) >= kFirstSlaveMajor && gnu_dev_major(device) <= kLastSlaveMajor;
}

unsigned slave_index(dev_t device) { return (gnu_dev_major(device) - kFirstSlaveMajor) * 256 + gnu_dev_minor(device); }

/// The whole number that a name is, or nothing.
std::optional<int> number_of(const std::string& text) {
  int number = 0;
  const char* const last = text.data() + text.size();
  const auto [end, code] = std::from_chars(text.data(), last, number);
  return code == std::errc() && end == last ? std::optional<int>(number) : std::nullopt;
}

/// Entries of a folder whose names are numbers; processes and files come and go meanwhile.
std::vector<std::pair<int, fs::path>> numbered(const fs::path& folder) {
  std::vector<std::pair<int, fs::path>> found;
  std::error_code code;
  for (fs::directory_iterator at(folder, code), end; !code && at != end; at.increment(code)) {
    if (const auto number = number_of(at->path().filename().string())) found.emplace_back(*number, at->path());
  }
  return found;
}

/// Asks `wanted(process, file, link)` about every file that this process may see to be open, until it says yes.
std::optional<Process> find(const std::function<bool(pid_t, int, const fs::path&)>& wanted) {
  for (const auto& [pid, folder] : numbered("/proc")) {
    for (const auto& [file, link] : numbered(folder / "fd")) {
      if (wanted(pid, file, link)) return process(pid);
    }
  }
  return std::nullopt;
}

bool is_master_of(unsigned index, pid_t pid, int file, const fs::path& link) {
  struct stat found {};
  if (::stat(link.c_str(), &found) != 0 || !S_ISCHR(found.st_mode) || found.st_rdev != kMaster) return false;
  std::ifstream facts(fmt::format("/proc/{}/fdinfo/{}", pid, file));
  for (std::string key; facts >> key;) {
    unsigned value = 0;
    if (key == "tty-index:") return facts >> value && value == index;
  }
  return false;
}

bool has_master_of(unsigned index, pid_t pid) {
  for (const auto& [file, link] : numbered(fmt::format("/proc/{}/fd", pid))) {
    if (is_master_of(index, pid, file, link)) return true;
  }
  return false;
}

/// A row of the kernel's table of TCP sockets: addresses and ports as it writes them.
struct TcpSocket {
  std::string here, there, state, inode;
};

std::vector<TcpSocket> tcp_sockets() {
  std::vector<TcpSocket> found;
  for (const char* table : {"/proc/net/tcp", "/proc/net/tcp6"}) {
    std::ifstream file(table);
    std::string line;
    std::getline(file, line);  // the table's head
    while (std::getline(file, line)) {
      TcpSocket socket;
      std::istringstream fields(line);
      std::string other;
      fields >> other >> socket.here >> socket.there >> socket.state;
      for (int unused = 0; unused < 5; ++unused) fields >> other;
      if (fields >> socket.inode) found.push_back(socket);
    }
  }
  return found;
}

bool has_port(const std::string& end, int port) {
  const std::string wanted = fmt::format(":{:04X}", port);
  return end.size() > wanted.size() && end.compare(end.size() - wanted.size(), wanted.size(), wanted) == 0;
}

/// The same address and port, be it written as IPv4 or as IPv4 within IPv6.
bool same_end(const std::string& a, const std::string& b) {
  constexpr std::size_t kShortest = 13;  // 0100007F:1403
  return a.size() >= kShortest && b.size() >= kShortest &&
         a.compare(a.size() - kShortest, kShortest, b, b.size() - kShortest, kShortest) == 0;
}

/// Whose socket it is.
std::optional<Process> owner(const TcpSocket& socket) {
  const std::string wanted = "socket:[" + socket.inode + "]";
  return find([&](pid_t, int, const fs::path& link) {
    std::error_code code;
    return fs::read_symlink(link, code) == wanted && !code;
  });
}

}  // namespace

std::string Process::text() const {
  return name.empty() ? fmt::format("pid {}", pid) : fmt::format("{} (pid {})", name, pid);
}

std::optional<Process> process(pid_t pid) {
  std::error_code code;
  if (pid < 1 || !fs::exists(fmt::format("/proc/{}", pid), code)) return std::nullopt;
  Process found{pid, ""};
  std::ifstream file(fmt::format("/proc/{}/comm", pid));
  std::getline(file, found.name);
  found.name = one_line(found.name);
  return found;
}

std::optional<Process> user_of_terminal(const struct stat& terminal, int own_file) {
  const bool slave = is_slave(terminal.st_rdev);
  return find([&](pid_t pid, int file, const fs::path& link) {
    if (pid == getpid() && (own_file < 0 || file == own_file)) return false;
    struct stat found {};
    if (::stat(link.c_str(), &found) != 0 || !S_ISCHR(found.st_mode) || found.st_rdev != terminal.st_rdev) return false;
    // Two containers have pseudo-terminals of one number; the same number of a serial port is the same port.
    if (!slave) return true;
    return found.st_dev == terminal.st_dev && (pid == getpid() || !has_master_of(slave_index(terminal.st_rdev), pid));
  });
}

std::optional<Process> server_of_terminal(const fs::path& terminal) {
  struct stat found {};
  if (::stat(terminal.c_str(), &found) != 0 || !S_ISCHR(found.st_mode) || !is_slave(found.st_rdev)) return std::nullopt;
  return find([&](pid_t pid, int file, const fs::path& link) {
    return is_master_of(slave_index(found.st_rdev), pid, file, link);
  });
}

std::optional<Process> user_of_usb() {
  return find([](pid_t pid, int, const fs::path& link) {
    struct stat found {};
    return pid != getpid() && ::stat(link.c_str(), &found) == 0 && S_ISCHR(found.st_mode) &&
           gnu_dev_major(found.st_rdev) == kUsbMajor;
  });
}

std::optional<Process> server_of_tcp(int port) {
  for (const TcpSocket& socket : tcp_sockets()) {
    if (socket.state == kListens && has_port(socket.here, port)) return owner(socket);
  }
  return std::nullopt;
}

std::optional<Process> client_of_tcp(int port) {
  const std::vector<TcpSocket> all = tcp_sockets();
  for (const TcpSocket& client : all) {
    if (client.state != kEstablished || !has_port(client.there, port)) continue;
    for (const TcpSocket& server : all) {  // its other end, if that is on this computer
      const bool joined = same_end(server.here, client.there) && same_end(server.there, client.here);
      if (joined && server.state == kEstablished) return owner(client);
    }
  }
  return std::nullopt;
}

}  // namespace settle
