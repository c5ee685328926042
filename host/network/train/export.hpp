// From libtorch to the files that everything else in Settle reads: weights, and reference activations.
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "images/idx.hpp"
#include "network/train/model.hpp"

namespace settle {

/// Writes the weights with `metadata`, to which format, sigma_data and the slopes are added. The file appears
/// whole or not at all. Throws Error if a weight is not finite or the file cannot be written.
void write_weights(const std::filesystem::path& path, const TorchUnet& net,
                   std::map<std::string, std::string> metadata);

/// Reads weights written by write_weights, slope included. Throws Error as read_safetensors, and for a missing or
/// misshapen tensor.
TorchUnet read_weights(const std::filesystem::path& path);

/// Writes libtorch's activations for the first kReferenceImages of `test` at kReferenceSigmas: for image i and noise
/// level j the tensors "i.j.NAME", NAME being noisy, input, e1, e2, e3, b, d3, d2, d1 and output, each
/// [channels, sites], and "sigmas". Of the maps of side 28 only every kReferenceStride-th site is kept, from site 0.
void write_reference(const std::filesystem::path& path, TorchUnet& net, const ImageSet& test);

}  // namespace settle
