#include "base/process_lock.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <iterator>
#include <sstream>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

#include "base/error.hpp"
#include "base/files.hpp"

namespace settle {

namespace {

namespace fs = std::filesystem;

/// The number in a lock file: digits after blanks or, in old programs' files, the four bytes of an int. 0 if there is
/// none.
pid_t process_in(const fs::path& file) {
  constexpr std::size_t kMost = 64;
  std::error_code code;
  if (!fs::is_regular_file(file, code)) return 0;
  std::ifstream stream(file, std::ios::binary);
  std::string text(kMost, '\0');
  stream.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(stream.gcount()));
  std::int32_t binary = 0;
  if (text.size() == sizeof binary && text.find_first_not_of(" \n0123456789") != std::string::npos) {
    std::memcpy(&binary, text.data(), sizeof binary);
    return std::max(binary, 0);
  }
  pid_t pid = 0;
  std::istringstream digits(text);
  return digits >> pid ? pid : 0;
}

}  // namespace

std::string lock_name(const fs::path& port) {
  std::string name = port.string();
  const std::string devices = "/dev/";
  if (name.rfind(devices, 0) == 0) name.erase(0, devices.size());
  std::replace(name.begin(), name.end(), '/', '_');
  return "LCK.." + name;
}

std::optional<Process> lock_holder(const fs::path& file) {
  const pid_t pid = process_in(file);
  return pid == getpid() ? std::nullopt : process(pid);
}

ProcessLock::ProcessLock(fs::path file) : file_(std::move(file)) {
  // Written whole beside it and then linked: nobody sees a lock without a number.
  // Processes of two containers on one /run/lock may have one number: the name is random.
  const std::string own = temporary_beside(file_).string();
  const int handle = open(own.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC | O_NOFOLLOW, 0644);
  if (handle < 0) return;
  const std::string text = fmt::format("{:10}\n", getpid());
  const bool written = write(handle, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  close(handle);
  held_ = written && link(own.c_str(), file_.c_str()) == 0;
  if (written && !held_ && !lock_holder(file_)) {
    unlink(file_.c_str());  // of a process that is gone
    held_ = link(own.c_str(), file_.c_str()) == 0;
  }
  unlink(own.c_str());
}

ProcessLock::~ProcessLock() {
  if (held_) unlink(file_.c_str());
}

}  // namespace settle
