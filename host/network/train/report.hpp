// The figures by which a trained network is judged: how well it denoises, and how hard its activations are to guess.
#pragma once

#include <string>

#include "network/train/data.hpp"
#include "network/train/model.hpp"

namespace settle {

/// Denoising of test images at one noise level. Errors are per pixel on [-1, 1]; PSNR is the mean over images of each
/// image's dB, peak 2.
struct DenoisingFigures {
  double sigma = 0, mse = 0, psnr = 0, noisy_mse = 0, noisy_psnr = 0;
};

/// Denoises the first `count` test images with noise of kTestNoiseSeed.
DenoisingFigures measure_denoising(TorchUnet& net, const ImageSet& test, double sigma, std::size_t count);

/// How much of the spatial mean t of the map d3 (64 numbers per image) is the same for all images, and how much of
/// what is left linear regression finds in the spatial means of e3 and of b. Fitted on 4,000 training, scored on 1,000
/// test images.
struct GuessFigures {
  double baseline_mean = 0;        ///< mean cosine of t with its mean over the training images
  double linear16 = 0;             ///< centred cosine of t with the best rank-16 regression on e3
  double linear16_bottleneck = 0;  ///< the same after a regression on b is added for what the first leaves
};

/// Measures at noise level `sigma`.
GuessFigures measure_guesses(TorchUnet& net, const Mnist& data, double sigma);

/// All figures as text for a person, sigma 0.5 first.
std::string report(TorchUnet& net, const Mnist& data);

}  // namespace settle
