#include "fit/maps/segment_bus.hpp"

namespace settle {
namespace {

constexpr double kMostShare = 4;  // of a coefficient of the source's end, by the choice of units alone

// A layer's own units where the segment is one layer as it is.
Eigen::VectorXd segment_unit(const MapSegment& segment, const std::map<std::string, LayerUnits>& units,
                             const MapStatistics& statistics) {
  const LayerPart& only = segment.parts[0];
  if (segment.parts.size() == 1 && only.weights.isIdentity(0)) return units.at(only.layer).value;
  Eigen::VectorXd unit = statistics.deviation.cwiseMax(1e-3 * statistics.deviation.maxCoeff());
  for (const LayerPart& part : segment.parts) {
    const Eigen::MatrixXd reach = part.weights * units.at(part.layer).value.asDiagonal();
    unit = unit.cwiseMax(reach.cwiseAbs().rowwise().maxCoeff() / kMostShare);
  }
  return (unit.array() > 0).select(unit, Eigen::VectorXd::Ones(unit.size()));
}

// Second moment of what the target sees of a segment, in those units.
Eigen::MatrixXd moment(const MapSegment& segment, const Eigen::VectorXd& unit, const MapStatistics& statistics) {
  const bool pooled = segment.step == Resolution::from_double && !segment.map_after_step;
  const Eigen::VectorXd per_unit = unit.cwiseInverse();
  return per_unit.asDiagonal() * (pooled ? statistics.pooled_moment : statistics.moment) * per_unit.asDiagonal();
}

}  // namespace

Eigen::MatrixXd segment_kernel(const PlannedLayer& target, const MapSegment& segment, const LayerUnits& units) {
  const Drive& drive = target.drive;
  const Eigen::Index outputs = drive.weights.rows(), taps = drive.window.taps();
  const Eigen::VectorXd& to = units.field;
  Eigen::MatrixXd part(taps * outputs, segment.channels);
  for (Eigen::Index t = 0; t < taps; ++t) {
    for (Eigen::Index i = 0; i < segment.channels; ++i) {
      for (Eigen::Index o = 0; o < outputs; ++o) {
        part(t * outputs + o, i) = static_cast<double>(drive.weights(o, (segment.first + i) * taps + t)) / to[o];
      }
    }
  }
  return part;
}

SegmentBus segment_bus(const PlannedLayer& target, const MapSegment& segment,
                       const std::map<std::string, LayerUnits>& units,
                       const std::map<std::string, MapStatistics>& statistics, std::optional<int> most) {
  const KernelWindow& window = target.drive.window;
  const Eigen::Index outputs = target.drive.weights.rows();
  const MapStatistics& own = statistics.at(segment.map);
  SegmentBus bus;
  bus.kernel = segment_kernel(target, segment, units.at(target.name));
  bus.unit = segment_unit(segment, units, own);
  bus.range = {-window.top, -window.left, window.height, window.width};
  Eigen::MatrixXd taps = bus.kernel * bus.unit.asDiagonal();
  if (bus.range == TapRange{-1, -1, 3, 3} && middle_tap_only(taps, outputs)) {
    taps = middle_tap(taps, outputs);
    bus.range = {};
  }
  bus.ends = convolution_bus(taps, outputs, moment(segment, bus.unit, own), most);
  return bus;
}

std::string bus_name(const MachinePlan& plan, const PlannedLayer& target, const MapSegment& segment) {
  std::string to = target.name;
  for (const PlannedLayer& layer : plan.layers) {
    if (target.has_companion && layer.beside == target.name) to = layer.name;
  }
  return segment.map + "-" + to;
}

}  // namespace settle
