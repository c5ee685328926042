// The name of hardware follows from what it is built from, and from nothing else.
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>

#include <doctest/doctest.h>

#include "contract/generate/hardware_hash.hpp"
#include "error_message.hpp"
#include "temporary_folder.hpp"

namespace fs = std::filesystem;
using settle::hardware_hash;
using settle_test::check_fails;
using settle_test::TemporaryFolder;

namespace {

void write(const fs::path& file, const std::string& text) {
  fs::create_directories(file.parent_path());
  std::ofstream(file, std::ios::binary) << text;
}

/// FNV-1a as its authors publish it.
std::uint64_t fnv(const std::string& text) {
  std::uint64_t hash = 14695981039346656037u;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211u;
  return hash;
}

}  // namespace

TEST_CASE("hardware is named by the names and bytes of its sources, in the order of their names") {
  using namespace std::string_literals;
  const TemporaryFolder folder;
  const fs::path rtl = folder / "rtl";
  write(rtl / "b.sv", "module b;");
  write(rtl / "link" / "a.sv", "module a;\n");
  write(rtl / "c.json", "{}");
  const std::string all = "b.sv\0009\0module b;c.json\0002\0{}link/a.sv\00010\0module a;\n"s;
  CHECK(hardware_hash(rtl) == fnv(all));
  CHECK(hardware_hash(rtl, {{"top.sv", "[1]"}}) == fnv(all + "top.sv\0003\0[1]"s));
  CHECK(settle::hardware_word(0x0123456789abcdefu) == 0x01234567u);

  // Elsewhere, later, with documents and leavings of editors beside: the same hardware.
  const fs::path other = folder / "a copy" / "r";
  fs::create_directories(other.parent_path());
  fs::copy(rtl, other, fs::copy_options::recursive);
  write(other / "README.md", "text");
  write(other / "b.sv~", "old");
  write(other / ".b.sv.swp", "x");
  CHECK(hardware_hash(other) == hardware_hash(rtl));
  CHECK(hardware_hash(other.string() + "/") == hardware_hash(rtl));

  // Bytes that move from file to file, or a file that moves, are other hardware.
  const std::uint64_t before = hardware_hash(rtl);
  fs::rename(rtl / "link" / "a.sv", rtl / "a.sv");
  CHECK(hardware_hash(rtl) != before);
  fs::rename(rtl / "a.sv", rtl / "link" / "a.sv");
  CHECK(hardware_hash(rtl) == before);
  write(rtl / "b.sv", "module b;{");
  write(rtl / "c.json", "}");
  CHECK(hardware_hash(rtl) != before);

  check_fails([&] { hardware_hash(folder / "none"); }, "none: folder of the RTL: ");
}
