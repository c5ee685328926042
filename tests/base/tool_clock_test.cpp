// What a tool's clock says and keeps. Nothing here is a terminal: its line is not drawn.
#include "base/tool_clock.hpp"

#include <doctest/doctest.h>

#include "base/files.hpp"
#include "temporary_folder.hpp"

using settle::ToolClock;
using settle_test::TemporaryFolder;

TEST_CASE("durations are written in seconds, from 100 on with minutes") {
  CHECK(settle::duration_text(0.4) == "0 s");
  CHECK(settle::duration_text(33.2) == "33 s");
  CHECK(settle::duration_text(99.6) == "1 min 40 s");
  CHECK(settle::duration_text(250) == "4 min 10 s");
}

TEST_CASE("a tool's clock knows how long the tool took last time") {
  const TemporaryFolder scratch;
  const auto memory = scratch / "yosys.seconds";
  {
    const ToolClock clock("yosys", memory);
    CHECK_FALSE(clock.last());
    CHECK(clock.last_text("some minutes") == "some minutes");
    clock.keep(33.24);
  }
  const ToolClock clock("yosys", memory);
  REQUIRE(clock.last());
  CHECK(*clock.last() == 33.2);
  CHECK(clock.last_text("some minutes") == "33 s last time");
  CHECK(clock.seconds() >= 0);
}

TEST_CASE("what is no duration counts as not there") {
  const TemporaryFolder scratch;
  for (const char* text : {"", "soon", "-3", "nan", "1e300"}) {
    CAPTURE(text);
    settle::write_atomically(scratch / "x", text);
    CHECK_FALSE(ToolClock("x", scratch / "x").last());
  }
  const ToolClock clock("x", "/dev/null/x");
  CHECK_NOTHROW(clock.keep(1));  // it cannot be written, which is no error
}

TEST_CASE("a watched stop says what the stop says") {
  const TemporaryFolder scratch;
  ToolClock clock("x", scratch / "x");
  bool asked = false;
  const auto watched = clock.watched([&asked] { return asked; });
  CHECK_FALSE(watched());
  asked = true;
  CHECK(watched());
  CHECK_FALSE(clock.watched({})());
}
