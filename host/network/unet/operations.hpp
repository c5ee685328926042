// What one pass of the network takes, in floating-point operations.
#pragma once

#include "network/unet/unet.hpp"

namespace settle {

/// Floating-point operations of a layer's 3x3 convolution on one image, a multiply-accumulate as 2; borders are counted
/// as if the map went on beyond them. Biases and activations are left out.
double unet_operations(Convolution convolution);

/// Of all layers.
double unet_operations();

}  // namespace settle
