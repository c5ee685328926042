// A machine as Float64Chains steps it: every bus as sums of products, site by site.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include <Eigen/Core>

#include "array/float64/site_products.hpp"
#include "machine/force_table.hpp"
#include "machine/machine.hpp"

namespace settle {

/// Does not change once made: many chains may share it.
class Float64Plan {
 public:
  /// As Float64Array: throws Error, naming layer or bus, for what that refuses.
  explicit Float64Plan(const Machine& machine, double state_range = kStateRange);

  Eigen::Index cells() const { return stiffness.size(); }

  struct Local {
    Eigen::Index first, size;  ///< cells
    ForceTable table;
  };
  /// One direction of a bus: words from the cells of a layer, and the pull of the words on the cells of another.
  struct Pull {
    SiteProducts words, cells;
    Eigen::Index source, target;  ///< first cell of either
  };
  /// A cell's neighbour on its torus, and their coupling.
  struct Neighbour {
    std::uint32_t cell, partner;
    double coupling;
  };

  double step;
  Eigen::VectorXd stiffness, field;  ///< [cells] field: the static one
  std::vector<std::uint8_t> clamp;   ///< [cells]
  std::vector<Local> tables;         ///< of layers that have one
  std::vector<Neighbour> neighbours;
  std::vector<Pull> pulls;
  std::size_t words = 0;  ///< rows of the largest pull
};

}  // namespace settle
