// Outcomes of tests as a JUnit report, which services that run tests draw as a list.
#pragma once

#include <string>
#include <vector>

namespace settle::hil {

/// What became of one test.
struct Outcome {
  enum class Kind { passed, failed, skipped };
  std::string name;
  Kind kind = Kind::passed;
  std::string text;    ///< what was found, or why it failed or was skipped
  double seconds = 0;  ///< that it took
};

/// A JUnit document with one suite, `suite`, and a property for the board that was tested. Whatever a text holds, the
/// document is XML 1.0 in UTF-8: other bytes and control characters become question marks.
std::string junit_text(const std::string& suite, const std::string& board, const std::vector<Outcome>& outcomes);

}  // namespace settle::hil
