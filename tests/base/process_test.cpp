// Programs that are started, and what they print.
#include "base/process.hpp"

#include <chrono>
#include <fstream>
#include <string>

#include <doctest/doctest.h>

#include "base/files.hpp"
#include "temporary_folder.hpp"

using settle::output_of;

TEST_CASE("a program's output: all of it, nothing if it fails or is not there") {
  CHECK(output_of({"sh", "-c", "echo out; echo err >&2"}) == "out\nerr\n");
  CHECK(output_of({"sh", "-c", "i=0; while test $i -lt 20000; do echo line; i=$((i + 1)); done"})->size() == 100000);
  CHECK_FALSE(output_of({"sh", "-c", "echo out; exit 3"}).has_value());
  CHECK_FALSE(output_of({"no-such-program"}).has_value());
}

TEST_CASE("what a program leaves running in the background is not waited for") {
  const settle_test::TemporaryFolder folder;
  // It goes on until the file is there, which is made only once its output was taken, or the folder is gone with it.
  const std::string go = (folder / "go").string();
  const std::string waits =
      "(while test -d '" + folder.path().string() + "' && ! test -e '" + go + "'; do sleep 0.01; done) &";
  CHECK(output_of({"sh", "-c", waits + " echo version"}) == "version\n");
  settle::write_atomically(go, "");
}

TEST_CASE("a program that does not answer is ended when the user wants to end") {
  int asked = 0;
  CHECK_THROWS_AS(output_of({"sleep", "1000"}, [&] { return ++asked > 3; }), settle::Stopped);
}
