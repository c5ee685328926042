// In which units the cells of a plan's layers count.
#pragma once

#include <map>
#include <string>

#include <Eigen/Core>

#include "fit/maps/machine_plan.hpp"
#include "fit/maps/map_statistics.hpp"

namespace settle {

/// Of one layer, by channel.
struct LayerUnits {
  Eigen::VectorXd value;  ///< what its cells stand for (CellValue) per unit of state
  Eigen::VectorXd field;  ///< of the sum that drives it, per unit of field
};

/// By the layers' names. A unit is a standard deviation, or what keeps the largest field within the format. Linear and
/// leaky cells commute with units, so each of their channels has its own; layers of other answers, and the linear ones
/// beside them, which share their field, have one for all channels.
std::map<std::string, LayerUnits> layer_units(const Graph& network, const MachinePlan& plan,
                                              const std::map<std::string, MapStatistics>& statistics);

}  // namespace settle
