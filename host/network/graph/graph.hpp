// A network as a graph: what each node does to the maps of others. A file holds one (graph_file.hpp), an importer makes
// one, inference.hpp follows it, a fit makes a machine of it.
//
// A network denoises: it is given an image with normal noise of standard deviation sigma and answers with an image of
// the same shape. What depends on sigma alone is either fixed, for a network of one noise level, or follows from
// features of it (NoiseLevels).
#pragma once

#include <map>
#include <string>
#include <vector>

#include <Eigen/Core>

#include "network/layers/activation.hpp"
#include "network/layers/convolution.hpp"
#include "network/layers/map.hpp"

namespace settle {

/// What a map holds: channels, on a grid of sites.
struct MapSize {
  int channels = 0;
  Grid grid;

  friend bool operator==(const MapSize& a, const MapSize& b) { return a.channels == b.channels && a.grid == b.grid; }
  friend bool operator!=(const MapSize& a, const MapSize& b) { return !(a == b); }
};

/// "16 x 28 x 28", for messages.
std::string size_text(const MapSize& size);

/// Largest sides, channels, kernels and number of nodes of a network.
inline constexpr int kMostSide = 256, kMostChannels = 4096, kMostKernelSide = 5, kMostNodes = 4096;

/// The noise levels that command lines and plans take; a network's own may begin later and end earlier.
inline constexpr double kSigmaMin = 0.02, kSigmaMax = 80.0;

/// The name by which nodes ask for the image.
inline constexpr const char* kImageNode = "image";

struct Node {
  enum class Kind {
    convolution,             ///< one input; window, weights, bias, noise
    transposed_convolution,  ///< one input; weights, bias: doubles the grid
    average_pool,            ///< one input; 2 x 2; edge
    upsample,                ///< one input; the nearest site; grid: twice the input's, or one less where it was odd
    concatenate,             ///< two inputs or more of one grid: their channels, in this order
    add,                     ///< two inputs or more of one size
    scale,                   ///< one input; factor times it plus offset
    activation,              ///< one input; activation
  };

  /// What a factor of `scale` is at a noise level, times `factor`; Karras et al. 2022, "Elucidating the design space of
  /// diffusion-based generative models", table 1: with s = sigma_data, 1 / sqrt(sigma^2 + s^2), s^2 / (sigma^2 + s^2)
  /// and sigma s / sqrt(sigma^2 + s^2).
  enum class NoiseFactor { one, edm_in, edm_skip, edm_out };

  std::string name;  ///< of the node and of the map that it makes; none is "image"
  Kind kind = Kind::activation;
  std::vector<std::string> inputs;  ///< names of nodes, or "image"

  KernelWindow window;   ///< convolution
  Map weights;           ///< convolution: a Kernel; transposed_convolution: as transposed_convolve() takes it
  Eigen::VectorXf bias;  ///< both: [outputs]
  Map noise;             ///< convolution: what noise features add to the bias, [outputs x features]; may be empty
  OddEdge edge = OddEdge::keep;
  Grid grid;               ///< upsample
  Eigen::VectorXf factor;  ///< scale: one number, or one per channel
  Eigen::VectorXf offset;  ///< scale: the same
  NoiseFactor noise_factor = NoiseFactor::one;
  double sigma_data = 0;  ///< of edm_in, edm_skip and edm_out: above 0
  Activation activation;

  MapSize size;  ///< of its map; check() works it out
};

/// The standard deviations of noise, in pixels, at which a network may be asked, and how it depends on them.
struct NoiseLevels {
  double lowest = 0, highest = 0;  ///< equal for a network of one noise level; 0 < lowest <= highest
  /// Features cos(k pi u), k = 1 to `features`, where u runs from 0 to 1 with ln sigma from lowest to highest.
  int features = 0;
};

struct Graph {
  std::string name;
  MapSize image;
  NoiseLevels noise_levels;
  std::vector<Node> nodes;  ///< each after those whose maps it takes
  std::string output;       ///< the node that makes the denoised image

  /// The node of that name. Throws Error if there is none.
  const Node& node(const std::string& node_name) const;
};

/// Puts the nodes into an order in which each comes after its inputs (as they are, where they are in one), works out
/// their sizes and checks everything. Throws Error that begins with `where` (a file) and names the node and what is
/// wrong: a name that is missing, twice or "image"; an input that no node makes; a cycle; a node on which the output
/// does not depend; sizes that do not go together; weights of another shape, or not finite; an output of another size
/// than the image.
void check(Graph& graph, const std::string& where);

/// The name of a kind in files: as in Node::Kind.
std::string kind_name(Node::Kind kind);

/// How many numbers a network holds: weights, biases, noise weights, factors, offsets, slopes.
std::int64_t parameters(const Graph& graph);

}  // namespace settle
