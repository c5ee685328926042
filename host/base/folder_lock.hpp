// A folder of results, for one program at a time.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/removed_when_killed.hpp"

namespace settle {

/// The file in a locked folder that names who works there. It is gone when the holder has ended; one that was left by a
/// program that was killed holds nobody up, and the next holder takes it away.
inline constexpr const char* kLockFile = ".settle-lock";

/// Asks for a lock on an open file without waiting, as flock(2) does: 0, or -1 and errno.
using AskForLock = std::function<int(int file)>;
/// The system's own answer, flock(2) itself.
int ask_for_lock(int file);

/// Holds the folder until it is destroyed or the program ends, however it ends: children do not inherit it. It holds
/// also against programs in other containers, and against other computers where the network file system has locks.
class FolderLock {
 public:
  /// Makes the folder if it is not there; when the lock ends, what it made and what stayed empty is removed again.
  /// `program` names the holder, as in "settle sweep". Throws Error at once if another holds the folder, which names it
  /// (program, process, host, since when), or if the lock's file cannot be written. On a file system without locks it
  /// says so on standard error, and holds nothing.
  FolderLock(const std::filesystem::path& folder, const std::string& program, const AskForLock& ask = ask_for_lock);
  ~FolderLock();
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;

 private:
  void make_folders();
  void remove_folders();
  bool take(const AskForLock& ask);
  void name_holder() const;

  std::filesystem::path folder_, path_;
  std::string program_;
  int file_ = -1;
  std::vector<std::filesystem::path> made_;  ///< folders, outermost first
  std::vector<std::unique_ptr<RemovedWhenKilled>> removed_;
};

}  // namespace settle
