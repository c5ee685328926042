#include "programs/bench/scaling/scaling.hpp"

#include <algorithm>
#include <cstdio>
#include <limits>
#include <memory>

#include "array/model/array_model.hpp"
#include "base/cpu_time.hpp"
#include "base/error.hpp"
#include "base/median.hpp"
#include "base/process.hpp"
#include "base/program.hpp"
#include "programs/bench/ensemble_run.hpp"
#include "programs/bench/scaling/hardware_cycles.hpp"

namespace settle {

namespace {

using ensemble::kChains;

constexpr double kSeconds = 0.03;           // of a timing, about
constexpr double kLongestModelStep = 3e-3;  // seconds: slower ones are not measured

ScalingPoint point(double x, double work, const Shape& shape, int chains = kChains) {
  ScalingPoint made;
  made.x = x;
  made.work = work;
  made.shape = shape;
  made.chains = chains;
  return made;
}

/// As many of the sizes as are quickly measured, if that is asked for.
std::vector<int> sizes(std::vector<int> all, bool quick) {
  if (quick) all.resize(std::min<std::size_t>(all.size(), 4));
  return all;
}

std::vector<ScalingSeries> all_series(bool quick) {
  std::vector<ScalingSeries> all;
  ScalingSeries cells{"cells", "D cells per layer; 2 layers, rank 16", "D k", 1, {}};
  for (const int d : sizes({16, 32, 64, 128, 256, 512, 1024}, quick)) {
    cells.points.push_back(point(d, d * 16.0, {d, 16, 2, 1}));
  }
  ScalingSeries rank{"rank", "rank k; 2 layers of 128 cells", "D k", 1, {}};
  for (const int k : sizes({2, 4, 8, 16, 32, 64}, quick)) rank.points.push_back(point(k, 128.0 * k, {128, k, 2, 1}));
  ScalingSeries layers{"layers", "layers of 64 cells in a ring; rank 16", "layers", 1, {}};
  for (const int l : sizes({4, 8, 16, 32, 64}, quick)) layers.points.push_back(point(l, l, {64, 16, l, 1}));
  ScalingSeries chains{"chains", "chains on one core; 2 layers of 64 cells, rank 16", "chains", 1, {}};
  for (const int n : sizes({16, 32, 64, 128, 256}, quick)) chains.points.push_back(point(n, n, {64, 16, 2, 1}, n));
  ScalingSeries side{
      "side", "grid side; 2 layers of 32 cells per site, one bus of 3 x 3 taps, rank 16", "taps in the grid", 2, {}};
  for (const int s : sizes({6, 8, 12, 16, 20, 24, 28}, quick)) {
    // Sites and taps together: offsets that lead out of the grid cost nothing.
    side.points.push_back(point(s, (3.0 * s - 2) * (3.0 * s - 2), {32, 16, 2, s}));
  }
  for (ScalingSeries* series : {&cells, &rank, &layers, &chains, &side}) all.push_back(std::move(*series));
  return all;
}

/// A point's engines, ready to step.
class Stepper {
 public:
  Stepper(ScalingPoint& at, std::uint64_t seed, bool quick) : at_(at), machine_(drawn_machine(at.shape, seed)) {
    at.configuration_hash = machine_.fixed->configuration.hash_text();
    at.slots = slots_per_step(machine_);
    at.dense = dense_slots_per_step(machine_);
    const auto blocks = static_cast<std::size_t>((at.chains + kChains - 1) / kChains);
    blocks_ = std::vector<EnsembleRun>(blocks, EnsembleRun(machine_));
    model_ = std::make_unique<ArrayModel>(machine_.fixed->configuration);
    model_->memories() = chain_memories(machine_, 0);
    const auto steps_for = [&](double step) {
      return quick ? 1U : static_cast<std::uint32_t>(std::clamp(kSeconds / step, 1.0, 1e6));
    };
    ensemble_seconds(1);
    ensemble_steps_ = steps_for(ensemble_seconds(4));
    const double model_step = model_seconds(1);
    if (model_step <= kLongestModelStep || quick) model_steps_ = steps_for(model_seconds(4));
  }

  void measure() {
    at_.ensemble.push_back(ensemble_seconds(ensemble_steps_));
    if (model_steps_ > 0) at_.model.push_back(model_seconds(model_steps_));
  }

 private:
  /// Seconds per step, all blocks one after the other.
  double ensemble_seconds(std::uint32_t steps) {
    const double begin = cpu_seconds();
    for (EnsembleRun& block : blocks_) block.run(0, steps);
    return (cpu_seconds() - begin) / steps;
  }

  double model_seconds(std::uint32_t steps) {
    model_->memories().segments.front() = {steps, true};
    model_->zero_state();
    model_->begin(1);
    const double begin = cpu_seconds();
    model_->advance(std::numeric_limits<std::uint64_t>::max());
    return (cpu_seconds() - begin) / steps;
  }

  ScalingPoint& at_;
  BenchMachine machine_;
  std::vector<EnsembleRun> blocks_;
  std::unique_ptr<ArrayModel> model_;
  std::uint32_t ensemble_steps_ = 1, model_steps_ = 0;
};

LinearFit fit_together(const std::vector<ScalingSeries>& all) {
  std::vector<double> ones, cells, products, costs;
  for (const ScalingSeries& series : all) {
    if (series.name != "cells" && series.name != "rank") continue;
    for (const ScalingPoint& p : series.points) {
      ones.push_back(1);
      cells.push_back(p.shape.site_cells);
      products.push_back(static_cast<double>(p.shape.site_cells) * p.shape.rank);
      costs.push_back(middle_of(p.ensemble));
    }
  }
  return linear_fit({ones, cells, products}, costs);
}

}  // namespace

std::vector<double> ScalingSeries::costs(const std::string& engine) const {
  std::vector<double> all;
  for (const ScalingPoint& p : points) {
    if (engine == "slots") all.push_back(p.slots);
    if (engine == "ensemble" && !p.ensemble.empty()) all.push_back(middle_of(p.ensemble));
    if (engine == "model" && !p.model.empty()) all.push_back(middle_of(p.model));
  }
  return all;
}

std::optional<ScalingFit> ScalingSeries::fit(const std::string& engine) const {
  if (name == "chains" && engine != "ensemble") return std::nullopt;  // their costs are those of one chain
  const std::vector<double> y = costs(engine);
  if (y.size() < 4) return std::nullopt;
  // Points without a cost are the last ones.
  std::vector<double> x, work, ones(y.size(), 1.0);
  for (std::size_t i = 0; i < y.size(); ++i) {
    x.push_back(points[i].x);
    work.push_back(points[i].work);
  }
  return ScalingFit{engine, log_slope(x, y), linear_fit({ones, work}, y), power_fit(x, y)};
}

ScalingResults measure_scaling(const ScalingOptions& options) {
  ScalingResults results;
  results.instructions = ensemble::best_kernels().name;
  results.series = all_series(options.quick);
  for (ScalingSeries& series : results.series) {
    std::fprintf(stderr, "%s\n", series.text.c_str());
    std::vector<std::unique_ptr<Stepper>> steppers;
    for (ScalingPoint& p : series.points) {
      if (stop_requested()) throw Stopped("interrupted: nothing is written");
      steppers.push_back(std::make_unique<Stepper>(p, options.seed, options.quick));
    }
    for (int r = 0; r < options.runs; ++r) {
      for (const auto& stepper : steppers) {
        if (stop_requested()) throw Stopped("interrupted: nothing is written");
        stepper->measure();
      }
    }
  }
  results.together = fit_together(results.series);
  return results;
}

}  // namespace settle
