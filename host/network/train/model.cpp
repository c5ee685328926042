#include "network/train/model.hpp"

#include <cmath>
#include <utility>

#include "network/unet/constants.hpp"

namespace settle {
namespace {

torch::Tensor features_of(const torch::Tensor& sigma) {
  const torch::Tensor u = ((sigma / kSigmaMin).log() / std::log(kSigmaMax / kSigmaMin)).clamp(0.0, 1.0);
  const torch::Tensor k = torch::arange(1, kNoiseFeatures + 1, torch::kFloat);
  return (u.unsqueeze(1) * k.unsqueeze(0) * M_PI).cos();
}

// Mean over the existing sites of each 2 x 2 block: an odd side keeps its last row and column.
torch::Tensor halve(const torch::Tensor& x) {
  return torch::nn::functional::avg_pool2d(
      x, torch::nn::functional::AvgPool2dFuncOptions(2).stride(2).ceil_mode(true).count_include_pad(false));
}

// Site n of a grid of `side` takes source site floor(n / 2).
torch::Tensor twice(const torch::Tensor& x, int side) { return at::upsample_nearest2d(x, {side, side}, 2.0, 2.0); }

}  // namespace

NoiseConvImpl::NoiseConvImpl(int inputs, int outputs) {
  // A sixth of the variance that would keep the signal's size: small weights make the convolutions learn features of
  // their own, and the maps vary more about their means (baseline_mean 0.993 with the full variance, 0.965 with this).
  const double spread = std::sqrt(1.0 / (3.0 * 9.0 * inputs));
  weight = register_parameter("weight", torch::randn({outputs, inputs, 3, 3}) * spread);
  bias = register_parameter("bias", torch::zeros({outputs}));
  noise = register_parameter("noise", torch::zeros({outputs, kNoiseFeatures}));
}

torch::Tensor NoiseConvImpl::forward(const torch::Tensor& x, const torch::Tensor& features) {
  const torch::Tensor shift = (features.unsqueeze(1) * noise.unsqueeze(0)).sum(2);
  return torch::conv2d(x, limited_ ? limited_->kernel() : weight, bias, 1, 1) + shift.unsqueeze(2).unsqueeze(3);
}

void NoiseConvImpl::limit(std::shared_ptr<const LimitedKernel> limited) {
  const torch::NoGradGuard no_grad;
  if (limited_ && !limited) weight.copy_(limited_->kernel());
  limited_ = std::move(limited);
}

TorchUnetImpl::TorchUnetImpl(const Slopes& slopes, double background, double d3_bias) : slopes_(slopes) {
  e1 = register_module("e1", NoiseConv(1, kChannels1));
  e2 = register_module("e2", NoiseConv(kChannels1, kChannels2));
  e3 = register_module("e3", NoiseConv(kChannels2, kChannels3));
  b = register_module("b", NoiseConv(kChannels3, kChannelsB));
  d3 = register_module("d3", NoiseConv(kChannelsB + kChannels3, kChannels3));
  d2 = register_module("d2", NoiseConv(kChannels3 + kChannels2, kChannels2));
  d1 = register_module("d1", NoiseConv(kChannels2 + kChannels1, kChannels1));
  out = register_module("out", NoiseConv(kChannels1, 1));
  const torch::NoGradGuard no_grad;
  e1->bias.copy_(e1->weight.sum({1, 2, 3}) * (background * preconditioning(0.5).in));
  d3->bias.fill_(d3_bias);
}

TorchActivations TorchUnetImpl::forward(const torch::Tensor& noisy, const torch::Tensor& sigma) {
  const auto act = [this](const torch::Tensor& u) { return torch::leaky_relu(u, slopes_.others); };
  const torch::Tensor features = features_of(sigma);
  const torch::Tensor s = sigma.reshape({-1, 1, 1, 1});
  const torch::Tensor total = s * s + kSigmaData * kSigmaData;

  TorchActivations maps;
  maps.input = noisy / total.sqrt();
  maps.e1 = act(e1(maps.input, features));
  maps.e2 = act(e2(halve(maps.e1), features));
  maps.e3 = act(e3(halve(maps.e2), features));
  maps.b = act(b(halve(maps.e3), features));
  maps.d3 = torch::leaky_relu(d3(torch::cat({twice(maps.b, kSide3), maps.e3}, 1), features), slopes_.d3);
  maps.d2 = act(d2(torch::cat({twice(maps.d3, kSide2), maps.e2}, 1), features));
  maps.d1 = act(d1(torch::cat({twice(maps.d2, kSide1), maps.e1}, 1), features));
  const torch::Tensor f = out(maps.d1, features);
  maps.output = noisy * (kSigmaData * kSigmaData / total) + f * (s * kSigmaData / total.sqrt());
  return maps;
}

}  // namespace settle
