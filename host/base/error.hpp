// The exception type with which Settle reports bad input and failed devices to a person. Those that a program answers
// in another way are derived from it.
#pragma once

#include "base/arithmetic.hpp"

#include <stdexcept>
#include <string>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace settle {

/// Something the user can act on: the message names the file, the field and the allowed range in one line.
class Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Builds an Error from a format string: `throw error("{}: {} is not a number", file, field)`.
template <typename... Args>
Error error(fmt::format_string<Args...> format, Args&&... args) {
  return Error(fmt::format(format, std::forward<Args>(args)...));
}

/// An option's value that cannot be followed, found only in the work: the program then ends with kExitUsage.
class UsageError : public Error {
 public:
  using Error::Error;
};

/// As error().
template <typename... Args>
UsageError usage_error(fmt::format_string<Args...> format, Args&&... args) {
  return UsageError(fmt::format(format, std::forward<Args>(args)...));
}

/// The text on one line, of 1000 bytes at most: names from files and folders may hold anything.
inline std::string one_line(std::string text) {
  constexpr std::size_t kMost = 1000;
  if (text.size() > kMost) text = text.substr(0, kMost) + "... (" + std::to_string(text.size()) + " bytes)";
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '?';
  }
  return text;
}

}  // namespace settle
