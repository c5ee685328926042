// What the fit of a machine of maps takes from training images: moments of the network's maps.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include <Eigen/Core>

#include "fit/maps/machine_plan.hpp"
#include "network/graph/inference.hpp"

namespace settle {

class ImageSet;

struct MapStatistics {
  Eigen::MatrixXd mean;           ///< [channels x sites] over images
  Eigen::VectorXd deviation;      ///< [channels] standard deviation over images and sites
  Eigen::VectorXd least;          ///< [channels] over images and sites, at most 0
  Eigen::VectorXd greatest;       ///< [channels] the same, at least 0
  Eigen::MatrixXd moment;         ///< [channels x channels] mean of x x^T over images and sites
  Eigen::MatrixXd pooled_moment;  ///< the same of the map pooled to half its sides
};

/// What the fit of `plan` asks of training images: what its layers stand for, the maps that its buses carry, and maps
/// that come another way.
std::vector<CellValue> values_of(const MachinePlan& plan);

/// Activations and what they are of.
std::vector<CellValue> activations_of(const Graph& network);

/// Of statistics of those: the activations that are the same whatever the image, with their maps [channels x sites]. A
/// map counts as one when it moves by less than a thousandth of what its activation is given: an activation that
/// training has driven far below 0 everywhere.
std::map<std::string, Eigen::MatrixXd> constant_maps(const Graph& network,
                                                     const std::map<std::string, MapStatistics>& statistics);

/// The number that each cell of a site stands for, [channels x sites of the map].
Map value_of(const CellValue& value, const Maps& maps);

/// By CellValue::key(), of images first .. first + count - 1 with the noise of (sigma, seed, number). All cores share
/// the work; the result does not depend on how many there are. Throws Error if the set holds fewer images or `stop`
/// said yes.
std::map<std::string, MapStatistics> map_statistics(const Graph& network, const std::vector<CellValue>& values,
                                                    const ImageSet& images, std::size_t first, std::size_t count,
                                                    double sigma, std::uint64_t seed,
                                                    const std::function<bool()>& stop);

}  // namespace settle
