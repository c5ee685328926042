// What the array can make of a map's means: a differentiable stand-in for bus and interface while the U-Net trains.
#pragma once

#include <torch/torch.h>

namespace settle {

/// Predicts d3's spatial means from those of e3 and of the bottleneck with what the machine will have: a bus of limited
/// rank, an interface with a code of a few numbers and one hidden layer, and a field that depends on the noise level.
class MeanResponseImpl : public torch::nn::Module {
 public:
  /// Ranks: 1 .. 64. Random start from torch's generator.
  MeanResponseImpl(int skip_rank, int codes);

  /// `e3`, `b` [images, 64] spatial means, `features` [images, kNoiseFeatures]; returns [images, 64].
  torch::Tensor forward(const torch::Tensor& e3, const torch::Tensor& b, const torch::Tensor& features);

 private:
  torch::Tensor source_, target_;           // the bus
  torch::Tensor down_, in_, out_;           // the interface
  torch::Tensor offset_, offset_features_;  // the field
};
TORCH_MODULE(MeanResponse);

/// The share of `d3`'s variance across images that `predicted` misses: both [images, 64], images weighted by `weight`
/// [images], at least two of them above 0. 0 is perfect; 1 is what a constant reaches.
torch::Tensor missed_share(const torch::Tensor& predicted, const torch::Tensor& d3, const torch::Tensor& weight);

/// What a constant misses of `d3`'s directions: 1 - the mean cosine between images and their mean. Arguments as above.
torch::Tensor missed_by_mean(const torch::Tensor& d3, const torch::Tensor& weight);

}  // namespace settle
