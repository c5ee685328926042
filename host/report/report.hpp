// What a run found, and what report.json says of it: the file that a run leaves for people and programs to read.
//
// A report is data. It is written by the run and drawn, compared or quoted by others; nothing here measures anything.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "contract/presets/presets.hpp"

namespace settle {

/// A measure, or nothing if it was not taken: null in JSON, "-" in the table, never 0.
using Measure = std::optional<double>;
using Count = std::optional<std::uint64_t>;

/// One run. The members are the fields of report.json under its names, unless a line says otherwise. report.json also
/// has what follows from them: decoder.share_of_baseline, decoder.share_of_frozen, settling.measured_over_predicted,
/// image.psnr_loss, and the groups `judged`, `not_judged` and `targets`.
struct Report {
  std::string preset;         ///< "anchored", "paper", ...
  std::string engine;         ///< an engine's name (device/engine_names.hpp) or a board's
  std::uint64_t samples = 0;  ///< images scored
  std::uint64_t seed = 0;
  double sigma = 0;             ///< noise level of the images
  double kt = 0;                ///< temperature of the array
  std::string git;              ///< commit that was built
  std::string config_hash;      ///< 16 hex digits
  std::vector<Target> targets;  ///< the preset's; see judgement.hpp
  std::string not_judged;       ///< why the run is not one that the targets were set for; empty: it is one

  struct Decoder {
    Measure cosine, cosine_centred, r2, baseline_mean;
    Measure oracle;            ///< cosine with the exact-oracle field
    Measure shuffled;          ///< cosine_centred, images and targets paired at random
    Measure frozen_interface;  ///< cosine_centred, interface frozen at its mean output
    Measure cosine_paper;
  } decoder;

  Measure thermal_ratio;
  Count interface_parameters;
  Measure conditioning_deficit;
  Measure conditioning_deficit_paper;  ///< the paper's pair std(A x) / std(Je x); beside the measure above
  Measure decoder_shift;

  struct Settling {
    Measure settling_steps, predicted_steps, lambda_min_steps;
    Measure settling_cycles;  ///< clock cycles
    Measure settling_rc;      ///< units of RC = 1 / (mu * mean a)
    Measure autocorrelation_steps;
    Measure ess_per_second;  ///< effective samples per second of wall time
    Measure split_r_hat;     ///< of the two halves of the series that autocorrelation_steps is of
  } settling;

  /// Loss of cosine_centred by fixed point against float64, same noise.
  struct FixedPoint {
    Measure loss_kt0;  ///< at kT = 0
    Measure loss;      ///< at the run's kT and averaging
    Measure mean_bias, variance_bias,
        covariance_bias;  ///< of the decoder's stationary law, see study/measures/bias.hpp
    Measure stall;        ///< at kT = 0, see study/run/same_noise.hpp
  } fixed_point;

  /// Measured from the first sample's trajectory, in kT: see study/measures/heat.hpp and study/run/heat_run.hpp.
  struct Heat {
    Measure of_inference;      ///< given to the bath in all settle steps from x = 0
    Measure per_step_settled;  ///< mean of a step after settling
    Measure per_step_error;    ///< its standard error
  } heat;

  /// Mean PSNR in dB, peak 2, of machines that read out a whole map; what follows it in the network is digital.
  struct Image {
    Measure psnr;           ///< the image that follows from the read-out
    Measure psnr_unet;      ///< the digital network's own
    Measure psnr_mean_map;  ///< what follows from the fit set's mean map: a constant's PSNR
    Measure psnr_noisy;     ///< the input's
  };
  std::optional<Image> image;  ///< absent from report.json if the machine gives no image

  Count cell_updates, cycles;
  Measure mac_utilisation;  ///< 0 to 1
  Count saturations;
  Measure wall_seconds;

  /// More groups beside these, each under a name of its own: device, sweep settings, energy.
  nlohmann::ordered_json extra = nlohmann::ordered_json::object();
};

/// Settings and measures alone, those that follow from others among them: what to_json begins with. A measure that was
/// not taken, or follows from one that was not, is null.
///   decoder.share_of_baseline        (1 - cosine) / (1 - baseline_mean)
///   decoder.share_of_frozen          (1 - cosine_centred) / (1 - frozen_interface)
///   settling.measured_over_predicted settling_steps / predicted_steps
///   image.psnr_loss                  psnr_unet - psnr, dB
nlohmann::ordered_json measures_json(const Report& report);

/// The report as JSON: measures_json, then
///   judged      whether the run is one that the preset's targets were set for
///   not_judged  why not; null if it is
///   targets     a list, empty if not judged: {"measure": path in this file, "least" and "most" (those that there are),
///               "value": null if not taken, "applies": false if it is of engines with a clock and this one has none,
///               "met": true, false, or null if not taken}
/// and the groups of `extra`. Throws Error, naming the field, if a number is not finite, if `extra` is not an object or
/// if one of its names is taken, and as judge().
nlohmann::ordered_json to_json(const Report& report);

/// What report.json holds. Throws Error as to_json.
std::string report_text(const Report& report);

}  // namespace settle
