// A network's graph in libtorch, for training. network/graph/inference.hpp follows the same graph for everyone else.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include <torch/torch.h>

#include "network/description/description.hpp"
#include "network/graph/graph.hpp"
#include "network/train/limited_kernel.hpp"

namespace settle {

/// Maps of one forward pass by the names of their nodes, and "image": [images, channels, height, width].
using TorchMaps = std::map<std::string, torch::Tensor>;

class TorchGraph {
 public:
  /// `graph`, as check() leaves it, and its weights.
  explicit TorchGraph(Graph graph);

  /// Random weights (torch's generator) of all convolutions: normal, of variance `variance` over the numbers that one
  /// sum takes in. Biases and what noise features add stay.
  void start(double variance);

  /// From now on the kernel of convolution `node` is one that the array can carry: the nearest to what it is.
  void limit(const std::string& node, const KernelLimit& limit);
  /// Limited kernels become usual ones, at what they have reached.
  void lift_limits();

  /// `noisy` [images, channels, height, width], `sigma` [images] within the network's noise levels. Every map.
  TorchMaps forward(const torch::Tensor& noisy, const torch::Tensor& sigma) const;
  /// What it denoises them to.
  torch::Tensor denoised(const torch::Tensor& noisy, const torch::Tensor& sigma) const;

  /// What is trained.
  std::vector<torch::Tensor> parameters() const;

  /// The graph with the weights as they are now.
  Graph graph() const;

 private:
  struct Weights {
    torch::Tensor weight;  // [outputs, inputs, height, width]; of a transposed one [inputs, outputs, 2, 2]
    torch::Tensor bias;    // [outputs]
    torch::Tensor noise;   // [outputs, features], undefined without
    std::shared_ptr<const LimitedKernel> limited;
  };

  torch::Tensor convolved(const Node& node, const torch::Tensor& x, const torch::Tensor& features) const;
  torch::Tensor evaluated(const Node& node, const std::vector<torch::Tensor>& inputs, const torch::Tensor& features,
                          const torch::Tensor& sigma) const;

  Graph graph_;
  std::map<std::string, Weights> weights_;
};

}  // namespace settle
