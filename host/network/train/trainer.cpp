#include "network/train/trainer.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <utility>
#include <vector>

#include "base/error.hpp"

namespace settle {
namespace {

constexpr double kLostLoss = 100.0;  // an untrained network has about 1

// Rises linearly, then falls along half a cosine to 0.
double rate_factor(std::int64_t step, const TrainingOptions& options) {
  const double rise = std::min(1.0, static_cast<double>(step + 1) / static_cast<double>(options.warm_up));
  return rise * 0.5 * (1.0 + std::cos(M_PI * static_cast<double>(step) / static_cast<double>(options.steps)));
}

torch::Tensor draw_sigma(const TrainingOptions& options, const NoiseLevels& levels) {
  const torch::Tensor narrow = torch::rand({options.batch}) < options.narrow_share;
  const torch::Tensor spread = torch::where(narrow, torch::full({options.batch}, options.narrow_spread),
                                            torch::full({options.batch}, options.sigma_spread));
  const torch::Tensor sigma = options.sigma_centre * (spread * torch::randn({options.batch})).exp();
  return sigma.clamp(levels.lowest, levels.highest);
}

// Images in a new random order in every pass over the data.
class Shuffle {
 public:
  Shuffle(torch::Tensor images, std::int64_t batch) : images_(std::move(images)), batch_(batch) {}

  torch::Tensor next() {
    if (order_.numel() < at_ + batch_) {
      order_ = torch::randperm(images_.size(0));
      at_ = 0;
    }
    const torch::Tensor batch = images_.index_select(0, order_.slice(0, at_, at_ + batch_));
    at_ += batch_;
    return batch.to(torch::kFloat) / 127.5 - 1.0;
  }

 private:
  torch::Tensor images_, order_ = torch::empty({0}, torch::kLong);
  std::int64_t batch_, at_ = 0;
};

}  // namespace

TorchGraph train(const Description& description, const torch::Tensor& images, const std::function<bool()>& stop,
                 const std::function<void(const TrainingProgress&)>& show, TrainingProgress& progress) {
  const TrainingOptions& options = description.training;
  const double sigma_data = sigma_data_of(description.graph);
  if (images.size(0) < options.batch) {
    throw error("training: {} images, a batch has {}", images.size(0), options.batch);
  }
  torch::manual_seed(options.seed);
  TorchGraph net(description.graph);
  net.start(options.start_variance);
  for (const auto& [node, limit] : description.limits) net.limit(node, limit);
  const std::vector<torch::Tensor> weights = net.parameters();
  std::vector<torch::Tensor> averages;
  averages.reserve(weights.size());
  for (const torch::Tensor& w : weights) averages.push_back(w.detach().clone());

  Shuffle data(images, options.batch);
  torch::optim::Adam adam(weights, torch::optim::AdamOptions(options.learning_rate));
  auto& settings = static_cast<torch::optim::AdamOptions&>(adam.param_groups()[0].options());

  const auto start = std::chrono::steady_clock::now();
  progress = {};
  while (progress.step < options.steps && !stop()) {
    settings.lr(options.learning_rate * rate_factor(progress.step, options));
    const torch::Tensor clean = data.next();
    const torch::Tensor sigma = draw_sigma(options, description.graph.noise_levels);
    const torch::Tensor noisy = clean + sigma.reshape({-1, 1, 1, 1}) * torch::randn_like(clean);
    const torch::Tensor output = net.denoised(noisy, sigma);
    // EDM's weight: an error of the network's own output F counts the same at every noise level.
    const torch::Tensor weight = 1.0 / sigma.square() + 1.0 / (sigma_data * sigma_data);
    const torch::Tensor loss = (weight * (output - clean).square().mean({1, 2, 3})).mean();
    adam.zero_grad();
    loss.backward();
    torch::nn::utils::clip_grad_norm_(weights, options.longest_gradient);
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
  net.lift_limits();
  return net;
}

}  // namespace settle
