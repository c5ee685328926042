// How a layer's cells stand for a map of the network.
#pragma once

#include <Eigen/Core>

#include "machine/machine.hpp"
#include "network/layers/map.hpp"

namespace settle {

/// The activation of the map that `layer` stands for, in units of its states, [cells]: site by site, cell i of a site
/// for channel i mod channels; the spatial mean for a layer of one site. The layer fits its map (check_maps).
Eigen::VectorXd layer_activation(const Layer& layer, const Map& map);

/// States of a layer whose cells are as many as its map's channels, back as a map [channels x sites] in the network's
/// units.
Map as_map(const Layer& layer, const Eigen::VectorXd& states);

}  // namespace settle
