// What tests of settle-fpga build check of a build that was refused or that failed.
#pragma once

#include <filesystem>
#include <string>

#include <doctest/doctest.h>

#include "error_message.hpp"
#include "fpga/stand_ins.hpp"

namespace settle_test {

/// One line of error that holds `part`, exit status 1, and no bitstream.
inline void check_refused(const Workshop& shop, const Ended& ended, const std::string& part) {
  INFO("err: ", ended.err);
  INFO("wanted: ", part);
  CHECK(ended.status == 1);
  CHECK(contains(ended.err, part));
  CHECK_FALSE(std::filesystem::exists(shop.build_folder() / "icebreaker_top.bin"));
  CHECK_FALSE(std::filesystem::exists(shop.build_folder() / "place.json"));
}

/// As check_refused, and no tool has run and nothing was written.
inline void check_refused_early(const Workshop& shop, const Ended& ended, const std::string& part) {
  check_refused(shop, ended, part);
  CHECK(ended.one_line());
  CHECK(shop.calls("yosys") == 0);
  CHECK_FALSE(std::filesystem::exists(shop / "out"));
}

/// No file that a tool or this program was in the middle of.
inline void check_nothing_half_written(const Workshop& shop) {
  for (const auto& entry : std::filesystem::recursive_directory_iterator(shop.build_folder())) {
    const std::string name = entry.path().filename().string();
    CAPTURE(name);
    CHECK_FALSE(contains(name, ".part"));
    CHECK_FALSE(contains(name, ".tmp"));
  }
}

inline nlohmann::json place_of(const Workshop& shop) {
  return nlohmann::json::parse(read_file(shop.build_folder() / "place.json"));
}

}  // namespace settle_test
