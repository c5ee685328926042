// The nodes of a model that its output needs, each after those whose values it takes.
#pragma once

#include <string>
#include <vector>

#include "network/onnx/model.hpp"

namespace settle {

/// Throws Error that names file and node for a value that nothing makes, one that two nodes make, and a cycle.
/// `output`: a value; `given`: names of inputs.
std::vector<const OnnxNode*> needed_nodes(const OnnxModel& model, const std::string& output,
                                          const std::vector<std::string>& given);

}  // namespace settle
