// Which targets are met, and what report.json and a check say of it.
#include "report/judgement.hpp"

#include <limits>
#include <string>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "base/error.hpp"

using settle::Report;
using settle::Target;

namespace {

/// A run with one target; the measure's value is `value`.
Report run(const Target& target, double value) {
  Report report;
  report.preset = "two";
  report.decoder.shuffled = value;
  report.targets = {target};
  return report;
}

bool met(double least, double most, double value) {
  const auto judged = settle::judge(run({"decoder.shuffled", least, most}, value));
  REQUIRE(judged.size() == 1);
  REQUIRE(judged[0].met.has_value());
  return *judged[0].met;
}

constexpr double kNone = std::numeric_limits<double>::infinity();

}  // namespace

TEST_CASE("a target is met in its range, the ends included, on the unrounded value") {
  CHECK(met(-0.5, 0.5, 0.5));
  CHECK(met(-0.5, 0.5, -0.5));
  CHECK_FALSE(met(-0.5, 0.5, 0.5000000001));
  CHECK_FALSE(met(-0.5, 0.5, -0.5000000001));
  CHECK(met(0.25, kNone, 1e6));
  CHECK_FALSE(met(0.25, kNone, 0.2499999999));
  CHECK(met(-kNone, 0.25, -1e6));
  CHECK_FALSE(met(-kNone, 0.25, 0.2500000001));
  CHECK(met(3, 3, 3));
}

TEST_CASE("targets may be of every measure of report.json, and of nothing else") {
  for (const char* name : {"decoder.share_of_baseline", "settling.measured_over_predicted", "image.psnr_loss",
                           "thermal_ratio", "interface_parameters", "fixed_point.loss_kt0", "heat.per_step_error"}) {
    CHECK_NOTHROW(settle::check_targets({{name, 0}}, "f"));
  }
  for (const std::string name : {"decoder.cosin", "decoder", "cosine", "preset", ""}) {
    CHECK_THROWS_WITH_AS(settle::check_targets({{"decoder.r2", 0}, {name, 0}}, "f"),
                         ("f: target: " + name + ": no measure of report.json").c_str(), settle::Error);
  }
}

TEST_CASE("report.json carries every target with met or missed") {
  Report report = run({"decoder.shuffled", -0.5, 0.5}, 0.75);
  report.targets.push_back({"decoder.r2", 0.25});
  report.targets.push_back({"mac_utilisation", 0.95, kNone, true});
  report.targets.push_back({"thermal_ratio", -kNone, 0.25});
  report.thermal_ratio = 0.125;
  auto json = settle::to_json(report);
  CHECK(json["judged"] == true);
  CHECK(json["not_judged"].is_null());
  const auto expected = nlohmann::ordered_json::parse(R"([
    {"measure": "decoder.shuffled", "least": -0.5, "most": 0.5, "value": 0.75, "applies": true, "met": false},
    {"measure": "decoder.r2", "least": 0.25, "value": null, "applies": true, "met": null},
    {"measure": "mac_utilisation", "least": 0.95, "value": null, "applies": false, "met": null},
    {"measure": "thermal_ratio", "most": 0.25, "value": 0.125, "applies": true, "met": true}])");
  CHECK(json["targets"] == expected);
  report.cycles = 10;
  CHECK(settle::to_json(report)["targets"][2]["applies"] == true);
}

TEST_CASE("a run that is not judged says why, and has no targets") {
  Report report = run({"decoder.shuffled", -0.5, 0.5}, 0);
  report.not_judged = "another machine";
  auto json = settle::to_json(report);
  CHECK(json["judged"] == false);
  CHECK(json["not_judged"] == "another machine");
  CHECK(json["targets"].empty());
  CHECK(json["targets"].is_array());
  report.not_judged.clear();
  report.targets.clear();
  json = settle::to_json(report);
  CHECK(json["judged"] == false);
  CHECK(json["not_judged"] == "preset two has no targets");
}

TEST_CASE("a check says success only of a judged run that meets every target that applies") {
  Report report = run({"decoder.shuffled", -0.5, 0.5}, 0.25);
  report.targets.push_back({"mac_utilisation", 0.95, kNone, true});  // no clock
  CHECK(settle::check_failure(report).empty());
  report.cycles = 10;
  CHECK(settle::check_failure(report) == "mac_utilisation is not taken, target >= 0.95");
  report.mac_utilisation = 0.5;
  report.decoder.shuffled = 0.75;
  CHECK(settle::check_failure(report) ==
        "decoder.shuffled is 0.75, target -0.5 to 0.5; mac_utilisation is 0.5, target >= 0.95");
  report.not_judged = "another machine";
  CHECK(settle::check_failure(report) == "the run is not judged: another machine");
  CHECK(settle::check_failure(Report()) == "the run is not judged: preset  has no targets");
}
