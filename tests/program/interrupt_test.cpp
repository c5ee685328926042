// Ctrl-C: what is complete is reported, and nothing is half written.
#include <chrono>
#include <csignal>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "program/program.hpp"

using namespace settle_test;
using Json = nlohmann::json;
using std::chrono::milliseconds;

namespace {

/// When an interrupt came: before two samples were complete, in the main batch, in what follows it, or after the end.
enum class Caught { early, batch, beside, late };

/// Interrupts a run of `samples` samples after `delay` and checks what it leaves.
Caught interrupt(int samples, const Arguments& arguments, milliseconds delay) {
  const TemporaryFolder scratch;
  const auto out = scratch / "out";
  Running running(Arguments{"run", "--engine", "model", "--samples", std::to_string(samples), "--out", out.string()} +
                  arguments);
  if (!running.ends_within(delay)) running.send(SIGINT);
  const Ended ended = running.wait();
  INFO("stderr: ", ended.err);
  if (ended.signal == SIGINT) {  // so early that the program had not yet asked for the signal
    CHECK_FALSE(std::filesystem::exists(out));
    return Caught::early;
  }
  if (ended.status == 0) return Caught::late;
  CHECK(ended.status == 130);
  if (!std::filesystem::exists(out)) {
    CHECK(ended.one_line());
    return Caught::early;
  }
  CHECK(ended.err == "");
  const Json report = Json::parse(read_file(out / "report.json"));
  const int done = report["samples"];
  CHECK(done >= 2);
  CHECK(done <= samples);
  CHECK(report["decoder"]["cosine"].is_number());
  CHECK(report["thermal_ratio"].is_number());
  CHECK(report["settling"]["autocorrelation_steps"].is_null());
  for (const auto& entry : std::filesystem::directory_iterator(out)) {
    CHECK(entry.path().string().find("partial") == std::string::npos);
  }
  return done < samples ? Caught::batch : Caught::beside;
}

/// Looks for the delay at which the interrupt comes in `wanted`: machines differ.
bool catch_in(Caught wanted, int samples, const Arguments& arguments) {
  milliseconds low{0}, high{0}, delay{1000};
  for (int attempt = 0; attempt < 12; ++attempt) {
    const Caught caught = interrupt(samples, arguments, delay);
    if (caught == wanted) return true;
    (caught < wanted ? low : high) = delay;
    delay = high > low ? (low + high) / 2 : 2 * delay;
  }
  return false;
}

}  // namespace

TEST_CASE("interrupted in the main batch: the samples that are complete") {
  CHECK(catch_in(Caught::batch, 512, {"--window-steps", "20000"}));
}

TEST_CASE("interrupted in the comparisons: the whole main batch") {
  CHECK(catch_in(Caught::beside, 8, {"--window-steps", "30000"}));
}

TEST_CASE("a second Ctrl-C ends the program at once") {
  const TemporaryFolder scratch;
  const auto out = scratch / "out";
  Running running({"run", "--engine", "model", "--samples", "64", "--settle-steps", "1000000", "--out", out.string()});
  CHECK_FALSE(running.ends_within(milliseconds(1500)));
  running.send(SIGINT);
  running.ends_within(milliseconds(50));
  running.send(SIGINT);
  CHECK(running.ends_within(milliseconds(3000)));
  const Ended ended = running.wait();
  CHECK((ended.signal == SIGINT || ended.status == 130));
  CHECK_FALSE(std::filesystem::exists(out));
}
