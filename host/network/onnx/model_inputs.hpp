// Which input of a model is the image and which the noise level.
#pragma once

#include <optional>
#include <string>

#include "network/graph/graph.hpp"
#include "network/onnx/constant.hpp"
#include "network/onnx/model.hpp"

namespace settle {

struct ModelInputs {
  std::string image;
  MapSize size;
  std::string noise;  ///< empty: there is none
  Constant sigma;     ///< the noise level in the shape that the model takes
};

/// `size`: fills in what the model leaves open. Throws Error that names file and input for other inputs than one image
/// and, perhaps, one noise level, and for sizes that are open or do not agree.
ModelInputs find_inputs(const OnnxModel& model, double sigma, const std::optional<MapSize>& size);

}  // namespace settle
