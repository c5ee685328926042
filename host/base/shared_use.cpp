#include "base/shared_use.hpp"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/error.hpp"

namespace settle {

SharedUse::SharedUse(const std::filesystem::path& folder, Kind kind) {
  file_ = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);  // itself: a file in it would have to stay
  if (file_ < 0) throw error("{}: cannot be used: {}", folder.string(), std::strerror(errno));
  int result = 0;
  do {
    result = ::flock(file_, (kind == Kind::shared ? LOCK_SH : LOCK_EX) | LOCK_NB);
  } while (result != 0 && errno == EINTR);
  if (result == 0 || errno != EWOULDBLOCK) return;
  ::close(file_);
  throw error("{}: in use by {}: wait for its end, or use another folder", folder.string(),
              kind == Kind::shared ? "a sweep that runs all points" : "parts of a sweep (--shard)");
}

SharedUse::~SharedUse() { ::close(file_); }

}  // namespace settle
