// Files that must not outlive the program, even if it has no time to end by itself.
#pragma once

#include <filesystem>

namespace settle {

/// As long as this lives, a signal that ends the program at once (base/program.hpp: the second Ctrl-C) removes the
/// file, or the folder if it is empty by then. Those made last go first. At most 32 live at a time; one more is left
/// where it is, as all are by SIGKILL.
class RemovedWhenKilled {
 public:
  /// `path` need not be there yet.
  explicit RemovedWhenKilled(const std::filesystem::path& path);
  ~RemovedWhenKilled();  ///< forgets it; the file stays
  RemovedWhenKilled(const RemovedWhenKilled&) = delete;
  RemovedWhenKilled& operator=(const RemovedWhenKilled&) = delete;

 private:
  int slot_ = -1;
};

/// Removes them now. For a signal's handler: takes no lock and no memory.
void remove_when_killed() noexcept;

}  // namespace settle
