#include "programs/bench/measure_engines.hpp"

#include <chrono>
#include <cstdio>
#include <vector>

#include "base/cpu_time.hpp"
#include "base/error.hpp"
#include "base/parallel.hpp"
#include "base/process.hpp"
#include "base/program.hpp"
#include "device/model_device.hpp"
#include "programs/bench/ensemble_run.hpp"
#include "programs/bench/icarus.hpp"
#include "programs/source_tree.hpp"
#include "sim/bench_array/bench_array.hpp"
#include "sim/rtl_device.hpp"

namespace settle {

namespace {

/// Steps per run.
struct Lengths {
  std::uint32_t icarus_short, icarus_long, verilated, model;
};
constexpr Lengths kTimed{4, 44, 8000, 80000};  // each engine about half a second or more
constexpr Lengths kCompared{1, 4, 400, 400};   // too short for a time

double updates(std::uint32_t steps) { return static_cast<double>(steps) * kBenchCells; }

/// The difference of two lengths: starting the process and loading the array cancel.
void measure_icarus(const Icarus& icarus, const PortWrites& load, const std::vector<std::uint32_t>& expected,
                    const Lengths& steps, BenchResults& results) {
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

std::vector<std::uint32_t> measure_verilated(RtlDevice& rtl, std::uint32_t steps, BenchResults& results) {
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

void measure_model(Device& model, std::uint32_t steps, BenchResults& results) {
  const double before = cpu_seconds();
  run_to_end(model, bench_start(steps));
  results.model_cells.samples.push_back(updates(steps) / (cpu_seconds() - before));
}

std::vector<std::uint32_t> measure_ensemble(EnsembleRun& ensemble, std::uint32_t steps, BenchResults& results) {
  const double before = cpu_seconds();
  ensemble.run(steps);
  results.ensemble_cells.samples.push_back(ensemble::kChains * updates(steps) / (cpu_seconds() - before));
  return ensemble.states();
}

/// One array a thread, the clock on the wall: cell updates per second of all.
double ensemble_rate(std::vector<EnsembleRun>& arrays, std::size_t threads, std::uint32_t steps) {
  const auto begin = std::chrono::steady_clock::now();
  parallel_for(threads, threads, [&](std::size_t item, std::size_t) { arrays[item].run(steps); });
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
  return static_cast<double>(threads) * ensemble::kChains * updates(steps) / seconds.count();
}

std::vector<std::uint32_t> states_after(Device& device, std::uint32_t steps) {
  run_to_end(device, bench_start(steps));
  return bench_states(device);
}

}  // namespace

BenchResults measure_engines(const Configuration& configuration, const BenchOptions& options) {
  const PortWrites load = bench_array(configuration, options.seed);
  const Icarus icarus(source_tree(), program_folder() / "generated" / "anchored" / "settle_pkg.sv", options.out);
  const auto rtl = make_rtl_device(configuration.name);
  ModelDevice model(configuration);
  for (Device* device : {static_cast<Device*>(rtl.get()), static_cast<Device*>(&model)}) {
    for (const auto& [where, value] : load) device->write(where, value);
  }
  const Lengths& steps = options.quick ? kCompared : kTimed;
  const auto after_icarus = states_after(model, steps.icarus_long),
             after_verilated = states_after(model, steps.verilated), after_model = states_after(model, steps.model);
  std::vector<EnsembleRun> ensembles(2, EnsembleRun(model));
  BenchResults results;
  results.instructions = ensembles.front().instructions();
  for (int r = 0; r < options.runs; ++r) {
    if (stop_requested()) throw Stopped("interrupted: nothing is written");
    measure_icarus(icarus, load, after_icarus, steps, results);
    if (measure_verilated(*rtl, steps.verilated, results) != after_verilated) {
      throw error("the verilated RTL and the model differ after {} steps", steps.verilated);
    }
    measure_model(model, steps.model, results);
    if (measure_ensemble(ensembles.front(), steps.model, results) != after_model) {
      throw error("the ensemble engine and the model differ after {} steps", steps.model);
    }
    results.ensemble_alone.samples.push_back(ensemble_rate(ensembles, 1, steps.model));
    results.ensemble_pair.samples.push_back(ensemble_rate(ensembles, 2, steps.model));
    std::fprintf(stderr, "run %d of %d\n", r + 1, options.runs);
  }
  if (model.read(registers::saturated_states) + model.read(registers::saturated_words) != 0) {
    throw error("the bench array saturates: its coefficients are too large");
  }
  return results;
}

}  // namespace settle
