// The body of `settle fit`: from training images to a preset's machine file.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>

#include "contract/presets/presets.hpp"

namespace settle {

struct FitOptions {
  Preset preset;
  int images = 12000;             ///< training images used, a sixth of them held out; kFewestImages at least
  std::uint64_t seed = 7;         ///< of their noise and of the search's starts
  double sigma = 0.5;             ///< noise level of the images
  std::filesystem::path network;  ///< network file
  std::filesystem::path mnist;    ///< folder of train-images-idx3-ubyte
  std::filesystem::path out;      ///< the machine file to write
  std::optional<std::map<std::string, int>> ranks;  ///< presets of maps: upper bounds, by bus; default: the preset's
  double thermal_ratio = 0.125;                     ///< that the default temperature shall give
  int window_steps = 512;                           ///< steps averaged by default
  /// Training images of another file than MNIST's; empty: those.
  std::filesystem::path image_file;
  /// The whole network becomes a machine of its own; the preset is not asked.
  bool whole_network = false;
  /// Of that one: the PSNR in dB that lower ranks may cost on training images; none: full ranks, but for `ranks`.
  std::optional<double> loss;
  /// Whether images and sigma were asked for: a network takes what there is, and its own noise level, otherwise.
  bool images_given = true, sigma_given = true;
};

/// The file of the training images.
std::filesystem::path images_of(const FitOptions& options);

/// Throws Error unless `options.out` can be written and is none of the files that are read.
void check_output(const FitOptions& options);

/// A line of progress to standard output, at once.
void say(const std::string& text);

/// Fits the preset's machine for its configuration, prints progress and a table to standard output, writes the machine
/// file (whole or not at all) and returns 0. When `stop` says yes during the images, nothing is written (Error); during
/// the search, the best machine so far goes to OUT.interrupted, OUT stays as it was, and 130 is returned. Throws Error
/// for every bad input, before the work.
int fit_command(const FitOptions& options, const std::function<bool()>& stop);

}  // namespace settle
