#include "fit/maps/map_statistics.hpp"

#include <vector>

#include "base/error.hpp"
#include "base/parallel.hpp"
#include "images/idx.hpp"
#include "images/noise.hpp"
#include "network/graph/image_map.hpp"
#include "network/graph/inference.hpp"
#include "network/graph/queries.hpp"

namespace settle {
namespace {

// Images are added in blocks of this many, and the blocks in order: the same sums for any number of cores.
constexpr std::size_t kBlock = 64;

using Statistics = std::map<std::string, MapStatistics>;

Statistics zero(const Graph& network) {
  Statistics all;
  for (const Node* map : layer_maps(network)) {
    const Eigen::Index channels = map->size.channels;
    all[map->name] = {Eigen::MatrixXd::Zero(channels, map->size.grid.sites()),
                      Eigen::VectorXd::Zero(channels),
                      Eigen::VectorXd::Zero(channels),
                      Eigen::VectorXd::Zero(channels),
                      Eigen::MatrixXd::Zero(channels, channels),
                      Eigen::MatrixXd::Zero(channels, channels)};
  }
  return all;
}

void add(Statistics& all, const Graph& network, const Maps& maps) {
  for (const Node* node : layer_maps(network)) {
    MapStatistics& s = all[node->name];
    const Map& map = maps.at(node->name);
    const Eigen::MatrixXd x = map.cast<double>();
    const Eigen::MatrixXd pooled = halve(map, node->size.grid).cast<double>();
    s.mean += x;
    s.least = s.least.cwiseMin(x.rowwise().minCoeff());
    s.greatest = s.greatest.cwiseMax(x.rowwise().maxCoeff());
    s.moment.noalias() += x * x.transpose() / static_cast<double>(x.cols());
    s.pooled_moment.noalias() += pooled * pooled.transpose() / static_cast<double>(pooled.cols());
  }
}

}  // namespace

Statistics map_statistics(const Graph& network, const ImageSet& images, std::size_t first, std::size_t count,
                          double sigma, std::uint64_t seed, const std::function<bool()>& stop) {
  if (first > images.size() || count < 1 || count > images.size() - first) {
    throw error("activations: images {} to {} are wanted, the set holds {}", first, first + count, images.size());
  }
  std::vector<Statistics> blocks((count + kBlock - 1) / kBlock);
  const auto work = [&](std::size_t b, std::size_t) {
    blocks[b] = zero(network);
    for (std::size_t i = first + b * kBlock; i < std::min(first + count, first + (b + 1) * kBlock); ++i) {
      const Image image = noisy(images.image(i), sigma, seed, i);
      add(blocks[b], network, run(network, image_map(image, network), sigma));
    }
  };
  if (parallel_for(blocks.size(), worker_count(blocks.size()), work, stop) < blocks.size()) {
    throw error("fit: interrupted at the images, nothing is written");
  }
  Statistics all = zero(network);
  for (auto& [name, s] : all) {
    for (Statistics& block : blocks) {
      const MapStatistics& part = block[name];
      s.mean += part.mean;
      s.least = s.least.cwiseMin(part.least);
      s.greatest = s.greatest.cwiseMax(part.greatest);
      s.moment += part.moment;
      s.pooled_moment += part.pooled_moment;
    }
    const auto n = static_cast<double>(count);
    s.mean /= n;
    s.moment /= n;
    s.pooled_moment /= n;
    const Eigen::VectorXd overall = s.mean.rowwise().mean();
    s.deviation = (s.moment.diagonal() - overall.cwiseAbs2()).cwiseMax(0.0).cwiseSqrt();
  }
  return all;
}

}  // namespace settle
