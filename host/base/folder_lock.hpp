// A build's folder, for one program at a time.
#pragma once

#include <filesystem>

namespace settle {

/// Holds the folder until it is destroyed or the program ends, however it ends: children do not inherit it.
class FolderLock {
 public:
  /// Makes the folder, and a file `lock` in it that stays. Throws Error if another holds it, or it cannot be written.
  explicit FolderLock(const std::filesystem::path& folder);
  ~FolderLock();
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;

 private:
  int file_ = -1;
};

}  // namespace settle
