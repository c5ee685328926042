// The JUnit report of `make hil`.
#include "hil/junit.hpp"

#include <doctest/doctest.h>

#include "error_message.hpp"

using settle::hil::junit_text;
using settle::hil::Outcome;
using settle_test::contains;

TEST_CASE("junit: a report has every test, what became of it, and their counts") {
  CHECK(junit_text("settle-hil", "virtual board",
                   {{"identify", Outcome::Kind::passed, "4 lanes", 0.25},
                    {"march", Outcome::Kind::failed, "word 7", 1.5},
                    {"faults", Outcome::Kind::skipped, "interrupted", 0}}) ==
        R"(<?xml version="1.0" encoding="UTF-8"?>
<testsuites tests="3" failures="1" errors="0" skipped="1" time="1.750">
  <testsuite name="settle-hil" tests="3" failures="1" errors="0" skipped="1" time="1.750">
    <properties><property name="board" value="virtual board"/></properties>
    <testcase classname="settle-hil" name="identify" time="0.250"><system-out>4 lanes</system-out></testcase>
    <testcase classname="settle-hil" name="march" time="1.500"><failure message="word 7"/></testcase>
    <testcase classname="settle-hil" name="faults" time="0.000"><skipped message="interrupted"/></testcase>
  </testsuite>
</testsuites>
)");
}

TEST_CASE("junit: texts cannot break the document") {
  const std::string text = junit_text("s", "a\"b", {{"<&>", Outcome::Kind::failed, "x\n\x01\xff\"y", 0}});
  CHECK(contains(text, "value=\"a&quot;b\""));
  CHECK(contains(text, "name=\"&lt;&amp;&gt;\""));
  CHECK(contains(text, "message=\"x???&quot;y\""));
}
