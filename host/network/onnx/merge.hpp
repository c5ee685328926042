// Scales that a convolution can do itself.
#pragma once

#include <string>
#include <vector>

#include "network/graph/graph.hpp"

namespace settle {

/// Takes each `scale` node whose input is a convolution that nobody else takes, and whose factor is 1 or differs from
/// channel to channel, into the convolution's weights and bias. One factor for all channels stays a node: so
/// preconditioning by the noise level is still seen in the network. `output`: the node that makes the result, which may
/// become another.
void merge_scales(std::vector<Node>& nodes, std::string& output);

}  // namespace settle
