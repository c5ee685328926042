#include "fit/maps/map_machine.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "base/error.hpp"
#include "fit/maps/answer_table.hpp"
#include "fit/maps/convolution_bus.hpp"
#include "fit/maps/digits.hpp"
#include "fit/maps/leaky_table.hpp"
#include "fit/maps/linear_interface.hpp"
#include "fit/maps/map_units.hpp"
#include "fit/maps/segment_bus.hpp"
#include "network/graph/inference.hpp"
#include "network/graph/queries.hpp"
#include "network/layers/convolution.hpp"
#include "network/layers/map.hpp"

namespace settle {
namespace {

constexpr int kPixelCells = 16;  // equal cells per pixel: the array's lanes take whole sites, and their mean is quieter
constexpr double kCoefficientEnd = 8, kLargest = 7.5;  // of coefficients
constexpr double kScale = 4;                           // of the state: +-32 units
constexpr double kPassed = 0.5;          // of the field noise's variance: a cell is a low pass of the noise's own time
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
  Builder(const Graph& network, const MachinePlan& plan, const std::map<std::string, MapStatistics>& statistics,
          double sigma, const MapBuild& options)
      : network_(network),
        plan_(plan),
        statistics_(statistics),
        sigma_(sigma),
        options_(options),
        units_(layer_units(network, plan, statistics)) {}

  MapReport build() {
    Machine& m = report_.machine;
    m.preset = options_.name;
    m.configuration = options_.configuration;
    m.step = options_.step;
    m.kt = options_.kt;
    m.settle_steps = options_.settle_steps;
    m.window_steps = options_.window_steps;
    m.sigma = sigma_;
    for (const PlannedLayer& layer : plan_.layers) add_layer(layer);
    for (const PlannedLayer& layer : plan_.layers) {
      if (layer.held) continue;
      for (const MapSegment& segment : layer.drive.input.segments) {
        if (segment.parts[0].layer == options_.interfaced) {
          add_interface(layer, segment);
        } else {
          add_buses(layer, segment);
        }
      }
      add_table(layer);
    }
    m.encoder = index("e3");
    if (m.encoder == static_cast<int>(m.layers.size())) m.encoder = -1;
    m.decoder = index(plan_.readout);
    const PlannedLayer& readout = plan_.layer(plan_.readout);
    Eigen::MatrixXd mean =
        units_.at(readout.name).value.cwiseInverse().asDiagonal() * statistics_.at(readout.value.key()).mean;
    mean = mean.replicate(copies(readout), 1).eval();
    m.fit_mean = digits7_of(Eigen::VectorXd(mean.reshaped()));
    check_coefficients();
    return std::move(report_);
  }

 private:
  // Of the layer of that name; the number of layers if there is none.
  int index(const std::string& name) const {
    const std::vector<Layer>& layers = report_.machine.layers;
    const auto found = std::find_if(layers.begin(), layers.end(), [&](const Layer& l) { return l.name == name; });
    return static_cast<int>(found - layers.begin());
  }

  Layer& layer(const std::string& name) { return report_.machine.layers[static_cast<std::size_t>(index(name))]; }

  // Equal cells for each channel: their mean is quieter, and lanes take whole sites.
  int copies(const PlannedLayer& layer) const {
    const auto found = options_.copies.find(layer.name);
    return found == options_.copies.end() ? 1 : found->second;
  }

  // A row per channel becomes one per cell of a site.
  Eigen::MatrixXd for_cells(const PlannedLayer& layer, const Eigen::MatrixXd& channels) const {
    return channels.replicate(copies(layer), 1);
  }

  void add_layer(const PlannedLayer& planned) {
    const LayerUnits& units = units_.at(planned.name);
    Layer layer;
    layer.name = planned.name;
    layer.map = planned.value.map;
    layer.height = planned.size.grid.height;
    layer.width = planned.size.grid.width;
    layer.site_cells = copies(planned) * planned.size.channels;
    layer.scale = kScale;
    layer.stiffness = Eigen::VectorXd::Ones(layer.site_cells);
    layer.field = Eigen::VectorXd::Zero(layer.site_cells);
    const Eigen::VectorXd share = planned.value.share;
    layer.unit = for_cells(planned, share.size() == 0 ? units.value : Eigen::VectorXd(share.cwiseProduct(units.value)));
    layer.held = planned.held;
    if (!planned.value.added.empty()) {
      layer.added_map = planned.value.added;
      layer.added_factor = for_cells(planned, planned.value.added_factor);
    }
    if (planned.moving) clamp_others(planned, layer);
    if (!planned.held) add_static_field(planned, units.field.cwiseInverse(), layer);
    report_.machine.layers.push_back(std::move(layer));
  }

  static void clamp_others(const PlannedLayer& planned, Layer& layer) {
    for (int y = 0; y < layer.height; ++y) {
      for (int x = 0; x < layer.width; ++x) {
        const bool moves = y % 2 == planned.moving->rows && x % 2 == planned.moving->columns;
        layer.clamp.insert(layer.clamp.end(), static_cast<std::size_t>(layer.site_cells), moves ? 0 : 1);
      }
    }
  }

  void add_static_field(const PlannedLayer& planned, const Eigen::VectorXd& per_unit, Layer& layer) const {
    const Drive& drive = planned.drive;
    const Eigen::MatrixXd field = for_cells(planned, per_unit.asDiagonal() * drive.offset);
    layer.field = digits7_of(Eigen::VectorXd(field.reshaped()));
    if (network_.noise_levels.features == 0) return;
    const Eigen::MatrixXd noise = drive.noise.size() > 0
                                      ? drive.noise
                                      : Eigen::MatrixXd::Zero(planned.size.channels, network_.noise_levels.features);
    layer.noise_level = digits7_of(for_cells(planned, per_unit.asDiagonal() * noise));
  }

  void add_buses(const PlannedLayer& target, const MapSegment& segment) {
    BusReport cost;
    cost.name = bus_name(plan_, target, segment);
    const SegmentBus made = segment_bus(target, segment, units_, statistics_, most_rank(cost.name));
    const ConvolutionBus& found = made.ends;
    for (const LayerPart& part : segment.parts) {
      add_noise(target, segment, part, made.kernel * part.weights * units_.at(part.layer).value.asDiagonal());
    }
    cost.dense = target.drive.is_convolution ? made.kernel.size() : 0;
    cost.left_out = found.left_out;
    cost.rank = static_cast<int>(found.source_matrix.cols());
    // Per part: its states, as the segment's channels in their units, as words.
    std::vector<Eigen::MatrixXd> sources;
    for (const LayerPart& part : segment.parts) {
      sources.emplace_back(units_.at(part.layer).value.asDiagonal() * part.weights.transpose() *
                           made.unit.cwiseInverse().asDiagonal() * found.source_matrix);
    }
    Eigen::MatrixXd target_end = found.target_matrix;
    balance(sources, target_end);
    const Eigen::MatrixXd target_matrix =
        for_cells(target, -digits7_of(target_end));  // the bus's force is minus what it carries
    cost.weights = found.target_matrix.size();
    for (std::size_t p = 0; p < segment.parts.size(); ++p) {
      const LayerPart& part = segment.parts[p];
      const PlannedLayer& from = plan_.layer(part.layer);
      Bus bus;
      bus.name = part.layer + "-" + target.name;
      while (has_bus(bus.name)) bus.name += "'";
      bus.source = index(part.layer);
      bus.target = index(target.name);
      bus.reciprocal = false;
      bus.tap_range = made.range;
      bus.source_matrix = digits7_of(Eigen::MatrixXd(for_cells(from, sources[p]) / copies(from)));
      bus.target_matrix = target_matrix;
      cost.weights += from.size.channels * found.source_matrix.cols() * copies(from);
      report_.machine.buses.push_back(std::move(bus));
    }
    // What an answer and the linear cell beside it take in is one bus with two ends that are alike.
    if (!target.beside.empty() && plan_.layer(target.beside).has_companion) return;
    report_.weights += cost.weights;
    report_.dense += cost.dense;
    report_.buses.push_back(cost);
  }

  // Words in larger or smaller units where a coefficient of one end would not fit its format.
  static void balance(std::vector<Eigen::MatrixXd>& sources, Eigen::MatrixXd& target_end) {
    const Eigen::Index rank = sources[0].cols();
    for (Eigen::Index m = 0; m < rank; ++m) {
      double at_source = 0, at_target = 0;
      for (const Eigen::MatrixXd& p : sources) at_source = std::max(at_source, p.col(m).cwiseAbs().maxCoeff());
      for (Eigen::Index c = m; c < target_end.cols(); c += rank) {
        at_target = std::max(at_target, target_end.col(c).cwiseAbs().maxCoeff());
      }
      if (std::max(at_source, at_target) < kCoefficientEnd) continue;
      const double factor = at_target >= kCoefficientEnd ? at_target / kLargest : kLargest / at_source;
      for (Eigen::MatrixXd& p : sources) p.col(m) *= factor;
      for (Eigen::Index c = m; c < target_end.cols(); c += rank) target_end.col(c) /= factor;
    }
  }

  bool has_bus(const std::string& name) const {
    const std::vector<Bus>& buses = report_.machine.buses;
    return std::any_of(buses.begin(), buses.end(), [&](const Bus& bus) { return bus.name == name; });
  }

  std::optional<int> most_rank(const std::string& bus) const {
    const auto limit = options_.ranks.find(bus);
    return limit == options_.ranks.end() ? std::nullopt : std::optional<int>(limit->second);
  }

  // Variance of the field that the source's thermal noise makes in a typical cell of the target.
  void add_noise(const PlannedLayer& target, const MapSegment& segment, const LayerPart& part,
                 const Eigen::MatrixXd& taps) {
    double variance = options_.kt / (1 - options_.step / 2);
    const PlannedLayer& from = plan_.layer(part.layer);
    variance /= copies(from);
    if (from.answer) variance *= kRectifiedNoise;
    if (segment.step == Resolution::from_double) variance /= 4;
    field_variance_[target.name] +=
        variance * taps.squaredNorm() * target.drive.window.taps() / static_cast<double>(taps.rows());
  }

  void add_table(const PlannedLayer& planned) {
    if (!planned.answer) return;
    Layer& at = layer(planned.name);
    const double range = kScale * kStateRange;
    if (!planned.answer->is_leaky()) {
      const LayerUnits& units = units_.at(planned.name);
      const CellNoise noise{options_.step, options_.kt, kPassed * field_variance_[planned.name]};
      at.force = answer_table(*planned.answer, units.field[0], units.value[0], range, options_.table_pieces, noise);
      for (double& knot : at.force) knot = digits7(knot);
      return;
    }
    LeakyCell cell;
    cell.slope = planned.answer->slope();
    cell.step = options_.step;
    cell.kt = options_.kt;
    cell.field_noise = std::sqrt(kPassed * field_variance_[planned.name]);
    at.force = leaky_table(cell, range, options_.table_pieces);
    for (double& knot : at.force) knot = digits7(knot);
    report_.table_errors[planned.name] = options_.kt > 0 ? answer_error(cell, at.force, range) : 0.0;
  }

  // A segment of one tap through the interface, to which training limits it.
  void add_interface(const PlannedLayer& target, const MapSegment& segment) {
    const Eigen::MatrixXd taps = segment_kernel(target, segment, units_.at(target.name));
    const Eigen::Index outputs = target.drive.weights.rows(), inputs = taps.cols();
    const Eigen::MatrixXd middle = middle_tap(taps, outputs);
    Interface& interface = report_.machine.interface;
    double left_out = 0;
    interface = linear_interface(middle, left_out);
    if (left_out + taps.squaredNorm() - middle.squaredNorm() > 1e-6 * taps.squaredNorm()) {
      throw error("fit: {}'s part from {} has more than {} directions or more than one tap: train with the limit",
                  target.name, segment.map, interface.down.rows());
    }
    interface.source = segment.map;
    interface.target = index(target.name);
    const Map mean = statistics_.at(segment.map).mean.cast<float>();
    const Eigen::MatrixXd field = middle * twice(mean, target.size.grid).cast<double>();
    interface.mean_field = digits7_of(Eigen::VectorXd(field.reshaped()));
    report_.weights += interface.parameters();
    report_.dense += kTaps * inputs * outputs;
  }

  void check_coefficients() const {
    for (const Bus& bus : report_.machine.buses) {
      const double largest = std::max(bus.source_matrix.cwiseAbs().maxCoeff(), bus.target_matrix.cwiseAbs().maxCoeff());
      if (largest >= kCoefficientEnd)
        throw error("fit: bus {}: a coefficient is {:.4g}, below 8 is needed", bus.name, largest);
    }
  }

  const Graph& network_;
  const MachinePlan& plan_;
  const std::map<std::string, MapStatistics>& statistics_;
  double sigma_;
  const MapBuild& options_;
  std::map<std::string, LayerUnits> units_;
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

MachinePlan preset_plan(const Preset& preset, const Graph& network, double sigma) {
  check_map_preset(preset, network);
  return plan_of_maps(network, sigma, preset.maps.held, preset.maps.settles, preset.maps.interface ? "b" : "");
}

MapReport fit_maps(const Graph& network, const std::map<std::string, MapStatistics>& statistics, double sigma,
                   const MapOptions& options) {
  const Preset& preset = options.preset;
  const MachinePlan plan = preset_plan(preset, network, sigma);
  MapBuild build;
  build.name = preset.name;
  build.configuration = preset.configuration;
  build.step = options.step;
  build.kt = options.kt;
  build.settle_steps = preset.maps.settle_steps;
  build.window_steps = options.window_steps;
  build.table_pieces = options.table_pieces;
  build.ranks = options.ranks.value_or(preset.maps.ranks);
  if (preset.maps.interface) build.interfaced = "b";
  for (const PlannedLayer& layer : plan.layers) {
    if (layer.held && network.node(layer.value.map).kind == Node::Kind::scale) build.copies[layer.name] = kPixelCells;
  }
  check_ranks(build.ranks, preset, network, "fit");
  return build_machine(network, plan, statistics, sigma, build);
}

MapReport build_machine(const Graph& network, const MachinePlan& plan,
                        const std::map<std::string, MapStatistics>& statistics, double sigma, const MapBuild& options) {
  return Builder(network, plan, statistics, sigma, options).build();
}

}  // namespace settle
