// Values of options: what is taken, what is refused and in which words.
#include "base/value_check.hpp"

#include <string>

#include <doctest/doctest.h>

using namespace settle;

namespace {

/// What is wrong with `text`, and what it then is.
std::string fault(const ValueCheck& check, std::string text) { return check.fault(text); }
std::string taken_as(const ValueCheck& check, std::string text) {
  CHECK(check.fault(text) == "");
  return text;
}

}  // namespace

TEST_CASE("whole numbers: decimal digits alone, within their range, up to 64 bits") {
  CHECK(taken_as(whole(0, 10), "010") == "10");  // not octal
  CHECK(taken_as(whole(0), "18446744073709551615") == "18446744073709551615");
  for (const char* text : {"", " 1", "1 ", "+1", "-1", "0x1", "1.0", "1e1", "11", "18446744073709551616"}) {
    CHECK(fault(whole(0, 10), text) == "\"" + std::string(text) + "\": a whole number from 0 to 10 is needed");
  }
  CHECK(fault(whole(3, 10), "2") != "");
  CHECK(whole(3, 10).range == "3 to 10");
}

TEST_CASE("real numbers: finite, in the words of strtod but for hexadecimal ones and blanks") {
  CHECK(taken_as(real(0, 1), "1e-3") == "1e-3");
  CHECK(taken_as(real(-1), ".5") == ".5");
  for (const char* text : {"", "nan", "inf", "1e999", "1e-999", "0x1p-3", " 0.5", "+0.5", "0.5x", "1.5", "-0.1"}) {
    CHECK(fault(real(0, 1), text) == "\"" + std::string(text) + "\": a finite number, 0 to 1, is needed");
  }
  CHECK(real(2).range == "2 or above");
}

TEST_CASE("names and paths") {
  CHECK(taken_as(known({"a", "b"}), "b") == "b");
  CHECK(fault(known({"a", "b"}), "c") == "\"c\": unknown; known are a, b");
  CHECK(taken_as(path(), "-x") == "-x");
  CHECK(fault(path(), "") == "\"\": the name of a file or folder is needed");
}
