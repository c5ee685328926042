// The training itself: the loop that turns images into weights.
#pragma once

#include <cstdint>
#include <functional>

#include <torch/torch.h>

#include "network/description/description.hpp"
#include "network/train/torch_graph.hpp"

namespace settle {

/// How far a run is.
struct TrainingProgress {
  std::int64_t step = 0;
  double loss = 0;  ///< running mean of the weighted loss
  double images_per_second = 0;
  double seconds = 0;
};

/// Trains a new network from random weights on `images` (bytes [images, channels, height, width]) and returns it with
/// its averaged weights. torch's generator decides what is random; the same seed gives the same weights on the same
/// machine. `stop` is asked before every step; when it says yes the run ends there. `show` is called after every step.
/// `progress` becomes the last one. Throws Error if there are fewer images than a batch has, or if the loss grows
/// without bound.
TorchGraph train(const Description& description, const torch::Tensor& images, const std::function<bool()>& stop,
                 const std::function<void(const TrainingProgress&)>& show, TrainingProgress& progress);

}  // namespace settle
