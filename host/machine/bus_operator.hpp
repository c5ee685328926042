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

  /// Memory in which products are made; one may serve several buses, one after the other. Who steps a machine keeps it:
  /// asking the system for a megabyte at every step takes longer than the products.
  struct Buffers {
    std::vector<double> at_source, words, seen;
  };

  /// Adds the bus's share of M x on the target, [target cells], for the source's states, [source cells]: the force on
  /// the target is minus that.
  void add_forward(const Eigen::Ref<const Eigen::VectorXd>& source, Eigen::Ref<Eigen::VectorXd> target,
                   Buffers& buffers) const;

  /// The adjoint: adds the share on the source for the target's states.
  void add_adjoint(const Eigen::Ref<const Eigen::VectorXd>& target, Eigen::Ref<Eigen::VectorXd> source,
                   Buffers& buffers) const;

  // The same as data, for who makes these products in another order.
  Eigen::Index rank() const { return rank_; }
  Eigen::Index taps() const { return target_matrix_.cols() / rank_; }
  Eigen::Index source_sites() const { return source_sites_; }
  Eigen::Index target_sites() const { return target_sites_; }
  Eigen::Index word_sites() const { return word_sites_; }
  const Eigen::MatrixXd& source_matrix() const { return source_matrix_; }  ///< [source site cells x rank]
  const Eigen::MatrixXd& target_matrix() const { return target_matrix_; }  ///< [target site cells x taps * rank]
  /// The words' site that a tap of a target's site sees; -1 outside the grid.
  Eigen::Index seen(Eigen::Index tap, Eigen::Index site) const {
    return seen_[static_cast<std::size_t>(tap * target_sites_ + site)];
  }
  /// Where words are means over blocks of source sites: the words' site of each source site, [source sites], and what
  /// each site of a block counts for, [words' sites]. Empty otherwise: word sites are source sites.
  const std::vector<Eigen::Index>& block() const { return block_; }
  const Eigen::VectorXd& share() const { return share_; }

 private:
  using Matrix = Eigen::Map<Eigen::MatrixXd>;

  /// What a words' site takes of its block of source sites: their mean, in buffers.words. Its adjoint: each source
  /// site's share, in buffers.at_source.
  Matrix block_means(const Matrix& at_source, Buffers& buffers) const;
  Matrix shares(const Matrix& words, Buffers& buffers) const;

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
