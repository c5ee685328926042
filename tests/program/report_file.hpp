// Runs that are meant to succeed, and their reports.
#pragma once

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "program/program.hpp"

namespace settle_test {

/// `settle run` with these arguments; its report. Quiet: it need not first find out how long it will take.
inline nlohmann::json good_run(const Arguments& arguments, const std::filesystem::path& out) {
  const Ended ended = run(Arguments{"run", "--quiet"} + arguments + Arguments{"--out", out.string()});
  INFO("stderr: ", ended.err);
  REQUIRE(ended.status == 0);
  CHECK(ended.out + ended.err == "");
  return nlohmann::json::parse(read_file(out / "report.json"));
}

/// Takes out what depends on the clock on the wall.
inline void drop_times(nlohmann::json& report) {
  report.erase("wall_seconds");
  report["settling"].erase("ess_per_second");
}

}  // namespace settle_test
