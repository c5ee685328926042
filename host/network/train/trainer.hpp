// The training itself: the loop that turns images into weights.
#pragma once

#include <cstdint>
#include <functional>

#include "network/train/data.hpp"
#include "network/train/model.hpp"

namespace settle {

/// What a training run can be told.
struct TrainingOptions {
  std::int64_t steps = 18000;   ///< optimiser steps, >= 1
  std::int64_t batch = 64;      ///< images per step, >= 1
  double learning_rate = 6e-3;  ///< Adam's, at its highest
  double ema = 0.999;           ///< decay of the averaged weights, per step
  double sigma_centre = 0.5;    ///< median of the noise levels
  double sigma_spread = 1.0;    ///< standard deviation of ln sigma
  double narrow_share = 0.8;    ///< share of the images whose spread is narrow_spread
  double narrow_spread = 0.2;   ///< that spread
  int bottleneck_rank = 4;      ///< of the bottleneck's part of d3's kernel, 1 .. 64: the interface's width
  int skip_rank = 16;           ///< of e3's part, 1 .. 64: the bus's
  std::uint64_t seed = 1;
};

/// How far a run is.
struct TrainingProgress {
  std::int64_t step = 0;
  double loss = 0;  ///< running mean of the weighted loss
  double images_per_second = 0;
  double seconds = 0;
};

/// Trains `net` in place and leaves the averaged weights in it. `stop` is asked before every step; when it says yes the
/// run ends there. `show` is called after every step. Returns the last progress. The same options give the same weights
/// on the same machine.
TrainingProgress train(TorchUnet& net, const ImageSet& images, const TrainingOptions& options,
                       const std::function<bool()>& stop, const std::function<void(const TrainingProgress&)>& show);

}  // namespace settle
