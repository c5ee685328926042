// What settle-board finds around it: signals that are ignored, a system that gives no threads.
#include <csignal>
#include <cstdlib>

#include <doctest/doctest.h>

#include <sys/resource.h>
#include <unistd.h>

#include "program/program.hpp"

using namespace settle_test;
using std::chrono::milliseconds;

TEST_CASE("settle-board: signals that were ignored when it began stay ignored") {
  Running board({"--tcp", "0"}, "", [] {
    std::signal(SIGHUP, SIG_IGN);
    std::signal(SIGINT, SIG_IGN);
  });
  while (!handles(board.process(), SIGTERM) && !board.ends_within(milliseconds(5))) continue;
  for (const int signal : {SIGHUP, SIGINT}) {
    CHECK(ignores(board.process(), signal));
    board.send(signal);
  }
  CHECK_FALSE(board.ends_within(milliseconds(100)));
  board.send(SIGTERM);
  CHECK(board.wait().status == 0);
}

TEST_CASE("settle-board: it needs no thread beside its own") {
  const Ended ended = [] {
    Running board({"--tcp", "0"}, "", [] {
      const rlimit none{0, 0};
      setenv("ASAN_OPTIONS", "detect_leaks=0", 1);          // looking for them takes a thread
      if (getuid() == 0 && setuid(65534) != 0) _exit(126);  // root may have any number
      if (setrlimit(RLIMIT_NPROC, &none) != 0) _exit(126);
    });
    while (!handles(board.process(), SIGTERM) && !board.ends_within(milliseconds(5))) continue;
    board.send(SIGTERM);
    return board.wait();
  }();
  if (ended.status == 127) {
    MESSAGE("the program stands where no other user may run it: not checked here");
    return;
  }
  CHECK(ended.status == 0);
  CHECK(ended.out.find("tcp:") == 0);
  CHECK(ended.err.empty());
}
