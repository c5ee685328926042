#include "base/files.hpp"

#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <set>

#include <doctest/doctest.h>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "error_message.hpp"
#include "temporary_folder.hpp"

using namespace settle;
using settle_test::check_fails;
namespace fs = std::filesystem;

TEST_CASE("a file comes back as it was written, and no temporary stays") {
  const settle_test::TemporaryFolder folder;
  const fs::path path = folder / "deep" / "file";
  const std::string bytes("a\0b\n\xff", 5);
  write_atomically(path, "older and longer");
  write_atomically(path, bytes);
  CHECK(read_text(path) == bytes);
  CHECK(read_bytes(path) == std::vector<std::uint8_t>{'a', 0, 'b', '\n', 0xff});
  CHECK(folder.entries() == 2);
  write_atomically(path, "");
  CHECK(read_text(path).empty());
}

TEST_CASE("what is no regular file, or too long, is refused before it is opened") {
  const settle_test::TemporaryFolder folder;
  const fs::path pipe = folder / "pipe", huge = folder / "huge";
  REQUIRE(mkfifo(pipe.c_str(), 0600) == 0);
  std::ofstream(huge).put('x');
  fs::resize_file(huge, kMostFileBytes + 1);
  check_fails([&] { read_text(folder / "none"); }, "none: no such file");
  check_fails([&] { read_text(folder.path()); }, "is a folder, a file is needed");
  check_fails([&] { read_text(pipe); }, "pipe: is a pipe, a file is needed");
  check_fails([&] { read_bytes("/dev/zero"); }, "/dev/zero: is a device");
  check_fails([&] { read_bytes(huge); }, "huge: holds 67108865 bytes, up to 67108864 are read");
}

TEST_CASE("devices, pipes and folders are not replaced") {
  const settle_test::TemporaryFolder folder;
  const fs::path pipe = folder / "pipe";
  REQUIRE(mkfifo(pipe.c_str(), 0600) == 0);
  for (const auto& write :
       {+[](const fs::path& p) { write_atomically(p, "x"); }, +[](const fs::path& p) { check_writable(p, "--out"); }}) {
    check_fails([&] { write(pipe); }, "pipe: is a pipe");
    check_fails([&] { write(folder.path()); }, "is a folder");
    check_fails([&] { write("/dev/null"); }, "/dev/null: is a device");
  }
  CHECK(fs::is_fifo(pipe));
  CHECK(fs::is_character_file("/dev/null"));
  CHECK(folder.entries() == 1);
}

TEST_CASE("a symbolic link stays, its target is written") {
  const settle_test::TemporaryFolder folder;
  const fs::path link = folder / "link", dangling = folder / "dangling";
  write_atomically(folder / "file", "old");
  fs::create_symlink("file", link);
  fs::create_symlink("later", dangling);
  write_atomically(link, "new");
  write_atomically(dangling, "first");
  CHECK(fs::is_symlink(link));
  CHECK(read_text(folder / "file") == "new");
  CHECK(fs::is_symlink(dangling));
  CHECK(read_text(folder / "later") == "first");
}

TEST_CASE("a file that could not be written is refused before the work, and nothing is made") {
  const settle_test::TemporaryFolder folder;
  write_atomically(folder / "file", "x");
  fs::create_symlink("loop", folder / "loop");
  check_writable(folder / "file", "--out");
  check_writable(folder / "new" / "deep" / "file", "--out");
  check_fails([&] { check_writable("", "--out"); }, "--out: \"\"");
  check_fails([&] { check_writable(folder.path() / "", "--out"); }, "the name of a file is needed");
  check_fails([&] { check_writable(folder / "file" / "below", "--out"); }, "is not a folder");
  check_fails([&] { check_writable(folder / std::string(250, 'n'), "--out"); }, "too long");
  CHECK_FALSE(settle_test::message_of([&] { check_writable(folder / "loop" / "file", "--out"); }).empty());
  fs::remove(folder / "loop");
  fs::create_directory_symlink("gone", folder / "hanging");
  check_fails([&] { check_writable(folder / "hanging" / "file", "--out"); }, "is a link to a folder that is not there");
  fs::remove(folder / "hanging");
  CHECK(folder.entries() == 1);
}

TEST_CASE("another user's file in a folder with the sticky bit is refused before the work" *
          doctest::skip(::geteuid() != 0)) {
  const settle_test::TemporaryFolder folder;
  write_atomically(folder / "file", "x");
  fs::permissions(folder.path(), fs::perms::all | fs::perms::sticky_bit);
  check_writable(folder / "file", "--out");
  REQUIRE(::seteuid(65534) == 0);  // nobody
  const std::string told = settle_test::message_of([&] { check_writable(folder / "file", "--out"); });
  CHECK(settle_test::message_of([&] { check_writable(folder / "other", "--out"); }).empty());
  REQUIRE(::seteuid(0) == 0);
  CHECK(told.find("belongs to another user") != std::string::npos);
}

TEST_CASE("files that belong together: all or none") {
  const settle_test::TemporaryFolder folder;
  write_atomically(folder / "a", "old");
  write_together({{folder / "a", "new"}, {folder / "deep" / "b", "text"}});
  CHECK(read_text(folder / "a") == "new");
  CHECK(read_text(folder / "deep" / "b") == "text");
  CHECK(folder.entries() == 3);
  // The last one cannot be written: the first one stays as it was, and nothing is left behind.
  check_fails([&] { write_together({{folder / "a", "newer"}, {folder / "a" / "below", "x"}}); }, "cannot be made");
  CHECK(read_text(folder / "a") == "new");
  CHECK(folder.entries() == 3);
}

TEST_CASE("a temporary's name is another one each time, in every process") {
  const settle_test::TemporaryFolder folder;
  const fs::path file = folder / "report.json";
  std::set<std::string> names;
  for (int n = 0; n < 100; ++n) names.insert(temporary_beside(file).string());
  CHECK(names.size() == 100);
  for (const std::string& name : names) {
    CHECK(name.rfind(file.string() + ".", 0) == 0);
    CHECK(fs::path(name).extension() == ".partial");
  }
}

TEST_CASE("temporaries of programs that were killed are collected, those of programs at work are not") {
  const settle_test::TemporaryFolder folder;
  const fs::path file = folder / "report.json";
  const auto aged = [&](const fs::path& path, int minutes) {
    std::ofstream(path) << "half";
    fs::last_write_time(path, fs::file_time_type::clock::now() - std::chrono::minutes(minutes));
    return path;
  };
  const fs::path left = aged(temporary_beside(file), 60), held = aged(temporary_beside(file), 60);
  const fs::path beside = aged(temporary_beside(file).string() + ".hier", 60);
  const fs::path young = aged(temporary_beside(file), 1), others = aged(temporary_beside(folder / "other"), 60);
  const fs::path own = aged(folder / "report.json.notes.partial", 60), dated = aged(folder / "report.json.old", 60);
  const fs::path link = temporary_beside(file);
  fs::create_symlink("nowhere", link);
  const timespec past[2] = {{0, 0}, {0, 0}};
  REQUIRE(utimensat(AT_FDCWD, link.c_str(), past, AT_SYMLINK_NOFOLLOW) == 0);
  {
    const HeldTemporary at_work(held);
    write_atomically(file, "{}");
    for (const fs::path& gone : {left, beside}) CHECK_FALSE(fs::exists(gone));
    CHECK_FALSE(fs::is_symlink(link));
    for (const fs::path& there : {held, young, others, own, dated}) CHECK(fs::exists(there));
  }
  write_atomically(file, "{}");
  CHECK_FALSE(fs::exists(held));
}

TEST_CASE("what cannot be written whole leaves the old file and no temporary") {
  const settle_test::TemporaryFolder folder;
  write_atomically(folder / "file", "old");
  const pid_t process = fork();
  if (process == 0) {
    const rlimit most{4096, 4096};
    std::signal(SIGXFSZ, SIG_IGN);
    if (setrlimit(RLIMIT_FSIZE, &most) != 0) _exit(2);
    const std::string message =
        settle_test::message_of([&] { write_atomically(folder / "file", std::string(9999, 'x')); });
    _exit(settle_test::contains(message, "file: cannot be written: File too large") ? 0 : 1);
  }
  int raw = 0;
  waitpid(process, &raw, 0);
  CHECK(raw == 0);
  CHECK(read_text(folder / "file") == "old");
  CHECK(folder.entries() == 1);
}

TEST_CASE("an output that is an input or another output is refused, however it is spelt") {
  const settle_test::TemporaryFolder folder;
  write_atomically(folder / "in", "x");
  fs::create_symlink("in", folder / "link");
  fs::create_hard_link(folder / "in", folder / "hard");
  check_distinct({{"--out", folder / "new"}, {"--trace", folder / "other"}}, {{"--machine", folder / "in"}});
  for (const fs::path& same : {folder / "in", folder / "link", folder / "hard", folder / "." / "in"}) {
    check_fails([&] { check_distinct({{"--out", same}}, {{"--machine", folder / "in"}}); }, "--machine names");
  }
  check_fails(
      [&] {
        check_distinct({{"--out", folder / "n"}, {"--trace", folder / "d" / ".." / "n"}}, {});
      },
      "also written as --out");
}
