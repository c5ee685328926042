// From images to the numbers that the fit works on: spatial means of the U-Net's feature maps.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

#include <Eigen/Core>

namespace settle {

class ImageSet;
class Unet;

/// One row a sample, 64 columns each: the mean over a map's sites, in the activations' own units.
struct ActivationMeans {
  Eigen::MatrixXd encoder;     ///< e3, mean over 7 x 7
  Eigen::MatrixXd bottleneck;  ///< b, mean over 4 x 4
  Eigen::MatrixXd decoder;     ///< d3, mean over 7 x 7: the target
};

/// Rows `first` .. `first + count` - 1 of each matrix.
ActivationMeans rows_of(const ActivationMeans& means, Eigen::Index first, Eigen::Index count);

/// Means for images first .. first + count - 1 of `images`, each with the noise of (sigma, seed, its number in the
/// file; mnist/noise.hpp). All cores share the work; the result does not depend on how many there are. `stop` is asked
/// between images; when it says yes only the samples before the first unfinished one are returned. Throws Error if the
/// set holds fewer images, and as Unet does.
ActivationMeans activation_means(const Unet& unet, const ImageSet& images, std::size_t first, std::size_t count, double sigma,
                                 std::uint64_t seed, const std::function<bool()>& stop);

/// What the paper's couplings are made of: the convolution kernels of e3 and d3 as [outputs x inputs * 9] rows (the nine
/// taps of one input side by side), cut to their first 64 columns.
struct KernelCuts {
  Eigen::MatrixXd encoder;  ///< [64 x 64]
  Eigen::MatrixXd decoder;  ///< [64 x 64]
};
KernelCuts kernel_cuts(const Unet& unet);

/// 16 hex digits that name a file's bytes (64-bit FNV-1a): provenance, not security.
std::string file_hash(const std::filesystem::path& path);

}  // namespace settle
