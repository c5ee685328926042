// What the network's definition fixes, in one place for training and inference.
#pragma once

#include <cmath>

#include <Eigen/Core>

namespace settle {

/// Channels of the three levels, from 28 x 28 down, and of the bottleneck; and the sides of their grids.
inline constexpr int kChannels1 = 16;
inline constexpr int kChannels2 = 32;
inline constexpr int kChannels3 = 64;
inline constexpr int kChannelsB = 64;
inline constexpr int kSide1 = 28;
inline constexpr int kSide2 = 14;
inline constexpr int kSide3 = 7;
inline constexpr int kSideB = 4;

/// Its images are grey squares.
inline constexpr int kImageSide = kSide1;
inline constexpr int kImagePixels = kImageSide * kImageSide;

/// Standard deviation of the clean pixels (MNIST's training images on [-1, 1]): the EDM preconditioning's sigma_data.
inline constexpr double kSigmaData = 0.6162;

/// The metadata entry `format` of a weights file.
inline constexpr const char* kWeightsFormat = "settle-unet-1";

/// Noise levels that the network accepts; training covers them.
inline constexpr double kSigmaMin = 0.02;
inline constexpr double kSigmaMax = 80.0;

/// Factors of D(x; sigma) = skip * x + out * F(in * x; sigma).
struct Preconditioning {
  double in, skip, out;
};

/// The factors that give F an input and a target of unit variance. `sigma`: standard deviation of the noise, > 0.
inline Preconditioning preconditioning(double sigma) {
  const double total = sigma * sigma + kSigmaData * kSigmaData;
  return {1.0 / std::sqrt(total), kSigmaData * kSigmaData / total, sigma * kSigmaData / std::sqrt(total)};
}

/// Features through which the noise level reaches every convolution's bias.
inline constexpr int kNoiseFeatures = 8;

/// cos(k pi u), k = 1 to kNoiseFeatures, where u runs from 0 to 1 with ln sigma over kSigmaMin to kSigmaMax (sigma
/// outside is taken as the nearer end). Smooth, bounded by 1, and nearly uncorrelated over the range.
inline Eigen::Matrix<float, kNoiseFeatures, 1> noise_features(double sigma) {
  const double pi = 3.14159265358979323846;
  const double u = std::log(sigma / kSigmaMin) / std::log(kSigmaMax / kSigmaMin);
  Eigen::Matrix<float, kNoiseFeatures, 1> features;
  for (int k = 1; k <= kNoiseFeatures; ++k) {
    features[k - 1] = static_cast<float>(std::cos(k * pi * std::fmin(1.0, std::fmax(0.0, u))));
  }
  return features;
}

}  // namespace settle
