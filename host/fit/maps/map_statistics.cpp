#include "fit/maps/map_statistics.hpp"

#include <algorithm>
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

constexpr double kStill = 1e-3;

using Statistics = std::map<std::string, MapStatistics>;

Statistics zero(const Graph& network, const std::vector<CellValue>& values) {
  Statistics all;
  for (const CellValue& value : values) {
    const MapSize size = map_size(network, value.map);
    const Eigen::Index channels = size.channels;
    all[value.key()] = {Eigen::MatrixXd::Zero(channels, size.grid.sites()),
                        Eigen::VectorXd::Zero(channels),
                        Eigen::VectorXd::Zero(channels),
                        Eigen::VectorXd::Zero(channels),
                        Eigen::MatrixXd::Zero(channels, channels),
                        Eigen::MatrixXd::Zero(channels, channels)};
  }
  return all;
}

void add(Statistics& all, const Graph& network, const std::vector<CellValue>& values, const Maps& maps) {
  for (const CellValue& value : values) {
    MapStatistics& s = all[value.key()];
    const Map map = value_of(value, maps);
    const Eigen::MatrixXd x = map.cast<double>();
    const Eigen::MatrixXd pooled = halve(map, map_size(network, value.map).grid).cast<double>();
    s.mean += x;
    s.least = s.least.cwiseMin(x.rowwise().minCoeff());
    s.greatest = s.greatest.cwiseMax(x.rowwise().maxCoeff());
    s.moment.noalias() += x * x.transpose() / static_cast<double>(x.cols());
    s.pooled_moment.noalias() += pooled * pooled.transpose() / static_cast<double>(pooled.cols());
  }
}

}  // namespace

std::vector<CellValue> values_of(const MachinePlan& plan) {
  std::vector<CellValue> values;
  const auto add_value = [&](const CellValue& value) {
    const auto same = [&](const CellValue& other) { return other.key() == value.key(); };
    if (std::none_of(values.begin(), values.end(), same)) values.push_back(value);
  };
  for (const PlannedLayer& layer : plan.layers) {
    add_value(layer.value);
    if (!layer.value.added.empty()) add_value({layer.value.added, "", {}, {}});
    for (const MapSegment& segment : layer.drive.input.segments) add_value({segment.map, "", {}, {}});
  }
  return values;
}

std::vector<CellValue> activations_of(const Graph& network) {
  std::vector<CellValue> values;
  for (const Node& node : network.nodes) {
    if (node.kind != Node::Kind::activation || node.inputs[0] == kImageNode) continue;
    values.push_back({node.name, "", {}, {}});
    values.push_back({node.inputs[0], "", {}, {}});
  }
  return values;
}

std::map<std::string, Eigen::MatrixXd> constant_maps(const Graph& network, const Statistics& statistics) {
  std::map<std::string, Eigen::MatrixXd> constants;
  for (const Node& node : network.nodes) {
    if (node.kind != Node::Kind::activation || node.inputs[0] == kImageNode) continue;
    const MapStatistics& answer = statistics.at(node.name);
    const MapStatistics& given = statistics.at(node.inputs[0]);
    // Over images at each site: what differs from site to site alone is a field.
    const auto sites = static_cast<double>(answer.mean.cols());
    const double moved = answer.moment.trace() - answer.mean.squaredNorm() / sites;
    if (moved < kStill * kStill * given.moment.trace()) constants[node.name] = answer.mean;
  }
  return constants;
}

Map value_of(const CellValue& value, const Maps& maps) {
  const Map& map = maps.at(value.map);
  if (value.added.empty()) return map;
  const Eigen::MatrixXd sum =
      map.cast<double>() + value.added_factor.asDiagonal() * maps.at(value.added).cast<double>();
  return (value.share.cwiseInverse().asDiagonal() * sum).cast<float>();
}

Statistics map_statistics(const Graph& network, const std::vector<CellValue>& values, const ImageSet& images,
                          std::size_t first, std::size_t count, double sigma, std::uint64_t seed,
                          const std::function<bool()>& stop) {
  if (first > images.size() || count < 1 || count > images.size() - first) {
    throw error("activations: images {} to {} are wanted, the set holds {}", first, first + count, images.size());
  }
  std::vector<Statistics> blocks((count + kBlock - 1) / kBlock);
  const auto work = [&](std::size_t b, std::size_t) {
    blocks[b] = zero(network, values);
    for (std::size_t i = first + b * kBlock; i < std::min(first + count, first + (b + 1) * kBlock); ++i) {
      const Image image = noisy(images.image(i), sigma, seed, i);
      add(blocks[b], network, values, run(network, image_map(image, network), sigma));
    }
  };
  if (parallel_for(blocks.size(), worker_count(blocks.size()), work, stop) < blocks.size()) {
    throw error("fit: interrupted at the images, nothing is written");
  }
  Statistics all = zero(network, values);
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
