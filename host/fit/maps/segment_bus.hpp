// A segment of a drive as a bus: its kernel in units of state, and the two ends that carry it.
#pragma once

#include <map>
#include <optional>
#include <string>

#include <Eigen/Core>

#include "array/model/tap_range.hpp"
#include "fit/maps/convolution_bus.hpp"
#include "fit/maps/machine_plan.hpp"
#include "fit/maps/map_statistics.hpp"
#include "fit/maps/map_units.hpp"

namespace settle {

struct SegmentBus {
  /// [taps * outputs x channels], tap by tap: outputs in units of the target's field, channels in the network's.
  Eigen::MatrixXd kernel;
  Eigen::VectorXd unit;  ///< [channels] in which the segment counts at the bus's source
  TapRange range;        ///< of the taps that the ends have: one where the others are next to nothing
  ConvolutionBus ends;   ///< of kernel * unit, of those taps
};

/// The part of a drive's kernel that reads a segment, as SegmentBus::kernel.
Eigen::MatrixXd segment_kernel(const PlannedLayer& target, const MapSegment& segment, const LayerUnits& units);

/// `most`: upper bound of the rank; none: the kernel's own.
SegmentBus segment_bus(const PlannedLayer& target, const MapSegment& segment,
                       const std::map<std::string, LayerUnits>& units,
                       const std::map<std::string, MapStatistics>& statistics, std::optional<int> most);

/// How the bus is called: MAP-LAYER, as in "e3-d3".
std::string bus_name(const MachinePlan& plan, const PlannedLayer& target, const MapSegment& segment);

}  // namespace settle
