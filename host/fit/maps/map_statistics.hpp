// What the fit of a machine of maps takes from training images: moments of the network's maps.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>

#include <Eigen/Core>

namespace settle {

class ImageSet;
struct Graph;

struct MapStatistics {
  Eigen::MatrixXd mean;           ///< [channels x sites] over images
  Eigen::VectorXd deviation;      ///< [channels] standard deviation over images and sites
  Eigen::VectorXd least;          ///< [channels] over images and sites, at most 0
  Eigen::VectorXd greatest;       ///< [channels] the same, at least 0
  Eigen::MatrixXd moment;         ///< [channels x channels] mean of x x^T over images and sites
  Eigen::MatrixXd pooled_moment;  ///< the same of the map pooled to half its sides
};

/// By the map's name, of images first .. first + count - 1 with the noise of (sigma, seed, number). All cores share the
/// work; the result does not depend on how many there are. Throws Error if the set holds fewer images or `stop` said
/// yes.
std::map<std::string, MapStatistics> map_statistics(const Graph& network, const ImageSet& images, std::size_t first,
                                                    std::size_t count, double sigma, std::uint64_t seed,
                                                    const std::function<bool()>& stop);

}  // namespace settle
