#include "base/program.hpp"

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <new>
#include <system_error>
#include <vector>

#include <sys/eventfd.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/error.hpp"
#include "base/hash.hpp"
#include "base/process.hpp"
#include "base/removed_when_killed.hpp"
#include "base/signals.hpp"

namespace settle {

namespace {

// What a signal's handler can reach: neither an argument nor a member.
std::atomic<bool> stop_asked{false};
std::atomic<int> wake_file{-1};
std::atomic<unsigned> came{0};  // a bit per signal
static_assert(std::atomic<bool>::is_always_lock_free && std::atomic<int>::is_always_lock_free &&
              std::atomic<unsigned>::is_always_lock_free);

void ask_to_stop(int signal) {
  const int kept = errno;
  const unsigned bit = 1U << signal;
  if ((came.fetch_or(bit) & bit) != 0) {
    if (signal == SIGHUP) return;
    remove_when_killed();
    std::signal(signal, SIG_DFL);
    std::raise(signal);  // ends the program as soon as this handler has returned
    errno = kept;
    return;
  }
  stop_asked = true;
  const std::uint64_t one = 1;
  // If it cannot be written it can be read already.
  [[maybe_unused]] const ssize_t written = ::write(wake_file, &one, sizeof one);
  errno = kept;
}

/// Why what was printed is not all written; "" if it is.
std::string output_fault() {
  errno = 0;
  std::cout.flush();  // of CLI11's help
  if (std::cout.good() && std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return "";
  const std::string fault = errno != 0 ? std::strerror(errno) : "an earlier part of it was lost";
  std::cout.clear();
  std::clearerr(stdout);  // told once
  return fault;
}

std::string output_lost(const std::string& cause) { return "standard output cannot be written: " + cause; }

/// Why a program had better not begin: its end would come without a word. "" if nothing keeps it.
std::string too_small_a_stack() {
  constexpr rlim_t kLeast = rlim_t{1} << 20;  // Eigen alone takes 128 KiB at a time
  rlimit limit{};
  if (::getrlimit(RLIMIT_STACK, &limit) != 0 || limit.rlim_cur >= kLeast) return "";
  return fmt::format("the stack may hold {} KiB here, {} or more are needed (ulimit -s)", limit.rlim_cur / 1024,
                     kLeast / 1024);
}

/// Undoes what a parent may leave behind and no program expects: that the end of a child is told to nobody, and that
/// signals which end a program are held back.
void take_usual_signals() {
  std::signal(SIGCHLD, SIG_DFL);
  sigset_t held;
  sigemptyset(&held);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGCHLD}) sigaddset(&held, signal);
  pthread_sigmask(SIG_UNBLOCK, &held, nullptr);
}

/// What fails after the user has asked for the end fails because of that, or does not matter any more.
int status_of_failure() { return stop_requested() ? kExitInterrupted : kExitFailed; }

}  // namespace

void tell(const std::string& program, const std::string& message) {
  std::fprintf(stderr, "%s: %s\n", program.c_str(), one_line(message).c_str());
}

int refuse(const std::string& program, const std::string& message, int status) {
  tell(program, message);
  return status;
}

int flushed(const std::string& program, int status) {
  const std::string fault = output_fault();
  return fault.empty() ? status : refuse(program, output_lost(fault), status_of_failure());
}

std::string program_hash() {
  // The file that was started, even if another has its name by now.
  std::ifstream file("/proc/self/exe", std::ios::binary);
  std::vector<char> part(std::size_t{1} << 20);
  std::uint64_t hash = fnv1a64("");
  do {
    file.read(part.data(), static_cast<std::streamsize>(part.size()));
    hash = fnv1a64({part.data(), static_cast<std::size_t>(file.gcount())}, hash);
  } while (file);
  return file.eof() && !file.bad() ? fmt::format("{:016x}", hash) : "";
}

void catch_stop_signals() {
  if (wake_file < 0) {
    wake_file = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (wake_file < 0) throw error("signals cannot be waited for: {}", std::strerror(errno));
  }
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    struct sigaction before {};
    if (sigaction(signal, nullptr, &before) != 0 || before.sa_handler == SIG_IGN) continue;
    struct sigaction action {};
    action.sa_handler = ask_to_stop;
    sigemptyset(&action.sa_mask);
    sigaction(signal, &action, nullptr);
  }
  ignore_for_itself(SIGXFSZ);
}

bool stop_requested() { return stop_asked; }

int stop_file() { return wake_file; }

int run_program(const std::string& program, const std::function<int()>& body) {
  take_usual_signals();
  std::string why = too_small_a_stack();
  if (!why.empty()) return refuse(program, why);
  bool stopped = false, usage = false;
  try {
    return flushed(program, body());
  } catch (const Stopped& e) {
    stopped = true;
    why = e.what();
  } catch (const UsageError& e) {
    usage = true;
    why = e.what();
  } catch (const std::bad_alloc&) {
    why = "not enough memory";
  } catch (const std::filesystem::filesystem_error& e) {
    why = e.path1().empty() ? e.what() : e.path1().string() + ": " + e.code().message();
  } catch (const std::system_error& e) {
    why = std::ferror(stdout) != 0 ? output_lost(e.code().message()) : e.what();  // fmt::print met it
  } catch (const std::exception& e) {
    why = e.what();
  }
  if (stopped) return refuse(program, why, kExitInterrupted);
  return refuse(program, why, usage && !stop_requested() ? kExitUsage : status_of_failure());
}

}  // namespace settle
