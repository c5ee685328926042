// The U-Net in libtorch, for training. network/unet/unet.hpp defines the same network for everyone else.
#pragma once

#include <memory>

#include <torch/torch.h>

#include "network/train/limited_kernel.hpp"

namespace settle {

/// Every map of one forward pass, [images, channels, side, side].
struct TorchActivations {
  torch::Tensor input, e1, e2, e3, b, d3, d2, d1, output;
};

/// A 3x3 convolution with zero padding whose bias depends on the noise level: bias + noise * noise_features(sigma).
class NoiseConvImpl : public torch::nn::Module {
 public:
  NoiseConvImpl(int inputs, int outputs);

  /// `x` [images, inputs, h, w], `features` [images, kNoiseFeatures]; returns [images, outputs, h, w].
  torch::Tensor forward(const torch::Tensor& x, const torch::Tensor& features);

  /// From now on the kernel is that of `limited`; empty: it is `weight` again, at what `limited` had reached.
  void limit(std::shared_ptr<const LimitedKernel> limited);

  torch::Tensor weight;  ///< [outputs, inputs, 3, 3]
  torch::Tensor bias;    ///< [outputs]
  torch::Tensor noise;   ///< [outputs, kNoiseFeatures]

 private:
  std::shared_ptr<const LimitedKernel> limited_;
};
TORCH_MODULE(NoiseConv);

/// The activation is max(u, slope * u), with a slope of its own in d3.
struct Slopes {
  double others, d3;
};

/// The whole network.
class TorchUnetImpl : public torch::nn::Module {
 public:
  /// Starts with random weights (torch's generator). `slopes` of the activations, in [0, 1]; `background`, in [0, 1],
  /// is the share of the background's level (pixel -1 at sigma 0.5) that the first convolution's bias takes away at the
  /// start. `d3_bias` is where d3's biases start: below zero most of its units stay on one branch of the activation,
  /// so their spatial means answer nearly linearly.
  explicit TorchUnetImpl(const Slopes& slopes, double background = 0.0, double d3_bias = 0.0);

  /// `noisy` [images, 1, 28, 28], `sigma` [images] > 0. `input` of the result is the preconditioned input, `output` the
  /// denoised images D(noisy; sigma).
  TorchActivations forward(const torch::Tensor& noisy, const torch::Tensor& sigma);

  const Slopes& slopes() const { return slopes_; }

  NoiseConv e1{nullptr}, e2{nullptr}, e3{nullptr}, b{nullptr}, d3{nullptr}, d2{nullptr}, d1{nullptr}, out{nullptr};

 private:
  Slopes slopes_;
};
TORCH_MODULE(TorchUnet);

}  // namespace settle
