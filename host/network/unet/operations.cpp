#include "network/unet/operations.hpp"

#include "network/layers/convolution.hpp"

namespace settle {

double unet_operations(Convolution convolution) {
  const ConvolutionShape& shape = convolution_shape(convolution);
  return 2.0 * kTaps * shape.side * shape.side * shape.inputs * shape.outputs;
}

double unet_operations() {
  double sum = 0;
  for (int layer = 0; layer < kConvolutions; ++layer) sum += unet_operations(static_cast<Convolution>(layer));
  return sum;
}

}  // namespace settle
