#include "report/report.hpp"

#include <cmath>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "base/error.hpp"

using settle::Report;

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
  report.settling.split_r_hat = 1.0004;
  report.heat.of_inference = 80029.5;
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
  for (const char* name : {"settling_steps", "predicted_steps", "lambda_min_steps", "settling_cycles",
                           "autocorrelation_steps", "split_r_hat"}) {
    CAPTURE(name);
    CHECK(json["settling"].contains(name));
  }
  for (const char* name : {"of_inference", "per_step_settled", "per_step_error"}) {
    CAPTURE(name);
    CHECK(json["heat"].contains(name));
  }
}

TEST_CASE("a measure that was not taken is null, never 0") {
  const auto json = settle::to_json(sample());
  CHECK(json["decoder"]["cosine"] == 0.99875);
  CHECK(json["decoder"]["oracle"].is_null());
  CHECK(json["settling"]["split_r_hat"] == 1.0004);
  CHECK(json["heat"]["of_inference"] == 80029.5);
  CHECK(json["heat"]["per_step_settled"].is_null());
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

TEST_CASE("report_text is to_json, and refuses what JSON cannot hold") {
  CHECK(nlohmann::ordered_json::parse(settle::report_text(sample())) == settle::to_json(sample()));
  Report bad = sample();
  bad.kt = std::nan("");
  CHECK_THROWS_AS(settle::report_text(bad), settle::Error);
}

TEST_CASE("image measures stand in the reports of machines that give images") {
  Report report = sample();
  CHECK_FALSE(settle::to_json(report).contains("image"));
  report.image.emplace().psnr = 25.5;
  auto json = settle::to_json(report)["image"];
  CHECK(json["psnr"] == 25.5);
  CHECK(json["psnr_unet"].is_null());
  CHECK(json["psnr_mean_map"].is_null());
  CHECK(json["psnr_noisy"].is_null());
  CHECK(json["psnr_loss"].is_null());
  report.image->psnr_unet = 25.625;
  json = settle::to_json(report)["image"];
  CHECK(json["psnr_loss"] == 0.125);
}

TEST_CASE("what follows from two measures is there if both are") {
  Report report = sample();
  report.decoder.cosine = 0.9375;
  auto json = settle::to_json(report);
  for (const char* name : {"share_of_baseline", "share_of_frozen"}) {
    CAPTURE(name);
    CHECK(json["decoder"][name].is_null());
  }
  CHECK(json["settling"]["measured_over_predicted"].is_null());
  report.decoder.baseline_mean = 0.75;
  report.decoder.cosine_centred = 0.5;
  report.decoder.frozen_interface = -1;
  report.settling.settling_steps = 21;
  report.settling.predicted_steps = 28;
  json = settle::to_json(report);
  CHECK(json["decoder"]["share_of_baseline"] == 0.25);  // 1/16 over 1/4
  CHECK(json["decoder"]["share_of_frozen"] == 0.25);    // 1/2 over 2
  CHECK(json["settling"]["measured_over_predicted"] == 0.75);
  report.decoder.baseline_mean = 1;  // nothing is left to be a share of
  report.settling.predicted_steps = 0;
  json = settle::to_json(report);
  CHECK(json["decoder"]["share_of_baseline"].is_null());
  CHECK(json["settling"]["measured_over_predicted"].is_null());
}
