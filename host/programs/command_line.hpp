// The command line of every program: reading it, and values of options checked as text before they become numbers, so
// that nothing is cut off, wrapped or read as octal.
#pragma once

#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <CLI/CLI.hpp>

#include "base/error.hpp"
#include "base/program.hpp"

namespace settle {

/// Reads the command line; `check` (may be empty) may then throw Error for values that do not go together. Nothing: the
/// program is to go on. Otherwise the exit status with which it ends: --help or --version was asked for and is printed,
/// or one line on standard error says what is wrong.
inline std::optional<int> parse(const std::string& program, CLI::App& app, int argc, char** argv,
                                const std::function<void()>& check = {}) {
  try {
    app.parse(argc, argv);
    if (check) check();
  } catch (const CLI::Success& e) {
    return flushed(program, app.exit(e));
  } catch (const CLI::ParseError& e) {
    const std::vector<CLI::App*> commands = app.get_subcommands();
    const std::string command = commands.empty() ? "" : " " + commands.front()->get_name();
    return refuse(program, fmt::format("{} ({}{} --help lists the options)", e.what(), program, command), kExitUsage);
  } catch (const Error& e) {
    return refuse(program, e.what(), kExitUsage);
  }
  return std::nullopt;
}

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
