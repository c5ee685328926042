// The network file: a graph as JSON (README.md), its numbers in a safetensors file beside it.
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "network/graph/graph.hpp"
#include "network/layers/safetensors.hpp"

namespace settle {

/// The entry `format` of a network file.
inline constexpr const char* kNetworkFormat = "settle-network-1";

/// A network and where its numbers are.
struct NetworkFile {
  Graph graph;
  std::filesystem::path weights;  ///< the safetensors file
};

/// Reads and checks a network file and its weights. Throws Error naming the file, the field or tensor and what is
/// allowed there; a tensor that no node takes is refused too.
NetworkFile read_network(const std::filesystem::path& path);

/// The graph of a network file's text and of its weights, named `file` in errors. Throws Error as read_network.
Graph parse_network(const std::string& text, const std::string& file, const TensorFile& weights);

/// Writes NAME.network.json and NAME.safetensors into a folder, NAME being the graph's: both or neither. `metadata`
/// goes into the latter, for people: no reader asks for it. Returns the first one's path. Throws Error if that cannot
/// be done.
std::filesystem::path write_network(const std::filesystem::path& folder, const Graph& graph,
                                    const std::map<std::string, std::string>& metadata = {});

}  // namespace settle
