// A folder of results is one program's at a time, and whoever comes second learns who was first.
#include "base/folder_lock.hpp"

#include <cerrno>
#include <csignal>
#include <fstream>
#include <functional>
#include <string>

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/files.hpp"
#include "error_message.hpp"
#include "temporary_folder.hpp"

namespace {

namespace fs = std::filesystem;
using settle::FolderLock;
using settle::kLockFile;
using settle_test::check_fails;
using settle_test::contains;
using settle_test::message_of;
using settle_test::TemporaryFolder;

/// Another process, which does `body` and then waits to be ended.
class Other {
 public:
  explicit Other(const std::function<void()>& body) {
    int ready[2];
    REQUIRE(pipe(ready) == 0);
    process_ = fork();
    if (process_ == 0) {
      body();
      [[maybe_unused]] const ssize_t told = write(ready[1], "x", 1);
      for (;;) pause();
    }
    close(ready[1]);
    char byte = 0;
    CHECK(read(ready[0], &byte, 1) == 1);
    close(ready[0]);
  }
  ~Other() {
    kill(process_, SIGKILL);
    waitpid(process_, nullptr, 0);
  }

  pid_t process() const { return process_; }

 private:
  pid_t process_;
};

int status_of(const std::function<int()>& body) {
  const pid_t process = fork();
  if (process == 0) _exit(body());
  int raw = 0;
  waitpid(process, &raw, 0);
  return WIFEXITED(raw) ? WEXITSTATUS(raw) : -1;
}

}  // namespace

TEST_CASE("a folder is locked against other processes, whose error names the holder") {
  const TemporaryFolder scratch;
  const fs::path folder = scratch / "deep" / "out";
  {
    const Other first([&] { new FolderLock(folder, "settle sweep"); });  // held until the process is killed
    const std::string message = message_of([&] { FolderLock(folder, "settle run"); });
    CHECK(contains(message, folder.string() + ": in use by settle sweep (process " + std::to_string(first.process())));
    CHECK(contains(message, " on "));
    CHECK(contains(message, ", since 20"));
    CHECK(contains(message, " UTC): wait for its end, or use another folder"));
    // However the folder is spelt.
    fs::create_directory_symlink(folder, scratch / "link");
    check_fails([&] { FolderLock(scratch / "link" / "." / "", "settle run"); }, "in use by settle sweep");
    CHECK(contains(settle::read_text(folder / kLockFile), "settle sweep"));
    fs::remove(scratch / "link");
  }
  // The holder was killed: its file holds nobody up, and the next holder takes it away.
  CHECK(fs::exists(folder / kLockFile));
  {
    const FolderLock second(folder, "settle run");
    CHECK(contains(settle::read_text(folder / kLockFile), "settle run (process " + std::to_string(getpid())));
  }
  CHECK(fs::exists(folder));  // it was there before the second
  CHECK(fs::is_empty(folder));
}

TEST_CASE("a lock leaves no trace: neither its file nor a folder in which nothing was made") {
  const TemporaryFolder scratch;
  { const FolderLock lock(scratch / "a" / "b", "settle run"); }
  CHECK(scratch.entries() == 0);
  {
    const FolderLock lock(scratch / "a" / "b", "settle run");
    settle::write_atomically(scratch / "a" / "report.json", "{}");
  }
  CHECK(scratch.entries() == 2);  // a, a/report.json
  // One that is refused makes nothing either.
  settle::write_atomically(scratch / "file", "x");
  check_fails([&] { FolderLock(scratch / "file" / "below", "settle run"); }, "cannot be made");
  CHECK(scratch.entries() == 3);
}

TEST_CASE("where the lock's file cannot be made, that is said") {
  const TemporaryFolder scratch;
  chmod(scratch.path().c_str(), 0755);
  fs::create_directory(scratch / "out");
  chmod((scratch / "out").c_str(), 0555);
  CHECK(status_of([&] {
          if (getuid() == 0 && setuid(65534) != 0) return 2;
          const std::string message = message_of([&] { FolderLock(scratch / "out", "settle run"); });
          const bool told =
              contains(message, std::string(kLockFile) + ": cannot be written, so the folder cannot be") &&
              contains(message, "Permission denied");
          return told ? 0 : 1;
        }) == 0);
}

TEST_CASE("on a file system without locks that is said, and the work goes on") {
  const TemporaryFolder scratch;
  const auto none = [](int) {
    errno = ENOLCK;
    return -1;
  };
  CHECK(status_of([&] {
          if (std::freopen((scratch / "err").c_str(), "w", stderr) == nullptr) return 2;
          const FolderLock lock(scratch / "out", "settle run", none);
          std::fflush(stderr);
          return fs::exists(scratch / "out") ? 0 : 1;
        }) == 0);
  const std::string told = settle::read_text(scratch / "err");
  CHECK(contains(told, "settle run: " + (scratch / "out").string() + ": this file system has no locks ("));
  CHECK(contains(told, "see to it that nothing else writes there"));
}

TEST_CASE("two processes that take and leave a folder all the time are never in it together") {
  const TemporaryFolder scratch;
  const fs::path folder = scratch / "a" / "out", inside = scratch / "inside";
  const fs::path told = scratch / "told";  // by the other process, whose messages doctest does not see
  const auto take_and_leave = [&] {
    for (int turn = 0; turn < 300; ++turn) {
      try {
        const FolderLock lock(folder, "settle run");
        const int file = open(inside.c_str(), O_CREAT | O_EXCL | O_WRONLY, 0600);
        if (file < 0) return 1;  // the other is in there
        close(file);
        unlink(inside.c_str());
      } catch (const settle::Error& e) {
        if (contains(e.what(), "in use by")) continue;
        settle::write_atomically(told, e.what());
        return 2;
      }
    }
    return 0;
  };
  const pid_t other = fork();
  if (other == 0) _exit(take_and_leave());
  CHECK(take_and_leave() == 0);
  int raw = 0;
  waitpid(other, &raw, 0);
  const std::string why = fs::exists(told) ? settle::read_text(told) : "";
  INFO(why);
  CHECK(why.empty());
  CHECK(WIFEXITED(raw));
  CHECK(WEXITSTATUS(raw) == 0);
  CHECK_FALSE(fs::exists(folder / kLockFile));
}
