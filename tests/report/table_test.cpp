#include "report/table.hpp"

#include <set>
#include <sstream>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "base/error.hpp"
#include "base/text_table.hpp"

using settle::Report;
using settle::Row;
using settle::TableRows;

namespace {

Report sample(const std::string& preset) {
  Report report;
  report.preset = preset;
  report.engine = "rtl";
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
  report.settling.predicted_steps = 56;
  report.settling.split_r_hat = 1.000436;
  report.saturations = 0;
  report.cycles = 1000;
  report.targets = {{"decoder.cosine", 0.9985},
                    {"decoder.cosine_centred", 0.975},
                    {"decoder.shuffled", -0.1, 0.1},
                    {"thermal_ratio", 0.05, 0.3},
                    {"interface_parameters", 2560, 2560}};
  return report;
}

Row row(const Report& report, const std::string& measure, TableRows which = TableRows::all) {
  for (const Row& candidate : settle::table_rows(report, which)) {
    if (candidate.measure == measure) return candidate;
  }
  FAIL("no row is " << measure);
  return {};
}

std::vector<std::string> names(const Report& report, TableRows which) {
  std::vector<std::string> found;
  for (const Row& r : settle::table_rows(report, which)) found.push_back(r.measure);
  return found;
}

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("the first table has eight measures, baseline_mean right after cosine") {
  Report report = sample("anchored");
  CHECK(names(report, TableRows::first) == std::vector<std::string>{"decoder.cosine", "decoder.baseline_mean",
                                                                    "decoder.cosine_centred", "decoder.oracle",
                                                                    "interface_parameters", "settling.settling_steps",
                                                                    "thermal_ratio", "mac_utilisation"});
  report.image.emplace().psnr = 25.5;
  CHECK(names(report, TableRows::first).back() == "image.psnr");
  CHECK(row(report, "image.psnr", TableRows::first).value == "25.500 dB");
  report.image->psnr_unet = 25.625;
  CHECK(row(report, "image.psnr", TableRows::first).value == "25.500 dB (psnr_unet 25.625)");
  CHECK(row(report, "settling.settling_steps", TableRows::first).value == "57 (predicted_steps 56)");
  CHECK(row(report, "settling.settling_steps").value == "57");
}

TEST_CASE("the table of all has every measure of report.json, each under its path there") {
  Report report = sample("map");
  report.image.emplace();
  const std::vector<std::string> found = names(report, TableRows::all);
  REQUIRE(found.size() > 1);
  CHECK(found[0] == "decoder.cosine");
  CHECK(found[1] == "decoder.baseline_mean");
  std::set<std::string> expected;
  const auto json = settle::measures_json(report);
  for (const auto& [name, value] : json.items()) {
    if (value.is_object()) {
      for (const auto& part : value.items()) expected.insert(name + "." + part.key());
    } else {
      expected.insert(name);
    }
  }
  // What the heading says, and what stands beside another measure.
  for (const char* other :
       {"preset", "engine", "samples", "seed", "sigma", "kt", "git", "config_hash", "heat.per_step_error"}) {
    CHECK(expected.erase(other) == 1);
  }
  CHECK(std::set<std::string>(found.begin(), found.end()) == expected);
}

TEST_CASE("what was not taken is a dash, what was found to be 0 is 0") {
  Report report = sample("anchored");
  report.cycles.reset();
  CHECK(row(report, "cycles").value == "-");
  CHECK(row(report, "thermal_ratio").value == "-");
  CHECK(row(report, "thermal_ratio").target == "0.05 to 0.3");
  CHECK(row(report, "thermal_ratio").verdict.empty());
  CHECK(row(report, "saturations").value == "0");
  CHECK(row(report, "settling.split_r_hat").value == "1.00044");
  Report empty;
  for (const Row& r : settle::table_rows(empty, TableRows::all)) CHECK(r.value == "-");
}

TEST_CASE("heat stands with its error") {
  Report report = sample("map");
  report.heat = {1319538.3, 393.157, 3.3163};
  CHECK(row(report, "heat.of_inference").value == "1.32e+06");
  CHECK(row(report, "heat.per_step_settled").value == "393 +- 3.3");
  CHECK(row(report, "heat.per_step_settled").target == "-");
  report.heat.per_step_error.reset();
  CHECK(row(report, "heat.per_step_settled").value == "393");
}

TEST_CASE("a target stands with its range and verdict, in both tables") {
  const Report report = sample("anchored");
  for (const TableRows which : {TableRows::first, TableRows::all}) {
    CHECK(row(report, "decoder.cosine", which).target == ">= 0.9985");
    CHECK(row(report, "decoder.cosine", which).verdict == "met");
    CHECK(row(report, "decoder.cosine_centred", which).value == "0.9750");
    CHECK(row(report, "decoder.cosine_centred", which).verdict == "missed");
    CHECK(row(report, "interface_parameters", which).target == "2560");
  }
  CHECK(row(report, "decoder.shuffled").target == "-0.1 to 0.1");
}

TEST_CASE("the line below the table counts every target, those of measures that are not shown among them") {
  Report report = sample("anchored");
  report.targets.push_back({"mac_utilisation", 0.95, 1, true});
  const auto last_line = [&] {
    std::string text = settle::table_text(report, TableRows::first);
    text.pop_back();
    return text.substr(text.rfind('\n') + 1);
  };
  CHECK(last_line() ==
        "targets: 3 of 6 met; missed: decoder.cosine_centred; not taken: thermal_ratio, mac_utilisation");
  report.cycles.reset();
  CHECK(last_line() ==
        "targets: 3 of 5 met; missed: decoder.cosine_centred; not taken: thermal_ratio; needs an engine with a clock: "
        "mac_utilisation");
  CHECK(row(report, "mac_utilisation").target == "-");
  report.not_judged = "another machine";
  CHECK(last_line() == "not judged: another machine");
  report.not_judged.clear();
  report.targets.clear();
  CHECK(last_line() == "not judged: preset anchored has no targets");
}

TEST_CASE("runs at other settings have no targets in the table") {
  Report report = sample("anchored");
  report.not_judged = "another machine";
  for (const Row& r : settle::table_rows(report, TableRows::all)) {
    CHECK(r.target == "-");
    CHECK(r.verdict.empty());
  }
}

TEST_CASE("the paper's figures stand in every table") {
  for (const char* preset : {"anchored", "paper"}) {
    const Report report = sample(preset);
    CHECK(row(report, "decoder.cosine_paper").paper == "0.9906");
    CHECK(row(report, "decoder.oracle", TableRows::first).paper == "1.0000");
    CHECK(row(report, "interface_parameters", TableRows::first).paper == "2560");
    CHECK(row(report, "conditioning_deficit_paper").paper == "2600");
    CHECK(row(report, "decoder_shift").paper == "0.1274");
    CHECK(row(report, "decoder_shift").value == "0.1274");
    CHECK(row(report, "decoder.cosine").paper == "-");
  }
}

TEST_CASE("the printed table has its heading, its columns and no loose ends") {
  for (const TableRows which : {TableRows::first, TableRows::all}) {
    const std::string text = settle::table_text(sample("anchored"), which);
    CHECK(contains(text, "preset anchored, engine rtl"));
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
      CHECK(line.size() <= 120);
      if (!line.empty()) CHECK(line.back() != ' ');
    }
  }
}

TEST_CASE("text_table lines columns up") {
  CHECK(settle::text_table({{"a", "bb"}, {"ccc", "d"}}) == "a    bb\n-------\nccc   d\n");
  CHECK_THROWS_AS(settle::text_table({}), settle::Error);
  CHECK_THROWS_AS(settle::text_table({{"a", "b"}, {"c"}}), settle::Error);
}
