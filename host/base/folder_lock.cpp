#include "base/folder_lock.hpp"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/error.hpp"

namespace settle {

FolderLock::FolderLock(const std::filesystem::path& folder) {
  std::error_code code;
  std::filesystem::create_directories(folder, code);
  if (code) throw error("{}: folder cannot be made: {}", folder.string(), code.message());
  const std::string file = (folder / "lock").string();
  file_ = open(file.c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0666);
  if (file_ < 0) throw error("{}: cannot be written: {}", file, std::strerror(errno));
  // A file system that knows no locks does not keep anybody from building.
  if (flock(file_, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK) return;
  close(file_);
  throw error("{}: another settle-fpga works in this folder: wait for its end, or build elsewhere (--out)",
              folder.string());
}

FolderLock::~FolderLock() { close(file_); }

}  // namespace settle
