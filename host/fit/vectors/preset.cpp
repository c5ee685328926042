#include "fit/vectors/preset.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/linear_algebra/singular_values.hpp"
#include "base/linear_algebra/solve.hpp"
#include "fit/vectors/anchored.hpp"
#include "fit/vectors/paper.hpp"
#include "fit/vectors/thermal.hpp"
#include "machine/linear.hpp"

namespace settle {
namespace {

constexpr double kLeft = 1e-3;      // of the start, that settling leaves in the slowest mode
constexpr double kSpan = 7.0;       // of the format's 8, that states, fields and words may use
constexpr double kSlowest = 30;     // relaxation steps that a ridge may lead to
constexpr double kGiveAway = 3e-4;  // of cosine_centred, for smaller gains
constexpr int kTrialIterations = 60;

using Stop = std::function<bool()>;
using Progress = std::function<void(const std::string&)>;

void check_samples(const ActivationMeans& samples) {
  if (!samples.encoder.allFinite() || !samples.bottleneck.allFinite() || !samples.decoder.allFinite()) {
    throw error("fit: an activation is not finite");
  }
}

Score rest_score(const Machine& machine, const ActivationMeans& samples, bool frozen) {
  return score(rest_readout(machine, samples.encoder, samples.bottleneck, frozen), samples.decoder, machine.fit_mean);
}

// The largest ridge that costs next to nothing on held-out samples: small gains settle fast and amplify noise least.
Machine anchored_machine(const ActivationMeans& fit, const ActivationMeans& held_out, const PresetOptions& options,
                         const Stop& stop, const Progress& progress, double& ridge) {
  struct Trial {
    double ridge, centred, relaxation;
    Machine machine;
  };
  const auto attempt = [&](double share, int iterations, int restarts) {
    AnchoredOptions anchored;
    anchored.step = options.step;
    anchored.ridge = share;
    anchored.search.seed = options.seed;
    anchored.search.iterations = iterations;
    anchored.search.restarts = restarts;
    return fit_anchored(fit.encoder, fit.bottleneck, fit.decoder, anchored, stop);
  };
  std::vector<Trial> trials;
  for (const double share : {1e-4, 1e-3, 1e-2, 1e-1}) {
    if (stop() && !trials.empty()) break;
    Trial trial{share, 0, 0, attempt(share, kTrialIterations, 1)};
    trial.centred = rest_score(trial.machine, held_out, false).cosine_centred;
    trial.relaxation = stability(trial.machine).relaxation_steps;
    progress(fmt::format("ridge {:g}: held-out cosine_centred {:.5f}, relaxation {:.1f} steps", share, trial.centred,
                         trial.relaxation));
    trials.push_back(std::move(trial));
  }
  double best = 0;
  for (const Trial& trial : trials) {
    if (trial.relaxation <= kSlowest) best = std::max(best, trial.centred);
  }
  // From the largest ridge down; if every one is too slow, the largest is the fastest.
  const auto fits = [&](const Trial& t) { return t.relaxation <= kSlowest && t.centred >= best - kGiveAway; };
  const auto found = std::find_if(trials.rbegin(), trials.rend(), fits);
  const Trial& chosen = found == trials.rend() ? trials.back() : *found;
  ridge = chosen.ridge;
  if (stop()) return chosen.machine;
  progress(
      fmt::format("training the interface: {} restarts of up to {} iterations", options.restarts, options.iterations));
  return attempt(chosen.ridge, options.iterations, options.restarts);
}

Machine paper_machine(const ActivationMeans& fit, const KernelCuts& kernels, const PresetOptions& options,
                      const Stop& stop, const Progress& progress) {
  PaperOptions paper;
  paper.step = options.step;
  paper.search.seed = options.seed;
  paper.search.iterations = options.iterations;
  paper.search.restarts = options.restarts;
  progress(
      fmt::format("training the interface: {} restarts of up to {} iterations", options.restarts, options.iterations));
  return fit_paper(fit.encoder, fit.decoder, kernels.encoder, kernels.decoder, paper, stop);
}

// Singular values of the machine's own response, decoder state per encoder activation, up to the rank of the bus.
void measure_gains(PresetReport& report) {
  const Machine& machine = report.machine;
  const Eigen::MatrixXd own = site_matrix(machine, machine.encoder);
  Eigen::MatrixXd holding = Eigen::MatrixXd::Zero(cell_count(machine), own.cols());
  holding.middleRows(layer_offset(machine, machine.encoder), own.rows()) = own;
  const Eigen::MatrixXd response =
      solve(force_matrix(machine), holding).middleRows(layer_offset(machine, machine.decoder), machine.fit_mean.size());
  const Eigen::VectorXd gains = singular_values(response).values;
  report.greatest_gain = gains[0];
  report.least_gain = gains[std::min(gains.size(), machine.buses.back().source_matrix.cols()) - 1];
}

}  // namespace

void check_options(const PresetOptions& options, std::int64_t count) {
  if (options.kind != FitKind::anchored && options.kind != FitKind::paper) {
    throw error("fit: a machine of two vectors is of kind \"anchored\" or \"paper\"");
  }
  if (count < kFewestImages) throw error("fit: {} training images, at least {} are needed", count, kFewestImages);
  if (!std::isfinite(options.thermal_ratio) || !(options.thermal_ratio > 0)) {
    throw error("fit: thermal ratio is {}, a finite number above 0 is needed", options.thermal_ratio);
  }
  if (options.window_steps < 1) throw error("fit: window is {} steps, at least 1 is needed", options.window_steps);
}

PresetReport fit_preset(const ActivationMeans& samples, const KernelCuts& kernels, const PresetOptions& options,
                        const Stop& stop, const Progress& progress) {
  check_options(options, samples.decoder.rows());
  check_samples(samples);
  const Eigen::Index held = samples.decoder.rows() / 6;
  const ActivationMeans fit = rows_of(samples, 0, samples.decoder.rows() - held);
  const ActivationMeans held_out = rows_of(samples, samples.decoder.rows() - held, held);

  PresetReport report;
  Machine& machine = report.machine;
  if (options.kind == FitKind::anchored) {
    machine = anchored_machine(fit, held_out, options, stop, progress, report.ridge);
  } else {
    machine = paper_machine(fit, kernels, options, stop, progress);
  }
  report.stopped = stop();
  report.stability = check_machine(machine, machine.preset);

  machine.kt = temperature_for_ratio(machine, options.thermal_ratio, fit.decoder);
  machine.settle_steps = settle_steps_for(machine, kLeft);
  machine.window_steps = options.window_steps;
  report.peaks = choose_scale(machine, samples.encoder, samples.bottleneck, kSpan);
  report.thermal_ratio = thermal_ratio(machine, machine.kt, fit.decoder);

  report.fitted = rest_score(machine, fit, false);
  report.held_out = rest_score(machine, held_out, false);
  report.frozen = rest_score(machine, held_out, true);
  const Eigen::MatrixXd readout = rest_readout(machine, held_out.encoder, held_out.bottleneck, false);
  report.averaged = score(with_window_noise(machine, readout, options.seed), held_out.decoder, machine.fit_mean);
  report.baseline_mean =
      score(machine.fit_mean.transpose().replicate(held, 1), held_out.decoder, machine.fit_mean).cosine;
  measure_gains(report);
  return report;
}

std::string table(const PresetReport& report) {
  const Machine& m = report.machine;
  const auto pair = [](const Score& s) { return fmt::format("{:.5f} / {:.5f}", s.cosine, s.cosine_centred); };
  std::string text;
  const auto line = [&text](const char* name, const std::string& value) {
    text += fmt::format("  {:<34}{}\n", name, value);
  };
  line("preset, seed, images", fmt::format("{}, {}, {}", m.preset, m.fit_seed, m.fit_images));
  line("interface_parameters", fmt::format("{}", m.interface.parameters()));
  line("gains encoder -> decoder", fmt::format("{:.3f} to {:.3f}", report.greatest_gain, report.least_gain));
  if (report.ridge > 0) line("ridge (share of variance)", fmt::format("{:g}", report.ridge));
  line("lambda", fmt::format("{:.4f} to {:.4f}", report.stability.lambda_min, report.stability.lambda_max));
  line("max|1 - e lambda|, e", fmt::format("{:.4f}, {}", report.stability.radius, m.step));
  line("slowest relaxation", fmt::format("{:.1f} steps", report.stability.relaxation_steps));
  line("settle + window", fmt::format("{} + {} steps", m.settle_steps, m.window_steps));
  line("scale", fmt::format("{}", m.layers[static_cast<std::size_t>(m.decoder)].scale));
  const double scale = m.layers[static_cast<std::size_t>(m.decoder)].scale;
  line("peaks state, field, word (of 8)", fmt::format("{:.2f}, {:.2f}, {:.2f}", report.peaks.state / scale,
                                                      report.peaks.field / scale, report.peaks.word / scale));
  line("largest coefficient (below 8)", fmt::format("{:.3f}", report.peaks.coefficient));
  line("kt, thermal_ratio", fmt::format("{}, {:.4f}", m.kt, report.thermal_ratio));
  line("baseline_mean, held out", fmt::format("{:.5f}", report.baseline_mean));
  line("cosine / centred, fit set", pair(report.fitted));
  line("cosine / centred, held out", pair(report.held_out));
  line("... interface frozen", pair(report.frozen));
  line("... with the window's noise", pair(report.averaged));
  if (report.stopped) text += "  stopped early: the interface is the best so far\n";
  return text;
}

}  // namespace settle
