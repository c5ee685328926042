// How a program says that it failed and with which status it ends, and what a signal does to it.
#include "base/program.hpp"

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <new>
#include <string>
#include <system_error>

#include <doctest/doctest.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/process.hpp"
#include "base/removed_when_killed.hpp"
#include "base/signals.hpp"
#include "base/terminal.hpp"
#include "temporary_folder.hpp"

namespace {

using settle_test::TemporaryFolder;

/// What became of a process.
struct Outcome {
  int status = -1, signal = 0;
  std::string out, err;
};

std::string text_of(const std::filesystem::path& file) {
  std::ifstream in(file);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

/// Does `body` in a process of its own; what it prints goes to files, its standard output to `out` if that is named.
Outcome in_process(const std::function<int()>& body, const std::string& out = "") {
  const TemporaryFolder scratch;
  const std::string out_file = out.empty() ? (scratch / "out").string() : out, err_file = (scratch / "err").string();
  std::fflush(nullptr);
  const pid_t process = fork();
  if (process == 0) {
    const bool opened = std::freopen(out_file.c_str(), "w", stdout) != nullptr &&
                        std::freopen(err_file.c_str(), "w", stderr) != nullptr;
    const int status = opened ? body() : 126;
    std::fflush(nullptr);
    _exit(status);
  }
  int raw = 0;
  waitpid(process, &raw, 0);
  Outcome outcome;
  if (WIFEXITED(raw)) outcome.status = WEXITSTATUS(raw);
  if (WIFSIGNALED(raw)) outcome.signal = WTERMSIG(raw);
  outcome.out = out.empty() ? text_of(out_file) : "";
  outcome.err = text_of(err_file);
  return outcome;
}

Outcome ran(const std::function<int()>& body, const std::string& out = "") {
  return in_process([&] { return settle::run_program("settle-x", body); }, out);
}

}  // namespace

TEST_CASE("run_program: the body's status, and what it printed") {
  for (const int status : {0, 1, 3, 130}) {
    const Outcome outcome = ran([status] {
      std::printf("done");
      return status;
    });
    CHECK(outcome.status == status);
    CHECK(outcome.out == "done");
    CHECK(outcome.err.empty());
  }
}

TEST_CASE("run_program: an exception is one line on standard error and a status") {
  const auto said = [](const std::function<void()>& fail) {
    const Outcome outcome = ran([&] {
      fail();
      return 0;
    });
    CHECK(outcome.out.empty());
    return fmt::format("{} {}", outcome.status, outcome.err);
  };
  CHECK(said([] { throw settle::error("a\nb"); }) == "1 settle-x: a?b\n");
  CHECK(said([] { throw settle::Stopped("interrupted"); }) == "130 settle-x: interrupted\n");
  CHECK(said([] { throw std::bad_alloc(); }) == "1 settle-x: not enough memory\n");
  CHECK(said([] { std::filesystem::create_directory("/none/here"); }) ==
        "1 settle-x: /none/here: No such file or directory\n");
  const std::string no_path = said([] { throw std::filesystem::filesystem_error("no folder", std::error_code()); });
  CHECK(no_path.rfind("1 settle-x: filesystem error: no folder", 0) == 0);
  // Of threads, for one: not of standard output.
  CHECK(said([] { throw std::system_error(EAGAIN, std::generic_category(), "thread"); }) ==
        "1 settle-x: thread: Resource temporarily unavailable\n");
}

TEST_CASE("run_program: what cannot be printed makes a program fail, whoever notices") {
  const std::string told = "settle-x: standard output cannot be written: No space left on device\n";
  const Outcome at_end = ran(
      [] {
        std::printf("short");
        return 0;
      },
      "/dev/full");
  CHECK(at_end.status == 1);
  CHECK(at_end.err == told);
  const Outcome at_once = ran(
      [] {
        setvbuf(stdout, nullptr, _IONBF, 0);
        fmt::print("{}", "noticed here");
        return 0;
      },
      "/dev/full");
  CHECK(at_once.status == 1);
  CHECK(at_once.err == told);
}

TEST_CASE("run_program: a part that was lost in the middle is told, though nothing fails at the end") {
  const Outcome outcome = ran(
      [] {
        std::printf("lost");
        std::fflush(stdout);
        errno = EAGAIN;  // of something else
        return 0;
      },
      "/dev/full");
  CHECK(outcome.status == 1);
  CHECK(outcome.err == "settle-x: standard output cannot be written: an earlier part of it was lost\n");
}

TEST_CASE("standard streams that were set not to wait for their reader wait") {
  const Outcome outcome = in_process([] {
    for (const int file : {STDOUT_FILENO, STDERR_FILENO}) fcntl(file, F_SETFL, fcntl(file, F_GETFL) | O_NONBLOCK);
    settle::keep_standard_streams();
    const auto waits = [](int file) { return (fcntl(file, F_GETFL) & O_NONBLOCK) == 0 ? 1 : 0; };
    return waits(STDOUT_FILENO) + 2 * waits(STDERR_FILENO);
  });
  CHECK(outcome.status == 3);
}

TEST_CASE("refuse and flushed give the status that they are given") {
  CHECK(in_process([] { return settle::refuse("settle-x", "no", settle::kExitUsage); }).status == 2);
  CHECK(in_process([] { return settle::flushed("settle-x", 3); }).status == 3);
}

TEST_CASE("the first signal asks to stop, the second of its kind ends the program, but for a closed terminal's") {
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    CAPTURE(signal);
    const auto began = [signal] {  // the test's own caller may ignore it
      std::signal(signal, SIG_DFL);
      settle::catch_stop_signals();
      return !settle::stop_requested();
    };
    CHECK(in_process([&] {
            if (!began()) return 1;
            std::raise(signal);
            return settle::stop_requested() ? 0 : 2;
          }).status == 0);
    CHECK(in_process([&] {
            if (!began()) return 1;
            std::raise(signal);
            std::raise(signal);
            return 0;
          }).signal == (signal == SIGHUP ? 0 : signal));
  }
}

TEST_CASE("a file can be waited for until a signal comes") {
  const Outcome outcome = in_process([] {
    if (settle::stop_file() != -1) return 1;
    std::signal(SIGINT, SIG_DFL);
    settle::catch_stop_signals();
    pollfd entry{settle::stop_file(), POLLIN, 0};
    if (poll(&entry, 1, 0) != 0) return 2;
    std::raise(SIGINT);
    return poll(&entry, 1, 0) == 1 ? 0 : 3;
  });
  CHECK(outcome.status == 0);
}

TEST_CASE("a signal that was ignored when the program began stays ignored, in its children too") {
  const Outcome outcome = in_process([] {
    std::signal(SIGHUP, SIG_IGN);
    std::signal(SIGTERM, SIG_DFL);
    settle::catch_stop_signals();
    std::raise(SIGHUP);
    if (settle::stop_requested()) return 1;
    const settle::Command hangs_up{{"sh", "-c", "kill -HUP $$; exit 7"}, {}, {}};
    if (settle::run(hangs_up, settle::stop_requested).status != 7) return 2;
    const settle::Command ends{{"sh", "-c", "kill -TERM $$; exit 7"}, {}, {}};
    return settle::run(ends, settle::stop_requested).signal == SIGTERM ? 0 : 3;
  });
  CHECK(outcome.status == 0);
}

TEST_CASE("a signal that this program alone ignores is another program's as it was") {
  for (const bool before : {false, true}) {
    const Outcome outcome = in_process([before] {
      std::signal(SIGPIPE, before ? SIG_IGN : SIG_DFL);
      settle::ignore_for_itself(SIGPIPE);
      std::raise(SIGPIPE);
      const settle::Command writes{{"sh", "-c", "kill -PIPE $$; exit 7"}, {}, {}};
      const settle::Ended ended = settle::run(writes, settle::stop_requested);
      return (before ? ended.status == 7 : ended.signal == SIGPIPE) ? 0 : 1;
    });
    CHECK(outcome.status == 0);
  }
}

TEST_CASE("the second signal removes what must not outlive the program, and nothing else") {
  const TemporaryFolder scratch;
  std::ofstream(scratch / "file") << "x";
  std::ofstream(scratch / "stays") << "x";
  std::ofstream(scratch / "placed") << "x";
  std::filesystem::create_directories(scratch / "folder" / "in");
  std::filesystem::create_directory(scratch / "full");
  std::ofstream(scratch / "full" / "file") << "x";
  const Outcome outcome = in_process([&] {
    std::signal(SIGINT, SIG_DFL);
    settle::catch_stop_signals();
    const settle::RemovedWhenKilled folder(scratch / "folder"), in(scratch / "folder" / "in"), full(scratch / "full");
    const settle::RemovedWhenKilled file(scratch / "file");
    { const settle::RemovedWhenKilled placed(scratch / "placed"); }
    std::raise(SIGINT);
    if (!std::filesystem::exists(scratch / "file")) return 1;
    std::raise(SIGINT);
    return 0;
  });
  CHECK(outcome.signal == SIGINT);
  CHECK_FALSE(std::filesystem::exists(scratch / "file"));
  CHECK_FALSE(std::filesystem::exists(scratch / "folder"));
  for (const char* name : {"stays", "placed", "full"}) CHECK(std::filesystem::exists(scratch / name));
}

TEST_CASE("whatever fails in an interrupted program ends it as interrupted") {
  const auto stopped = [](const std::function<void()>& fail, const std::string& out = "") {
    const Outcome outcome = ran(
        [&] {
          std::signal(SIGINT, SIG_DFL);
          settle::catch_stop_signals();
          std::raise(SIGINT);
          fail();
          return 0;
        },
        out);
    return fmt::format("{} {}", outcome.status, outcome.err);
  };
  CHECK(stopped([] { throw settle::error("half of it"); }) == "130 settle-x: half of it\n");
  CHECK(stopped([] { throw std::bad_alloc(); }) == "130 settle-x: not enough memory\n");
  CHECK(stopped([] { std::filesystem::create_directory("/none/here"); }) ==
        "130 settle-x: /none/here: No such file or directory\n");
  CHECK(stopped([] { throw std::system_error(EAGAIN, std::generic_category(), "thread"); }) ==
        "130 settle-x: thread: Resource temporarily unavailable\n");
  const std::string lost = "130 settle-x: standard output cannot be written: No space left on device\n";
  CHECK(stopped([] { std::printf("at the end"); }, "/dev/full") == lost);
  CHECK(stopped(
            [] {
              setvbuf(stdout, nullptr, _IONBF, 0);
              fmt::print("{}", "at once");
            },
            "/dev/full") == lost);
}

TEST_CASE("what cannot be told is lost, and the work goes on") {
  const auto untold = [](const std::function<void()>& say) {
    return in_process([&] {
             if (std::freopen("/dev/full", "w", stderr) == nullptr) return 126;
             say();
             return 0;
           })
        .status;
  };
  CHECK(untold([] { settle::tell("settle-x", "note"); }) == 0);
  CHECK(untold([] { settle::redraw_line("settling 1/2"); }) == 0);
  CHECK(untold([] { settle::clear_line(); }) == 0);
}
