#include "network/train/report.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <Eigen/Dense>

#include "base/error.hpp"
#include "images/noise.hpp"
#include "network/graph/inference.hpp"
#include "network/graph/queries.hpp"

namespace settle {
namespace {

using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr std::int64_t kBatch = 250;
constexpr std::int64_t kFitImages = 4000;
constexpr std::int64_t kScoreImages = 1000;
constexpr std::uint64_t kFitNoiseSeed = kTestNoiseSeed + 1;
constexpr int kRank = 16;
constexpr double kRidge = 1e-5;  // of the mean variance of the regressors

TorchMaps maps_of(const TorchGraph& net, const torch::Tensor& noisy, double sigma) {
  const torch::NoGradGuard no_grad;
  return net.forward(noisy, torch::full({noisy.size(0)}, sigma));
}

// Adds the squared errors of `images` to `sum`, and their PSNR.
void add_errors(const torch::Tensor& images, const torch::Tensor& clean, double& sum, double& sum_psnr) {
  const torch::Tensor mse = (images - clean).square().mean({1, 2, 3}).to(torch::kDouble);
  sum += mse.sum().item<double>();
  sum_psnr += (10.0 * (4.0 / mse).log10()).sum().item<double>();
}

struct Means {
  MatrixXd bottleneck, skip, target;  // one row per image, one column per channel
};

void put_means(const torch::Tensor& map, MatrixXd& rows, std::int64_t first) {
  const torch::Tensor mean = map.to(torch::kDouble).mean({2, 3}).contiguous();
  using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  const Eigen::Map<const RowMajor> view(mean.data_ptr<double>(), mean.size(0), mean.size(1));
  rows.middleRows(static_cast<Eigen::Index>(first), view.rows()) = view;
}

Means spatial_means(const TorchGraph& net, const torch::Tensor& images, std::int64_t count, double sigma,
                    std::uint64_t seed, const std::string& map) {
  count = std::min(count, images.size(0));
  const Graph graph = net.graph();
  const std::vector<std::string> from = sources_of(graph, map);
  const auto rows = [&](const std::string& name) { return MatrixXd(count, graph.node(name).size.channels); };
  Means means{rows(from.at(0)), rows(from.at(1)), rows(map)};
  for (std::int64_t first = 0; first < count; first += kBatch) {
    const TorchMaps maps =
        maps_of(net, noisy_tensor(images, first, std::min(kBatch, count - first), sigma, seed), sigma);
    put_means(maps.at(from.at(0)), means.bottleneck, first);
    put_means(maps.at(from.at(1)), means.skip, first);
    put_means(maps.at(map), means.target, first);
  }
  return means;
}

MatrixXd centred(const MatrixXd& rows, const VectorXd& mean) { return rows.rowwise() - mean.transpose(); }

VectorXd mean_row(const MatrixXd& rows) { return rows.colwise().mean().transpose(); }

MatrixXd ridge(const MatrixXd& x, const MatrixXd& y) {
  MatrixXd gram = x.transpose() * x;
  gram.diagonal().array() += kRidge * gram.trace() / static_cast<double>(gram.rows());
  return gram.ldlt().solve(x.transpose() * y);
}

// The best regression matrix of rank kRank: the full one, cut to the directions in which its answers vary most.
MatrixXd reduced_rank(const MatrixXd& x, const MatrixXd& y) {
  const MatrixXd full = ridge(x, y);
  const Eigen::BDCSVD<MatrixXd> svd(x * full, Eigen::ComputeThinV);
  const MatrixXd v = svd.matrixV().leftCols(kRank);
  return full * v * v.transpose();
}

double mean_cosine(const MatrixXd& a, const MatrixXd& b) {
  const Eigen::ArrayXd dots = (a.array() * b.array()).rowwise().sum();
  return (dots / (a.rowwise().norm().array() * b.rowwise().norm().array())).mean();
}

// |a - b| / |b| of libtorch's map a of one image.
double difference(const torch::Tensor& a, const Map& b) {
  const torch::Tensor plain = a.contiguous();
  const Eigen::Map<const Map> ours(plain.data_ptr<float>(), b.rows(), b.cols());
  return (ours - b).cast<double>().norm() / std::max(b.cast<double>().norm(), 1e-30);
}

std::int64_t units(const Graph& graph) {
  std::int64_t count = 0;
  for (const Node& node : graph.nodes) {
    if (node.kind == Node::Kind::activation) count += std::int64_t{1} * node.size.channels * node.size.grid.sites();
  }
  return count;
}

// The activation of a convolution's sums.
std::string map_behind(const Graph& graph, const std::string& convolution) {
  for (const std::string& map : convolved_maps(graph)) {
    if (convolution_behind(graph, map).name == convolution) return map;
  }
  throw error("network {}: {} has a limited kernel and no activation of its own", graph.name, convolution);
}

}  // namespace

DenoisingFigures measure_denoising(const TorchGraph& net, const torch::Tensor& test, double sigma, std::int64_t count) {
  const std::string output = net.graph().output;
  DenoisingFigures sums;
  for (std::int64_t first = 0; first < count; first += kBatch) {
    const std::int64_t size = std::min(kBatch, count - first);
    const torch::Tensor clean = clean_tensor(test, first, size);
    const torch::Tensor noisy = noisy_tensor(test, first, size, sigma, kTestNoiseSeed);
    add_errors(maps_of(net, noisy, sigma).at(output), clean, sums.mse, sums.psnr);
    add_errors(noisy, clean, sums.noisy_mse, sums.noisy_psnr);
  }
  const auto n = static_cast<double>(count);
  return {sigma, sums.mse / n, sums.psnr / n, sums.noisy_mse / n, sums.noisy_psnr / n};
}

InferenceDifference check_inference(const TorchGraph& net, const torch::Tensor& test) {
  const Graph graph = net.graph();
  const NoiseLevels& levels = graph.noise_levels;
  const double middle = std::sqrt(levels.lowest * levels.highest);
  InferenceDifference worst;
  for (const double sigma : {levels.lowest, std::clamp(0.5, levels.lowest, levels.highest), middle, levels.highest}) {
    for (std::int64_t image = 0; image < std::min<std::int64_t>(2, test.size(0)); ++image) {
      const torch::Tensor noisy = noisy_tensor(test, image, 1, sigma, kTestNoiseSeed);
      const Eigen::Map<const Map> pixels(noisy.data_ptr<float>(), graph.image.channels, graph.image.grid.sites());
      const TorchMaps theirs = maps_of(net, noisy, sigma);
      for (const auto& [name, map] : run(graph, pixels, sigma)) {
        const double found = difference(theirs.at(name), map);
        // Written so that a NaN counts, too.
        if (!(found <= worst.difference)) worst = {name, found};
      }
    }
  }
  if (!(worst.difference <= kMostDifference)) {
    throw error("network {}: {} differs by {} between libtorch and the host's inference, {} is allowed", graph.name,
                worst.map, worst.difference, kMostDifference);
  }
  return worst;
}

GuessFigures measure_guesses(const TorchGraph& net, const ImageData& data, const std::string& map, double sigma) {
  const Means fit = spatial_means(net, data.train, kFitImages, sigma, kFitNoiseSeed, map);
  const Means score = spatial_means(net, data.test, kScoreImages, sigma, kTestNoiseSeed, map);
  const VectorXd mean_e = mean_row(fit.skip), mean_b = mean_row(fit.bottleneck), mean_t = mean_row(fit.target);
  const MatrixXd fit_e = centred(fit.skip, mean_e), fit_b = centred(fit.bottleneck, mean_b);
  const MatrixXd fit_t = centred(fit.target, mean_t), score_t = centred(score.target, mean_t);
  const MatrixXd score_e = centred(score.skip, mean_e), score_b = centred(score.bottleneck, mean_b);

  const MatrixXd from_e = reduced_rank(fit_e, fit_t);
  const MatrixXd from_b = ridge(fit_b, fit_t - fit_e * from_e);
  GuessFigures figures;
  figures.baseline_mean = mean_cosine(mean_t.transpose().replicate(score.target.rows(), 1), score.target);
  figures.linear16 = mean_cosine(score_e * from_e, score_t);
  figures.linear16_bottleneck = mean_cosine(score_e * from_e + score_b * from_b, score_t);
  return figures;
}

std::string report(const TorchGraph& net, const ImageData& data, const Description& description) {
  const Graph graph = net.graph();
  std::string text = fmt::format("{}: {} parameters, {} units\n", graph.name, parameters(graph), units(graph));
  const InferenceDifference worst = check_inference(net, data.test);
  text +=
      fmt::format("libtorch and the host's inference differ by {:.1e} at most, in {}\n", worst.difference, worst.map);
  text += fmt::format("{:>7} {:>9} {:>9} {:>8} {:>9} {:>10}\n", "sigma", "images", "MSE", "PSNR", "noisy MSE",
                      "noisy PSNR");
  for (const double sigma : {0.5, 0.1, 0.2, 1.0, 2.0, 5.0, 10.0}) {
    if (sigma < graph.noise_levels.lowest || sigma > graph.noise_levels.highest) continue;
    const std::int64_t count = sigma == 0.5 ? data.test.size(0) : std::min(data.test.size(0), kScoreImages);
    const DenoisingFigures f = measure_denoising(net, data.test, sigma, count);
    text += fmt::format("{:7} {:9} {:9.5f} {:8.2f} {:9.4f} {:10.2f}\n", sigma, count, f.mse, f.psnr, f.noisy_mse,
                        f.noisy_psnr);
  }
  for (const auto& [convolution, unused] : description.limits) {
    const std::string map = map_behind(graph, convolution);
    const GuessFigures g = measure_guesses(net, data, map, 0.5);
    text += fmt::format("{} means at sigma 0.5: baseline_mean {:.4f}, linear16 {:.4f}, linear16 + bottleneck {:.4f}\n",
                        map, g.baseline_mean, g.linear16, g.linear16_bottleneck);
  }
  return text;
}

}  // namespace settle
