// Two programs and one folder of results: the second is refused at once, and the first is not disturbed.
#include <algorithm>
#include <csignal>
#include <string>

#include <doctest/doctest.h>

#include "program/program.hpp"

using namespace settle_test;
using std::chrono::milliseconds;

namespace {

const char* const kLock = ".settle-lock";

void wait_for_lock(Running& running, const std::filesystem::path& out) {
  while (!std::filesystem::exists(out / kLock) && !running.ends_within(milliseconds(2))) continue;
}

/// The arguments are refused, in one line that names the holder.
void check_in_use(const Arguments& arguments, const std::filesystem::path& out, const std::string& program,
                  const Running& holder) {
  const Ended ended = run(arguments + Arguments{"--out", out.string()});
  INFO(ended.err);
  CHECK(ended.status == 1);
  CHECK(ended.one_line());
  CHECK(ended.err.find(out.string() + ": in use by " + program + " (process " + std::to_string(holder.process()) +
                       " on ") != std::string::npos);
}

}  // namespace

TEST_CASE("two sweeps, or a sweep and a run, do not share a folder") {
  const TemporaryFolder scratch;
  const auto plan = scratch / "plan.json", other = scratch / "other.json", out = scratch / "out";
  write_file(plan, R"({"run": {"samples": 2}, "axes": [{"seed": [1, 2, 3, 4]}]})");
  write_file(other, R"({"run": {"samples": 2}, "axes": [{"seed": [5, 6, 7, 8]}]})");
  Running first({"sweep", plan.string(), "--out", out.string()});
  wait_for_lock(first, out);
  check_in_use({"sweep", other.string()}, out, "settle sweep", first);
  check_in_use({"run", "--engine", "model", "--samples", "1"}, out, "settle sweep", first);
  const Ended ended = first.wait();
  INFO(ended.err);
  CHECK(ended.status == 0);
  const std::string csv = read_file(out / "sweep.csv");
  CHECK(std::count(csv.begin(), csv.end(), '\n') == 5);
  // Nothing of it is left among the results.
  for (const auto& entry : std::filesystem::recursive_directory_iterator(out)) {
    CAPTURE(entry.path().string());
    CHECK(entry.path().filename() != kLock);
    CHECK(entry.path().extension() != ".partial");
  }
}

TEST_CASE("a run holds its folder until it ends, however it ends") {
  const TemporaryFolder scratch;
  const auto out = scratch / "out";
  const Arguments quick = {"run", "--engine", "model", "--quick", "--samples", "1", "--settle-steps", "1"};
  {
    Running first({"run", "--engine", "model", "--samples", "64", "--settle-steps", "1000000", "--out", out.string()});
    wait_for_lock(first, out);
    check_in_use(quick, out, "settle run", first);
    first.send(SIGKILL);
    CHECK(first.wait().signal == SIGKILL);
  }
  CHECK(run(quick + Arguments{"--out", out.string()}).status == 0);
  CHECK_FALSE(std::filesystem::exists(out / kLock));
  CHECK(std::filesystem::exists(out / "report.json"));
}
