#include "fit/maps/map_machine.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "base/error.hpp"
#include "fit/maps/convolution_bus.hpp"
#include "fit/maps/digits.hpp"
#include "fit/maps/leaky_table.hpp"
#include "fit/maps/linear_interface.hpp"
#include "network/graph/inference.hpp"
#include "network/graph/queries.hpp"
#include "network/layers/convolution.hpp"
#include "network/layers/map.hpp"

namespace settle {
namespace {

constexpr int kPixelCells = 16;  // equal cells per pixel: the array's lanes take whole sites, and their mean is quieter
constexpr double kPeak = 22;     // units that the largest field of a training image may have
constexpr double kScale = 4;     // of the state: +-32 units
constexpr double kPassed = 0.5;  // of the field noise's variance: a cell is a low pass of the noise's own time
constexpr double kRectifiedNoise = 0.6;  // variance of a rectifying cell's noise beside a linear one's, about

// A preset's buses, by name; the interface stands in one's place.
std::vector<std::string> buses_of(const MapPlan& plan, const Graph& network) {
  std::vector<std::string> names;
  for (const std::string& target : plan.settles) {
    for (const std::string& source : sources_of(network, target)) {
      if (!plan.interface || source != "b") names.push_back(fmt::format("{}-{}", source, target));
    }
  }
  return names;
}

class Builder {
 public:
  Builder(const Graph& network, const std::map<std::string, MapStatistics>& statistics, double sigma,
          const MapOptions& options)
      : network_(network), statistics_(statistics), sigma_(sigma), options_(options) {}

  MapReport build() {
    const MapPlan& plan = options_.preset.maps;
    Machine& m = report_.machine;
    m.preset = options_.preset.name;
    m.configuration = options_.preset.configuration;
    m.step = options_.step;
    m.kt = options_.kt;
    m.settle_steps = plan.settle_steps;
    m.window_steps = options_.window_steps;
    m.sigma = sigma_;
    for (const std::string& map : plan.held) add_held(map);
    for (const std::string& map : plan.settles) add_computed(map);
    for (const std::string& map : plan.settles) {
      for (const std::string& source : sources_of(network_, map)) {
        if (plan.interface && source == "b") {
          add_interface();
        } else {
          add_bus(source, map);
        }
      }
      add_table(map);
    }
    m.encoder = index("e3");
    if (m.encoder == static_cast<int>(m.layers.size())) m.encoder = -1;
    m.decoder = static_cast<int>(m.layers.size()) - 1;
    const Eigen::MatrixXd mean =
        unit(plan.settles.back()).cwiseInverse().asDiagonal() * statistics_.at(plan.settles.back()).mean;
    m.fit_mean = digits7_of(Eigen::VectorXd(mean.reshaped()));
    check_coefficients();
    return std::move(report_);
  }

 private:
  // Of the layer that stands for `map`; the number of layers if there is none.
  int index(const std::string& map) const {
    const std::vector<Layer>& layers = report_.machine.layers;
    const auto found = std::find_if(layers.begin(), layers.end(), [&](const Layer& l) { return l.map == map; });
    return static_cast<int>(found - layers.begin());
  }

  bool is_image(const std::string& map) const { return network_.node(map).kind == Node::Kind::scale; }

  double slope_of(const std::string& map) const {
    const Activation& activation = network_.node(map).activation;
    if (activation.kind != Activation::Kind::leaky_relu || activation.slopes.size() != 1) {
      throw error("fit: {} is a {}: cells for leaky_relu with one slope only are made so far", map,
                  activation_name(activation.kind));
    }
    return static_cast<double>(activation.slopes[0]);
  }

  // Activation per unit of state, by channel: a standard deviation, or what keeps the largest field within the format.
  Eigen::VectorXd unit(const std::string& map) const {
    const MapStatistics& s = statistics_.at(map);
    const double floor = 1e-3 * s.deviation.maxCoeff();  // a channel that never moves
    // Below 0 the force behind an activation is 1 / slope times it.
    const double slope = is_image(map) ? 1.0 : slope_of(map);
    const Eigen::VectorXd peak = s.greatest.cwiseMax(-s.least / slope);
    return digits7_of(Eigen::VectorXd(s.deviation.cwiseMax(peak / kPeak).cwiseMax(floor)));
  }

  Layer& add_layer(const std::string& map) {
    const MapSize& size = network_.node(map).size;
    Layer layer;
    layer.name = layer.map = map;
    layer.height = size.grid.height;
    layer.width = size.grid.width;
    layer.site_cells = is_image(map) ? kPixelCells * size.channels : size.channels;
    layer.scale = kScale;
    layer.stiffness = Eigen::VectorXd::Ones(layer.site_cells);
    layer.field = Eigen::VectorXd::Zero(layer.site_cells);
    layer.unit = unit(map).replicate(layer.site_cells / size.channels, 1);
    report_.machine.layers.push_back(std::move(layer));
    return report_.machine.layers.back();
  }

  void add_held(const std::string& map) { add_layer(map).held = true; }

  void add_computed(const std::string& map) {
    Layer& layer = add_layer(map);
    const Eigen::VectorXd per_unit = layer.unit.cwiseInverse();
    const Node& convolution = convolution_behind(network_, map);
    layer.field =
        digits7_of(Eigen::VectorXd(per_unit.asDiagonal() * bias_at(network_, convolution, sigma_).cast<double>()));
    layer.noise_level =
        digits7_of(Eigen::MatrixXd(per_unit.asDiagonal() * Eigen::MatrixXd(convolution.noise.cast<double>())));
  }

  // The part of `target`'s kernel that reads `source`, [taps * outputs x inputs], tap by tap; outputs in units of
  // state.
  Eigen::MatrixXd kernel(const std::string& source, const std::string& target) const {
    Eigen::Index first = 0;
    for (const std::string& other : sources_of(network_, target)) {
      if (other == source) break;
      first += network_.node(other).size.channels;
    }
    const Kernel& all = convolution_behind(network_, target).weights;
    const Eigen::Index inputs = network_.node(source).size.channels, outputs = all.rows();
    const Eigen::VectorXd to = unit(target);
    Eigen::MatrixXd part(kTaps * outputs, inputs);
    for (Eigen::Index t = 0; t < kTaps; ++t) {
      for (Eigen::Index i = 0; i < inputs; ++i) {
        for (Eigen::Index o = 0; o < outputs; ++o) {
          part(t * outputs + o, i) = static_cast<double>(all(o, (first + i) * kTaps + t)) / to[o];
        }
      }
    }
    return part;
  }

  bool pooled(const std::string& source, const std::string& target) const {
    return network_.node(source).size.grid.height > network_.node(target).size.grid.height;
  }

  void add_bus(const std::string& source, const std::string& target) {
    Eigen::MatrixXd taps = kernel(source, target) * unit(source).asDiagonal();
    const Eigen::Index outputs = taps.rows() / kTaps;
    BusReport cost;
    cost.name = source + "-" + target;
    cost.dense = taps.size();
    add_noise(source, target, taps);
    Bus bus;
    bus.name = cost.name;
    bus.source = index(source);
    bus.target = index(target);
    bus.reciprocal = false;
    bus.tap_range = {-1, -1, 3, 3};
    if (middle_tap_only(taps, outputs)) {
      taps = middle_tap(taps, outputs);
      bus.tap_range = {};
    }
    if (is_image(source)) {
      bus.source_matrix = Eigen::MatrixXd::Constant(kPixelCells, 1, 1.0 / kPixelCells);
      bus.target_matrix = side_by_side(taps, outputs);
    } else {
      const ConvolutionBus found = convolution_bus(taps, outputs, moment(source, target), most_rank(bus.name));
      bus.source_matrix = found.source_matrix;
      bus.target_matrix = found.target_matrix;
      cost.left_out = found.left_out;
    }
    bus.source_matrix = digits7_of(bus.source_matrix);
    bus.target_matrix = -digits7_of(bus.target_matrix);  // the bus's force is minus what it carries
    cost.rank = static_cast<int>(bus.source_matrix.cols());
    cost.weights = bus.source_matrix.size() + bus.target_matrix.size();
    report_.weights += cost.weights;
    report_.dense += cost.dense;
    report_.buses.push_back(cost);
    report_.machine.buses.push_back(std::move(bus));
  }

  std::optional<int> most_rank(const std::string& bus) const {
    const auto limit = options_.ranks->find(bus);
    return limit == options_.ranks->end() ? std::nullopt : std::optional<int>(limit->second);
  }

  // Second moment of what `target` sees of `source`, in units of state.
  Eigen::MatrixXd moment(const std::string& source, const std::string& target) const {
    const MapStatistics& s = statistics_.at(source);
    const Eigen::VectorXd per_unit = unit(source).cwiseInverse();
    return per_unit.asDiagonal() * (pooled(source, target) ? s.pooled_moment : s.moment) * per_unit.asDiagonal();
  }

  // Variance of the field that the source's thermal noise makes in a typical cell of the target.
  void add_noise(const std::string& source, const std::string& target, const Eigen::MatrixXd& taps) {
    double variance = options_.kt / (1 - options_.step / 2);
    if (is_image(source)) variance /= kPixelCells;
    if (!report_.machine.layers[static_cast<std::size_t>(index(source))].held) variance *= kRectifiedNoise;
    if (pooled(source, target)) variance /= 4;
    field_variance_[target] += variance * taps.squaredNorm() * kTaps / static_cast<double>(taps.rows());
  }

  void add_table(const std::string& map) {
    Layer& layer = report_.machine.layers[static_cast<std::size_t>(index(map))];
    LeakyCell cell;
    cell.slope = slope_of(map);
    cell.step = options_.step;
    cell.kt = options_.kt;
    cell.field_noise = std::sqrt(kPassed * field_variance_[map]);
    layer.force = leaky_table(cell, kScale * kStateRange, options_.table_pieces);
    for (double& knot : layer.force) knot = digits7(knot);
    report_.table_errors[map] = options_.kt > 0 ? answer_error(cell, layer.force, kScale * kStateRange) : 0.0;
  }

  // The bottleneck's part of d3 through the interface, to which training limits it.
  void add_interface() {
    const Eigen::MatrixXd taps = kernel("b", "d3");
    const Eigen::Index outputs = taps.rows() / kTaps, inputs = taps.cols();
    const Eigen::MatrixXd middle = middle_tap(taps, outputs);
    Interface& interface = report_.machine.interface;
    double left_out = 0;
    interface = linear_interface(middle, left_out);
    if (left_out + taps.squaredNorm() - middle.squaredNorm() > 1e-6 * taps.squaredNorm()) {
      throw error("fit: d3's bottleneck part has more than {} directions or more than one tap: train with the limit",
                  interface.down.rows());
    }
    interface.source = "b";
    interface.target = index("d3");
    const Map mean = statistics_.at("b").mean.cast<float>();
    const Eigen::MatrixXd field = middle * twice(mean, network_.node("d3").size.grid).cast<double>();
    interface.mean_field = digits7_of(Eigen::VectorXd(field.reshaped()));
    report_.weights += interface.parameters();
    report_.dense += kTaps * inputs * outputs;
  }

  void check_coefficients() const {
    for (const Bus& bus : report_.machine.buses) {
      const double largest = std::max(bus.source_matrix.cwiseAbs().maxCoeff(), bus.target_matrix.cwiseAbs().maxCoeff());
      if (largest >= 8) throw error("fit: bus {}: a coefficient is {:.4g}, below 8 is needed", bus.name, largest);
    }
  }

  const Graph& network_;
  const std::map<std::string, MapStatistics>& statistics_;
  double sigma_;
  const MapOptions& options_;
  std::map<std::string, double> field_variance_;
  MapReport report_;
};

}  // namespace

void check_ranks(const std::map<std::string, int>& ranks, const Preset& preset, const Graph& network,
                 const std::string& what) {
  if (preset.kind != FitKind::maps) throw error("{}: is of the presets of maps, --preset is {}", what, preset.name);
  const std::vector<std::string> known = buses_of(preset.maps, network);
  for (const auto& [bus, rank] : ranks) {
    if (std::find(known.begin(), known.end(), bus) == known.end()) {
      throw error("{}: {}: no bus of {}; known are {}", what, bus, preset.name, fmt::join(known, ", "));
    }
    if (rank < 1 || rank > kMostRank) throw error("{}: {}: {} is not 1 to {}", what, bus, rank, kMostRank);
  }
}

void check_map_preset(const Preset& preset, const Graph& network) {
  if (preset.kind != FitKind::maps) throw error("fit: {} is no preset of maps", preset.name);
  const std::string what = fmt::format("fit: preset {}", preset.name);
  for (const std::string& map : preset.maps.held) layer_map(network, map, what + ": held");
  std::set<std::string> there(preset.maps.held.begin(), preset.maps.held.end());
  there.insert(preset.maps.settles.begin(), preset.maps.settles.end());
  for (const std::string& map : preset.maps.settles) {
    const std::vector<std::string> known = convolved_maps(network);
    if (std::find(known.begin(), known.end(), map) == known.end()) {
      throw error("{}: settles: {} is no convolution of the network; known are {}", what, map, fmt::join(known, ", "));
    }
    for (const std::string& source : sources_of(network, map)) {
      if (there.count(source) == 0 && !(preset.maps.interface && source == "b")) {
        throw error("{}: settles: {} is fed by {}, which is neither held nor settles", what, map, source);
      }
    }
  }
  check_ranks(preset.maps.ranks, preset, network, what + ": ranks");
}

MapReport fit_maps(const Graph& network, const std::map<std::string, MapStatistics>& statistics, double sigma,
                   const MapOptions& options) {
  check_map_preset(options.preset, network);
  MapOptions complete = options;
  if (!complete.ranks) complete.ranks = options.preset.maps.ranks;
  check_ranks(*complete.ranks, options.preset, network, "fit");
  return Builder(network, statistics, sigma, complete).build();
}

}  // namespace settle
