#include "base/files.hpp"

#include <cerrno>
#include <cstring>
#include <ctime>
#include <fstream>
#include <memory>
#include <optional>
#include <random>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.hpp"
#include "base/hash.hpp"
#include "base/removed_when_killed.hpp"

namespace settle {

namespace fs = std::filesystem;

namespace {

constexpr int kMostLinks = 40;  // as Linux follows

const char* kind(fs::file_type type) {
  switch (type) {
    case fs::file_type::directory:
      return "is a folder";
    case fs::file_type::fifo:
      return "is a pipe";
    case fs::file_type::socket:
      return "is a socket";
    case fs::file_type::block:
    case fs::file_type::character:
      return "is a device";
    default:
      return "is no regular file";
  }
}

/// Bytes of a regular file that is short enough to be read whole.
std::size_t checked_size(const fs::path& path) {
  std::error_code code;
  const fs::file_status status = fs::status(path, code);
  if (status.type() == fs::file_type::not_found) throw error("{}: no such file", path.string());
  if (status.type() == fs::file_type::none) throw error("{}: cannot be read: {}", path.string(), code.message());
  if (!fs::is_regular_file(status)) throw error("{}: {}, a file is needed", path.string(), kind(status.type()));
  const std::uintmax_t size = fs::file_size(path, code);
  if (code) throw error("{}: cannot be read: {}", path.string(), code.message());
  if (size > kMostFileBytes) {
    throw error("{}: holds {} bytes, up to {} are read", path.string(), size, kMostFileBytes);
  }
  return static_cast<std::size_t>(size);
}

template <typename Container>
Container read(const fs::path& path) {
  Container bytes(checked_size(path), typename Container::value_type{});
  std::ifstream in(path, std::ios::binary);
  if (!in) throw error("{}: cannot be read: {}", path.string(), std::strerror(errno));
  in.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  if (in.bad() || static_cast<std::size_t>(in.gcount()) != bytes.size()) {
    throw error("{}: reading stopped at byte {} of {}", path.string(), in.gcount(), bytes.size());
  }
  return bytes;
}

}  // namespace

std::string read_text(const fs::path& path) { return read<std::string>(path); }

std::vector<std::uint8_t> read_bytes(const fs::path& path) { return read<std::vector<std::uint8_t>>(path); }

std::string file_hash(const fs::path& path) { return fmt::format("{:016x}", fnv1a64(read_text(path))); }

fs::path link_target(fs::path path) {
  std::error_code code;
  for (int i = 0; i < kMostLinks && fs::is_symlink(path, code); ++i) {
    const fs::path next = fs::read_symlink(path, code);
    if (code) break;
    path = next.is_absolute() ? next : path.parent_path() / next;
  }
  return path;
}

namespace {

constexpr std::string_view kPartial = ".partial";
constexpr std::size_t kDigits = 16;  // of a temporary's number
constexpr std::time_t kLeftOver = 600;

std::uint64_t random_number() {
  std::uint64_t number = 0;
  if (::getrandom(&number, sizeof number, GRND_NONBLOCK) == static_cast<ssize_t>(sizeof number)) return number;
  std::random_device device;
  return std::uint64_t{device()} << 32 | device();
}

/// True if `name` is one that temporary_beside() gives for a file called `base`, or begins so, as what a library puts
/// beside its own.
bool is_temporary_of(const std::string& name, const std::string& base) {
  if (name.size() < base.size() + 1 + kDigits + kPartial.size()) return false;
  const std::string digits = name.substr(base.size() + 1, kDigits);
  return name.compare(0, base.size() + 1, base + ".") == 0 &&
         name.compare(base.size() + 1 + kDigits, kPartial.size(), kPartial) == 0 &&
         digits.find_first_not_of("0123456789abcdef") == std::string::npos;
}

void remove_if_left_over(const fs::path& path) {
  struct stat found {};
  if (::lstat(path.c_str(), &found) != 0 || std::time(nullptr) - found.st_mtime < kLeftOver) return;
  if (S_ISREG(found.st_mode)) {
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (file < 0) return;
    const bool held = ::flock(file, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK;
    ::close(file);
    if (held) return;
  } else if (!S_ISLNK(found.st_mode)) {
    return;
  }
  ::unlink(path.c_str());
}

}  // namespace

fs::path temporary_beside(const fs::path& path) {
  return path.string() + fmt::format(".{:016x}", random_number()) + std::string(kPartial);
}

void remove_left_over(const fs::path& path) {
  const fs::path folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
  const std::string base = path.filename().string();
  std::error_code code;
  for (fs::directory_iterator entry(folder, code), end; !code && entry != end; entry.increment(code)) {
    if (is_temporary_of(entry->path().filename().string(), base)) remove_if_left_over(entry->path());
  }
}

HeldTemporary::HeldTemporary(const fs::path& temporary)
    : file_(::open(temporary.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW)) {
  if (file_ >= 0) ::flock(file_, LOCK_EX | LOCK_NB);
}

HeldTemporary::~HeldTemporary() {
  if (file_ >= 0) ::close(file_);
}

namespace {

/// True where the sticky bit of a folder (as /tmp has it) keeps this user from replacing a file in it.
bool kept_by_another(const fs::path& target) {
  struct stat file {
  }, folder{};
  const fs::path parent = target.has_parent_path() ? target.parent_path() : fs::path(".");
  if (::lstat(target.c_str(), &file) != 0 || ::stat(parent.c_str(), &folder) != 0) return false;
  const uid_t user = ::geteuid();
  return (folder.st_mode & S_ISVTX) != 0 && user != 0 && file.st_uid != user && folder.st_uid != user;
}

/// A temporary beside the file that it shall replace; removed unless it was put in place.
class Temporary {
 public:
  Temporary(const fs::path& path, std::string_view bytes) : path_(path), target_(link_target(path)) {
    std::error_code code;
    if (fs::exists(target_, code) && !fs::is_regular_file(target_, code)) {
      throw error("{}: {}, it is not replaced", path.string(), kind(fs::status(target_, code).type()));
    }
    if (target_.has_parent_path()) {
      fs::create_directories(target_.parent_path(), code);
      if (code) throw error("{}: folder cannot be made: {}", target_.parent_path().string(), code.message());
    }
    remove_left_over(target_);
    make();
    if (!write(bytes)) {
      const std::string cause = std::strerror(errno);
      remove();
      throw error("{}: cannot be written: {}", path.string(), cause);
    }
  }
  Temporary(const Temporary&) = delete;
  Temporary& operator=(const Temporary&) = delete;
  ~Temporary() { remove(); }

  void put_in_place() {
    std::error_code code;
    fs::rename(temporary_, target_, code);
    if (code) throw error("{}: cannot be put in place: {}", path_.string(), code.message());
    placed_ = true;
  }

 private:
  void make() {
    do {
      temporary_ = temporary_beside(target_);
      file_ = ::open(temporary_.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0666);
    } while (file_ < 0 && errno == EEXIST);
    if (file_ < 0) throw error("{}: cannot be written: {}", path_.string(), std::strerror(errno));
    killed_.emplace(temporary_);
    held_.emplace(temporary_);
  }

  /// False, and errno, if not all of it reached the file system.
  bool write(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t count = ::write(file_, bytes.data(), bytes.size());
      if (count < 0 && errno != EINTR) return false;
      if (count > 0) bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    return ::close(std::exchange(file_, -1)) == 0;  // a network file system tells of a full disk only now
  }

  void remove() {
    if (!placed_) ::unlink(temporary_.c_str());
    killed_.reset();
    held_.reset();
    if (file_ >= 0) ::close(file_);
    file_ = -1;
    placed_ = true;
  }

  fs::path path_, target_, temporary_;
  int file_ = -1;
  bool placed_ = false;
  std::optional<RemovedWhenKilled> killed_;
  std::optional<HeldTemporary> held_;
};

}  // namespace

void write_atomically(const fs::path& path, std::string_view bytes) { Temporary(path, bytes).put_in_place(); }

void write_together(const std::vector<FileText>& files) {
  std::vector<std::unique_ptr<Temporary>> all;
  all.reserve(files.size());
  for (const FileText& file : files) all.push_back(std::make_unique<Temporary>(file.path, file.text));
  for (const auto& temporary : all) temporary->put_in_place();
}

void check_distinct(const std::vector<NamedPath>& outputs, const std::vector<NamedPath>& inputs) {
  const auto same = [](const fs::path& a, const fs::path& b) {
    std::error_code code;
    if (a.empty() || b.empty()) return false;
    if (fs::equivalent(a, b, code) && !code) return true;
    const fs::path one = fs::weakly_canonical(link_target(a), code), other = fs::weakly_canonical(link_target(b), code);
    return !code && one == other;
  };
  for (std::size_t o = 0; o < outputs.size(); ++o) {
    for (const NamedPath& input : inputs) {
      if (same(outputs[o].path, input.path)) {
        throw error("{}: {}: is also what {} names: an input is not overwritten", outputs[o].what,
                    outputs[o].path.string(), input.what);
      }
    }
    for (std::size_t other = 0; other < o; ++other) {
      if (same(outputs[o].path, outputs[other].path)) {
        throw error("{}: {}: is also written as {}", outputs[o].what, outputs[o].path.string(), outputs[other].what);
      }
    }
  }
}

void remove_older(const fs::path& path, std::string_view what) {
  std::error_code code;
  fs::remove(path, code);
  if (code) throw error("{}: {}: {}", what, path.string(), code.message());
}

void check_writable(const fs::path& path, std::string_view what) {
  if (path.empty()) throw error("{}: \"\": the name of a file is needed", what);
  std::error_code code;
  const fs::path target = fs::absolute(link_target(path), code);
  if (code) throw error("{}: {}: the current folder cannot be used: {}", what, path.string(), code.message());
  if (!target.has_filename()) throw error("{}: {}: the name of a file is needed", what, path.string());
  const fs::file_status status = fs::status(temporary_beside(target), code);
  if (status.type() == fs::file_type::none && code != std::errc::permission_denied) {
    throw error("{}: {}: {}", what, path.string(), code.message());  // a name that is too long, or a loop of links
  }
  const fs::file_status there = fs::status(target, code);
  if (fs::exists(there) && !fs::is_regular_file(there)) {
    throw error("{}: {}: {}, a file is to be written", what, path.string(), kind(there.type()));
  }
  fs::path folder = target.parent_path();
  while (!fs::exists(folder, code) && folder.has_relative_path()) {
    if (fs::is_symlink(folder, code)) {
      throw error("{}: {}: {} is a link to a folder that is not there", what, path.string(), folder.string());
    }
    folder = folder.parent_path();
  }
  if (!fs::is_directory(folder, code)) throw error("{}: {}: {} is not a folder", what, path.string(), folder.string());
  if (::access(folder.c_str(), W_OK | X_OK) != 0) {
    throw error("{}: {}: folder {} cannot be written", what, path.string(), folder.string());
  }
  if (kept_by_another(target)) {
    throw error("{}: {}: belongs to another user, and in folder {} only its owner may replace it", what, path.string(),
                folder.string());
  }
}

}  // namespace settle
