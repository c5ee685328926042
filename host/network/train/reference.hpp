// Writes the maps to which the host's own inference is held in the tests.
#pragma once

#include <filesystem>

#include <torch/torch.h>

#include "network/train/torch_graph.hpp"

namespace settle {

/// Writes a reference file (reference_file.hpp) of the first of `test`, bytes [images, channels, height, width]. Throws
/// Error if it cannot be written.
void write_reference(const std::filesystem::path& path, const TorchGraph& net, const torch::Tensor& test);

}  // namespace settle
