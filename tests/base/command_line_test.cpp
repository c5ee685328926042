// A program's command line: what fills its variables, what ends it and with which status.
#include "base/command_line/command_line.hpp"

#include <algorithm>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "base/error.hpp"
#include "base/program.hpp"

using namespace settle;

namespace {

std::optional<int> parse(CommandLine& line, std::vector<std::string> words, const std::function<void()>& check = {}) {
  words.insert(words.begin(), "program");
  std::vector<char*> pointers(words.size());
  std::transform(words.begin(), words.end(), pointers.begin(), [](std::string& word) { return word.data(); });
  return line.parse(static_cast<int>(pointers.size()), pointers.data(), check);
}

}  // namespace

TEST_CASE("a command line: options fill variables, and say which of them were given") {
  CommandLine line("program", "does nothing");
  int steps = 1;
  std::uint64_t seed = 2;
  std::optional<double> sigma;
  std::vector<std::string> names;
  bool quick = false, other = false;
  line.add_option("--steps", steps, "steps")->check(whole(0, 10))->shows_default();
  line.add_option("--seed", seed, "seed")->check(whole(0));
  line.add_option("--sigma", sigma, "sigma")->check(real(0, 1));
  line.add_option("names", names, "names");
  line.add_flag("--quick", quick, "quick");
  line.add_flag("--other", other, "other");
  CHECK_FALSE(parse(line, {"--steps", "07", "--quick", "a", "--seed=18446744073709551615", "b"}).has_value());
  CHECK(steps == 7);
  CHECK(seed == 18446744073709551615ULL);
  CHECK_FALSE(sigma.has_value());
  CHECK(names == std::vector<std::string>{"a", "b"});
  CHECK(quick);
  CHECK_FALSE(other);
  CHECK(line.given("--steps"));
  CHECK_FALSE(line.given("--sigma"));
  std::vector<std::string> given;
  for (const GivenOption& option : line.given_options()) given.push_back(option.name);
  CHECK(given == std::vector<std::string>{"--steps", "--seed", "names", "--quick"});
  CHECK(line.given_options().front().words == std::vector<std::string>{"7"});
}

TEST_CASE("a command line that cannot be followed ends the program with the status of that") {
  const auto status = [](const std::vector<std::string>& words) {
    CommandLine line("program", "does nothing");
    int steps = 1;
    bool trace = false;
    std::string file;
    const Option* const flag = line.add_flag("--trace", trace, "trace");
    line.add_option("--steps", steps, "steps")->check(whole(0, 10));
    line.add_option("--file", file, "file")->needs(flag);
    return parse(line, words);
  };
  CHECK(status({"--steps", "11"}) == kExitUsage);
  CHECK(status({"--steps"}) == kExitUsage);
  CHECK(status({"--steps", "1", "--steps", "2"}) == kExitUsage);
  CHECK(status({"--file", "x"}) == kExitUsage);
  CHECK_FALSE(status({"--file", "x", "--trace"}).has_value());
  CHECK(status({"superfluous"}) == kExitUsage);
}

TEST_CASE("commands: one is needed, and only its check and its body are called") {
  std::string called;
  const auto run = [&](const std::vector<std::string>& words) {
    called.clear();
    CommandLine line("program", "does nothing");
    std::vector<ProgramCommand> commands;
    for (const char* const name : {"walk", "run"}) {
      commands.push_back({line.add_command(name, "goes"), [&called, name] { return called += name, 5; },
                          [&called, name] { called += std::string("check ") + name + ", "; }});
    }
    const auto status = parse(line, words, [&] { check_given(commands); });
    return status ? *status : do_given(commands);
  };
  CHECK(run({"run"}) == 5);
  CHECK(called == "check run, run");
  CHECK(run({}) == kExitUsage);
  CHECK(run({"crawl"}) == kExitUsage);
  CHECK(run({"run", "walk"}) == kExitUsage);
  CHECK(called == "");
}
