// The figures by which a trained network is judged: how well it denoises, whether everyone else computes the same, and
// how hard its activations are to guess.
#pragma once

#include <string>

#include <torch/torch.h>

#include "network/description/description.hpp"
#include "network/train/data.hpp"
#include "network/train/torch_graph.hpp"

namespace settle {

/// Denoising of test images at one noise level. Errors are per number on [-1, 1]; PSNR is the mean over images of each
/// image's dB, peak 2.
struct DenoisingFigures {
  double sigma = 0, mse = 0, psnr = 0, noisy_mse = 0, noisy_psnr = 0;
};

/// Denoises the first `count` test images with noise of kTestNoiseSeed.
DenoisingFigures measure_denoising(const TorchGraph& net, const torch::Tensor& test, double sigma, std::int64_t count);

/// A map of the network, the largest distance |libtorch's - inference's| / |inference's| of it.
struct InferenceDifference {
  std::string map;
  double difference = 0;
};

/// The most that maps of libtorch and of network/graph/inference.hpp may differ.
inline constexpr double kMostDifference = 1e-4;

/// The largest difference over every map of the first two test images with noise, at noise levels from the lowest to
/// the highest. Throws Error if it is above kMostDifference.
InferenceDifference check_inference(const TorchGraph& net, const torch::Tensor& test);

/// How much of the spatial mean t of the map behind a limited kernel is the same for all images, and how much of what
/// is left linear regression finds in the spatial means of the maps that it takes in: first the bottleneck's, then e,
/// the skip's. Fitted on 4,000 training, scored on 1,000 test images (all where there
/// are fewer).
struct GuessFigures {
  double baseline_mean = 0;        ///< mean cosine of t with its mean over the training images
  double linear16 = 0;             ///< centred cosine of t with the best rank-16 regression on e
  double linear16_bottleneck = 0;  ///< the same after a regression on the bottleneck is added for what the first leaves
};

/// Measures the map `map` at noise level `sigma`.
GuessFigures measure_guesses(const TorchGraph& net, const ImageData& data, const std::string& map, double sigma);

/// All figures as text for a person, sigma 0.5 first. Throws Error as check_inference.
std::string report(const TorchGraph& net, const ImageData& data, const Description& description);

}  // namespace settle
