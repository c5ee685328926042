#include "base/folder_lock.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <ctime>
#include <thread>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.hpp"
#include "base/program.hpp"

namespace settle {

namespace fs = std::filesystem;

namespace {

// Another's end may take file and folder away in between, again and again; from the tenth attempt on, with a pause.
constexpr int kAttempts = 200, kWithoutPause = 10;
constexpr std::chrono::milliseconds kPause{5};

std::string host_name() {
  std::array<char, 256> name{};
  return ::gethostname(name.data(), name.size() - 1) == 0 ? one_line(name.data()) : "unknown host";
}

std::string now_text() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  std::array<char, 64> text{};
  gmtime_r(&now, &parts);
  std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M:%S UTC", &parts);
  return text.data();
}

/// What the holder wrote. It does so just after it has taken the lock, so it may have to be waited for.
std::string holder_in(int file) {
  for (int attempt = 0; attempt < 20; ++attempt) {
    std::array<char, 512> text{};
    const ssize_t got = ::pread(file, text.data(), text.size() - 1, 0);
    if (got > 0 && text[static_cast<std::size_t>(got) - 1] == '\n') {
      return one_line(std::string(text.data(), static_cast<std::size_t>(got) - 1));
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return "another program";
}

/// True if the open file is still the one of that name.
bool is_there(int file, const fs::path& path) {
  struct stat open {
  }, named{};
  return ::fstat(file, &open) == 0 && ::lstat(path.c_str(), &named) == 0 && open.st_dev == named.st_dev &&
         open.st_ino == named.st_ino;
}

bool is_folder_or_gone(const fs::path& path) {
  std::error_code code;
  const fs::file_type type = fs::status(path, code).type();
  return type == fs::file_type::directory || type == fs::file_type::not_found;
}

}  // namespace

int ask_for_lock(int file) {
  int result = 0;
  do {
    result = ::flock(file, LOCK_EX | LOCK_NB);
  } while (result != 0 && errno == EINTR);
  return result;
}

FolderLock::FolderLock(const fs::path& folder, const std::string& program, const AskForLock& ask)
    : folder_(folder), path_(folder / kLockFile), program_(program) {
  try {
    for (int attempt = 0; attempt < kAttempts; ++attempt) {
      if (attempt >= kWithoutPause) std::this_thread::sleep_for(kPause);
      make_folders();
      if (take(ask)) return;
    }
    throw error("{}: cannot be locked: others make and remove it all the time", folder_.string());
  } catch (...) {
    removed_.clear();
    if (file_ >= 0) ::close(file_);
    remove_folders();
    throw;
  }
}

FolderLock::~FolderLock() {
  ::unlink(path_.c_str());  // while it is held: nobody else has it yet
  ::close(file_);
  removed_.clear();
  remove_folders();
}

void FolderLock::make_folders() {
  std::error_code code;
  std::vector<fs::path> missing;
  for (fs::path at = folder_; !at.empty() && !fs::exists(at, code); at = at.parent_path()) {
    if (at.has_filename()) missing.push_back(at);
  }
  for (; !missing.empty(); missing.pop_back()) {
    const bool made = fs::create_directory(missing.back(), code);
    if (code == std::errc::no_such_file_or_directory) return;  // another's end has taken the one above away
    // mkdir found it, and then it was gone: the standard library tells that as an error.
    if (code == std::errc::file_exists && is_folder_or_gone(missing.back())) return;
    if (code) {
      throw error("{}: folder cannot be made: {}", missing.back().string(), code.message());
    }
    if (!made || std::find(made_.begin(), made_.end(), missing.back()) != made_.end()) continue;
    made_.push_back(missing.back());
    removed_.push_back(std::make_unique<RemovedWhenKilled>(missing.back()));
  }
}

void FolderLock::remove_folders() {
  while (!made_.empty() && ::rmdir(made_.back().c_str()) == 0) made_.pop_back();
}

/// False if it must be tried again.
bool FolderLock::take(const AskForLock& ask) {
  file_ = ::open(path_.c_str(), O_CREAT | O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0666);
  const bool others = file_ < 0 && errno == EACCES;  // another user's: held, or left
  if (others) file_ = ::open(path_.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  if (others && file_ < 0 && errno == ENOENT && ::access(folder_.c_str(), W_OK) != 0) errno = EACCES;
  if (file_ < 0 && errno == ENOENT) return false;  // the last holder's end has taken the folder away
  if (file_ < 0) {
    throw error("{}: cannot be written, so the folder cannot be kept for this program alone: {}", path_.string(),
                std::strerror(errno));
  }
  const bool held = ask(file_) == 0;
  if (!held && errno == EWOULDBLOCK) {
    throw error("{}: in use by {}: wait for its end, or use another folder", folder_.string(), holder_in(file_));
  }
  if (!held) {
    tell(program_, fmt::format("{}: this file system has no locks ({}): see to it that nothing else writes there",
                               folder_.string(), std::strerror(errno)));
  }
  if (!is_there(file_, path_) || (others && ::unlink(path_.c_str()) == 0)) {
    ::close(file_);
    file_ = -1;
    return false;
  }
  removed_.push_back(std::make_unique<RemovedWhenKilled>(path_));
  name_holder();
  return true;
}

/// That it cannot be written, as on a full disk, does not matter to the lock.
void FolderLock::name_holder() const {
  const std::string text =
      fmt::format("{} (process {} on {}, since {})\n", program_, ::getpid(), host_name(), now_text());
  if (::ftruncate(file_, 0) != 0) return;
  [[maybe_unused]] const ssize_t written = ::pwrite(file_, text.data(), text.size(), 0);
}

}  // namespace settle
