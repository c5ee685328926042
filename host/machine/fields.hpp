// The fields that condition a machine on one input, and those that its measures ask for. All vectors are over all
// cells, layer by layer, in physical force units.
#pragma once

#include <vector>

#include <Eigen/Core>

#include "machine/machine.hpp"

namespace settle {

/// What one input gives to condition and to judge a machine with, in the units of the machine's states.
struct Conditioning {
  std::vector<Eigen::VectorXd> layers;  ///< [layers][cells] the activation that a layer stands for; empty: none
  Eigen::VectorXd interface;     ///< [sites * width], site by site: what the interface reads; empty: no interface
  Eigen::VectorXd noise_change;  ///< [noise features] the U-Net's less those of the fit; empty: none
};

/// The conditioning of a machine with an encoder and a decoder layer. `interface`: what its interface reads. `decoder`
/// may be empty where nothing asks for it. Throws Error if the machine has no encoder.
Conditioning pair_conditioning(const Machine& machine, const Eigen::VectorXd& encoder, const Eigen::VectorXd& interface,
                               const Eigen::VectorXd& decoder = {});

/// Normal: the interface sees the input. Frozen: it gives its mean over the fit set whatever the input.
enum class InterfaceMode { normal, frozen };

/// The field h of one input: every layer's static field and what a change of the noise level adds to it; on a held
/// layer also A e (A: the linear force matrix of its sites, e: its activation); on the interface's target also its
/// output, and on its anchor (paper flow) its hidden vector up * (down * source). Throws Error if a size disagrees or a
/// value is not finite.
Eigen::VectorXd fields(const Machine& machine, const Conditioning& conditioning, InterfaceMode mode);

/// The exact-oracle field: M z + g(z) for z, the activations of all layers, so that z itself is the machine's rest
/// point; for two linear layers (A x + J y, B y + J^T x). A layer that stands for no map gets its static field. Throws
/// Error if a size disagrees or no layer stands for a map.
Eigen::VectorXd oracle_fields(const Machine& machine, const Conditioning& conditioning);

/// What oracle fields leave out in the paper's own oracle: (A x, B y), each layer held by its own cells, without the
/// couplings between layers. With the buses on and off it gives decoder_shift.
Eigen::VectorXd own_fields(const Machine& machine, const Conditioning& conditioning);

/// The field that the couplings between layers alone deliver to each layer when all hold their activations: (-J y,
/// -J^T x). A one-way bus delivers to its target only. Denominator of `conditioning_deficit`, whose numerator is
/// oracle_fields.
Eigen::VectorXd coupling_fields(const Machine& machine, const Conditioning& conditioning);

/// The paper's pair for one layer at state x: A x, and Je x, half of what the layer's self-buses deliver
/// (A = 2 J2 + 2 Je there). `self` is zero for a layer without self-buses.
struct PaperPair {
  Eigen::VectorXd own;   ///< A x, [layer cells]
  Eigen::VectorXd self;  ///< Je x, [layer cells]
};

/// `layer`: its index; `x` [layer cells], in the units of its states. Throws Error if the size disagrees.
PaperPair paper_pair(const Machine& machine, int layer, const Eigen::VectorXd& x);

}  // namespace settle
