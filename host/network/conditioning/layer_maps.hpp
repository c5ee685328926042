// How a layer's cells stand for a map of the network.
#pragma once

#include <Eigen/Core>

#include "machine/machine.hpp"
#include "network/graph/inference.hpp"

namespace settle {

/// What `layer` stands for in the network's maps, in units of its states, [cells]: site by site, cell i of a site for
/// channel i mod channels; the spatial mean for a layer of one site; 0 for clamped cells. The layer fits its maps
/// (check_maps).
Eigen::VectorXd layer_activation(const Layer& layer, const Maps& maps);

/// States of a layer back as the map that it stands for, [channels x sites] in the network's units: the mean of the
/// cells of each channel. Of layers without an added map; `channels` divides the cells of a site.
Map as_map(const Layer& layer, const Eigen::VectorXd& states, int channels);

}  // namespace settle
