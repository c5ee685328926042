#include "hil/virtual_board.hpp"

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <thread>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/error.hpp"

extern char** environ;  // NOLINT(readability-redundant-declaration): POSIX has it declared by who needs it

namespace settle::hil {

namespace {

constexpr std::chrono::seconds kGrace{10};  // to remove the link to its terminal
constexpr std::chrono::milliseconds kLook{5};

}  // namespace

VirtualBoard::VirtualBoard(const std::filesystem::path& program, const std::vector<std::string>& arguments) {
  std::array<int, 2> pipe{};
  if (::pipe2(pipe.data(), O_CLOEXEC) != 0) throw error("{}: {}", program.string(), std::strerror(errno));
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, pipe[1], STDOUT_FILENO);
  // A Ctrl-C at the terminal is this program's, which then ends the board.
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  // However this program was started, the board ends when it is asked to.
  sigset_t asked_to_end;
  sigemptyset(&asked_to_end);
  sigaddset(&asked_to_end, SIGTERM);
  posix_spawnattr_setsigdefault(&attributes, &asked_to_end);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF);
  std::vector<std::string> words = {program.string()};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> pointers;
  pointers.reserve(words.size() + 1);
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  const int failure = ::posix_spawn(&process_, words[0].c_str(), &actions, &attributes, pointers.data(), environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  ::close(pipe[1]);
  if (failure == 0) {
    char byte = 0;
    ssize_t got = 0;
    while (((got = ::read(pipe[0], &byte, 1)) == 1 && byte != '\n') || (got < 0 && errno == EINTR)) {
      if (got == 1) device_ += byte;
    }
  } else {
    process_ = -1;
  }
  ::close(pipe[0]);
  if (failure != 0) throw error("{}: cannot be started: {}", program.string(), std::strerror(failure));
  if (device_.empty()) throw error("{}: said nothing and ended", program.string());
}

VirtualBoard::~VirtualBoard() {
  if (process_ < 0) return;
  ::kill(process_, SIGTERM);
  ::kill(process_, SIGCONT);  // one that somebody has stopped hears nothing
  const auto end = std::chrono::steady_clock::now() + kGrace;
  for (;;) {
    const pid_t ended = ::waitpid(process_, nullptr, WNOHANG);
    if (ended == process_ || (ended < 0 && errno != EINTR)) return;
    if (std::chrono::steady_clock::now() >= end) ::kill(process_, SIGKILL);
    std::this_thread::sleep_for(kLook);
  }
}

}  // namespace settle::hil
