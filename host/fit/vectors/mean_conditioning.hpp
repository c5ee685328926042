// The conditioning of a machine of two layers that stand for spatial means, from the means that its fit is given.
#pragma once

#include "machine/fields.hpp"

namespace settle {

/// `encoder`, `bottleneck`: one sample's means of e3 and b; the interface reads one of them.
inline Conditioning mean_conditioning(const Machine& machine, const Eigen::VectorXd& encoder,
                                      const Eigen::VectorXd& bottleneck) {
  return pair_conditioning(machine, encoder, machine.interface.source == "e3" ? encoder : bottleneck);
}

}  // namespace settle
