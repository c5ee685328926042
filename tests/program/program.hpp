// The built program run as a user runs it: arguments in; exit status, output and files out.
#pragma once

#include <chrono>
#include <csignal>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include <sys/types.h>

#include "temporary_folder.hpp"

namespace settle_test {

using Arguments = std::vector<std::string>;

struct Ended {
  int status = -1;       ///< exit status, -1 if a signal ended it
  int signal = 0;        ///< that signal
  std::string out, err;  ///< all that it wrote

  bool one_line() const;  ///< stderr is exactly one line
};

/// A running program. Its output goes to files, so that nothing that it writes can block it.
class Running {
 public:
  /// `out`: where standard output goes instead of a file of its own; Ended::out is then empty. `before` is called in
  /// the new process just before the program begins; status 127 says that the program could not be begun.
  explicit Running(const Arguments& arguments, const std::string& out = "", const std::function<void()>& before = {});
  ~Running();  ///< ends it if it still runs
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;

  pid_t process() const { return process_; }
  void send(int signal) const;
  /// True if it ended within `limit`.
  bool ends_within(std::chrono::milliseconds limit);
  /// Waits (two minutes at most, then it is killed) and returns what became of it.
  Ended wait();

 private:
  TemporaryFolder output_;
  pid_t process_ = -1;
  int raw_status_ = 0;
  bool ended_ = false;
};

Ended run(const Arguments& arguments, const std::string& out = "");

/// What a process does at a signal: ignores it; or has a handler for it, and is the program that is tested, not what it
/// was before that began.
bool ignores(pid_t process, int signal);
bool handles(pid_t process, int signal);

std::string read_file(const std::filesystem::path& path);
void write_file(const std::filesystem::path& path, const std::string& bytes);

/// A file that ships with Settle.
std::filesystem::path asset(const std::string& name);

Arguments operator+(Arguments left, const Arguments& right);

}  // namespace settle_test
