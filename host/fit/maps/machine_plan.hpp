// How a network becomes layers and buses, before any number is fitted: which maps cells stand for, and what drives
// each.
//
// Activations cost cells, one per channel and site, or two (cell_answer.hpp). What is linear costs none where a bus can
// carry it: a bus takes a convolution of maps that are sums, concatenations, scaled, pooled once or upsampled once.
// Where it cannot (a convolution of a convolution, pooling of a pooled map), the map between gets linear cells. A
// convolution with stride 2 gets linear cells on the grid that it halves, of which those that it leaves out are clamped
// at 0; a transposed one, cells on the doubled grid for each of its four kernels.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include <Eigen/Core>

#include "fit/maps/cell_answer.hpp"
#include "fit/maps/mixture.hpp"
#include "network/graph/graph.hpp"

namespace settle {

/// The field of a layer: a convolution of a mixture.
struct Drive {
  Mixture input;
  KernelWindow window{1, 1, 1, 0, 0, 0, 0};
  Kernel weights;               ///< [outputs x taps * input channels], as a convolution's
  Eigen::MatrixXd offset;       ///< [outputs x 1] or [outputs x sites], at the fit's noise level
  Eigen::MatrixXd noise;        ///< [outputs x noise features], of their change; or empty
  bool is_convolution = false;  ///< its weights are one's of the network; otherwise the identity
};

/// What a layer's cells stand for: (map + added_factor added) / share, channel by channel.
struct CellValue {
  std::string map;
  std::string added;             ///< empty: none
  Eigen::VectorXd added_factor;  ///< [channels]
  Eigen::VectorXd share;         ///< [channels]; empty: 1

  /// By which statistics know it.
  std::string key() const { return added.empty() ? map : map + " with " + added; }
};

struct PlannedLayer {
  std::string name;
  CellValue value;
  MapSize size;  ///< of the layer's grid
  bool held = false;
  std::optional<CellAnswer> answer;  ///< none: linear
  std::string beside;                ///< the linear layer of the same field that an answer needs; empty: none
  bool has_companion = false;        ///< it is the linear layer beside another
  /// Cells that move: sites with row % 2 == rows and column % 2 == columns; others are clamped at 0.
  struct Moving {
    int rows = 0, columns = 0;
  };
  std::optional<Moving> moving;  ///< none: all
  Drive drive;                   ///< of layers that are not held
};

struct MachinePlan {
  std::vector<PlannedLayer> layers;  ///< each after those that drive it
  std::string readout;               ///< the layer that is read
  std::string readout_map;

  const PlannedLayer& layer(const std::string& name) const;
};

/// The machine in which the maps `held` are held by their activations and `settles` settle, the last of which is read.
/// What a map of `settles` needs must be held, settle, or be `interfaced`, a map that comes another way (empty: none).
/// Names are of the network's maps.
MachinePlan plan_of_maps(const Graph& network, double sigma, const std::vector<std::string>& held,
                         const std::vector<std::string>& settles, const std::string& interfaced);

/// The machine of the whole network: the image is held, everything else settles up to the map from which the output
/// follows by sums and scales alone. Throws Error that names the node for what no machine can be made of.
/// `constants`: maps, [channels x sites], that are the same whatever the image: they go into fields, and neither they
/// nor what only they need costs cells.
MachinePlan plan_of_network(const Graph& network, double sigma,
                            const std::map<std::string, Eigen::MatrixXd>& constants = {});

}  // namespace settle
