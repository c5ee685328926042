// settle-fpga-speed: for every build of every board, how fast its verilated RTL and the C++ model run the shipped
// machine: cycles, products, cell updates per second on this computer. `make fpga-report` sets them beside the boards'.
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/command_line/command_line.hpp"
#include "base/cpu_time.hpp"
#include "base/error.hpp"
#include "base/files.hpp"
#include "base/json.hpp"
#include "base/median.hpp"
#include "base/process.hpp"
#include "base/program.hpp"
#include "device/driver/array_driver.hpp"
#include "device/model_device.hpp"
#include "fpga/plan.hpp"
#include "fpga/speed.hpp"
#include "machine/fixed_point/fixed_numbers.hpp"
#include "programs/source_tree.hpp"
#include "sim/rtl_device.hpp"

namespace {

using namespace settle;

constexpr const char* kProgram = "settle-fpga-speed";
constexpr double kLeastSeconds = 0.5;  // of one timing
constexpr int kTurns = 3;              // engines take turns, their medians count

/// A driver with the machine loaded, ready to run its preset's schedule.
class Engine {
 public:
  Engine(std::unique_ptr<Device> device, const Configuration& configuration, const ShippedMachine& shipped)
      : device_(std::move(device)), driver_(*device_, configuration) {
    const Machine& machine = shipped.machine;
    const std::vector<std::int16_t> gains = fixed_gains(machine.kt, shipped.contents, configuration, shipped.file);
    driver_.load(shipped.contents);
    driver_.set_trace_stride(0);
    driver_.set_refresh(1);
    driver_.set_noise(1, 0);
    driver_.set_schedule({{static_cast<std::uint32_t>(machine.settle_steps), false, gains},
                          {static_cast<std::uint32_t>(machine.window_steps), true, gains}});
  }

  void run() { driver_.run({true, true}, {}); }
  Counters counters() { return driver_.counters(); }
  std::vector<std::int32_t> states() { return driver_.states(); }

  /// Runs per second of CPU time: over as many runs as fill kLeastSeconds.
  double runs_per_second() {
    int runs = 0;
    const double begin = cpu_seconds();
    double seconds = 0;
    while (seconds < kLeastSeconds) {
      run();
      ++runs;
      seconds = cpu_seconds() - begin;
    }
    return runs / seconds;
  }

 private:
  std::unique_ptr<Device> device_;
  ArrayDriver driver_;
};

Speed measure(const BuildPlan& plan) {
  if (!plan.shipped) throw error("{}: no machine ships for configuration {}", plan.name(), plan.configuration.name);
  const ShippedMachine& shipped = *plan.shipped;
  Engine verilated(make_rtl_device(plan.board.id + "_" + plan.build.name), plan.configuration, shipped);
  Engine model(std::make_unique<ModelDevice>(plan.configuration), plan.configuration, shipped);
  verilated.run();
  model.run();
  if (verilated.states() != model.states()) throw error("{}: verilated RTL and model differ", plan.name());
  const Machine& machine = shipped.machine;
  const StepProducts& p = shipped.contents.products;
  const std::int64_t step = p.always + p.project + (machine.kt > 0 ? p.noise : 0);
  Speed s;
  s.board = plan.board.id;
  s.build = plan.build.name;
  s.configuration_hash = plan.configuration.hash_text();
  s.hardware = plan.hardware;
  s.lanes = plan.configuration.lanes;
  s.steps = machine.settle_steps + machine.window_steps;
  s.cells = shipped.contents.cells;
  s.cycles = static_cast<std::int64_t>(verilated.counters().cycles);
  s.products = step * s.steps + p.window * machine.window_steps;
  std::vector<double> verilated_runs, model_runs;
  for (int turn = 0; turn < kTurns; ++turn) {
    verilated_runs.push_back(verilated.runs_per_second());
    model_runs.push_back(model.runs_per_second());
  }
  const auto updates = static_cast<double>(s.cells * s.steps);
  s.verilated_updates = updates * middle_of(verilated_runs);
  s.model_updates = updates * middle_of(model_runs);
  return s;
}

}  // namespace

int main(int argc, char** argv) {
  keep_standard_streams();
  PlanOptions options;
  std::string out = "out/fpga/speed.json";
  CommandLine app(kProgram, "Cycles and speed of every board's build on this machine's engines");
  app.add_option("--constraints", options.constraints, "folder of the boards")->check(path())->shows_default();
  app.add_option("--rtl", options.rtl, "folder of the RTL")->check(path())->shows_default();
  app.add_option("--out", out, "file to write")->check(path())->shows_default();
  if (const auto status = app.parse(argc, argv)) return *status;
  return run_program(kProgram, [&] {
    check_writable(out, "--out");
    catch_stop_signals();
    options.assets = source_tree() / "host" / "assets";
    nlohmann::ordered_json all = nlohmann::ordered_json::array();
    for (const std::string& name : board_names(options.constraints)) {
      options.board = name;
      for (const BoardBuild& build : read_board(options.constraints, name).builds) {
        if (stop_requested()) throw Stopped("interrupted: nothing is written");
        options.build = build.name;
        const Speed s = measure(plan_build(options));
        fmt::print("{}-{}: {} lanes, {:.1f} cycles per step, multipliers {:.1f} % busy\n", s.board, s.build, s.lanes,
                   static_cast<double>(s.cycles) / static_cast<double>(s.steps), 100 * s.utilisation());
        std::fflush(stdout);
        all.push_back(to_json(s));
      }
    }
    write_atomically(out, to_text(all));
    return kExitOk;
  });
}
