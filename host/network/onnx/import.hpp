// From an ONNX file to a network graph, at one noise level.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "network/graph/graph.hpp"

namespace settle {

struct ImportOptions {
  double sigma = 0;             ///< the noise level: above 0
  std::string name;             ///< of the network; empty: the file's, without its extension
  std::optional<MapSize> size;  ///< of images: fills in sides that the file leaves open, and must agree with the others
};

struct Import {
  Graph graph;  ///< of one noise level; as check() leaves it
  /// Nodes of the model that left none of their own, as "OPERATOR NAME": worked out, or made a part of another.
  std::vector<std::string> folded;
  bool depends_on_sigma = false;  ///< whether the noise level reaches the output; if not, the model is blind
  std::string image_input;        ///< names of the model's inputs
  std::string noise_input;        ///< empty: it has none
  std::string producer;           ///< what wrote the file; may be empty
  std::int64_t opset = 0;
};

/// Reads a model with an input [batch, channels, height, width] and, if it likes, a second one for sigma: one number,
/// or one per image. Its output has the image's shape. The batch counts as one image. What depends on weights and sigma
/// alone is worked out. Throws Error in one line, with file, operator and node where there is one, for everything that
/// the network graph does not hold (README.md), for what read_onnx() and check() refuse, and for a sigma or name that
/// is not allowed.
Import import_onnx(const std::filesystem::path& path, const ImportOptions& options);

/// The name of the network: the one asked for or, cleaned, the file's. Throws Error for one that is not allowed.
std::string network_name(const std::filesystem::path& path, const ImportOptions& options);

/// "3x32x32" as a size, channels first. Throws Error that begins with `where` (an option).
MapSize size_of(const std::string& text, const std::string& where);

}  // namespace settle
