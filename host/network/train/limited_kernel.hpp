// d3's kernel while it is trained: only what the array can carry, exact at every step.
//
// e3 reaches d3 through the words of one bus: P^T x at each site, then one matrix Q_t per tap, so that part of the
// kernel is Q_t P^T with as many columns as the bus has words. The bottleneck reaches it through the interface, which
// sees one site and has a narrow middle: a product of two matrices at the centre tap, zero at the other taps.
#pragma once

#include <vector>

#include <torch/torch.h>

namespace settle {

class LimitedKernel {
 public:
  /// Starts at the kernel of the allowed form that is nearest to `kernel` [outputs, inputs, 3, 3], whose first half of
  /// the inputs is the bottleneck's. Ranks: 1 .. inputs / 2.
  LimitedKernel(const torch::Tensor& kernel, int bottleneck_rank, int skip_rank);

  /// The kernel itself, differentiable, [outputs, inputs, 3, 3].
  torch::Tensor kernel() const;

  /// What is trained in the kernel's place.
  std::vector<torch::Tensor> parameters() const { return {skip_in_, skip_out_, bottleneck_in_, bottleneck_out_}; }

 private:
  torch::Tensor skip_in_;         // P, [inputs / 2, rank]
  torch::Tensor skip_out_;        // Q_t, [outputs * taps, rank]: taps fastest
  torch::Tensor bottleneck_in_;   // [inputs / 2, rank]
  torch::Tensor bottleneck_out_;  // [outputs, rank]
};

}  // namespace settle
