#include "fit/activations/activations.hpp"

#include "base/error.hpp"
#include "base/files.hpp"
#include "base/parallel.hpp"
#include "fit/activations/training_images.hpp"
#include "images/idx.hpp"
#include "images/noise.hpp"
#include "network/graph/graph_file.hpp"
#include "network/graph/image_map.hpp"
#include "network/graph/inference.hpp"
#include "network/graph/queries.hpp"

namespace settle {
namespace {

constexpr Eigen::Index kWidth = 64;

// The maps of the shipped network that stand for the paper's encoder, bottleneck and decoder.
constexpr const char* kEncoder = "e3";
constexpr const char* kBottleneck = "b";
constexpr const char* kDecoder = "d3";

Eigen::MatrixXd cut(const Map& kernel) { return kernel.leftCols(kWidth).cast<double>(); }

}  // namespace

ActivationMeans activation_means(const Graph& network, const ImageSet& images, std::size_t first, std::size_t count,
                                 double sigma, std::uint64_t seed, const std::function<bool()>& stop) {
  if (first > images.size() || count > images.size() - first) {
    throw error("activations: images {} to {} are wanted, the set holds {}", first, first + count, images.size());
  }
  const auto n = static_cast<Eigen::Index>(count);
  ActivationMeans means{Eigen::MatrixXd(n, kWidth), Eigen::MatrixXd(n, kWidth), Eigen::MatrixXd(n, kWidth)};
  const auto work = [&](std::size_t i, std::size_t) {
    const Image image = noisy(images.image(first + i), sigma, seed, first + i);
    Maps maps = {{kImageNode, image_map(image, network)}};
    complete(network, sigma, kDecoder, maps);
    const auto row = static_cast<Eigen::Index>(i);
    means.encoder.row(row) = spatial_mean(maps.at(kEncoder));
    means.bottleneck.row(row) = spatial_mean(maps.at(kBottleneck));
    means.decoder.row(row) = spatial_mean(maps.at(kDecoder));
  };
  const auto whole = static_cast<Eigen::Index>(parallel_for(count, worker_count(count), work, stop));
  return whole == n ? means : rows_of(means, 0, whole);
}

KernelCuts kernel_cuts(const Graph& network) {
  return {cut(convolution_behind(network, kEncoder).weights), cut(convolution_behind(network, kDecoder).weights)};
}

TrainingSamples training_samples(const std::filesystem::path& network_path, const std::filesystem::path& images_path,
                                 std::size_t count, double sigma, std::uint64_t seed,
                                 const std::function<void()>& begin, const std::function<bool()>& stop) {
  const NetworkFile file = read_network(network_path);
  const ImageSet images = training_images(images_path, count, file.graph);
  if (begin) begin();
  return {activation_means(file.graph, images, 0, count, sigma, seed, stop), kernel_cuts(file.graph),
          file_hash(file.weights)};
}

}  // namespace settle
