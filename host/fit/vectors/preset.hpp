// One preset, fitted from samples to a machine that is ready to run: couplings, interface, scale, temperature, windows.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "contract/presets/presets.hpp"
#include "fit/activations/samples.hpp"
#include "fit/vectors/scaling.hpp"
#include "fit/vectors/score.hpp"
#include "machine/check.hpp"
#include "machine/machine.hpp"

namespace settle {

struct PresetOptions {
  FitKind kind = FitKind::anchored;  ///< `anchored` or `paper`
  double step = 0.25;                ///< e of the configuration
  double thermal_ratio = 0.125;      ///< at the default temperature, > 0
  int window_steps = 512;            ///< steps averaged, >= 1
  int restarts = 4;                  ///< of the interface's search
  int iterations = 300;              ///< of each
  std::uint64_t seed = 7;            ///< of their starts
};

inline constexpr int kFewestImages = 600;  ///< samples that a fit needs

/// Throws Error unless the options make sense: a kind of two vectors and as many samples (`count`) as a fit needs.
void check_options(const PresetOptions& options, std::int64_t count);

/// What a fit reports about itself. Scores are noise-free unless said otherwise; held-out samples are the last sixth of
/// those given.
struct PresetReport {
  Machine machine;
  Stability stability;
  Peaks peaks;               ///< physical units
  double baseline_mean = 0;  ///< cosine of the fit set's mean on held-out samples
  Score fitted, held_out;
  Score frozen;    ///< held out, interface at its mean
  Score averaged;  ///< held out, with the thermal noise that the window leaves
  double thermal_ratio = 0;
  double greatest_gain = 0, least_gain = 0;  ///< singular values of encoder activation -> decoder state, leading k
  double ridge = 0;                          ///< share chosen on held-out samples (anchored)
  bool stopped = false;                      ///< `stop` ended the search early
};

/// Fits a machine of `options.kind` on the first 5/6 of `samples` (the last sixth chooses the ridge and is scored).
/// Interrupted by `stop`, it keeps the best machine so far. Throws Error for a kind of maps, fewer than kFewestImages
/// samples, a machine that check_machine refuses or that does not fit the format, and samples that are not finite.
PresetReport fit_preset(const ActivationMeans& samples, const KernelCuts& kernels, const PresetOptions& options,
                        const std::function<bool()>& stop, const std::function<void(const std::string&)>& progress);

/// The report as lines of text.
std::string table(const PresetReport& report);

}  // namespace settle
