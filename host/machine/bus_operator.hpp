// What a bus does to states, in double precision and without ever building the matrix from layer to layer.
#pragma once

#include <vector>

#include <Eigen/Core>

#include "machine/machine.hpp"

namespace settle {

class BusOperator {
 public:
  /// The bus between two layers as a validated machine has them. Throws Error naming the bus if the grids do not follow
  /// the resolution step or a matrix has another shape than machine.hpp says.
  BusOperator(const Bus& bus, const Layer& source, const Layer& target);

  /// Adds the bus's share of M x on the target, [target cells], for the source's states, [source cells]: the force on
  /// the target is minus that.
  void add_forward(const Eigen::Ref<const Eigen::VectorXd>& source, Eigen::Ref<Eigen::VectorXd> target) const;

  /// The adjoint: adds the share on the source for the target's states.
  void add_adjoint(const Eigen::Ref<const Eigen::VectorXd>& target, Eigen::Ref<Eigen::VectorXd> source) const;

 private:
  Eigen::Index source_cells_, target_cells_;  // of a site
  Eigen::Index source_sites_, target_sites_, word_sites_, rank_;
  Eigen::MatrixXd source_matrix_, target_matrix_;
  // Words' site that tap t of the target's site s sees: seen_[t * target sites + s], -1 outside the grid.
  std::vector<Eigen::Index> seen_;
  // From double: the words' site of each source site, and the inverse number of sites that share it.
  std::vector<Eigen::Index> block_;
  Eigen::VectorXd share_;
};

}  // namespace settle
