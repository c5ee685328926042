#include "network/train/trainer.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <memory>
#include <vector>

#include "base/error.hpp"
#include "network/unet/constants.hpp"

namespace settle {
namespace {

constexpr double kLostLoss = 100.0;  // an untrained network has about 1
// Longer gradients are cut to this. Without it, one bad batch can throw the weights far off at these learning rates.
constexpr double kLongestGradient = 0.5;
constexpr std::int64_t kWarmUp = 200;  // steps over which the learning rate rises from 0

// Rises linearly, then falls along half a cosine to 0.
double rate_factor(std::int64_t step, std::int64_t steps) {
  const double rise = std::min(1.0, static_cast<double>(step + 1) / static_cast<double>(kWarmUp));
  return rise * 0.5 * (1.0 + std::cos(M_PI * static_cast<double>(step) / static_cast<double>(steps)));
}

torch::Tensor draw_sigma(const TrainingOptions& options) {
  const torch::Tensor narrow = torch::rand({options.batch}) < options.narrow_share;
  const torch::Tensor spread = torch::where(narrow, torch::full({options.batch}, options.narrow_spread),
                                            torch::full({options.batch}, options.sigma_spread));
  const torch::Tensor sigma = options.sigma_centre * (spread * torch::randn({options.batch})).exp();
  return sigma.clamp(kSigmaMin, kSigmaMax);
}

// Images in a new random order in every pass over the data.
class Shuffle {
 public:
  Shuffle(torch::Tensor greys, std::int64_t batch) : greys_(std::move(greys)), batch_(batch) {}

  torch::Tensor next() {
    if (order_.numel() < at_ + batch_) {
      order_ = torch::randperm(greys_.size(0));
      at_ = 0;
    }
    const torch::Tensor batch = greys_.index_select(0, order_.slice(0, at_, at_ + batch_));
    at_ += batch_;
    return batch.to(torch::kFloat) / 127.5 - 1.0;
  }

 private:
  torch::Tensor greys_, order_ = torch::empty({0}, torch::kLong);
  std::int64_t batch_, at_ = 0;
};

torch::Tensor greys_of(const ImageSet& images) {
  const auto count = static_cast<std::int64_t>(images.size());
  // from_blob wants a pointer to non-const; clone() copies before anything can write.
  auto* bytes = const_cast<std::uint8_t*>(images.greys().data());
  return torch::from_blob(bytes, {count, 1, kImageSide, kImageSide}, torch::kByte).clone();
}

}  // namespace

TrainingProgress train(TorchUnet& net, const ImageSet& images, const TrainingOptions& options,
                       const std::function<bool()>& stop, const std::function<void(const TrainingProgress&)>& show) {
  const auto limited = std::make_shared<LimitedKernel>(net->d3->weight, options.bottleneck_rank, options.skip_rank);
  net->d3->limit(limited);
  std::vector<torch::Tensor> weights = limited->parameters();
  for (const auto& item : net->named_parameters()) {
    if (item.key() != "d3.weight") weights.push_back(item.value());
  }
  std::vector<torch::Tensor> averages;
  averages.reserve(weights.size());
  for (const torch::Tensor& w : weights) averages.push_back(w.detach().clone());

  Shuffle data(greys_of(images), options.batch);
  torch::optim::Adam adam(weights, torch::optim::AdamOptions(options.learning_rate));
  auto& settings = static_cast<torch::optim::AdamOptions&>(adam.param_groups()[0].options());

  const auto start = std::chrono::steady_clock::now();
  TrainingProgress progress;
  while (progress.step < options.steps && !stop()) {
    const double rate = options.learning_rate * rate_factor(progress.step, options.steps);
    settings.lr(rate);
    const torch::Tensor clean = data.next();
    const torch::Tensor sigma = draw_sigma(options);
    const torch::Tensor noisy = clean + sigma.reshape({-1, 1, 1, 1}) * torch::randn_like(clean);
    const torch::Tensor output = net->forward(noisy, sigma).output;
    // EDM's weight: an error of the network's own output F counts the same at every noise level.
    const torch::Tensor weight = 1.0 / sigma.square() + 1.0 / (kSigmaData * kSigmaData);
    const torch::Tensor loss = (weight * (output - clean).square().mean({1, 2, 3})).mean();
    adam.zero_grad();
    loss.backward();
    torch::nn::utils::clip_grad_norm_(weights, kLongestGradient);
    adam.step();

    ++progress.step;
    const torch::NoGradGuard no_grad;
    // A short memory at first, so that the average forgets the random start.
    const double decay =
        std::min(options.ema, (1.0 + static_cast<double>(progress.step)) / (10.0 + static_cast<double>(progress.step)));
    for (std::size_t i = 0; i < weights.size(); ++i) averages[i].lerp_(weights[i], 1.0 - decay);
    const double memory = progress.step == 1 ? 0.0 : 0.99;
    progress.loss = memory * progress.loss + (1.0 - memory) * loss.item<double>();
    progress.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    progress.images_per_second = static_cast<double>(progress.step * options.batch) / progress.seconds;
    if (!(progress.loss < kLostLoss)) {
      throw error("training diverged at step {}: loss {}; a lower --learning-rate is needed", progress.step,
                  progress.loss);
    }
    show(progress);
  }
  const torch::NoGradGuard no_grad;
  for (std::size_t i = 0; i < weights.size(); ++i) torch::Tensor(weights[i]).copy_(averages[i]);
  net->d3->limit(nullptr);
  return progress;
}

}  // namespace settle
