#include "programs/bench/machine_bench.hpp"

#include <algorithm>
#include <chrono>
#include <functional>
#include <limits>

#include "base/cpu_time.hpp"
#include "base/error.hpp"
#include "base/parallel.hpp"
#include "device/engine_names.hpp"
#include "programs/source_tree.hpp"

namespace settle {

namespace {

using ensemble::kChains;

constexpr std::uint64_t kWholeRun = std::numeric_limits<std::uint64_t>::max();
constexpr double kTuneSeconds = 0.15, kFloatSeconds = 0.6;

bool plain_cells(const BenchMachine& machine) {
  const auto& layers = machine.fixed->machine.layers;
  return std::all_of(layers.begin(), layers.end(),
                     [](const Layer& layer) { return layer.sites() == 1 && layer.force.empty(); });
}

}  // namespace

MachineBench::MachineBench(BenchMachine machine, std::uint32_t steps, const std::string& batches,
                           const BenchOptions& options)
    : machine_(std::move(machine)),
      steps_(steps),
      float_seconds_(options.quick ? 0.01 : kFloatSeconds),
      model_(machine_.fixed->configuration),
      start_(chain_memories(machine_, 0)),
      ensembles_(2, EnsembleRun(machine_)) {
  start_.segments.front() = {steps_, true};
  model_.memories() = start_;
  if (!options.torch.empty()) {
    for (const auto& [engine, style] : {std::pair("libtorch", "written"), std::pair("libtorch in place", "in place")}) {
      programs_.emplace_back(engine, style, options.torch, machine_, options.out);
    }
  }
  if (plain_cells(machine_)) {
    programs_.emplace_back("Eigen", "written", program_folder() / "settle-bench-eigen", machine_, options.out);
  }
  for (FloatProgram& program : programs_) {
    if (!options.quick) program.tune(batches, kTuneSeconds);
    program.check(machine_);
  }
}

void MachineBench::measure(BenchResults& results) {
  const double updates = static_cast<double>(steps_) * machine_.cells();
  model_.zero_state();
  model_.clear_results();
  model_.step = 0;
  model_.begin(1);
  const double before = cpu_seconds();
  model_.advance(kWholeRun);
  results.row(machine_.name, kModelEngine, "one chain").updates.push_back(updates / (cpu_seconds() - before));

  auto work = std::find_if(results.works.begin(), results.works.end(),
                           [&](const BenchWork& w) { return w.machine == machine_.name; });
  if (work == results.works.end()) {
    results.works.push_back({machine_.name, machine_.fixed->configuration.hash_text(), machine_.cells(),
                             machine_.products(), machine_.cells()});
    work = results.works.end() - 1;
  }
  measure_ensemble(results, *work);
  results.row(machine_.name, "ensemble on 1 core", "the same by the clock on the wall", "wall")
      .updates.push_back(rate_of(1));
  results.row(machine_.name, "ensemble on 2 cores", "twice 16 chains", "wall").updates.push_back(rate_of(2));

  for (FloatProgram& program : programs_) {
    const std::string batch = program.facts().contains("batch")
                                  ? fmt::format("float32, batch {}", program.facts().at("batch").get<int>())
                                  : "float32";
    for (const auto& [mode, rate] : program.rates(float_seconds_)) {
      const std::string name = mode == "plain" ? program.engine() : program.engine() + " " + mode;
      BenchRow& row = results.row(machine_.name, name, batch);
      row.updates.push_back(rate);
      row.facts = program.facts();
    }
  }
}

/// Both layouts; kEnsembleEngine is the one that the engine would choose: the faster one, by the first run.
void MachineBench::measure_ensemble(BenchResults& results, BenchWork& work) {
  const double updates = kChains * static_cast<double>(steps_) * machine_.cells();
  EnsembleRun& run = ensembles_.front();
  const auto rate = [&](const std::function<void()>& settle) {
    const double before = cpu_seconds();
    settle();
    return updates / (cpu_seconds() - before);
  };
  const double block = rate([&] { run.run(0, steps_); }), alone = rate([&] { run.run_alone(steps_); });
  if (!alone_) alone_ = alone > block;
  const auto put = [&](const char* engine, const std::string& how, double found) {
    results.row(machine_.name, engine, fmt::format("16 chains, {}, {}", how, results.instructions))
        .updates.push_back(found);
  };
  put(kEnsembleEngine, *alone_ ? "one after the other" : "in a block", *alone_ ? alone : block);
  put("ensemble block", "in a block", block);
  put("ensemble alone", "one after the other", alone);
  for (const std::vector<std::uint32_t>& states : {run.states(), run.states_alone()}) {
    for (std::size_t i = 0; i < states.size(); ++i) {
      if (states[i] == static_cast<std::uint32_t>(model_.memories().state[i])) continue;
      throw error("{}: the ensemble engine and the model differ in cell {} after {} steps", machine_.name, i, steps_);
    }
  }
  const double step = work.noise_samples / results.noise.back() + work.products / results.products.back();
  work.limit.push_back(work.cells / step);
}

/// Sixteen chains a thread, the clock on the wall: cell updates per second of all.
double MachineBench::rate_of(std::size_t threads) {
  const auto begin = std::chrono::steady_clock::now();
  parallel_for(threads, threads, [&](std::size_t item, std::size_t) {
    if (alone_.value_or(false)) {
      ensembles_[item].run_alone(steps_);
    } else {
      ensembles_[item].run(0, steps_);
    }
  });
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
  return static_cast<double>(threads) * kChains * steps_ * machine_.cells() / seconds.count();
}

}  // namespace settle
