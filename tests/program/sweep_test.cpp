// `settle sweep` as a user runs it: a plan, a table, an interruption, a second call.
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <set>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "base/process.hpp"
#include "program/program.hpp"

using namespace settle_test;
using Json = nlohmann::json;
using std::chrono::milliseconds;

namespace {

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t n = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++n;
  return n;
}

std::set<std::string> points(const std::filesystem::path& out) {
  std::set<std::string> names;
  if (!std::filesystem::exists(out / "points")) return names;
  for (const auto& entry : std::filesystem::directory_iterator(out / "points")) {
    if (!std::filesystem::exists(entry.path() / "report.json")) continue;
    if (Json::parse(read_file(entry.path() / "report.json"))["run"]["interrupted"] == true) continue;
    names.insert(entry.path().filename().string());
  }
  return names;
}

}  // namespace

TEST_CASE("a sweep runs its points, keeps them, and says which could not be run") {
  const TemporaryFolder scratch;
  const auto plan = scratch / "plan.json", out = scratch / "out";
  write_file(plan, R"({"run": {"samples": 4}, "axes": [[{"format": {"state": "Q4.16"}}, {"format": {"state": "Q4.12"}},
                                                        {"format": {"coefficient": "Q4.6"}}]]})");
  const Ended first = run({"sweep", plan.string(), "--out", out.string()});
  CHECK(first.status == 1);  // a state must have more fraction bits than an operand, and fewer than a product
  CHECK(first.one_line());
  CHECK(first.err.find("2 of 4 runs failed") != std::string::npos);
  CHECK(points(out).size() == 2);
  const std::string csv = read_file(out / "sweep.csv");
  CHECK(count(csv, "\n") == 5);
  CHECK(csv.find("operand must be the upper part of the state") != std::string::npos);
  CHECK(csv.find("state_fraction must be below") != std::string::npos);

  const Ended second = run({"sweep", plan.string(), "--out", out.string()});
  CHECK(second.out.find("2 of 4 runs were there already") != std::string::npos);
  CHECK(read_file(out / "sweep.csv") == csv);

  // A run of its own gives the point's numbers.
  const auto alone = scratch / "alone";
  CHECK(
      run({"run", "--engine", "model", "--samples", "4", "--format", "state=Q4.16", "--out", alone.string()}).status ==
      0);
  const Json report = Json::parse(read_file(alone / "report.json"));
  CHECK(report["array"]["formats"]["state"] == "Q4.16");
  bool found = false;
  for (const std::string& point : points(out)) {
    found = found || read_file(out / "points" / point / "readout.csv") == read_file(alone / "readout.csv");
  }
  CHECK(found);
}

TEST_CASE("a program that was changed and built again runs its points again, an unchanged one keeps them") {
  const TemporaryFolder scratch;
  const auto plan = scratch / "plan.json", out = scratch / "out", program = scratch / "settle";
  write_file(plan, R"({"run": {"samples": 1, "engine": "model"}, "axes": [{"seed": [1, 2]}]})");
  const auto sweep = [&] {
    const auto log = scratch / "log";
    CHECK(settle::run({{program.string(), "sweep", plan.string(), "--out", out.string()}, {}, log}, {}).good());
    return read_file(log);
  };
  const auto kept = [](const std::string& text) {
    return text.find("2 of 2 runs were there already") != std::string::npos;
  };
  std::filesystem::copy_file(SETTLE_BINARY, program);
  CHECK_FALSE(kept(sweep()));
  CHECK(kept(sweep()));
  // Its commit says the same as before: what follows the last section is no part of what runs.
  std::ofstream(program, std::ios::app) << "built again";
  const std::string again = sweep();
  CHECK(again.find("were there already") == again.npos);
  CHECK(kept(sweep()));
  // A point whose files were changed since is run again, the other one is kept.
  const auto one_kept = [](const std::string& text) {
    return text.find("1 of 2 runs were there already") != std::string::npos;
  };
  const auto point = out / "points" / *points(out).begin();
  std::string report = read_file(point / "report.json");
  const std::string sigma = "\"sigma\": 0.5";
  REQUIRE(report.find(sigma) != report.npos);
  write_file(point / "report.json", report.replace(report.find(sigma), sigma.size(), "\"sigma\": 0.7"));
  CHECK(one_kept(sweep()));
  std::filesystem::remove(point / "readout.csv");
  CHECK(one_kept(sweep()));
  CHECK(std::filesystem::exists(point / "readout.csv"));
  CHECK(kept(sweep()));
  // A report of which nobody says who made it is made anew.
  for (const std::string& point : points(out)) std::filesystem::remove(out / "points" / point / "program");
  CHECK_FALSE(kept(sweep()));
}

TEST_CASE("an interrupted sweep loses the point in flight only, and goes on where it was") {
  const TemporaryFolder scratch;
  const auto plan = scratch / "plan.json", out = scratch / "out";
  write_file(plan, R"({"run": {"samples": 8}, "axes": [{"seed": [1, 2, 3, 4, 5, 6, 7, 8]}]})");
  bool caught = false;
  for (int attempt = 0; attempt < 12 && !caught; ++attempt) {
    std::filesystem::remove_all(out);
    Running running({"sweep", plan.string(), "--out", out.string()});
    while (points(out).empty() && !running.ends_within(milliseconds(20))) continue;
    if (!running.ends_within(milliseconds(0))) running.send(SIGINT);
    const Ended ended = running.wait();
    const std::size_t done = points(out).size();
    caught = ended.status == 130 && done > 0 && done < 8;
    if (caught) {
      CHECK(ended.one_line());
      CHECK(count(read_file(out / "sweep.csv"), "\n") == 9);
    }
  }
  REQUIRE(caught);
  const std::set<std::string> before = points(out);
  const Ended rest = run({"sweep", plan.string(), "--out", out.string()});
  CHECK(rest.status == 0);
  CHECK(rest.out.find(std::to_string(before.size()) + " of 8 runs were there already") != std::string::npos);
  CHECK(points(out).size() == 8);
}

TEST_CASE("the table is the same bytes for any number of points at a time, shards and processes of mpirun") {
  const TemporaryFolder scratch;
  const std::string plan = (scratch / "plan.json").string();
  // One of the points cannot be run.
  write_file(plan, R"({"run": {"samples": 4, "settle_steps": 20, "window_steps": 8},
                       "axes": [{"seed": [1, 2]}, [{"format": {"state": "Q4.16"}}, {"format": {"coefficient": "Q4.6"}}]]})");
  const auto sweep = [&](const char* out, const Arguments& more) {
    return run(Arguments{"sweep", plan, "--out", (scratch / out).string()} + more);
  };
  const auto table = [&](const char* out) { return read_file(scratch / out / "sweep.csv"); };
  const Ended alone = sweep("alone", {"--jobs", "1"});
  CHECK(alone.status == 1);
  CHECK(alone.err.find("2 of 6 runs failed") != std::string::npos);
  const Ended several = sweep("several", {"--jobs", "3"});
  CHECK(several.status == 1);
  CHECK(table("several") == table("alone"));
  CHECK(count(several.out, "\n") == count(alone.out, "\n"));

  CHECK(sweep("parts", {"--collect"}).err.find("no point of a sweep is there") != std::string::npos);
  CHECK_FALSE(std::filesystem::exists(scratch / "parts"));
  CHECK(sweep("parts", {"--shard", "2/2"}).status == 1);  // each has one that cannot be run
  const Ended some = sweep("parts", {"--collect"});
  CHECK(some.status == 1);
  CHECK(some.err.find("3 runs are missing") != std::string::npos);
  CHECK(sweep("parts", {"--shard", "1/2"}).status == 1);
  CHECK_FALSE(sweep("parts", {"--collect"}).err.find("missing") != std::string::npos);
  CHECK(table("parts") == table("alone"));

  CHECK(sweep("none", {"--shard", "3/2"}).err.find("--shard: \"3/2\": I/N is needed") != std::string::npos);
  CHECK(sweep("none", {"--shard", "1/2", "--collect"}).status == 2);
  CHECK_FALSE(std::filesystem::exists(scratch / "none"));
}

#ifdef SETTLE_MPIRUN
TEST_CASE("four processes of mpirun: the same table, from one of them, and bad plans are told once") {
  const TemporaryFolder scratch;
  const auto plan = scratch / "plan.json";
  write_file(plan,
             R"({"run": {"samples": 4, "settle_steps": 20, "window_steps": 8}, "axes": [{"seed": [1, 2, 3, 4, 5]}]})");
  CHECK(run({"sweep", plan.string(), "--out", (scratch / "alone").string()}).status == 0);
  // Open MPI itself leaks, and wants to be asked for more processes than cores, and for root.
  setenv("ASAN_OPTIONS", "detect_leaks=0", 1);
  setenv("OMPI_ALLOW_RUN_AS_ROOT", "1", 1);
  setenv("OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1", 1);
  const auto under_mpirun = [&](const std::filesystem::path& given, const char* out) {
    return settle::run({{SETTLE_MPIRUN, "--oversubscribe", "-n", "4", SETTLE_BINARY, "sweep", given.string(), "--out",
                         (scratch / out).string()},
                        {},
                        scratch / "log"},
                       {});
  };
  CHECK(under_mpirun(plan, "four").good());
  CHECK(read_file(scratch / "four" / "sweep.csv") == read_file(scratch / "alone" / "sweep.csv"));
  CHECK(count(read_file(scratch / "log"), "\nseed=") == 5);
  CHECK_FALSE(under_mpirun(scratch / "gone.json", "five").good());
  CHECK(count(read_file(scratch / "log"), "gone.json: no such file") == 1);
}
#endif

TEST_CASE("bad plans and formats cost nothing") {
  const TemporaryFolder scratch;
  const auto plan = scratch / "plan.json", out = scratch / "out";
  const auto refused = [&](const Arguments& arguments, const std::string& message) {
    const Ended ended = run(arguments + Arguments{"--out", out.string()});
    CAPTURE(message);
    CAPTURE(ended.err);
    CHECK(ended.status != 0);
    CHECK(ended.one_line());
    CHECK(ended.err.find(message) != std::string::npos);
    CHECK_FALSE(std::filesystem::exists(out));
    return ended.status;
  };
  CHECK(refused({"sweep", (scratch / "none.json").string()}, "none.json") == 1);
  write_file(plan, R"({"axes": [{"preset": ["anchored", "anchor"]}]})");
  refused({"sweep", plan.string()}, "plan.json: preset: anchor: unknown; known are anchored");
  write_file(plan, R"({"run": {"samples": 1}, "axes": [{"kt": [5]}]})");
  CHECK(run({"sweep", plan.string(), "--out", (scratch / "kt").string()}).out.find("failed: kt: 5 is not") !=
        std::string::npos);
  write_file(plan, R"({"axes": [{"engine": ["model", "icarus"]}]})");
  refused({"sweep", plan.string()}, "engine: icarus: unknown; known are rtl, model, ensemble");
  write_file(plan, R"({"axes": [{"samples": [4, -4]}]})");
  refused({"sweep", plan.string()}, "samples: -4 is not a whole number from 1 to 1000000");
  const Arguments run_model = {"run", "--engine", "model", "--samples", "1"};
  CHECK(refused(run_model + Arguments{"--format", "state"}, "--format: state: a format is needed, as in state=Q4.12") ==
        2);
  CHECK(refused(run_model + Arguments{"--format", "noise=3"}, "--format: noise: no such field of a configuration") ==
        2);
  CHECK(refused(run_model + Arguments{"--format", "noise_fraction=13"},
                "--format: noise_fraction: 13 is not 1 to 12") == 2);
  refused(run_model + Arguments{"--format", "state=Q5.19", "--format", "operand=Q5.11", "--format", "word=Q4.11"},
          "states of -8 to 8 are needed");
  refused(run_model + Arguments{"--format", "operand=Q4.8"}, "word does not fit the operand format");
  CHECK(refused({"run", "--engine", "rtl", "--samples", "1", "--format", "noise_fraction=6"},
                "--format: needs --engine model") == 2);
}
