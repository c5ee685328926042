#include "device/streams/serial_stream.hpp"

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <optional>
#include <system_error>
#include <thread>

// The kernel's own terminal interface, not <termios.h>, which only knows a list of rates; the two cannot be mixed.
#include <asm/ioctls.h>
#include <asm/termbits.h>
#include <fcntl.h>
#include <linux/serial.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/error.hpp"

namespace settle {

namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

// A process that has just been started has its parent's files for a moment; one that looks at every new port, for a
// little longer.
constexpr int kLooks = 5;
constexpr std::chrono::milliseconds kBetweenLooks{30};

// A port without flow control takes bytes at its rate; only one that hangs takes none.
constexpr std::chrono::seconds kMostStall{3};

/// What an adapter may hold that the kernel has handed over.
constexpr int kAdapterBytes = 512;

/// Majors of Unix98 pseudo-terminals' slaves (Documentation/admin-guide/devices.txt).
constexpr unsigned kFirstPtyMajor = 136, kLastPtyMajor = 143;
/// /dev/ptmx, of the same list.
const dev_t kPtyMaster = gnu_dev_makedev(5, 2);
/// /dev/tty.
const dev_t kOwnTerminal = gnu_dev_makedev(5, 0);

/// What a file is that is no device of characters; nullptr if it is one.
const char* kind_of(mode_t mode) {
  if (S_ISREG(mode)) return "a regular file";
  if (S_ISDIR(mode)) return "a folder";
  if (S_ISFIFO(mode)) return "a named pipe";
  if (S_ISSOCK(mode)) return "a socket";
  if (S_ISBLK(mode)) return "a disk";
  return S_ISCHR(mode) ? nullptr : "something else";
}

/// Waits for `events` until `end`. What came, 0 at the end.
short wait_for(int file, short events, Clock::time_point end) {
  while (true) {
    const auto left = std::max(std::chrono::nanoseconds(end - Clock::now()), std::chrono::nanoseconds(0));
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(left);
    timespec time{};
    time.tv_sec = static_cast<time_t>(seconds.count());
    time.tv_nsec = static_cast<long>((left - seconds).count());
    pollfd entry{file, events, 0};
    const int count = ppoll(&entry, 1, &time, nullptr);
    if (count > 0) return entry.revents;
    if (count == 0) return 0;
    if (errno != EINTR) return POLLERR;
    if (Clock::now() >= end) return 0;
  }
}

}  // namespace

SerialStream::SerialStream(const std::string& path, int baud, const fs::path& locks)
    : path_(path), name_("serial:" + path), locks_(locks), baud_(baud) {
  if (baud < kLeastBaud || baud > kMostBaud) {
    throw error("{}: {} baud; {} to {} are allowed", name_, baud, kLeastBaud, kMostBaud);
  }
  open();
}

SerialStream::~SerialStream() { close(); }

void SerialStream::lose(const std::string& cause) {
  close();
  throw DeviceLost(fmt::format("{}: {}", name_, cause));
}

void SerialStream::lose(int cause) {
  switch (cause) {
    case ENOENT:
    case ENXIO:
    case ENODEV:
      lose("no such port");
    case EBUSY:
    case EWOULDBLOCK: {
      struct stat port {};
      const bool there = stat(path_.c_str(), &port) == 0;
      const std::optional<Process> user = there ? user_of_terminal(port, file_) : std::nullopt;
      refuse(user ? ": " + user->text() : "");
    }
    case EACCES:
      lose("permission denied; members of the port's group (ls -l shows it) may open it");
    case EIO:
      lose("unplugged, or the other side is gone or serves another host");
    default:
      lose(std::strerror(cause));
  }
}

void SerialStream::refuse(const std::string& whose) {
  close();
  throw DeviceInUse(fmt::format("{}: in use by another program{}", name_, whose));
}

void SerialStream::honour_locks() {
  std::error_code code;
  const fs::path real = fs::canonical(path_, code);
  if (code) return;
  // By its path below /dev, as most programs name it; by its last part; by the name that a user gave, a link perhaps.
  for (const std::string& name :
       {lock_name(real), lock_name(real.filename()), lock_name(path_), lock_name(fs::path(path_).filename())}) {
    const fs::path file = locks_ / name;
    if (const std::optional<Process> holder = lock_holder(file)) {
      refuse(fmt::format(": {}, as {} says", holder->text(), file.string()));
    }
  }
}

void SerialStream::honour_users(const struct stat& port) {
  for (int look = 1;; ++look) {
    const std::optional<Process> user = user_of_terminal(port);
    if (!user) return;
    if (look == kLooks) refuse(": " + user->text());
    std::this_thread::sleep_for(kBetweenLooks);
  }
}

void SerialStream::open() {
  // Opening alone does something to many a file that is no serial port.
  struct stat status {};
  if (stat(path_.c_str(), &status) != 0) lose(errno);
  if (const char* const kind = kind_of(status.st_mode)) lose(fmt::format("no serial port, but {}", kind));
  if (status.st_rdev == kPtyMaster) lose("no serial port");
  if (status.st_rdev == kOwnTerminal) lose("this program's own terminal, no board's port");
  const unsigned major = gnu_dev_major(status.st_rdev);
  pseudo_terminal_ = major >= kFirstPtyMajor && major <= kLastPtyMajor;
  honour_locks();
  if (pseudo_terminal_) honour_users(status);  // its other side sees who opens it
  // Without O_NONBLOCK the open itself may wait for a modem's carrier.
  file_ = ::open(path_.c_str(), O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
  if (file_ < 0) lose(errno);
  termios2 settings{};
  if (fstat(file_, &status) != 0) lose(errno);
  if (!S_ISCHR(status.st_mode) || ioctl(file_, TCGETS2, &settings) != 0) {
    if (errno == EIO) lose(EIO);
    lose("no serial port");
  }
  // The lock keeps out programs that ask for it, whoever runs them; exclusive mode keeps out every program, but not
  // root's, and none that has the port open already. A pseudo-terminal would stay exclusive after it was closed.
  if (flock(file_, LOCK_EX | LOCK_NB) != 0) lose(errno);
  if (!pseudo_terminal_) honour_users(status);
  if (!pseudo_terminal_) ioctl(file_, TIOCEXCL);
  std::error_code code;
  const fs::path real = fs::canonical(path_, code);
  if (!code) lock_ = std::make_unique<ProcessLock>(locks_ / lock_name(real));
  configure();
}

void SerialStream::configure() {
  termios2 wanted{};
  // All other flags off: raw. HUPCL too: the lines DTR and RTS stay up when the port is closed, so that they do not
  // rise when it is opened again, by which many boards are reset.
  wanted.c_cflag = CS8 | CREAD | CLOCAL | BOTHER | (BOTHER << IBSHIFT);
  wanted.c_ispeed = wanted.c_ospeed = static_cast<speed_t>(baud_);
  wanted.c_cc[VMIN] = 1;  // so that no bytes mean the end
  if (ioctl(file_, TCSETS2, &wanted) != 0) {
    if (errno == EIO) lose(EIO);
    lose(fmt::format("{} baud refused: {}", baud_, std::strerror(errno)));
  }
  termios2 taken{};
  if (ioctl(file_, TCGETS2, &taken) != 0) lose(errno);
  // 8N1 works as long as both ends differ by less than 4 %; half of that is the port's.
  if (std::abs(static_cast<double>(taken.c_ospeed) - baud_) > 0.02 * baud_) {
    lose(fmt::format("the port does not take {} baud; it offers {}", baud_, taken.c_ospeed));
  }
  if ((taken.c_cflag & (CSIZE | CSTOPB | PARENB)) != CS8 || (taken.c_cflag & CRTSCTS) != 0) {
    lose("the port does not take 8 data bits without parity and flow control");
  }
  serial_struct driver{};  // some adapters then pass bytes on at once; others do not know this
  if (!pseudo_terminal_ && ioctl(file_, TIOCGSERIAL, &driver) == 0) {
    driver.flags |= static_cast<int>(ASYNC_LOW_LATENCY);
    ioctl(file_, TIOCSSERIAL, &driver);
  }
  ioctl(file_, TCFLSH, TCIOFLUSH);  // what another program left
}

void SerialStream::close() {
  if (file_ < 0) return;
  if (!pseudo_terminal_) ioctl(file_, TIOCNXCL);
  lock_.reset();
  ::close(file_);
  file_ = -1;
}

void SerialStream::reopen() {
  if (file_ >= 0) ioctl(file_, TCFLSH, TCIOFLUSH);  // closing would wait until the last byte has left
  close();
  open();
}

void SerialStream::write(const std::uint8_t* bytes, std::size_t size) {
  if (file_ < 0) throw DeviceLost(name_ + ": not open");
  auto end = Clock::now() + kMostStall;
  while (size > 0) {
    const ssize_t count = ::write(file_, bytes, size);
    if (count > 0) {
      bytes += count;
      size -= static_cast<std::size_t>(count);
      end = Clock::now() + kMostStall;
      continue;
    }
    if (count < 0 && errno != EAGAIN && errno != EINTR) lose(errno);
    const short events = wait_for(file_, POLLOUT, end);
    if ((events & (POLLHUP | POLLERR | POLLNVAL)) != 0) lose(EIO);
    if (events == 0) {
      ioctl(file_, TCFLSH, TCOFLUSH);
      lose(fmt::format("the port has taken no byte for {} s", kMostStall.count()));
    }
  }
}

std::size_t SerialStream::read(std::uint8_t* bytes, std::size_t size, std::chrono::microseconds patience) {
  if (file_ < 0) throw DeviceLost(name_ + ": not open");
  if (size == 0) return 0;
  const auto end = Clock::now() + std::min(patience, kMostPatience);
  while (true) {
    const ssize_t count = ::read(file_, bytes, size);
    if (count > 0) return static_cast<std::size_t>(count);
    if (count == 0) lose(EIO);
    if (errno != EAGAIN && errno != EINTR) lose(errno);
    const short events = wait_for(file_, POLLIN, end);
    if (events == 0) return 0;
    if ((events & POLLIN) == 0) lose(EIO);
  }
}

std::chrono::microseconds SerialStream::silence() const {
  if (pseudo_terminal_) return std::chrono::milliseconds(20);
  int queued = 0;
  if (file_ < 0 || ioctl(file_, TIOCOUTQ, &queued) != 0) queued = 0;
  const std::int64_t bits = (std::int64_t{queued} + kAdapterBytes) * 10;
  return std::chrono::milliseconds(30) + std::chrono::microseconds(bits * 1'000'000 / baud_);
}

}  // namespace settle
