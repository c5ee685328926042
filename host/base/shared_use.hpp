// A folder of results that several programs share, or one has for itself.
#pragma once

#include <filesystem>

namespace settle {

/// Holds the folder, which is there, until it is destroyed or the program ends: with others that share it, or alone.
/// Where the file system has no locks it holds nothing.
class SharedUse {
 public:
  enum class Kind { shared, alone };

  /// Throws Error at once if the folder is held otherwise, or is not there.
  SharedUse(const std::filesystem::path& folder, Kind kind);
  ~SharedUse();
  SharedUse(const SharedUse&) = delete;
  SharedUse& operator=(const SharedUse&) = delete;

 private:
  int file_ = -1;
};

}  // namespace settle
