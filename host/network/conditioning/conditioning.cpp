#include "network/conditioning/conditioning.hpp"

#include "base/error.hpp"
#include "base/parallel.hpp"
#include "images/idx.hpp"
#include "images/noise.hpp"
#include "network/conditioning/layer_maps.hpp"
#include "network/graph/image_map.hpp"
#include "network/graph/queries.hpp"

namespace settle {
namespace {

void check_layer(const Machine& machine, const Graph& network, std::size_t l, const std::string& name) {
  const Layer& layer = machine.layers[l];
  if (layer.noise_level.size() > 0 && layer.noise_level.cols() != network.noise_levels.features) {
    throw error("{}: layers[{}].noise_level: {} columns, the network has {} noise features", name, l,
                layer.noise_level.cols(), network.noise_levels.features);
  }
  const bool decoder = static_cast<int>(l) == machine.decoder;
  if (layer.map.empty()) {
    if (decoder) throw error("{}: layers[{}].map: \"\", the layer that is read needs a map", name, l);
    return;
  }
  const MapSize& size = network_map(network, layer.map, fmt::format("{}: layers[{}].map", name, l));
  const Grid grid(layer.height, layer.width);
  const bool fits = grid == size.grid || (!layer.clamp.empty() && half_grid(grid) == size.grid);
  if (layer.sites() != 1 && !fits) {
    throw error("{}: layers[{}]: {} x {} sites, {} has {} x {}; one site stands for its mean", name, l, layer.height,
                layer.width, layer.map, size.grid.height, size.grid.width);
  }
  if (layer.site_cells % size.channels != 0) {
    throw error("{}: layers[{}].site_cells: {}, {} has {} channels, a multiple of them is needed", name, l,
                layer.site_cells, layer.map, size.channels);
  }
  if (layer.added_map.empty()) return;
  if (decoder) {
    throw error("{}: layers[{}].added_map: \"{}\", the layer that is read stands for one map", name, l,
                layer.added_map);
  }
  const std::string field = fmt::format("{}: layers[{}].added_map", name, l);
  const MapSize& added = network_map(network, layer.added_map, field);
  if (added != size) {
    throw error("{}: {} is {}, {} is {}", field, layer.added_map, size_text(added), layer.map, size_text(size));
  }
}

void check_interface(const Machine& machine, const Graph& network, const std::string& name) {
  const Interface& interface = machine.interface;
  if (interface.source.empty()) return;
  const MapSize& size = layer_map(network, interface.source, name + ": interface.source").size;
  if (interface.down.cols() != size.channels) {
    throw error("{}: interface.down: {} columns, {} has {} channels", name, interface.down.cols(), interface.source,
                size.channels);
  }
  const Layer& target = machine.layers[static_cast<std::size_t>(interface.target)];
  const Grid grid(target.height, target.width);
  const bool same = grid == size.grid, half = half_grid(grid) == size.grid;
  if (target.sites() != 1 && !same && !half) {
    throw error("{}: interface.target: {} x {} sites, {} has {} x {}: equal sides, half of them or one site are needed",
                name, target.height, target.width, interface.source, size.grid.height, size.grid.width);
  }
}

}  // namespace

void check_maps(const Machine& machine, const Graph& network, const std::string& name) {
  for (std::size_t l = 0; l < machine.layers.size(); ++l) check_layer(machine, network, l, name);
  check_interface(machine, network, name);
}

Conditioning conditioning_of(const Machine& machine, const Graph& network, const Maps& maps, double sigma) {
  Conditioning conditioning;
  for (const Layer& layer : machine.layers) {
    conditioning.layers.push_back(layer.map.empty() ? Eigen::VectorXd() : layer_activation(layer, maps));
  }
  if (!machine.interface.source.empty()) {
    const Map& map = maps.at(machine.interface.source);
    const bool mean = machine.layers[static_cast<std::size_t>(machine.interface.target)].sites() == 1;
    conditioning.interface = mean ? spatial_mean(map) : Eigen::VectorXd(Eigen::MatrixXd(map.cast<double>()).reshaped());
  }
  if (sigma != machine.sigma) {
    const NoiseLevels& levels = network.noise_levels;
    conditioning.noise_change = (noise_features(levels, sigma) - noise_features(levels, machine.sigma)).cast<double>();
  }
  return conditioning;
}

std::vector<Conditioning> conditionings(const Machine& machine, const Graph& network, const ImageSet& images,
                                        std::size_t first, std::size_t count, double sigma, std::uint64_t seed,
                                        const std::function<bool()>& stop) {
  if (first > images.size() || count > images.size() - first) {
    throw error("activations: images {} to {} are wanted, the set holds {}", first, first + count, images.size());
  }
  std::vector<Conditioning> result(count);
  const auto work = [&](std::size_t i, std::size_t) {
    const Image image = noisy(images.image(first + i), sigma, seed, first + i);
    result[i] = conditioning_of(machine, network, run(network, image_map(image, network), sigma), sigma);
  };
  result.resize(parallel_for(count, worker_count(count), work, stop));
  return result;
}

}  // namespace settle
