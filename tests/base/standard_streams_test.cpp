#include "base/standard_streams.hpp"

#include <cerrno>
#include <cstdlib>

#include <doctest/doctest.h>
#include <sys/wait.h>

namespace {

/// What `check` says in a process whose standard streams are closed, but kept.
bool holds_without_streams(bool (*check)()) {
  const pid_t process = fork();
  if (process == 0) {
    for (int file = 0; file < 3; ++file) ::close(file);
    settle::keep_standard_streams();
    _exit(check() ? 0 : 1);
  }
  int status = -1;
  waitpid(process, &status, 0);
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

}  // namespace

TEST_CASE("standard streams that are closed: what is opened next is none of them") {
  CHECK(holds_without_streams([] { return ::open("/dev/zero", O_RDWR) > STDERR_FILENO; }));
}

TEST_CASE("standard streams that are closed: what is written to them fails, and what is read") {
  CHECK(holds_without_streams([] { return ::write(STDOUT_FILENO, "x", 1) == -1 && errno == EBADF; }));
  CHECK(holds_without_streams([] { return ::write(STDERR_FILENO, "x", 1) == -1 && errno == EBADF; }));
  CHECK(holds_without_streams([] {
    char byte = 0;
    return ::read(STDIN_FILENO, &byte, 1) == -1 && errno == EBADF;
  }));
}

TEST_CASE("standard streams that are open stay what they are") {
  CHECK(holds_without_streams([] {
    ::close(STDOUT_FILENO);
    const bool given = ::open("/dev/full", O_WRONLY) == STDOUT_FILENO;
    settle::keep_standard_streams();
    return given && ::write(STDOUT_FILENO, "x", 1) == -1 && errno == ENOSPC;
  }));
}
