// The command line of every program: reading it, and values of options checked as text before they become numbers, so
// that nothing is cut off, wrapped or read as octal.
#pragma once

#include <algorithm>
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

/// One of a program's commands: `settle run`, `settle-fpga build`.
struct ProgramCommand {
  CLI::App* options = nullptr;  ///< owned by the command line that it was added to
  /// Does the work and returns the exit status. Throws Error for what is wrong with its input. To be called after the
  /// command line was read, if this command is the one that was given.
  std::function<int()> body;
  /// Throws Error for what is wrong with the command line alone: values that do not go together, or that only the
  /// command can judge. May be empty; otherwise the body relies on its having been called.
  std::function<void()> check = {};
};

/// Does the check of the one command among `commands` that was given, for parse(). Throws UsageError if none was.
inline void check_given(const std::vector<ProgramCommand>& commands) {
  std::vector<std::string> names;
  for (const ProgramCommand& command : commands) {
    if (command.options->parsed()) {
      if (command.check) command.check();
      return;
    }
    names.push_back(command.options->get_name());
  }
  throw usage_error("a command is needed: {}; --help says what each does", fmt::join(names, ", "));
}

/// Does what the one command among `commands` that was given says, and returns its exit status.
inline int do_given(const std::vector<ProgramCommand>& commands) {
  for (const ProgramCommand& command : commands) {
    if (command.options->parsed()) return command.body();
  }
  throw error("a command is needed");
}

/// What is wrong with the command line, in this program's words: an option that has several names is called as it was
/// given (the library always takes the first of them).
inline std::string told(const CLI::ParseError& failure, const CLI::App& app, int argc, char** argv) {
  std::string text = failure.what();
  const auto given = [&](const std::string& name) {
    return std::any_of(argv + 1, argv + argc, [&](const char* argument) {
      const std::string word = argument;
      return word == name || word.rfind(name + "=", 0) == 0;
    });
  };
  const std::vector<CLI::App*> commands = app.get_subcommands();
  const CLI::App& command = commands.empty() ? app : *commands.front();
  for (const CLI::Option* option : command.get_options()) {
    const std::string first = option->get_name() + ":";
    if (option->get_lnames().size() < 2 || text.rfind(first, 0) != 0) continue;
    std::vector<std::string> names;
    for (const std::string& name : option->get_lnames()) {
      if (given("--" + name)) names.push_back("--" + name);
    }
    if (!names.empty()) text = fmt::format("{}:{}", fmt::join(names, " and "), text.substr(first.size()));
  }
  const std::string twice = ": At Most 1 required but received ", missing = ": 1 required ";
  if (const std::size_t at = text.find(twice); at != std::string::npos) {
    return fmt::format("{}: given {} times, once is allowed", text.substr(0, at), text.substr(at + twice.size()));
  }
  if (const std::size_t at = text.find(missing); at != std::string::npos) {
    return fmt::format("{}: its value is missing", text.substr(0, at));
  }
  return text;
}

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
    const std::string what = told(e, app, argc, argv);
    return refuse(program, fmt::format("{} ({}{} --help lists the options)", what, program, command), kExitUsage);
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
