#include "programs/bench/rtl_bench.hpp"

#include "base/cpu_time.hpp"
#include "base/error.hpp"
#include "device/model_device.hpp"
#include "programs/source_tree.hpp"
#include "sim/bench_array/plain_rtl.hpp"

namespace settle {

namespace {

/// Steps per run: each engine takes half a second or more, or too little for a time.
struct Lengths {
  std::uint32_t icarus_short, icarus_long, verilated;
};
constexpr Lengths kTimed{4, 44, 8000}, kCompared{1, 4, 200};

const Lengths& lengths(bool quick) { return quick ? kCompared : kTimed; }

}  // namespace

RtlBench::RtlBench(const BenchMachine& machine, const BenchOptions& options)
    : name_(machine.name),
      quick_(options.quick),
      load_(port_writes(machine)),
      icarus_(source_tree(), program_folder() / "generated" / "anchored" / "settle_pkg.sv", options.out),
      verilated_(make_rtl_device(machine.fixed->configuration.name)),
      plain_(make_plain_rtl_device(PlainOptimisation::usual)),
      plain_o3_(make_plain_rtl_device(PlainOptimisation::o3)) {
  ModelDevice model(machine.fixed->configuration);
  for (Device* device : {static_cast<Device*>(verilated_.get()), static_cast<Device*>(plain_.get()),
                         static_cast<Device*>(plain_o3_.get()), static_cast<Device*>(&model)}) {
    for (const auto& [where, value] : load_) device->write(where, value);
  }
  const Lengths& steps = lengths(quick_);
  for (const std::uint32_t count : {steps.icarus_long, steps.verilated}) {
    run_to_end(model, bench_start(count));
    expected_[count] = bench_states(model);
  }
  if (model.read(registers::saturated_states) + model.read(registers::saturated_words) != 0) {
    throw error("{}: the array saturates", name_);
  }
}

void RtlBench::measure(BenchResults& results) {
  measure_icarus(results);
  measure_verilated(*plain_, "plain verilator", "-O3, GCC -Os, both edges", results);
  measure_verilated(*plain_o3_, "plain verilator GCC -O3", "-O3, OPT_FAST=-O3, both edges", results);
  measure_verilated(*verilated_, "verilated", "engine rtl", results);
}

/// The difference of two lengths: starting the process and loading the array cancel.
void RtlBench::measure_icarus(BenchResults& results) {
  const auto run = [&](std::uint32_t count) {
    PortWrites writes = load_;
    const PortWrites start = bench_start(count);
    writes.insert(writes.end(), start.begin(), start.end());
    return icarus_.run(writes);
  };
  const Lengths& steps = lengths(quick_);
  const Icarus::Run shorter = run(steps.icarus_short), longer = run(steps.icarus_long);
  if (longer.states != expected(steps.icarus_long)) {
    throw error("Icarus and the model differ after {} steps", steps.icarus_long);
  }
  BenchRow& row = results.row(name_, "Icarus", "vvp");
  const double seconds = longer.seconds - shorter.seconds;
  row.cycles.push_back(static_cast<double>(longer.cycles - shorter.cycles) / seconds);
  row.updates.push_back(static_cast<double>(steps.icarus_long - steps.icarus_short) * kBenchCells / seconds);
}

void RtlBench::measure_verilated(RtlDevice& device, const char* engine, const char* note, BenchResults& results) {
  const std::uint32_t steps = lengths(quick_).verilated;
  const std::uint64_t cycles_before = device.cycles();
  const double before = cpu_seconds();
  run_to_end(device, bench_start(steps));
  const double seconds = cpu_seconds() - before;
  const auto cycles = static_cast<double>(device.cycles() - cycles_before);
  results.cycles_per_step = static_cast<double>(device.read(registers::cycles_lo)) / steps;
  if (bench_states(device) != expected(steps)) throw error("{} and the model differ after {} steps", engine, steps);
  BenchRow& row = results.row(name_, engine, note);
  row.cycles.push_back(cycles / seconds);
  row.updates.push_back(static_cast<double>(steps) * kBenchCells / seconds);
}

}  // namespace settle
