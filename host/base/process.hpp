// Other programs, run as children that end when this program is asked to stop.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"

namespace settle {

/// Thrown where `stop` ended a tool; the message says what is kept.
class Stopped : public Error {
 public:
  using Error::Error;
};

/// A program and its arguments.
struct Command {
  std::vector<std::string> words;  ///< the program (a name found on PATH, or a path), then its arguments
  std::filesystem::path folder;    ///< where it runs; empty: here
  std::filesystem::path log;       ///< file for all that it prints; empty: it prints where this program does
};

/// What became of it.
struct Ended {
  int status = -1;       ///< exit status; -1: a signal ended it, or it was not started
  int signal = 0;        ///< that signal
  bool stopped = false;  ///< it was not started or not left to end, because `stop` said so

  bool good() const { return !stopped && status == 0; }
  std::string text() const;  ///< "exit status 1", "signal 11"
};

/// The program that `name` runs: searched on PATH if it has no slash. Nothing if there is none.
std::optional<std::filesystem::path> find_program(const std::string& name);

/// The name by which a program that runs in `folder`, which need not be there yet, finds `file`. Links are resolved:
/// the way up from a folder is the one from where it really is.
std::string seen_from(const std::filesystem::path& folder, const std::filesystem::path& file);

/// The name of `file` as an argument, for a program that would take one which begins with - for an option.
std::string as_argument(const std::filesystem::path& file);

/// Runs every command, `jobs` at a time, in their order. `done(index, ended)` is called as each ends; it may be empty.
/// When `stop` says yes, those that run are ended with all that they started (each is a process group of its own) and
/// those after it are not started. Throws Error if a program is not there or cannot be started; children are ended
/// before.
std::vector<Ended> run_all(const std::vector<Command>& commands, int jobs, const std::function<bool()>& stop,
                           const std::function<void(std::size_t, const Ended&)>& done = {});

/// One command.
Ended run(const Command& command, const std::function<bool()>& stop);

/// All that a short command prints, standard error included. Nothing if it is not there or does not end with 0. What it
/// leaves running in the background is not waited for. Throws Stopped, the command then is ended, when `stop` (may be
/// empty) says yes.
std::optional<std::string> output_of(const std::vector<std::string>& words, const std::function<bool()>& stop = {});

/// The last line of a log that begins with ERROR (as yosys and nextpnr write), else its last line that is not empty; ""
/// if there is none.
std::string reason_in(const std::filesystem::path& log);

}  // namespace settle
