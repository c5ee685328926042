#include "network/unet/operations.hpp"

#include "network/unet/conv.hpp"

namespace settle {

double unet_operations(UnetLayer layer) {
  const UnetLayerShape& shape = shape_of(layer);
  return 2.0 * kTaps * shape.side * shape.side * shape.inputs * shape.outputs;
}

double unet_operations() {
  double sum = 0;
  for (int layer = 0; layer < kLayers; ++layer) sum += unet_operations(static_cast<UnetLayer>(layer));
  return sum;
}

}  // namespace settle
