#include "programs/bench/measure_engines.hpp"

#include <cstdio>
#include <list>

#include "base/process.hpp"
#include "base/program.hpp"
#include "programs/bench/limits/limits.hpp"
#include "programs/bench/machine_bench.hpp"
#include "programs/bench/rtl_bench.hpp"

namespace settle {

namespace {

/// A machine, the steps of a run and the batch sizes that float32 programs try. Larger batches of maps do not fit the
/// caches, and are slower.
struct Benched {
  const char* preset;
  std::uint32_t steps, quick_steps;
  const char* batches;
};
constexpr Benched kBenched[] = {{"anchored", 40000, 200, "256,512,1024,2048,4096"},
                                {"map", 150, 4, "16,32,64,128,256"},
                                {"whole", 30, 2, "4,16,64"}};

constexpr double kLimitSeconds = 0.3;

void go_on() {
  if (stop_requested()) throw Stopped("interrupted: nothing is written");
}

}  // namespace

BenchRow& BenchResults::row(const std::string& machine, const std::string& engine, const std::string& note,
                            const std::string& clock) {
  for (BenchRow& row : rows) {
    if (row.machine == machine && row.engine == engine) return row;
  }
  rows.push_back({machine, engine, note, clock, {}, {}, nullptr});
  return rows.back();
}

const BenchRow* BenchResults::find(const std::string& machine, const std::string& engine) const {
  for (const BenchRow& row : rows) {
    if (row.machine == machine && row.engine == engine) return &row;
  }
  return nullptr;
}

BenchResults measure_engines(const BenchOptions& options) {
  BenchResults results;
  results.instructions = ensemble::best_kernels().name;
  std::list<MachineBench> machines;
  std::unique_ptr<RtlBench> rtl;
  for (const Benched& b : kBenched) {
    go_on();
    std::fprintf(stderr, "%s: preparing\n", b.preset);
    BenchMachine machine = shipped_machine(b.preset, options.seed, stop_requested);
    if (!rtl) rtl = std::make_unique<RtlBench>(machine, options);
    machines.emplace_back(std::move(machine), options.quick ? b.quick_steps : b.steps, b.batches, options);
  }
  const double seconds = options.quick ? 0.01 : kLimitSeconds;
  for (int r = 0; r < options.runs; ++r) {
    go_on();
    rtl->measure(results);
    for (MachineBench& machine : machines) {
      go_on();
      // Beside each machine: what a processor's clock does meanwhile, it does to both.
      results.products.push_back(multiply_adds_per_second(seconds));
      results.noise.push_back(noise_samples_per_second(ensemble::best_kernels(), machine.plan(), seconds));
      machine.measure(results);
    }
    results.memory.push_back(memory_bytes_per_second(seconds));
    std::fprintf(stderr, "run %d of %d\n", r + 1, options.runs);
  }
  return results;
}

}  // namespace settle
