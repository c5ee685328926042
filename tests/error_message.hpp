// What tests of bad input need: the message of an Error, and checks of it.
#pragma once

#include <string>

#include <doctest/doctest.h>

#include "base/error.hpp"

namespace settle_test {

/// Runs `action` and returns the message of the Error that it throws, or "" if it throws none.
template <typename Action>
std::string message_of(Action action) {
  try {
    action();
  } catch (const settle::Error& e) {
    return e.what();
  }
  return "";
}

/// Whether `part` stands in `text`; if not, the test's log shows both.
inline bool mentions(const std::string& text, const std::string& part) {
  if (text.find(part) != std::string::npos) return true;
  MESSAGE("\"" << text << "\" does not mention \"" << part << "\"");
  return false;
}

inline bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

/// The action fails, its message is one line and holds `part`.
template <typename Action>
void check_fails(Action action, const std::string& part) {
  const std::string message = message_of(action);
  INFO("message: ", message);
  INFO("wanted: ", part);
  CHECK(contains(message, part));
  CHECK_FALSE(contains(message, "\n"));
}

}  // namespace settle_test
