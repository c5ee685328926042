// A program finds what ships around its own build folder, so that a tree that was moved or copied takes what is its
// own.
#include <filesystem>
#include <string>

#include <doctest/doctest.h>

#include "base/process.hpp"
#include "error_message.hpp"
#include "program/program.hpp"
#include "programs/source_tree.hpp"

namespace fs = std::filesystem;
using namespace settle_test;
using settle::find_source_tree;

namespace {

void make_tree(const fs::path& folder) {
  fs::create_directories(folder / "host" / "assets");
  write_file(folder / "host" / "assets" / "presets.json", "{}");
}

}  // namespace

TEST_CASE("the tree is the one around the build folder, else the one that was built, else an error that names both") {
  const TemporaryFolder folder;
  const fs::path built = folder / "built", moved = folder / "moved", a = moved / "build";
  make_tree(moved);
  CHECK(find_source_tree(a, "..", built) == moved);
  CHECK(find_source_tree(moved / "builds" / "a", "../..", built) == moved);
  const auto nowhere = [&] { find_source_tree(folder / "bin", "..", built); };
  check_fails(nowhere, "host/assets/presets.json is not in " + built.string() +
                           ", where this program was built, nor in " + folder.path().string() + ", where it is now");
  check_fails([&] { find_source_tree(a, "", built); }, built.string() + ", where this program was built");
  make_tree(built);
  CHECK(find_source_tree(a, "..", built) == moved);
  CHECK(find_source_tree(folder / "bin", "..", built) == built);
  CHECK(find_source_tree(a, "", built) == built);  // a build outside the tree
  CHECK(find_source_tree("", "..", built) == built);
}

TEST_CASE("settle in a copy of its tree reads the copy's presets") {
  const TemporaryFolder folder;
  const fs::path from_tree = fs::path(SETTLE_BINARY).lexically_relative(SETTLE_SOURCE_DIR);
  const bool inside = *from_tree.begin() != "..";
  const fs::path program = folder / "tree" / (inside ? from_tree : "settle");
  fs::create_directories(program.parent_path());
  fs::copy_file(SETTLE_BINARY, program);
  make_tree(folder / "tree");
  std::string presets = read_file(asset("presets.json"));
  const std::string purpose = "\"purpose\": \"";
  presets.insert(presets.find(purpose) + purpose.size(), "of the copy, ");
  write_file(folder / "tree" / "host" / "assets" / "presets.json", presets);
  const std::string text = settle::output_of({program.string(), "info", "--presets"}).value_or("");
  CHECK(text.find("anchored") != text.npos);
  CHECK((text.find("of the copy, ") != text.npos) == inside);
}
