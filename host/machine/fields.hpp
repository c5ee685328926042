// The fields that condition a machine on one input, and those that its measures ask for. All vectors are over all
// cells, layer by layer, in physical force units.
#pragma once

#include <Eigen/Core>

#include "machine/machine.hpp"

namespace settle {

/// Normal: the interface sees the input. Frozen: it gives its mean over the fit set whatever the input.
enum class InterfaceMode { normal, frozen };

/// The field h of one input: every layer's static field; on the encoder layer of an anchored machine also A e (A: that
/// layer's own linear force matrix, e: `encoder`); on the interface's target also its output, and on its anchor (paper
/// flow) its hidden vector up * (down * source). `encoder` [encoder layer's cells], `bottleneck` [as the interface's
/// source needs]: spatial means of the U-Net's activations. Throws Error if a size disagrees or a value is not finite.
Eigen::VectorXd fields(const Machine& machine, const Eigen::VectorXd& encoder, const Eigen::VectorXd& bottleneck,
                       InterfaceMode mode);

/// The exact-oracle field of an input whose encoder and decoder activations are `encoder` and `decoder`:
/// (A x + J y, B y + J^T x) = M (x, y), for which the linear machine's rest point is (x, y) itself. Layers other than
/// these two get their static field. Throws Error if a layer is missing or a size disagrees.
Eigen::VectorXd oracle_fields(const Machine& machine, const Eigen::VectorXd& encoder, const Eigen::VectorXd& decoder);

/// What oracle fields leave out in the paper's own oracle: (A x, B y), each layer held by its own matrix, without the
/// couplings between layers. With the buses on and off it gives decoder_shift.
Eigen::VectorXd own_fields(const Machine& machine, const Eigen::VectorXd& encoder, const Eigen::VectorXd& decoder);

/// The field that the couplings between layers alone deliver to each layer when encoder and decoder hold `encoder` and
/// `decoder`: (-J y, -J^T x). A one-way bus delivers to its target only. Denominator of `conditioning_deficit`, whose
/// numerator is oracle_fields.
Eigen::VectorXd coupling_fields(const Machine& machine, const Eigen::VectorXd& encoder, const Eigen::VectorXd& decoder);

/// The paper's pair for one layer at state x: A x, and Je x, half of what the layer's self-buses deliver
/// (A = 2 J2 + 2 Je there). `self` is zero for a layer without self-buses.
struct PaperPair {
  Eigen::VectorXd own;   ///< A x, [layer cells]
  Eigen::VectorXd self;  ///< Je x, [layer cells]
};
PaperPair paper_pair(const Machine& machine, int layer, const Eigen::VectorXd& x);

}  // namespace settle
