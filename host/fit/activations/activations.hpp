// From images to the numbers that the fit works on: spatial means of the network's feature maps.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

#include "fit/activations/samples.hpp"

namespace settle {

class ImageSet;
struct Graph;

/// Means for images first .. first + count - 1 of `images`, each with the noise of (sigma, seed, its number in the
/// file; images/noise.hpp). All cores share the work; the result does not depend on how many there are. `stop` is asked
/// between images; when it says yes only the samples before the first unfinished one are returned. Throws Error if the
/// set holds fewer images, and as the network does.
ActivationMeans activation_means(const Graph& network, const ImageSet& images, std::size_t first, std::size_t count,
                                 double sigma, std::uint64_t seed, const std::function<bool()>& stop);

/// The kernels of e3 and d3, cut.
KernelCuts kernel_cuts(const Graph& network);

/// All that a fit takes from files.
struct TrainingSamples {
  ActivationMeans means;
  KernelCuts kernels;
  std::string unet_hash;
};

/// Means of the first `count` images of the file `images`, with the network of the file `network`. `begin` (may be
/// empty) is called when the files have been read and the work begins. Throws Error if a file is missing or bad, and as
/// training_images().
TrainingSamples training_samples(const std::filesystem::path& network, const std::filesystem::path& images,
                                 std::size_t count, double sigma, std::uint64_t seed,
                                 const std::function<void()>& begin, const std::function<bool()>& stop);

}  // namespace settle
