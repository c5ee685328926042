#include "fit/maps/map_units.hpp"

#include <algorithm>
#include <cmath>

#include "fit/maps/digits.hpp"

namespace settle {
namespace {

constexpr double kLargestField = 30;  // units, of the format's 32
constexpr double kPeak = 22;          // units that the largest field of a training image may have

/// Of a leaky rectifier below 0, where its cells' force is 1 / slope times their state; 1 of anything else.
double slope_below(const Graph& network, const PlannedLayer& layer) {
  if (layer.answer) return layer.answer->is_leaky() ? layer.answer->slope() : 1.0;
  if (layer.value.map == kImageNode) return 1;
  const Activation& activation = network.node(layer.value.map).activation;
  const bool leaky = network.node(layer.value.map).kind == Node::Kind::activation &&
                     activation.kind == Activation::Kind::leaky_relu && activation.slopes.size() == 1 &&
                     activation.slopes[0] > 0;
  return leaky ? static_cast<double>(activation.slopes[0]) : 1.0;
}

Eigen::VectorXd own_units(const MapStatistics& s, double slope) {
  const double floor = 1e-3 * s.deviation.maxCoeff();  // a channel that never moves
  const Eigen::VectorXd peak = s.greatest.cwiseMax(-s.least / slope);
  return digits7_of(Eigen::VectorXd(s.deviation.cwiseMax(peak / kPeak).cwiseMax(floor)));
}

/// One for all channels.
double common_unit(const MapStatistics& s) {
  const double spread = std::sqrt(s.deviation.squaredNorm() / static_cast<double>(s.deviation.size()));
  return digits7(std::max(spread, std::max(s.greatest.maxCoeff(), -s.least.minCoeff()) / kPeak));
}

/// A map that is the same number everywhere has no spread: any unit does.
void replace_zeros(Eigen::VectorXd& units) {
  if (!(units.array() > 0).all()) units = (units.array() > 0).select(units, Eigen::VectorXd::Ones(units.size()));
}

/// Larger units where the static field, which buses may take back, would not fit: of the channel, or of all alike.
void make_room(const PlannedLayer& layer, bool common, LayerUnits& units) {
  if (layer.held) return;
  const Eigen::VectorXd field = layer.drive.offset.cwiseAbs().rowwise().maxCoeff();
  Eigen::VectorXd factor = (field.cwiseQuotient(units.field) / kLargestField).cwiseMax(1.0);
  if (common) factor.setConstant(factor.maxCoeff());
  if ((factor.array() == 1).all()) return;
  units.field = digits7_of(Eigen::VectorXd(factor.cwiseProduct(units.field)));
  units.value = digits7_of(Eigen::VectorXd(factor.cwiseProduct(units.value)));
}

}  // namespace

std::map<std::string, LayerUnits> layer_units(const Graph& network, const MachinePlan& plan,
                                              const std::map<std::string, MapStatistics>& statistics) {
  std::map<std::string, LayerUnits> units;
  for (const PlannedLayer& layer : plan.layers) {
    const MapStatistics& own = statistics.at(layer.value.key());
    LayerUnits made;
    const bool common = layer.has_companion || (layer.answer && (!layer.beside.empty() || !layer.answer->is_leaky()));
    if (common) {
      const Eigen::Index n = layer.size.channels;
      const std::string& sum = layer.value.added.empty() ? layer.value.map : layer.value.added;
      made.field = Eigen::VectorXd::Constant(n, common_unit(statistics.at(sum)));
      replace_zeros(made.field);
      const double steepest = layer.answer ? layer.answer->greatest_slope : 1.0;
      made.value = digits7_of(Eigen::VectorXd(steepest * made.field));
    } else {
      made.value = own_units(own, slope_below(network, layer));
      replace_zeros(made.value);
      made.field = made.value;
    }
    make_room(layer, common, made);
    units[layer.name] = made;
  }
  return units;
}

}  // namespace settle
