// A folder that is gone after the test, and what tests of bad input need.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>

#include <doctest/doctest.h>

#include "core/error.hpp"

namespace settle::test {

class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "settle-test-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) throw error("no temporary folder can be made");
    path_ = name;
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  std::filesystem::path operator/(const std::string& name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

/// Runs `action` and returns the message of the Error that it throws, or "" if it throws none.
template <typename Action>
std::string message_of(Action action) {
  try {
    action();
  } catch (const Error& e) {
    return e.what();
  }
  return "";
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

}  // namespace settle::test
