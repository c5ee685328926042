// What machines, fits and estimates ask of a graph.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "network/graph/graph.hpp"

namespace settle {

/// The maps for which a layer of cells can stand, in the order in which the network makes them: what activations make,
/// and scaled images that convolutions take.
std::vector<const Node*> layer_maps(const Graph& graph);

/// One of them. Throws Error, beginning with `where`, for another name; it lists the known ones.
const Node& layer_map(const Graph& graph, const std::string& name, const std::string& where);

/// The size of any map of the network, the image's too. Throws Error for another name.
const MapSize& map_size(const Graph& graph, const std::string& name);

/// The same of a name in a file: the Error begins with `where` and lists the maps for which layers mostly stand.
const MapSize& network_map(const Graph& graph, const std::string& name, const std::string& where);

/// The names of maps that activations make of convolutions, in the network's order.
std::vector<std::string> convolved_maps(const Graph& graph);

/// The convolution behind a map: of whose sums `map` is the activation, or which makes it. Throws Error if there is
/// none.
const Node& convolution_behind(const Graph& graph, const std::string& map);

/// The maps that the convolution behind `map` takes in, through pooling, upsampling and concatenation, in the order of
/// its channels. Throws Error if it takes in something else.
std::vector<std::string> sources_of(const Graph& graph, const std::string& map);

/// The nodes from which `wanted` follows where the maps `given` are there, in order.
std::vector<const Node*> needed(const Graph& graph, const std::string& wanted, const std::set<std::string>& given);

/// The maps beside `map` from which, with it, the output follows: those that do not depend on it and that a node takes
/// in which does.
std::set<std::string> maps_beside(const Graph& graph, const std::string& map);

/// Floating-point operations of a convolution on one image, a multiply-accumulate as 2; borders are counted as if the
/// map went on beyond them. Biases, activations and all other nodes are left out: 0.
double operations(const Graph& graph, const Node& node);

/// Of some nodes, or all.
double operations(const Graph& graph, const std::vector<const Node*>& nodes);
double operations(const Graph& graph);

}  // namespace settle
