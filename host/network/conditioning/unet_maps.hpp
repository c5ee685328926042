// The U-Net's maps by name, and how a layer's cells stand for them: what machine files and networks share.
#pragma once

#include <string>
#include <vector>

#include <Eigen/Core>

#include "machine/machine.hpp"
#include "network/unet/unet.hpp"

namespace settle {

/// A map's name in machine files, channels and side: "input" (1 x 28 x 28, the preconditioned image), "e1" to "d1".
struct MapShape {
  std::string name;
  int channels = 0;
  int side = 0;
};

/// All of them, in the order in which the network makes them.
const std::vector<MapShape>& map_shapes();

/// The shape of a map. Throws Error, beginning with `where`, for an unknown name; it lists the known ones.
const MapShape& map_shape(const std::string& name, const std::string& where);

/// One map of a pass, [channels x sites]. Throws Error for an unknown name.
const Map& map_of(const Activations& activations, const std::string& name);

/// The activation of the map that `layer` stands for, in units of its states, [cells]: site by site, cell i of a site
/// for channel i mod channels; the spatial mean for a layer of one site. The layer fits its map (check_maps).
Eigen::VectorXd layer_activation(const Layer& layer, const Map& map);

/// States of a layer whose cells are as many as its map's channels, back as a map [channels x sites] in the network's
/// units.
Map as_map(const Layer& layer, const Eigen::VectorXd& states);

}  // namespace settle
