// What a run says about the time that is left, by what was expected and what came.
#include "study/run/run_progress.hpp"

#include <chrono>
#include <set>
#include <string>
#include <thread>

#include <doctest/doctest.h>

using namespace settle;
using doctest::Approx;

namespace {

PhaseSeconds seconds(double settling, double images, double beside) {
  PhaseSeconds all{};
  all[static_cast<std::size_t>(Phase::settling)] = settling;
  all[static_cast<std::size_t>(Phase::images)] = images;
  all[static_cast<std::size_t>(Phase::beside)] = beside;
  return all;
}

void wait(int milliseconds) { std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds)); }

}  // namespace

TEST_CASE("every phase has a name of its own") {
  std::set<std::string> names;
  for (std::size_t p = 0; p < kPhases; ++p) names.insert(phase_name(static_cast<Phase>(p)));
  CHECK(names.size() == kPhases);
  CHECK(names.count("U-Net") == 1);
  CHECK(std::string(phase_name(Phase::images)) == "images");
}

TEST_CASE("what is left counts the whole run, not the phase alone") {
  RunProgress progress(false);
  progress.expect(seconds(1000, 200, 50));
  CHECK(progress.remaining() == Approx(1250));
  progress.begin(Phase::settling);
  CHECK(progress.remaining() == Approx(1250).epsilon(0.01));
}

TEST_CASE("phases that are slower than expected make those to come longer, up to twice") {
  RunProgress progress(false);
  progress.expect(seconds(0.01, 200, 50));
  progress.begin(Phase::settling);
  wait(100);
  progress.begin(Phase::images);
  CHECK(progress.remaining() == Approx(500).epsilon(0.01));
}

TEST_CASE("samples say how far a phase is, and so how what was expected holds") {
  RunProgress progress(false);
  progress.expect(seconds(1, 0, 0));
  progress.begin(Phase::settling);
  wait(300);
  progress.done(50, 100);
  // At least 0.3 s for the first half, whatever the host is busy with; the other half takes as long.
  CHECK(progress.remaining() >= 0.29);
  CHECK(progress.remaining() < 1.01);
  progress.done(100, 100);
  CHECK(progress.remaining() == 0);
}

TEST_CASE("without an expectation nothing is claimed") {
  RunProgress progress(false);
  progress.begin(Phase::settling);
  progress.done(1, 2);
  CHECK(progress.remaining() == 0);
}

TEST_CASE("durations as a person says them") {
  CHECK(rough_duration(0.2) == "1 s");
  CHECK(rough_duration(13.4) == "13 s");
  CHECK(rough_duration(240) == "4 min");
  CHECK(rough_duration(5400) == "1.5 h");
}
