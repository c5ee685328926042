#include "fit/activations/activations.hpp"

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/parallel.hpp"
#include "fit/activations/training_images.hpp"
#include "images/idx.hpp"
#include "images/noise.hpp"
#include "network/unet/unet.hpp"

namespace settle {
namespace {

constexpr Eigen::Index kWidth = 64;

Eigen::MatrixXd cut(const Map& kernel) { return kernel.leftCols(kWidth).cast<double>(); }

}  // namespace

ActivationMeans activation_means(const Unet& unet, const ImageSet& images, std::size_t first, std::size_t count,
                                 double sigma, std::uint64_t seed, const std::function<bool()>& stop) {
  if (first > images.size() || count > images.size() - first) {
    throw error("activations: images {} to {} are wanted, the set holds {}", first, first + count, images.size());
  }
  const auto n = static_cast<Eigen::Index>(count);
  ActivationMeans means{Eigen::MatrixXd(n, kWidth), Eigen::MatrixXd(n, kWidth), Eigen::MatrixXd(n, kWidth)};
  const auto work = [&](std::size_t i, std::size_t) {
    const Image image = noisy(images.image(first + i), sigma, seed, first + i);
    const Encoded encoded = unet.encode(image, sigma);
    const Map bottleneck = unet.bottleneck(encoded.e3, sigma);
    const auto row = static_cast<Eigen::Index>(i);
    means.encoder.row(row) = spatial_mean(encoded.e3);
    means.bottleneck.row(row) = spatial_mean(bottleneck);
    means.decoder.row(row) = spatial_mean(unet.decode3(bottleneck, encoded.e3, sigma));
  };
  const auto whole = static_cast<Eigen::Index>(parallel_for(count, worker_count(count), work, stop));
  return whole == n ? means : rows_of(means, 0, whole);
}

KernelCuts kernel_cuts(const Unet& unet) {
  return {cut(unet.kernel(Convolution::e3)), cut(unet.kernel(Convolution::d3))};
}

TrainingSamples training_samples(const std::filesystem::path& unet_path, const std::filesystem::path& mnist,
                                 std::size_t count, double sigma, std::uint64_t seed,
                                 const std::function<void()>& begin, const std::function<bool()>& stop) {
  const Unet unet = Unet::load(unet_path);
  const ImageSet images = training_images(mnist, count);
  if (begin) begin();
  return {activation_means(unet, images, 0, count, sigma, seed, stop), kernel_cuts(unet), file_hash(unet_path)};
}

}  // namespace settle
