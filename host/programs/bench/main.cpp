// settle-bench: Icarus, the verilated RTL, the model and the ensemble engine, alternately, on the same array. They must
// also agree in every state bit, or there is no result.
#include <string>

#include <nlohmann/json.hpp>

#include "array/ensemble/kernels.hpp"
#include "base/command_line/command_line.hpp"
#include "base/error.hpp"
#include "base/files.hpp"
#include "base/folder_lock.hpp"
#include "base/json.hpp"
#include "base/program.hpp"
#include "contract/builtin/builtin_configurations.hpp"
#include "device/engine_names.hpp"
#include "generated/build.hpp"
#include "programs/bench/measure_engines.hpp"
#include "sim/bench_array/bench_array.hpp"

namespace {

using namespace settle;

constexpr const char* kProgram = "settle-bench";

nlohmann::ordered_json to_json(const Measurement& m) {
  return {{"engine", m.engine}, {"unit", m.unit}, {"median", m.median()}, {"samples", m.samples}};
}

nlohmann::ordered_json to_json(const BenchResults& r, const Configuration& configuration, const BenchOptions& options) {
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
            to_json(r.ensemble_cells), to_json(r.ensemble_alone), to_json(r.ensemble_pair)}},
          {"ensemble_instructions", r.instructions},
          {"verilated_over_icarus", r.verilated_over_icarus()},
          {"model_over_verilated", r.model_over_verilated()},
          {"ensemble_over_model", r.ensemble_over_model()},
          {"two_threads_over_one", r.two_threads_over_one()}};
}

void print(const BenchResults& r, const Configuration& configuration, const BenchOptions& options) {
  fmt::print("configuration {}, {} lanes, {} cells, {:.0f} cycles per step; medians of {} alternating runs, CPU time\n",
             configuration.name, configuration.lanes, kBenchCells, r.cycles_per_step, options.runs);
  const double icarus_cells = r.icarus.median() / r.cycles_per_step * kBenchCells;
  fmt::print("{:<12}{:>16}{:>18}{:>12}\n", "engine", "cycles/s", "cell updates/s", "ratio");
  fmt::print("{:<12}{:>16.3g}{:>18.3g}{:>12}\n", "Icarus", r.icarus.median(), icarus_cells, "");
  fmt::print("{:<12}{:>16.3g}{:>18.3g}{:>12.0f}  over Icarus\n", "verilated", r.verilated.median(),
             r.verilated_cells.median(), r.verilated_over_icarus());
  fmt::print("{:<12}{:>16}{:>18.3g}{:>12.1f}  over verilated\n", kModelEngine, "-", r.model_cells.median(),
             r.model_over_verilated());
  fmt::print("{:<12}{:>16}{:>18.3g}{:>12.1f}  over model, {} chains, {}\n", kEnsembleEngine, "-",
             r.ensemble_cells.median(), r.ensemble_over_model(), ensemble::kChains, r.instructions);
  fmt::print("{:<12}{:>16}{:>18.3g}{:>12.2f}  over one thread, by the clock on the wall\n", "2 threads", "-",
             r.ensemble_pair.median(), r.two_threads_over_one());
}

}  // namespace

int main(int argc, char** argv) {
  keep_standard_streams();
  BenchOptions options;
  CommandLine app(kProgram, "Speed of the four engines on the default configuration");
  app.add_option("--out", options.out, "folder for bench.json and Icarus' files")->check(path())->shows_default();
  app.add_option("--seed", options.seed, "of the array's contents and its noise")->check(whole(0))->shows_default();
  app.add_option("--runs", options.runs, "runs of each engine")->check(whole(1, 1000))->shows_default();
  app.add_flag("--quick", options.quick, "few steps: whether the engines agree; their speeds mean nothing");
  if (const auto status = app.parse(argc, argv)) return *status;
  return run_program(kProgram, [&] {
    catch_stop_signals();
    const FolderLock lock(options.out, kProgram);
    const Configuration anchored = configuration("anchored");
    const BenchResults results = measure_engines(anchored, options);
    print(results, anchored, options);
    const std::filesystem::path file = std::filesystem::path(options.out) / "bench.json";
    write_atomically(file, to_text(to_json(results, anchored, options)));
    fmt::print("all samples: {}\n", file.string());
    return kExitOk;
  });
}
