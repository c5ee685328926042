// Values of options, checked as text before they become numbers: nothing is cut off, wrapped or read as octal.
#pragma once

#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <CLI/CLI.hpp>

namespace settle {

/// A whole number in decimal digits, from `least` to `most`.
inline CLI::Validator whole(std::uint64_t least, std::uint64_t most = std::numeric_limits<std::uint64_t>::max()) {
  const std::string range = fmt::format("{} to {}", least, most);
  const auto check = [=](std::string& text) -> std::string {
    std::uint64_t value = 0;
    const char* const last = text.data() + text.size();
    const auto [end, code] = std::from_chars(text.data(), last, value);
    if (code != std::errc() || end != last || value < least || value > most) {
      return fmt::format("\"{}\": a whole number from {} is needed", text, range);
    }
    text = std::to_string(value);
    return "";
  };
  return CLI::Validator(check, range);
}

/// A finite number from `least` to `most`.
inline CLI::Validator real(double least, double most = std::numeric_limits<double>::infinity()) {
  const std::string range = std::isinf(most) ? fmt::format("{} or above", least) : fmt::format("{} to {}", least, most);
  const auto check = [=](std::string& text) -> std::string {
    char* end = nullptr;
    errno = 0;
    const double value = std::strtod(text.c_str(), &end);
    const bool number = !text.empty() && text.find_first_of(" \txX+") == std::string::npos && *end == '\0';
    if (!number || !std::isfinite(value) || errno == ERANGE || value < least || value > most) {
      return fmt::format("\"{}\": a finite number, {}, is needed", text, range);
    }
    return "";
  };
  return CLI::Validator(check, range);
}

/// One of these names.
inline CLI::Validator known(const std::vector<std::string>& names) {
  const std::string list = fmt::format("{}", fmt::join(names, ", "));
  const auto check = [=](std::string& text) -> std::string {
    for (const std::string& name : names) {
      if (text == name) return "";
    }
    return fmt::format("\"{}\": unknown; known are {}", text, list);
  };
  return CLI::Validator(check, "");
}

/// The name of a file or folder.
inline CLI::Validator path() {
  const auto check = [](std::string& text) -> std::string {
    return text.empty() ? "\"\": the name of a file or folder is needed" : "";
  };
  return CLI::Validator(check, "");
}

}  // namespace settle
