// settle-bench: every engine alternately on the same machines, which must agree in every state bit (float32 programs
// within a tolerance), or there is no result; and what each step costs as a machine grows.
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/command_line/command_line.hpp"
#include "base/error.hpp"
#include "base/files.hpp"
#include "base/folder_lock.hpp"
#include "base/json.hpp"
#include "base/program.hpp"
#include "programs/bench/bench_report.hpp"
#include "programs/bench/measure_engines.hpp"
#include "programs/bench/scaling/scaling.hpp"
#include "programs/bench/scaling/scaling_report.hpp"
#include "programs/source_tree.hpp"

namespace {

using namespace settle;
namespace fs = std::filesystem;

constexpr const char* kProgram = "settle-bench";

/// The program to start for libtorch; "" where it is not wanted or was not built, which is said. Throws Error if one
/// that was asked for is not there.
fs::path torch_program(const fs::path& given, bool unwanted) {
  std::error_code none;
  if (unwanted) return {};
  if (!given.empty()) {
    if (!fs::is_regular_file(given, none)) throw usage_error("--torch: {}: there is no such file", given.string());
    return given;
  }
  const fs::path built = source_tree() / "build-bench-torch" / "settle-bench-torch";
  if (fs::is_regular_file(built, none)) return built;
  fmt::print("no rows of libtorch: {} is not there (make bench builds it)\n", built.string());
  return {};
}

int bench(BenchOptions options, bool no_torch) {
  options.torch = torch_program(options.torch, no_torch);
  const FolderLock lock(options.out, kProgram);
  const BenchResults results = measure_engines(options);
  fmt::print("{}", bench_text(results, options));
  const fs::path folder = options.out;
  write_together(
      {{folder / "bench.json", to_text(bench_json(results, options))}, {folder / "bench.csv", bench_csv(results)}});
  fmt::print("all samples: {}\n", (folder / "bench.json").string());
  return kExitOk;
}

int scaling(const ScalingOptions& options) {
  const FolderLock lock(options.out, kProgram);
  const ScalingResults results = measure_scaling(options);
  fmt::print("{}", scaling_text(results, options));
  const fs::path folder = options.out;
  write_together({{folder / "scaling.json", to_text(scaling_json(results, options))},
                  {folder / "scaling.csv", scaling_csv(results)},
                  {folder / "scaling-fits.csv", scaling_fits_csv(results)}});
  fmt::print("all samples: {}\n", (folder / "scaling.json").string());
  return kExitOk;
}

}  // namespace

int main(int argc, char** argv) {
  keep_standard_streams();
  BenchOptions options;
  bool no_torch = false;
  ScalingOptions grown;
  CommandLine app(kProgram, "Speed of all engines side by side, and what a step costs as a machine grows");
  CommandOptions* const side = app.add_command("engines", "all engines on the shipped machines, limits, figures");
  side->add_option("--out", options.out, "folder for bench.json, bench.csv and what children leave")
      ->check(path())
      ->shows_default();
  Option* const torch = side->add_option("--torch", options.torch, "settle-bench-torch (default: the tree's own)");
  torch->check(path());
  side->add_flag("--no-torch", no_torch, "leave libtorch out")->excludes(torch);
  side->add_option("--seed", options.seed, "of the noise of images and cells")->check(whole(0))->shows_default();
  side->add_option("--runs", options.runs, "runs of each engine")->check(whole(1, 1000))->shows_default();
  side->add_flag("--quick", options.quick, "few steps: whether the engines agree; their speeds mean nothing");
  CommandOptions* const study =
      app.add_command("scaling", "seconds per step against cells, rank, layers, chains and grid side");
  study->add_option("--out", grown.out, "folder for scaling.json, scaling.csv, scaling-fits.csv")
      ->check(path())
      ->shows_default();
  study->add_option("--seed", grown.seed, "of the machines' contents and noise")->check(whole(0))->shows_default();
  study->add_option("--runs", grown.runs, "timings of each point")->check(whole(1, 1000))->shows_default();
  study->add_flag("--quick", grown.quick, "few steps of the smaller machines: their speeds mean nothing");
  const std::vector<ProgramCommand> commands = {{side, [&] { return bench(options, no_torch); }},
                                                {study, [&] { return scaling(grown); }}};
  if (const auto status = app.parse(argc, argv)) return *status;
  return run_program(kProgram, [&] {
    catch_stop_signals();
    return do_given(commands);
  });
}
