// What every program of Settle does around its work: how it says that it failed, how it ends, how Ctrl-C stops it.
#pragma once

#include <functional>
#include <string>

#include "base/standard_streams.hpp"

namespace settle {

// Exit statuses of every program.
inline constexpr int kExitOk = 0;
inline constexpr int kExitFailed = 1;
inline constexpr int kExitUsage = 2;        ///< the command line cannot be followed
inline constexpr int kExitCheckMissed = 3;  ///< the work is done and a target that was to be checked is missed
inline constexpr int kExitInterrupted = 130;

/// Says `message` on standard error, in one line that begins with the program's name. Where that cannot be written it
/// is lost, and the work goes on.
void tell(const std::string& program, const std::string& message);

/// As tell. Returns `status`, for the end of main: `return refuse("settle", "no such preset", kExitUsage);`.
int refuse(const std::string& program, const std::string& message, int status = kExitFailed);

/// `status` if all that the program has printed so far has reached standard output; otherwise says so as refuse does
/// and returns kExitFailed, or kExitInterrupted if the program was asked to stop.
int flushed(const std::string& program, int status);

/// 16 hex digits that name the bytes of the program that runs, so that one that was changed and built again has another
/// name, whatever its commit is called. "" if they cannot be read.
std::string program_hash();

/// From now on the first SIGINT, SIGTERM or SIGHUP only asks the program to stop, and ends a system call that waits;
/// the second SIGINT or SIGTERM ends the program at once, and removes what must not outlive it
/// (base/removed_when_killed.hpp); not so SIGHUP: of a terminal that is closed, shell and system both send one.
/// One that was ignored when the program began stays ignored, as nohup wants it. A file that grows too large is an
/// error of its writing and no longer the program's end. Throws Error if the system has no file left for stop_file().
void catch_stop_signals();

/// True once one of these signals has come.
bool stop_requested();

/// A file that can be read once one of them has come, for poll() beside others. -1 before catch_stop_signals().
int stop_file();

/// Does `body`, which returns an exit status, with the signals of a usual process: SIGCHLD is not ignored, and none
/// that ends a program is held back, whatever the parent had. Flushes what it has printed. An exception becomes one
/// line on standard error and the status kExitFailed (kExitUsage if it is a UsageError), or kExitInterrupted if the
/// program was asked to stop.
int run_program(const std::string& program, const std::function<int()>& body);

}  // namespace settle
