#include "base/command_line/command_line.hpp"

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <CLI/CLI.hpp>

#include "base/error.hpp"
#include "base/program.hpp"

namespace settle {

namespace {

/// What is wrong with the command line, in this program's words: an option that has several names is called as it was
/// given (the library always takes the first of them).
std::string told(const CLI::ParseError& failure, const CLI::App& app, int argc, char** argv) {
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

/// Throws UsageError if the program has commands and none was given.
void check_command(const CLI::App& app) {
  const std::vector<const CLI::App*> all = app.get_subcommands([](const CLI::App*) { return true; });
  if (all.empty() || !app.get_subcommands().empty()) return;
  std::vector<std::string> names;
  names.reserve(all.size());
  for (const CLI::App* command : all) names.push_back(command->get_name());
  throw usage_error("a command is needed: {}; --help says what each does", fmt::join(names, ", "));
}

}  // namespace

Option* Option::check(const ValueCheck& value_check) {
  option_->transform(CLI::Validator(value_check.fault, value_check.range));
  return this;
}

Option* Option::shows_default() {
  option_->capture_default_str();
  return this;
}

Option* Option::required() {
  option_->required();
  return this;
}

Option* Option::needs(const Option* other) {
  option_->needs(other->option_);
  return this;
}

Option* Option::excludes(const Option* other) {
  option_->excludes(other->option_);
  return this;
}

template <typename Value>
Option* CommandOptions::add_option(const std::string& names, Value& value, const std::string& description) {
  return &options_.emplace_back(app_.add_option(names, value, description));
}

template Option* CommandOptions::add_option(const std::string&, int&, const std::string&);
template Option* CommandOptions::add_option(const std::string&, unsigned&, const std::string&);
template Option* CommandOptions::add_option(const std::string&, std::int64_t&, const std::string&);
template Option* CommandOptions::add_option(const std::string&, std::uint64_t&, const std::string&);
template Option* CommandOptions::add_option(const std::string&, double&, const std::string&);
template Option* CommandOptions::add_option(const std::string&, std::string&, const std::string&);
template Option* CommandOptions::add_option(const std::string&, std::filesystem::path&, const std::string&);
template Option* CommandOptions::add_option(const std::string&, std::optional<int>&, const std::string&);
template Option* CommandOptions::add_option(const std::string&, std::optional<double>&, const std::string&);
template Option* CommandOptions::add_option(const std::string&, std::optional<std::string>&, const std::string&);
template Option* CommandOptions::add_option(const std::string&, std::vector<std::string>&, const std::string&);

Option* CommandOptions::add_flag(const std::string& name, bool& value, const std::string& description) {
  return &options_.emplace_back(app_.add_flag(name, value, description));
}

CommandOptions* CommandOptions::add_command(const std::string& name, const std::string& description) {
  app_.require_subcommand(0, 1);  // check_command() has better words for none
  return &commands_.emplace_back(*app_.add_subcommand(name, description));
}

std::string CommandOptions::name() const { return app_.get_name(); }

bool CommandOptions::given() const { return app_.parsed(); }

bool CommandOptions::given(const std::string& option) const { return app_.count(option) > 0; }

std::vector<GivenOption> CommandOptions::given_options() const {
  std::vector<GivenOption> all;
  for (const CLI::Option* option : app_.get_options()) {
    if (option->count() > 0) all.push_back({option->get_name(), option->results()});
  }
  return all;
}

CommandLine::CommandLine(std::string program, const std::string& description)
    : CommandLine(std::move(program), std::make_unique<CLI::App>(description)) {}

CommandLine::CommandLine(std::string program, std::unique_ptr<CLI::App> app)
    : CommandOptions(*app), program_(std::move(program)), app_(std::move(app)) {}

CommandLine::~CommandLine() = default;

void CommandLine::set_version(const std::string& text) { app_->set_version_flag("--version", text); }

std::optional<int> CommandLine::parse(int argc, char** argv, const std::function<void()>& check) {
  try {
    app_->parse(argc, argv);
    check_command(*app_);
    if (check) check();
  } catch (const CLI::Success& e) {
    return flushed(program_, app_->exit(e));
  } catch (const CLI::ParseError& e) {
    const std::vector<CLI::App*> commands = app_->get_subcommands();
    const std::string command = commands.empty() ? "" : " " + commands.front()->get_name();
    const std::string what = told(e, *app_, argc, argv);
    return refuse(program_, fmt::format("{} ({}{} --help lists the options)", what, program_, command), kExitUsage);
  } catch (const Error& e) {
    return refuse(program_, e.what(), kExitUsage);
  }
  return std::nullopt;
}

void check_given(const std::vector<ProgramCommand>& commands) {
  for (const ProgramCommand& command : commands) {
    if (command.options->given() && command.check) command.check();
  }
}

int do_given(const std::vector<ProgramCommand>& commands) {
  for (const ProgramCommand& command : commands) {
    if (command.options->given()) return command.body();
  }
  throw error("a command is needed");
}

}  // namespace settle
