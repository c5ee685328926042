#include "report/table.hpp"

#include <sstream>
#include <string>

#include <doctest/doctest.h>

#include "base/error.hpp"
#include "base/text_table.hpp"

using settle::Report;
using settle::Row;

namespace {

Report sample(const std::string& preset) {
  Report report;
  report.preset = preset;
  report.engine = "model";
  report.git = "abc";
  report.decoder.cosine = 0.99853;
  report.decoder.cosine_centred = 0.9749999;
  report.decoder.baseline_mean = 0.95;
  report.decoder.frozen_interface = 0.95;
  report.decoder.oracle = 0.9999;
  report.decoder.shuffled = -0.004;
  report.decoder.cosine_paper = 0.9912;
  report.interface_parameters = 2560;
  report.conditioning_deficit_paper = 1234.5;
  report.decoder_shift = 0.1274;
  report.settling.settling_steps = 57;
  report.settling.predicted_steps = 57;
  report.settling.split_r_hat = 1.000436;
  report.saturations = 0;
  return report;
}

Row row(const Report& report, const std::string& beginning) {
  for (const Row& candidate : settle::table_rows(report)) {
    if (candidate.measure.compare(0, beginning.size(), beginning) == 0) return candidate;
  }
  FAIL("no row begins with " << beginning);
  return {};
}

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("baseline_mean stands right after cosine") {
  for (const Report& report : {Report(), sample("paper")}) {
    const auto rows = settle::table_rows(report);
    REQUIRE(rows.size() > 1);
    CHECK(rows[0].measure == "cosine");
    CHECK(contains(rows[1].measure, "baseline_mean"));
  }
}

TEST_CASE("what was not taken is a dash, what was found to be 0 is 0") {
  const Report report = sample("anchored");
  CHECK(row(report, "cycles").value == "-");
  CHECK(row(report, "thermal_ratio").value == "-");
  CHECK(row(report, "thermal_ratio").target == "0.05 to 0.3");
  CHECK(row(report, "thermal_ratio").verdict.empty());
  CHECK(row(report, "saturations").value == "0");
  CHECK(row(report, "split_r_hat").value == "1.00044");
  Report empty;
  for (const Row& r : settle::table_rows(empty)) CHECK(r.value == "-");
}

TEST_CASE("heat stands with its error") {
  Report report = sample("map");
  report.heat = {1319538.3, 393.157, 3.3163};
  CHECK(row(report, "heat of the inference (kT)").value == "1.32e+06");
  CHECK(row(report, "heat a step, settled (kT)").value == "393 +- 3.3");
  CHECK(row(report, "heat a step, settled (kT)").target == "-");
  report.heat.per_step_error.reset();
  CHECK(row(report, "heat a step, settled (kT)").value == "-");
}

TEST_CASE("targets are judged on unrounded values") {
  const Report report = sample("anchored");
  const auto check_target = [&report](const char* measure, const char* target, const char* verdict) {
    CHECK(row(report, measure).target == target);
    CHECK(row(report, measure).verdict == verdict);
  };
  check_target("cosine", ">= 0.9985", "met");
  CHECK(row(report, "cosine_centred").value == "0.9750");
  check_target("cosine_centred", ">= 0.975", "missed");
  check_target("(1 - cosine) /", "<= 0.03333", "met");  // 0.00147 / 0.05
  CHECK(row(report, "(1 - cosine) /").value == "0.0294");
  check_target("(1 - cosine_centred) /", "<= 0.6", "met");  // 0.025 / 0.05
  check_target("interface_parameters", "2560", "met");
  check_target("settling_steps /", "0.9 to 1.1", "met");
  check_target("shuffled", "-0.1 to 0.1", "met");
}

TEST_CASE("runs at other settings are not judged") {
  Report report = sample("anchored");
  report.judged = false;
  for (const Row& r : settle::table_rows(report)) {
    CHECK(r.target == "-");
    CHECK(r.verdict.empty());
  }
}

TEST_CASE("machines of maps have targets of their own, the loss in dB among them") {
  Report report = sample("map");
  report.image.emplace().psnr = 25.5;
  report.image->psnr_unet = 25.625;
  CHECK(row(report, "cosine").target == ">= 0.985");
  CHECK(row(report, "psnr_unet - psnr").value == "0.125 dB");
  CHECK(row(report, "psnr_unet - psnr").target == "<= 0.1");
  CHECK(row(report, "psnr_unet - psnr").verdict == "missed");
  CHECK(row(report, "psnr_mean_map").value == "-");
  report.preset = "whole";
  CHECK(row(report, "psnr_unet - psnr").verdict == "met");
}

TEST_CASE("paper has no targets, the paper's figures stand in every table") {
  for (const Row& r : settle::table_rows(sample("paper"))) CHECK(r.target == "-");
  for (const char* preset : {"anchored", "paper"}) {
    const Report report = sample(preset);
    CHECK(row(report, "cosine_paper").paper == "0.9906");
    CHECK(row(report, "oracle").paper == "1.0000");
    CHECK(row(report, "  the paper's pair").paper == "2,600x");
    CHECK(row(report, "decoder_shift").paper == "12.74 %");
    CHECK(row(report, "decoder_shift").value == "12.74 %");
    CHECK(row(report, "cosine").paper == "-");
  }
}

TEST_CASE("the printed table has its heading, its columns and no loose ends") {
  const std::string text = settle::table_text(sample("anchored"));
  CHECK(contains(text, "preset anchored, engine model"));
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    CHECK(line.size() <= 120);
    if (!line.empty()) CHECK(line.back() != ' ');
  }
}

TEST_CASE("text_table lines columns up") {
  CHECK(settle::text_table({{"a", "bb"}, {"ccc", "d"}}) == "a    bb\n-------\nccc   d\n");
  CHECK_THROWS_AS(settle::text_table({}), settle::Error);
  CHECK_THROWS_AS(settle::text_table({{"a", "b"}, {"c"}}), settle::Error);
}
