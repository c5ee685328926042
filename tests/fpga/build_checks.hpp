// What tests of settle-fpga build check of a build that was refused or that failed.
#pragma once

#include <filesystem>
#include <string>

#include <doctest/doctest.h>

#include "error_message.hpp"
#include "fpga/stand_ins.hpp"

namespace settle_test {

// Exit statuses: the work cannot be done, and what the command line asks for is not there.
inline constexpr int kFailed = 1, kUsage = 2;

/// One line of error that holds `part`, that exit status, and no bitstream.
inline void check_refused(const Workshop& shop, const Ended& ended, const std::string& part, int status = kFailed) {
  INFO("err: ", ended.err);
  INFO("wanted: ", part);
  CHECK(ended.status == status);
  CHECK(contains(ended.err, part));
  CHECK_FALSE(std::filesystem::exists(shop.build_folder() / "icebreaker_top.bin"));
  CHECK_FALSE(std::filesystem::exists(shop.build_folder() / "place.json"));
}

/// As check_refused, and no tool has run and nothing was written.
inline void check_refused_early(const Workshop& shop, const Ended& ended, const std::string& part,
                                int status = kFailed) {
  check_refused(shop, ended, part, status);
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
