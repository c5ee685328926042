// Runs that are meant to fail on their input.
#pragma once

#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "program/program.hpp"

namespace settle_test {

inline const Arguments kShortRun = {"run", "--engine", "model", "--samples", "2"};

/// The command fails with one line that holds every part, and writes nothing. Returns its exit status.
inline int refused(const Arguments& command, const std::vector<std::string>& parts) {
  const TemporaryFolder scratch;
  const auto out = scratch / "out";
  const Ended ended = run(command + Arguments{"--out", out.string()});
  std::string text;
  for (const std::string& argument : command) text += argument + " ";
  INFO("command: ", text);
  INFO("stderr: ", ended.err);
  CHECK(ended.status > 0);
  CHECK(ended.one_line());
  CHECK(ended.err.rfind("settle: ", 0) == 0);
  CHECK(ended.err.find("terminate") == std::string::npos);
  for (const std::string& part : parts) {
    INFO("wanted: ", part);
    CHECK(ended.err.find(part) != std::string::npos);
  }
  CHECK_FALSE(std::filesystem::exists(out));
  return ended.status;
}

/// The bytes, put into a file and given to the option, are refused; the line names the file.
inline void bytes_refused(const char* option, const std::string& bytes, const std::vector<std::string>& parts) {
  const TemporaryFolder scratch;
  const std::string file = (scratch / "given").string();
  write_file(file, bytes);
  refused(kShortRun + Arguments{option, file}, Arguments{file} + parts);
}

}  // namespace settle_test
