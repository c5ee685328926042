#include "report/report.hpp"

#include <cmath>
#include <fstream>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "core/error.hpp"
#include "core/files.hpp"
#include "temporary_folder.hpp"

using settle::Report;
using settle_test::TemporaryFolder;

namespace {

Report sample() {
  Report report;
  report.preset = "anchored";
  report.engine = "rtl";
  report.samples = 64;
  report.seed = 1;
  report.sigma = 0.5;
  report.kt = 0.25;
  report.git = "abc";
  report.config_hash = "0123456789abcdef";
  report.decoder.cosine = 0.99875;
  report.cell_updates = 12345678901234567ULL;
  return report;
}

}  // namespace

TEST_CASE("report.json has every name that was promised") {
  const auto json = settle::to_json(Report());
  for (const char* name : {"preset", "engine", "samples", "seed", "sigma", "kt", "git", "config_hash", "decoder",
                           "thermal_ratio", "interface_parameters", "conditioning_deficit", "decoder_shift", "settling",
                           "cell_updates", "cycles", "mac_utilisation", "saturations", "wall_seconds"}) {
    CAPTURE(name);
    CHECK(json.contains(name));
  }
  for (const char* name :
       {"cosine", "cosine_centred", "r2", "baseline_mean", "oracle", "shuffled", "frozen_interface", "cosine_paper"}) {
    CAPTURE(name);
    CHECK(json["decoder"].contains(name));
  }
  for (const char* name :
       {"settling_steps", "predicted_steps", "lambda_min_steps", "settling_cycles", "autocorrelation_steps"}) {
    CAPTURE(name);
    CHECK(json["settling"].contains(name));
  }
}

TEST_CASE("a measure that was not taken is null, never 0") {
  const auto json = settle::to_json(sample());
  CHECK(json["decoder"]["cosine"] == 0.99875);
  CHECK(json["decoder"]["oracle"].is_null());
  CHECK(json["cycles"].is_null());
  CHECK(json["settling"]["settling_steps"].is_null());
  CHECK(json["cell_updates"] == 12345678901234567ULL);
}

TEST_CASE("extra groups stand beside the fields, not over them") {
  Report report = sample();
  report.extra["device"] = {{"clock_khz", 800.5}};
  CHECK(settle::to_json(report)["device"]["clock_khz"] == 800.5);
  report.extra["decoder"] = 1;
  CHECK_THROWS_WITH_AS(settle::to_json(report), "report: the extra group decoder has the name of a field",
                       settle::Error);
  report.extra = nlohmann::ordered_json::array({1});
  CHECK_THROWS_AS(settle::to_json(report), settle::Error);
}

TEST_CASE("a number that is not finite is refused by name") {
  Report report = sample();
  report.decoder.r2 = std::nan("");
  CHECK_THROWS_WITH_AS(settle::to_json(report), "report: decoder.r2 is not finite", settle::Error);
  report = sample();
  report.extra["device"] = {{"clock_khz", {1.0, INFINITY}}};
  CHECK_THROWS_WITH_AS(settle::to_json(report), "report: device.clock_khz.1 is not finite", settle::Error);
}

TEST_CASE("write_report writes what to_json says, and nothing else") {
  const TemporaryFolder folder;
  const auto path = settle::write_report(sample(), folder.path() / "out" / "run");
  CHECK(path == folder.path() / "out" / "run" / "report.json");
  CHECK(nlohmann::ordered_json::parse(settle::read_text(path)) == settle::to_json(sample()));
  CHECK(folder.entries() == 3);
  Report second = sample();
  second.seed = 2;
  settle::write_report(second, folder.path() / "out" / "run");
  CHECK(nlohmann::ordered_json::parse(settle::read_text(path))["seed"] == 2);
  CHECK(folder.entries() == 3);
}

TEST_CASE("a report that cannot be written leaves nothing behind") {
  const TemporaryFolder folder;
  // A file where a folder is needed stops every user, root too.
  std::ofstream(folder.path() / "file") << "in the way";
  CHECK_THROWS_AS(settle::write_report(sample(), folder.path() / "file" / "run"), settle::Error);
  CHECK(folder.entries() == 1);
  // So does a folder where the file is to be.
  std::filesystem::create_directories(folder.path() / "run" / "report.json" / "full");
  CHECK_THROWS_AS(settle::write_report(sample(), folder.path() / "run"), settle::Error);
  CHECK(folder.entries() == 4);
  // And a report that is refused is not even begun.
  Report bad = sample();
  bad.kt = std::nan("");
  CHECK_THROWS_AS(settle::write_report(bad, folder.path() / "new"), settle::Error);
  CHECK(folder.entries() == 4);
}
