// settle-bench: Icarus, the verilated RTL, the model and the ensemble engine, alternately, on the same array. They must
// also agree in every state bit, or there is no result.
#include <cstdio>
#include <string>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "base/cpu_time.hpp"
#include "base/files.hpp"
#include "base/folder_lock.hpp"
#include "base/json.hpp"
#include "base/process.hpp"
#include "contract/builtin/builtin_configurations.hpp"
#include "device/model_device.hpp"
#include "generated/build.hpp"
#include "programs/bench/bench_array.hpp"
#include "programs/bench/ensemble_run.hpp"
#include "programs/bench/icarus.hpp"
#include "programs/bench/measurement.hpp"
#include "programs/command_line.hpp"
#include "programs/source_tree.hpp"
#include "sim/rtl_device.hpp"

namespace {

using namespace settle;

constexpr const char* kProgram = "settle-bench";

/// Steps per run.
struct Lengths {
  std::uint32_t icarus_short, icarus_long, verilated, model;
};
constexpr Lengths kTimed{4, 44, 8000, 80000};  // each engine about half a second or more
constexpr Lengths kCompared{1, 4, 400, 400};   // too short for a time

struct Options {
  std::string out = "out/bench";
  std::uint64_t seed = 1;
  int runs = 5;
  bool quick = false;

  const Lengths& lengths() const { return quick ? kCompared : kTimed; }
};

struct Results {
  Measurement icarus{"Icarus", "cycles/s", {}};
  Measurement verilated{"verilated", "cycles/s", {}};
  Measurement verilated_cells{"verilated", "cell updates/s", {}};
  Measurement model_cells{"model", "cell updates/s", {}};
  Measurement ensemble_cells{"ensemble", "cell updates/s", {}};
  std::string instructions;  ///< of the ensemble engine
  double cycles_per_step = 0;

  double verilated_over_icarus() const { return verilated.median() / icarus.median(); }
  double model_over_verilated() const { return model_cells.median() / verilated_cells.median(); }
  double ensemble_over_model() const { return ensemble_cells.median() / model_cells.median(); }
};

double updates(std::uint32_t steps) { return static_cast<double>(steps) * kBenchCells; }

/// The difference of two lengths: starting the process and loading the array cancel.
void measure_icarus(const Icarus& icarus, const PortWrites& load, const std::vector<std::uint32_t>& expected,
                    const Lengths& steps, Results& results) {
  const auto run = [&](std::uint32_t count) {
    PortWrites writes = load;
    const PortWrites start = bench_start(count);
    writes.insert(writes.end(), start.begin(), start.end());
    return icarus.run(writes);
  };
  const Icarus::Run shorter = run(steps.icarus_short), longer = run(steps.icarus_long);
  if (longer.states != expected) throw error("Icarus and the model differ after {} steps", steps.icarus_long);
  results.icarus.samples.push_back(static_cast<double>(longer.cycles - shorter.cycles) /
                                   (longer.seconds - shorter.seconds));
}

std::vector<std::uint32_t> measure_verilated(RtlDevice& rtl, std::uint32_t steps, Results& results) {
  const std::uint64_t cycles_before = rtl.cycles();
  const double before = cpu_seconds();
  run_to_end(rtl, bench_start(steps));
  const double seconds = cpu_seconds() - before;
  const auto cycles = static_cast<double>(rtl.cycles() - cycles_before);
  results.verilated.samples.push_back(cycles / seconds);
  results.verilated_cells.samples.push_back(updates(steps) / seconds);
  results.cycles_per_step = static_cast<double>(rtl.read(registers::cycles_lo)) / steps;
  return bench_states(rtl);
}

void measure_model(Device& model, std::uint32_t steps, Results& results) {
  const double before = cpu_seconds();
  run_to_end(model, bench_start(steps));
  results.model_cells.samples.push_back(updates(steps) / (cpu_seconds() - before));
}

std::vector<std::uint32_t> measure_ensemble(EnsembleRun& ensemble, std::uint32_t steps, Results& results) {
  const double before = cpu_seconds();
  ensemble.run(steps);
  results.ensemble_cells.samples.push_back(ensemble::kChains * updates(steps) / (cpu_seconds() - before));
  return ensemble.states();
}

std::vector<std::uint32_t> states_after(Device& device, std::uint32_t steps) {
  run_to_end(device, bench_start(steps));
  return bench_states(device);
}

Results measure(const Configuration& configuration, const Options& options) {
  const PortWrites load = bench_array(configuration, options.seed);
  const Icarus icarus(source_tree(), program_folder() / "generated" / "anchored" / "settle_pkg.sv", options.out);
  const auto rtl = make_rtl_device(configuration.name);
  ModelDevice model(configuration);
  for (Device* device : {static_cast<Device*>(rtl.get()), static_cast<Device*>(&model)}) {
    for (const auto& [where, value] : load) device->write(where, value);
  }
  const Lengths& steps = options.lengths();
  const auto after_icarus = states_after(model, steps.icarus_long),
             after_verilated = states_after(model, steps.verilated), after_model = states_after(model, steps.model);
  EnsembleRun ensemble(model);
  Results results;
  results.instructions = ensemble.instructions();
  for (int r = 0; r < options.runs; ++r) {
    if (stop_requested()) throw Stopped("interrupted: nothing is written");
    measure_icarus(icarus, load, after_icarus, steps, results);
    if (measure_verilated(*rtl, steps.verilated, results) != after_verilated) {
      throw error("the verilated RTL and the model differ after {} steps", steps.verilated);
    }
    measure_model(model, steps.model, results);
    if (measure_ensemble(ensemble, steps.model, results) != after_model) {
      throw error("the ensemble engine and the model differ after {} steps", steps.model);
    }
    std::fprintf(stderr, "run %d of %d\n", r + 1, options.runs);
  }
  if (model.read(registers::saturated_states) + model.read(registers::saturated_words) != 0) {
    throw error("the bench array saturates: its coefficients are too large");
  }
  return results;
}

nlohmann::ordered_json to_json(const Measurement& m) {
  return {{"engine", m.engine}, {"unit", m.unit}, {"median", m.median()}, {"samples", m.samples}};
}

nlohmann::ordered_json to_json(const Results& r, const Configuration& configuration, const Options& options) {
  return {{"configuration", configuration.name},
          {"config_hash", configuration.hash_text()},
          {"lanes", configuration.lanes},
          {"git", kGit},
          {"seed", options.seed},
          {"runs", options.runs},
          {"clock", "CPU time, one thread"},
          {"cycles_per_step", r.cycles_per_step},
          {"measurements",
           {to_json(r.icarus), to_json(r.verilated), to_json(r.verilated_cells), to_json(r.model_cells),
            to_json(r.ensemble_cells)}},
          {"ensemble_instructions", r.instructions},
          {"verilated_over_icarus", r.verilated_over_icarus()},
          {"model_over_verilated", r.model_over_verilated()},
          {"ensemble_over_model", r.ensemble_over_model()}};
}

void print(const Results& r, const Configuration& configuration, const Options& options) {
  fmt::print("configuration {}, {} lanes, {} cells, {:.0f} cycles per step; medians of {} alternating runs, CPU time\n",
             configuration.name, configuration.lanes, kBenchCells, r.cycles_per_step, options.runs);
  const double icarus_cells = r.icarus.median() / r.cycles_per_step * kBenchCells;
  fmt::print("{:<12}{:>16}{:>18}{:>12}\n", "engine", "cycles/s", "cell updates/s", "ratio");
  fmt::print("{:<12}{:>16.3g}{:>18.3g}{:>12}\n", "Icarus", r.icarus.median(), icarus_cells, "");
  fmt::print("{:<12}{:>16.3g}{:>18.3g}{:>12.0f}  over Icarus\n", "verilated", r.verilated.median(),
             r.verilated_cells.median(), r.verilated_over_icarus());
  fmt::print("{:<12}{:>16}{:>18.3g}{:>12.1f}  over verilated\n", "model", "-", r.model_cells.median(),
             r.model_over_verilated());
  fmt::print("{:<12}{:>16}{:>18.3g}{:>12.1f}  over model, {} chains, {}\n", "ensemble", "-", r.ensemble_cells.median(),
             r.ensemble_over_model(), ensemble::kChains, r.instructions);
}

}  // namespace

int main(int argc, char** argv) {
  keep_standard_streams();
  Options options;
  CLI::App app("Speed of the four engines on the default configuration");
  app.add_option("--out", options.out, "folder for bench.json and Icarus' files")->check(path())->capture_default_str();
  app.add_option("--seed", options.seed, "of the array's contents and its noise")
      ->transform(whole(0))
      ->capture_default_str();
  app.add_option("--runs", options.runs, "runs of each engine")->transform(whole(1, 1000))->capture_default_str();
  app.add_flag("--quick", options.quick, "few steps: whether the engines agree; their speeds mean nothing");
  if (const auto status = parse(kProgram, app, argc, argv)) return *status;
  return run_program(kProgram, [&] {
    catch_stop_signals();
    const FolderLock lock(options.out, kProgram);
    const Configuration anchored = configuration("anchored");
    const Results results = measure(anchored, options);
    print(results, anchored, options);
    const std::filesystem::path file = std::filesystem::path(options.out) / "bench.json";
    write_atomically(file, to_text(to_json(results, anchored, options)));
    fmt::print("all samples: {}\n", file.string());
    return kExitOk;
  });
}
