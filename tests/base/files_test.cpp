#include "base/files.hpp"

#include <filesystem>
#include <fstream>

#include <doctest/doctest.h>

#include <sys/stat.h>

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
  CHECK(folder.entries() == 1);
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
