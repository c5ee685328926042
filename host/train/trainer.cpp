#include "train/trainer.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <vector>

#include "core/error.hpp"
#include "train/mean_response.hpp"
#include "unet/constants.hpp"

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

struct Sigma {
  torch::Tensor values, narrow;  // [images]; narrow: 1 where the spread is the narrow one, else 0
};

Sigma draw_sigma(const TrainingOptions& options) {
  const torch::Tensor narrow = torch::rand({options.batch}) < options.narrow_share;
  const torch::Tensor spread = torch::where(narrow, torch::full({options.batch}, options.narrow_spread),
                                            torch::full({options.batch}, options.sigma_spread));
  const torch::Tensor sigma = options.sigma_centre * (spread * torch::randn({options.batch})).exp();
  return {sigma.clamp(kSigmaMin, kSigmaMax), narrow.to(torch::kFloat)};
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

constexpr std::int64_t kProjectEvery = 5;  // steps; a singular value decomposition at each would slow the training

// What d3's spatial mean answers to the spatial mean of its inputs is the sum of its kernel's taps. The array carries
// that through a bus and an interface of limited rank, so the network learns with no more than that: the nearest matrix
// of rank `rank`, the change spread evenly over the taps. All that varies in space is left alone.
void limit_mean_response(torch::Tensor kernel, std::int64_t first, std::int64_t count, std::int64_t rank) {
  torch::Tensor part = kernel.slice(1, first, first + count);
  const torch::Tensor mean = part.sum({2, 3});
  const auto [u, s, v] = torch::svd(mean);
  const torch::Tensor kept = u.slice(1, 0, rank).mul(s.slice(0, 0, rank)).mm(v.slice(1, 0, rank).t());
  const auto taps = static_cast<double>(kernel.size(2) * kernel.size(3));
  part.add_(((kept - mean) / taps).unsqueeze(2).unsqueeze(3));
}

void limit_mean_responses(TorchUnet& net, const TrainingOptions& options) {
  const torch::NoGradGuard no_grad;
  const torch::Tensor kernel = net->d3->weight;
  const std::int64_t half = kernel.size(1) / 2;  // the lower level's channels come first
  limit_mean_response(kernel, 0, half, options.bottleneck_rank);
  limit_mean_response(kernel, half, half, options.skip_rank);
}

// What bus and interface would miss of d3's spatial means, as a part of the loss, so that the network learns means that
// the array can settle to.
class MeansLoss {
 public:
  explicit MeansLoss(const TrainingOptions& options)
      : options_(options),
        response_(options.skip_rank, options.bottleneck_rank),
        adam_(response_->parameters(), torch::optim::AdamOptions(kResponseRate)) {}

  // `images`: 1 for those that count, 0 for the others.
  torch::Tensor operator()(const TorchActivations& maps, const torch::Tensor& images, std::int64_t step) {
    adam_.zero_grad();
    const torch::Tensor d3 = mean(maps.d3);
    torch::Tensor loss = missed_share(response_->forward(mean(maps.e3), mean(maps.b), maps.features), d3, images);
    if (options_.least_missed_by_mean > 0) {
      loss = loss + (options_.least_missed_by_mean / missed_by_mean(d3, images)).log().relu();
    }
    const double grown = (static_cast<double>(step) - kMeansFrom) / (kMeansFull - kMeansFrom);
    return options_.mean_weight * std::clamp(grown, kMeansLeast, 1.0) * loss;
  }

  // The stand-in's own step, after backward().
  void step(double factor) {
    static_cast<torch::optim::AdamOptions&>(adam_.param_groups()[0].options()).lr(kResponseRate * factor);
    adam_.step();
  }

 private:
  static constexpr double kResponseRate = 3e-3;
  // The network hears of the means from the first of these steps on, and in full from the second: until then the
  // stand-in learns. The little that is left before is for the stand-in, since Adam does not see a factor of gradients.
  static constexpr double kMeansFrom = 500, kMeansFull = 1500, kMeansLeast = 1e-4;

  static torch::Tensor mean(const torch::Tensor& map) { return map.mean({2, 3}); }

  const TrainingOptions& options_;
  MeanResponse response_;
  torch::optim::Adam adam_;
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
  const std::vector<torch::Tensor> weights = net->parameters();
  std::vector<torch::Tensor> averages;
  for (const torch::Tensor& w : weights) averages.push_back(w.detach().clone());

  Shuffle data(greys_of(images), options.batch);
  torch::optim::Adam adam(weights, torch::optim::AdamOptions(options.learning_rate));
  auto& settings = static_cast<torch::optim::AdamOptions&>(adam.param_groups()[0].options());

  MeansLoss means_loss(options);

  const auto start = std::chrono::steady_clock::now();
  TrainingProgress progress;
  while (progress.step < options.steps && !stop()) {
    const double rate = options.learning_rate * rate_factor(progress.step, options.steps);
    settings.lr(rate);
    const torch::Tensor clean = data.next();
    const auto [sigma, narrow] = draw_sigma(options);
    const torch::Tensor noisy = clean + sigma.reshape({-1, 1, 1, 1}) * torch::randn_like(clean);
    const TorchActivations maps = net->forward(noisy, sigma);
    // EDM's weight: an error of the network's own output F counts the same at every noise level.
    const torch::Tensor weight = 1.0 / sigma.square() + 1.0 / (kSigmaData * kSigmaData);
    const torch::Tensor loss = (weight * (maps.output - clean).square().mean({1, 2, 3})).mean();
    adam.zero_grad();
    if (options.mean_weight > 0) {
      (loss + means_loss(maps, narrow, progress.step)).backward();
      means_loss.step(rate_factor(progress.step, options.steps));
    } else {
      loss.backward();
    }
    torch::nn::utils::clip_grad_norm_(weights, kLongestGradient);
    adam.step();

    ++progress.step;
    const torch::NoGradGuard no_grad;
    for (torch::Tensor weight : weights) {
      if (weight.dim() == 4) weight.mul_(1.0 - rate * options.weight_decay);
    }
    if (progress.step % kProjectEvery == 0) limit_mean_responses(net, options);
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
  limit_mean_responses(net, options);
  return progress;
}

}  // namespace settle
