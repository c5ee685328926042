// What a network is to be before it is trained: its graph, the images that it learns from, and the training's
// constants, from one file (README.md, networks/).
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>

#include "network/graph/graph.hpp"

namespace settle {

/// The entry `format` of a description.
inline constexpr const char* kDescriptionFormat = "settle-training-1";

/// Where the images come from.
struct ImageSource {
  enum class Kind { mnist, textures };

  Kind kind = Kind::mnist;
  std::int64_t train = 0, test = 0;  ///< textures: how many are made
  std::uint64_t seed = 0;            ///< textures: of all of them
};

/// The training's constants.
struct TrainingOptions {
  std::int64_t steps = 0;       ///< optimiser steps, >= 1
  std::int64_t batch = 0;       ///< images per step, >= 1
  double learning_rate = 0;     ///< Adam's, at its highest
  std::int64_t warm_up = 0;     ///< steps over which the rate rises from 0, >= 1
  double ema = 0;               ///< decay of the averaged weights, per step
  double longest_gradient = 0;  ///< longer ones are cut to this
  double start_variance = 0;    ///< of a convolution's weights at the start, times the numbers that one sum takes in
  double sigma_centre = 0;      ///< median of the noise levels
  double sigma_spread = 0;      ///< standard deviation of ln sigma
  double narrow_share = 0;      ///< share of the images whose spread is narrow_spread
  double narrow_spread = 0;     ///< that spread
  std::uint64_t seed = 1;
};

/// Ranks of a kernel that the array can carry (limited_kernel.hpp).
struct KernelLimit {
  int bottleneck_rank = 0, skip_rank = 0;
};

struct Description {
  Graph graph;                                ///< all weights 0, biases as they start; checked
  std::map<std::string, KernelLimit> limits;  ///< of convolutions that have one
  ImageSource images;
  TrainingOptions training;
};

/// Reads a description. Throws Error naming the file, the field and what is allowed there.
Description read_description(const std::filesystem::path& path);

/// Throws Error that begins with `where` unless `graph` has the nodes of the description's graph: the same names,
/// kinds, inputs, sizes and functions. Weights may be any.
void check_same_shape(const Graph& graph, const Description& description, const std::string& where);

/// The standard deviation of clean pixels that the network's preconditioning is made for. Throws Error unless there is
/// a node that scales by edm_out.
double sigma_data_of(const Graph& graph);

}  // namespace settle
