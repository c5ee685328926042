// The local couplings of one layer at one offset of its torus.
#pragma once

#include <string>
#include <vector>

#include <Eigen/Core>

#include "machine/machine.hpp"

namespace settle {

/// The pairs (i, partner of i) of a Neighbour and the forces that both partners feel. Energy: sum_i J_i x_i x_partner.
/// Every listed coupling is one term of that sum, so at an offset that is its own opposite (half way round) the two
/// listings of a pair add.
class NeighbourForce {
 public:
  /// Throws Error, naming the layer, unless the layer's columns divide its cells, 0 <= dy < rows, 0 <= dx < columns,
  /// the offset is not 0, 0 and there is one finite coupling per cell.
  NeighbourForce(const Layer& layer, const Neighbour& neighbour);

  /// Adds -J_i x_partner to force[i] and -J_i x_i to force[partner], for every i; both [cells()] of one site.
  void add(const Eigen::Ref<const Eigen::VectorXd>& x, Eigen::Ref<Eigen::VectorXd> force) const;

  /// Of a site.
  Eigen::Index cells() const { return coupling_.size(); }
  /// Of cell i of a site.
  Eigen::Index partner(Eigen::Index i) const { return partner_[static_cast<std::size_t>(i)]; }

 private:
  Eigen::VectorXd coupling_;
  std::vector<Eigen::Index> partner_;
};

}  // namespace settle
