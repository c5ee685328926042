// The command line of every program: its options and commands, and how it is read.
//
//   CommandLine line("settle-x", "What the program does");
//   line.add_option("--seed", seed, "of all random numbers")->check(whole(0))->shows_default();
//   if (const auto status = line.parse(argc, argv)) return *status;
#pragma once

#include <deque>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/value_check.hpp"

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace settle {

/// An option of a command line, which owns it. Functions that change it return it.
class Option {
 public:
  explicit Option(CLI::Option* option) : option_(option) {}

  /// Refuses values by `value_check`, which also has its words in --help.
  Option* check(const ValueCheck& value_check);
  /// --help shows the value that the variable has now.
  Option* shows_default();
  Option* required();
  /// May be given only with, or only without, `other`.
  Option* needs(const Option* other);
  Option* excludes(const Option* other);

 private:
  CLI::Option* option_;
};

/// An option's name, as in "--seed", and the words that it was given.
struct GivenOption {
  std::string name;
  std::vector<std::string> words;
};

/// A program, or one of its commands: `settle run`. Options and commands live as long as the command line.
class CommandOptions {
 public:
  explicit CommandOptions(CLI::App& app) : app_(app) {}
  CommandOptions(const CommandOptions&) = delete;
  CommandOptions& operator=(const CommandOptions&) = delete;
  virtual ~CommandOptions() = default;

  /// `names`: "--name", "--name,--other" or, for a word without an option's name before it, "name". `value` takes what
  /// is given, and must outlive the command line. Value: int, unsigned, std::int64_t, std::uint64_t, double,
  /// std::string, std::filesystem::path, an optional of int, double or std::string, or a vector of std::string, which
  /// may be given several times.
  template <typename Value>
  Option* add_option(const std::string& names, Value& value, const std::string& description);
  /// `value` becomes true.
  Option* add_flag(const std::string& name, bool& value, const std::string& description);
  /// A word that says what the program is to do; then one such word is needed.
  CommandOptions* add_command(const std::string& name, const std::string& description);

  std::string name() const;
  /// Whether the command line, once read, has this command; and whether it has that option, named as in "--seed".
  bool given() const;
  bool given(const std::string& option) const;
  /// Options that were given, in the order in which they were added.
  std::vector<GivenOption> given_options() const;

 private:
  CLI::App& app_;
  std::deque<Option> options_;
  std::list<CommandOptions> commands_;
};

class CommandLine : public CommandOptions {
 public:
  CommandLine(std::string program, const std::string& description);
  ~CommandLine() override;

  /// What --version prints.
  void set_version(const std::string& text);

  /// Reads the command line; `check` (may be empty) may then throw Error for values that do not go together. Nothing:
  /// the program is to go on. Otherwise the exit status with which it ends: --help or --version was asked for and is
  /// printed, or one line on standard error says what is wrong.
  std::optional<int> parse(int argc, char** argv, const std::function<void()>& check = {});

 private:
  CommandLine(std::string program, std::unique_ptr<CLI::App> app);

  std::string program_;
  std::unique_ptr<CLI::App> app_;
};

/// One of a program's commands and what it does.
struct ProgramCommand {
  const CommandOptions* options = nullptr;  ///< owned by the command line that it was added to
  /// Does the work and returns the exit status. Throws Error for what is wrong with its input. To be called after the
  /// command line was read, if this command is the one that was given.
  std::function<int()> body;
  /// Throws Error for what is wrong with the command line alone: values that do not go together, or that only the
  /// command can judge. May be empty; otherwise the body relies on its having been called.
  std::function<void()> check = {};
};

/// Does the check of the one command among `commands` that was given, for CommandLine::parse().
void check_given(const std::vector<ProgramCommand>& commands);

/// Does what the one command among `commands` that was given says, and returns its exit status.
int do_given(const std::vector<ProgramCommand>& commands);

}  // namespace settle
