// Which runs a plan gives, and what it refuses.
#include "study/sweep/plan.hpp"

#include <set>
#include <string>

#include <doctest/doctest.h>

#include "error_message.hpp"

namespace {

using namespace settle;
using settle_test::message_of;

std::vector<std::string> varied(const std::string& text) {
  std::vector<std::string> all;
  for (const PlanPoint& point : parse_plan(text, "plan")) all.push_back(point.varied);
  return all;
}

using Texts = std::vector<std::string>;

void check_refused(const std::string& text, const std::string& message) {
  CAPTURE(text);
  CHECK(message_of([&] { parse_plan(text, "plan"); }) == message);
}

RunOptions options(const std::string& settings) {
  return options_of(parse_plan(R"({"axes": [[)" + settings + "]]}", "plan").back(), RunOptions(), "plan");
}

}  // namespace

TEST_CASE("a plan's points are the product of its axes, the last one fastest") {
  CHECK(varied(R"({"axes": [{"preset": ["anchored", "map"]}, {"sigma": [0.25, 0.5, 1]}]})") ==
        Texts{"preset=anchored sigma=0.25", "preset=anchored sigma=0.5", "preset=anchored sigma=1",
              "preset=map sigma=0.25", "preset=map sigma=0.5", "preset=map sigma=1"});
  CHECK(varied(R"({"axes": []})") == Texts{"as it is"});
}

TEST_CASE("a later axis stands over an earlier one and over run; formats add up") {
  const auto points = parse_plan(
      R"({"run": {"samples": 8, "format": {"state": "Q4.18"}},
          "axes": [[{"samples": 16, "format": {"state": "Q4.16"}}], [{"format": {"word": "Q4.8"}}]]})",
      "plan");
  CHECK(points.back().settings ==
        nlohmann::json::parse(R"({"samples": 16, "format": {"state": "Q4.16", "word": "Q4.8"}})"));
}

TEST_CASE("every point has its reference, once, before it is needed") {
  const auto points = parse_plan(R"({"axes": [{"sigma": [0.5, 1]}, {"format.noise_fraction": [6, 4]}]})", "plan");
  REQUIRE(points.size() == 6);
  std::set<std::string> seen;
  for (std::size_t p = 0; p < points.size(); ++p) {
    CAPTURE(p);
    const PlanPoint& reference = points[points[p].reference];
    CHECK(reference.reference == points[p].reference);
    CHECK(points[p].reference <= p);
    CHECK(reference.settings["sigma"] == points[p].settings["sigma"]);
    CHECK_FALSE(reference.settings.contains("format"));
    CHECK(seen.insert(points[p].settings.dump()).second);
  }
  CHECK(points[0].varied == "sigma=0.5");
  CHECK(points[2].varied == "sigma=0.5 noise_fraction=4");
}

TEST_CASE("a point that two ways lead to is run once") {
  CHECK(varied(R"({"axes": [{"sigma": [1, 1]}, [{}, {"format": {}}]]})") == Texts{"sigma=1"});
}

TEST_CASE("settings become a run's options") {
  const RunOptions o = options(
      R"({"preset": "map", "samples": 12, "seed": 7, "sigma": 0.25, "kt": 0, "settle_steps": 0, "window_steps": 5,
          "machine": "m.json", "format": {"state": "Q4.16", "noise_fraction": 6}})");
  CHECK(o.preset == "map");
  CHECK(o.engine == "ensemble");
  CHECK(o.samples == 12);
  CHECK(o.seed == 7);
  CHECK(o.sigma == 0.25);
  CHECK(o.kt == 0.0);
  CHECK(o.settle_steps == 0);
  CHECK(o.window_steps == 5);
  CHECK(o.machine == "m.json");
  CHECK(o.format == std::map<std::string, int>{{"state_width", 20}, {"state_fraction", 16}, {"noise_fraction", 6}});
  CHECK(options(R"({"engine": "rtl"})").engine == "rtl");
}

TEST_CASE("plans that are refused, and where") {
  check_refused("{", "plan: not JSON at byte 1 of 1");
  check_refused(R"({"axes": [], "axes": []})", "plan: the key \"axes\" stands twice in one object");
  check_refused("[]", R"(plan: an object with "axes" and perhaps "run" is needed)");
  check_refused("{}", R"(plan: axes: missing or not a list; [] has the one run of "run")");
  check_refused(R"({"axes": {}})", R"(plan: axes: missing or not a list; [] has the one run of "run")");
  check_refused(R"({"axis": []})", "plan: axis: unknown; known are run, axes");
  check_refused(R"({"axes": [[]]})", "plan: axes[0]: has no value");
  check_refused(R"({"axes": [{"sigma": []}]})", "plan: axes[0]: has no value");
  check_refused(R"({"axes": [3]})",
                R"(plan: axes[0]: a list of settings or one setting with its values is needed, as in )"
                R"({"sigma": [0.5, 1]})");
  const std::string known =
      "unknown; known are preset, engine, samples, seed, sigma, kt, machine, settle_steps, window_steps, format";
  check_refused(R"({"run": {"out": "x"}, "axes": []})", "plan: run.out: " + known);
  check_refused(R"({"axes": [[{}, {"Sigma": 1}]]})", "plan: axes[0][1].Sigma: " + known);
  check_refused(R"({"axes": [{"settle-steps": [1]}]})", "plan: axes[0].settle-steps: " + known);
  check_refused(R"({"axes": [[{"sigma": [1]}]]})", "plan: axes[0][0].sigma: a number or a text is needed");
  check_refused(R"({"axes": [[{"format": 4}]]})",
                R"(plan: axes[0][0].format: an object is needed, as in {"state": "Q4.16"})");
  check_refused(R"({"axes": [{"format.state": [1.5]}]})",
                R"(plan: axes[0].format.state: a whole number or a text as in "Q4.16" is needed)");
  std::string values = "0";
  for (int i = 1; i < 101; ++i) values += "," + std::to_string(i);
  check_refused(R"({"axes": [{"seed": [)" + values + R"(]}, {"samples": [)" + values + "]}]}",
                "plan: axes: more than 10000 runs: take fewer values, or two plans");
  for (int i = 101; i < 10001; ++i) values += "," + std::to_string(i);
  check_refused(R"({"axes": [{"seed": [)" + values + "]}]}",
                "plan: axes[0]: more than 10000 runs: take fewer values, or two plans");
}

TEST_CASE("values that are refused") {
  const auto refused = [](const std::string& settings, const std::string& message) {
    CAPTURE(settings);
    CHECK(message_of([&] { options(settings); }) == message);
  };
  refused(R"({"samples": 0})", "plan: samples: 0 is not a whole number from 1 to 1000000");
  refused(R"({"samples": 1.5})", "plan: samples: 1.5 is not a whole number from 1 to 1000000");
  refused(R"({"samples": "8"})", R"(plan: samples: "8" is not a whole number from 1 to 1000000)");
  refused(R"({"seed": -1})", "plan: seed: -1 is not a whole number from 0 to 18446744073709551615");
  refused(R"({"sigma": 1000})", "plan: sigma: 1000 is not a number from 0.02 to 80");
  refused(R"({"kt": "hot"})", R"(plan: kt: "hot" is not a number from 0 to 1.7976931348623157e+308)");
  refused(R"({"preset": 3})", "plan: preset: a text is needed");
  refused(R"({"format": {"state": 24}})", "plan: format: state=24: a format is needed, as in state=Q4.12");
  refused(R"({"format": {"noise_fraction": 13}})", "plan: format: noise_fraction: 13 is not 1 to 12");
  CHECK(message_of([] {
          options(R"({"format": {"color": 1}})");
        }).rfind("plan: format: color: no such field of a configuration; known are lanes, ", 0) == 0);
}
