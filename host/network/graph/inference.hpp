// What a network makes of an image.
#pragma once

#include <map>
#include <string>

#include <Eigen/Core>

#include "network/graph/graph.hpp"

namespace settle {

/// Maps by the names of their nodes, and "image".
using Maps = std::map<std::string, Map>;

/// Features of a noise level, [levels.features]. Throws Error if sigma is not one of the levels.
Eigen::VectorXf noise_features(const NoiseLevels& levels, double sigma);

/// The bias of a convolution at a noise level, [outputs]. Throws Error as noise_features.
Eigen::VectorXf bias_at(const Graph& graph, const Node& node, double sigma);

/// The factor of a scale node at a noise level, one number or one per channel.
Eigen::VectorXf factor_at(const Node& node, double sigma);

/// The map of one node from those of its inputs. `inputs`: in the node's order.
Map evaluate(const Graph& graph, const Node& node, const std::vector<const Map*>& inputs, double sigma);

/// Adds to `maps` what is missing of `wanted` and of what it needs: "image" must be there, or maps from which `wanted`
/// follows, wherever they come from, such as a settled machine. `graph`: as check() leaves it. The same arguments give
/// the same bits. Throws Error for a wanted node that the graph does not have, a given map of another size, and a sigma
/// that is not one of its levels.
void complete(const Graph& graph, double sigma, const std::string& wanted, Maps& maps);

/// All maps of one image [channels x sites]. Throws Error unless the image has the graph's size and is finite.
Maps run(const Graph& graph, const Map& image, double sigma);

}  // namespace settle
