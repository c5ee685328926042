#include "programs/bench/floats/float_loop.hpp"

#include <algorithm>
#include <filesystem>
#include <limits>
#include <utility>

#include <nlohmann/json.hpp>

#include "base/command_line/command_line.hpp"
#include "base/cpu_time.hpp"
#include "base/error.hpp"
#include "base/json.hpp"
#include "base/program.hpp"

namespace settle {

namespace {

using nlohmann::ordered_json;

struct Settings {
  std::filesystem::path machine;
  std::string batches = "256", way, style;
  double seconds = 0.5;
  int steps = 100, window = 200;
};

constexpr std::int64_t kMostBatch = 1 << 20;

std::vector<int> batches_of(const std::string& text) {
  std::vector<int> all;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find(',', at), text.size());
    const std::string word = text.substr(at, end - at);
    const bool digits = !word.empty() && word.size() < 8 && word.find_first_not_of("0123456789") == std::string::npos;
    const std::int64_t batch = digits ? std::stoll(word) : 0;
    if (batch < 1 || batch > kMostBatch) {
      throw usage_error("--batch: \"{}\": sizes from 1 to {}, parted by commas, are needed", text, kMostBatch);
    }
    all.push_back(static_cast<int>(batch));
    at = end + 1;
  }
  return all;
}

/// Cell updates/s, CPU time: steps for `seconds` at least, each summed, after some that are not timed.
double rate(const FloatMachine& machine, FloatLoop& loop, int batch, double seconds) {
  loop.zero();
  for (int i = 0; i < 2; ++i) loop.step(true, true);
  std::int64_t steps = 0;
  const double begin = cpu_seconds();
  double taken = 0;
  for (std::int64_t more = 1; taken < seconds; more *= 2) {
    for (std::int64_t i = 0; i < more; ++i) loop.step(true, true);
    steps += more;
    taken = cpu_seconds() - begin;
    // Not so many more that the last part takes far longer than was asked for.
    const double each = taken / static_cast<double>(steps);
    more = std::min(more, std::max<std::int64_t>(1, static_cast<std::int64_t>(0.25 * seconds / each)));
  }
  return static_cast<double>(machine.cells()) * batch * static_cast<double>(steps) / taken;
}

ordered_json tuned(const FloatLibrary& library, const FloatMachine& machine, const Settings& s) {
  ordered_json tried = ordered_json::array();
  double best = 0;
  FloatWay best_way;
  const std::vector<int> batches = batches_of(s.batches);
  library.in_mode(library.modes.back(), [&] {
    for (const int batch : batches) {
      for (const std::string& name : library.ways(machine, batch)) {
        const FloatWay way{batch, name, s.style};
        const double found = rate(machine, *library.make(machine, way), batch, s.seconds);
        tried.push_back({{"batch", batch}, {"way", name}, {"cell_updates_per_s", found}});
        if (found <= best) continue;
        best = found;
        best_way = way;
      }
    }
  });
  return {{"batch", best_way.batch}, {"way", best_way.name}, {"tried", std::move(tried)}};
}

ordered_json timed(const FloatLibrary& library, const FloatMachine& machine, const Settings& s) {
  const int batch = batches_of(s.batches).front();
  ordered_json rates;
  for (const std::string& mode : library.modes) {
    library.in_mode(mode, [&] {
      const auto loop = library.make(machine, {batch, s.way, s.style});
      rates[mode] = rate(machine, *loop, batch, s.seconds);
    });
  }
  return {{"batch", batch}, {"way", s.way}, {"cell_updates_per_s", std::move(rates)}};
}

ordered_json checked(const FloatLibrary& library, const FloatMachine& machine, const Settings& s) {
  ordered_json answer;
  library.in_mode(library.modes.back(), [&] {
    const int batch = batches_of(s.batches).front();
    const auto loop = library.make(machine, {batch, s.way, s.style});
    loop->zero();
    for (int i = 0; i < s.steps; ++i) loop->step(false, false);
    answer["states"] = loop->states();
    loop->zero();
    for (int i = 0; i < s.steps; ++i) loop->step(true, false);
    for (int i = 0; i < s.window; ++i) loop->step(true, true);
    answer["variances"] = loop->variances(s.window);
  });
  return answer;
}

}  // namespace

int float_program(const std::string& name, const FloatLibrary& library, int argc, char** argv) {
  keep_standard_streams();
  Settings s;
  s.style = library.styles.front();
  CommandLine line(name, "Steps of a machine in float32 by " + library.name + ", for settle-bench: prints one line");
  const auto add_common = [&](CommandOptions* command) {
    command->add_option("--machine", s.machine, "file that settle-bench wrote")->check(path())->required();
    command->add_option("--batch", s.batches, "samples side by side; tune takes several sizes, by commas")
        ->shows_default();
    command->add_option("--style", s.style, "how the loop is written")->check(known(library.styles))->shows_default();
  };
  CommandOptions* const tune = line.add_command("tune", "finds the fastest batch size and way of working");
  CommandOptions* const time = line.add_command("time", "cell updates/s, CPU time, with noise and sums");
  CommandOptions* const check = line.add_command("check", "states after steps without noise; variances with it");
  for (CommandOptions* command : {tune, time, check}) add_common(command);
  for (CommandOptions* command : {time, check}) {
    command->add_option("--way", s.way, "way of working, as tune names it (default: its first)");
  }
  for (CommandOptions* command : {tune, time}) {
    command->add_option("--seconds", s.seconds, "of each timing, at least")->check(real(0.001, 3600))->shows_default();
  }
  check->add_option("--steps", s.steps, "without noise; and before the window, with it")->check(whole(1, 1000000));
  check->add_option("--window", s.window, "steps of the window")->check(whole(1, 1000000));
  const auto answer = [&](const auto& work) {
    return [&] {
      const FloatMachine machine = read_float_machine(s.machine);
      ordered_json result{{"library", library.name}, {"details", library.details}};
      result.update(work(library, machine, s));
      fmt::print("{}\n", to_line(result));
      return kExitOk;
    };
  };
  const std::vector<ProgramCommand> commands = {{tune, answer(tuned)}, {time, answer(timed)}, {check, answer(checked)}};
  if (const auto status = line.parse(argc, argv)) return *status;
  return run_program(name, [&] { return do_given(commands); });
}

}  // namespace settle
