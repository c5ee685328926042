#include "train/mean_response.hpp"

#include <cmath>

#include "unet/constants.hpp"

namespace settle {

MeanResponseImpl::MeanResponseImpl(int skip_rank, int codes) {
  constexpr int kHidden = 16;
  const auto random = [&](const char* name, int rows, int columns) {
    return register_parameter(name, torch::randn({rows, columns}) * std::sqrt(1.0 / columns));
  };
  source_ = random("source", skip_rank, kChannels3);
  target_ = random("target", kChannels3, skip_rank);
  down_ = random("down", codes, kChannelsB);
  in_ = random("in", kHidden, codes);
  out_ = random("out", kChannels3, kHidden);
  offset_ = register_parameter("offset", torch::zeros({kChannels3}));
  offset_features_ = register_parameter("offset_features", torch::zeros({kChannels3, kNoiseFeatures}));
}

torch::Tensor MeanResponseImpl::forward(const torch::Tensor& e3, const torch::Tensor& b,
                                        const torch::Tensor& features) {
  const torch::Tensor bus = e3.mm(source_.t()).mm(target_.t());
  const torch::Tensor interface = torch::silu(b.mm(down_.t()).mm(in_.t())).mm(out_.t());
  return bus + interface + offset_ + features.mm(offset_features_.t());
}

torch::Tensor missed_share(const torch::Tensor& predicted, const torch::Tensor& d3, const torch::Tensor& weight) {
  const torch::Tensor share = (weight / weight.sum()).unsqueeze(1);
  const torch::Tensor mean = (d3 * share).sum(0, true);
  return ((predicted - d3).square() * share).sum() / ((d3 - mean).square() * share).sum();
}

torch::Tensor missed_by_mean(const torch::Tensor& d3, const torch::Tensor& weight) {
  const torch::Tensor share = (weight / weight.sum()).unsqueeze(1);
  const torch::Tensor mean = (d3 * share).sum(0, true);
  return 1.0 - (torch::cosine_similarity(d3, mean, 1) * share.squeeze(1)).sum();
}

}  // namespace settle
