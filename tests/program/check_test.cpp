// What a run prints and how it ends: the first measures, all of them, nothing; and --check.
#include <string>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "program/program.hpp"

using namespace settle_test;
using Json = nlohmann::json;

namespace {

Ended run_into(const TemporaryFolder& scratch, const Arguments& arguments) {
  return run(Arguments{"run", "--engine", "ensemble", "--out", (scratch / "out").string()} + arguments);
}

Json report_of(const TemporaryFolder& scratch) { return Json::parse(read_file(scratch / "out" / "report.json")); }

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("a run prints the first measures, with --all every one, with --quiet nothing") {
  const TemporaryFolder scratch;
  const Arguments brief = {"--samples", "2"};
  const Ended first = run_into(scratch, brief), all = run_into(scratch, brief + Arguments{"--all"});
  for (const Ended& ended : {first, all}) {
    CHECK(ended.status == 0);
    CHECK(has(ended.out, "\ndecoder.cosine_centred "));
    CHECK(has(ended.out, "\nnot judged: "));
  }
  CHECK_FALSE(has(first.out, "fixed_point.stall"));
  CHECK_FALSE(has(first.out, "not taken: "));
  CHECK(has(all.out, "\nfixed_point.stall "));
  CHECK(has(all.out, "\nnot taken: conditioning_deficit_paper: the encoder layer has no bus to itself\n"));
  std::filesystem::remove_all(scratch / "out");
  const Ended quiet = run_into(scratch, brief + Arguments{"--quiet", "--energy"});
  CHECK(quiet.status == 0);
  CHECK(quiet.out == "");
  CHECK(quiet.err == "");
  CHECK(report_of(scratch)["samples"] == 2);
  const Ended wrong = run_into(scratch, brief + Arguments{"--quiet", "--kt", "1e9"});
  CHECK(wrong.status == 2);
  CHECK(wrong.one_line());
}

TEST_CASE("--check says success of a judged run that meets its targets") {
  const TemporaryFolder scratch;
  const Ended ended = run_into(scratch, {"--samples", "64", "--check"});
  CHECK(ended.status == 0);
  CHECK(ended.err == "");
  const Json report = report_of(scratch);
  CHECK(report["judged"] == true);
  CHECK(report["not_judged"].is_null());
  CHECK(report["targets"].size() == 13);
  for (const Json& target : report["targets"]) {
    CAPTURE(target.dump());
    if (target["measure"] == "mac_utilisation") {
      CHECK(target["applies"] == false);  // the model has no clock
    } else {
      CHECK(target["met"] == true);
    }
  }
}

TEST_CASE("--check exits with 3 if the run is not judged, and says why") {
  const TemporaryFolder scratch;
  const auto not_judged = [&](const Arguments& arguments, const std::string& why) {
    const Ended ended = run_into(scratch, arguments + Arguments{"--check", "--quick", "--quiet"});
    INFO("stderr: ", ended.err);
    CHECK(ended.status == 3);
    CHECK(ended.out == "");
    CHECK(ended.one_line());
    CHECK(ended.err.find("settle: --check: the run is not judged: ") == 0);
    CHECK(has(ended.err, why));
    const Json report = report_of(scratch);
    CHECK(report["judged"] == false);
    CHECK(has(report["not_judged"], why));
    CHECK(report["targets"].empty());
    // The same run without a check is a success.
    CHECK(run_into(scratch, arguments + Arguments{"--quick", "--quiet"}).status == 0);
  };
  not_judged({"--samples", "4"}, "16");
  not_judged({"--samples", "16", "--sigma", "0.4"}, "sigma");
  not_judged({"--samples", "16", "--settle-steps", "90"}, "--settle-steps");
  not_judged({"--samples", "16", "--machine", asset("anchored.machine.json").string()}, "--machine");
  not_judged({"--samples", "16", "--preset", "paper"}, "preset paper has no targets");
}
