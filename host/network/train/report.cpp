#include "network/train/report.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <Eigen/Dense>

#include "images/noise.hpp"
#include "network/unet/constants.hpp"

namespace settle {
namespace {

using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr std::size_t kBatch = 250;
constexpr std::size_t kFitImages = 4000;
constexpr std::size_t kScoreImages = 1000;
constexpr std::uint64_t kFitNoiseSeed = kTestNoiseSeed + 1;
constexpr int kRank = 16;
constexpr double kRidge = 1e-5;  // of the mean variance of the regressors

TorchActivations run(TorchUnet& net, const torch::Tensor& noisy, double sigma) {
  const torch::NoGradGuard no_grad;
  return net->forward(noisy, torch::full({noisy.size(0)}, sigma));
}

// Adds the squared errors of `images` to `sum`, and their PSNR.
void add_errors(const torch::Tensor& images, const torch::Tensor& clean, double& sum, double& sum_psnr) {
  const torch::Tensor mse = (images - clean).square().mean({1, 2, 3}).to(torch::kDouble);
  sum += mse.sum().item<double>();
  sum_psnr += (10.0 * (4.0 / mse).log10()).sum().item<double>();
}

struct Means {
  MatrixXd e3, b, d3;  // one row per image, one column per channel
};

void put_means(const torch::Tensor& map, MatrixXd& rows, std::size_t first) {
  const torch::Tensor mean = map.to(torch::kDouble).mean({2, 3}).contiguous();
  using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  const Eigen::Map<const RowMajor> view(mean.data_ptr<double>(), mean.size(0), mean.size(1));
  rows.middleRows(static_cast<Eigen::Index>(first), view.rows()) = view;
}

Means spatial_means(TorchUnet& net, const ImageSet& images, std::size_t count, double sigma, std::uint64_t seed) {
  const auto rows = static_cast<Eigen::Index>(count);
  Means means{MatrixXd(rows, kChannels3), MatrixXd(rows, kChannelsB), MatrixXd(rows, kChannels3)};
  for (std::size_t first = 0; first < count; first += kBatch) {
    const auto maps = run(net, noisy_tensor(images, first, std::min(kBatch, count - first), sigma, seed), sigma);
    put_means(maps.e3, means.e3, first);
    put_means(maps.b, means.b, first);
    put_means(maps.d3, means.d3, first);
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

}  // namespace

DenoisingFigures measure_denoising(TorchUnet& net, const ImageSet& test, double sigma, std::size_t count) {
  DenoisingFigures sums;
  for (std::size_t first = 0; first < count; first += kBatch) {
    const std::size_t size = std::min(kBatch, count - first);
    const torch::Tensor clean = clean_tensor(test, first, size);
    const torch::Tensor noisy = noisy_tensor(test, first, size, sigma, kTestNoiseSeed);
    add_errors(run(net, noisy, sigma).output, clean, sums.mse, sums.psnr);
    add_errors(noisy, clean, sums.noisy_mse, sums.noisy_psnr);
  }
  const auto n = static_cast<double>(count);
  return {sigma, sums.mse / n, sums.psnr / n, sums.noisy_mse / n, sums.noisy_psnr / n};
}

GuessFigures measure_guesses(TorchUnet& net, const Mnist& data, double sigma) {
  const Means fit = spatial_means(net, data.train, kFitImages, sigma, kFitNoiseSeed);
  const Means score = spatial_means(net, data.test, kScoreImages, sigma, kTestNoiseSeed);
  const VectorXd mean_e = mean_row(fit.e3), mean_b = mean_row(fit.b), mean_t = mean_row(fit.d3);
  const MatrixXd fit_e = centred(fit.e3, mean_e), fit_b = centred(fit.b, mean_b), fit_t = centred(fit.d3, mean_t);
  const MatrixXd score_e = centred(score.e3, mean_e), score_b = centred(score.b, mean_b);
  const MatrixXd score_t = centred(score.d3, mean_t);

  const MatrixXd from_e = reduced_rank(fit_e, fit_t);
  const MatrixXd from_b = ridge(fit_b, fit_t - fit_e * from_e);
  GuessFigures figures;
  figures.baseline_mean = mean_cosine(mean_t.transpose().replicate(score.d3.rows(), 1), score.d3);
  figures.linear16 = mean_cosine(score_e * from_e, score_t);
  figures.linear16_bottleneck = mean_cosine(score_e * from_e + score_b * from_b, score_t);
  return figures;
}

std::string report(TorchUnet& net, const Mnist& data) {
  std::string text = fmt::format("{:>7} {:>9} {:>9} {:>8} {:>9} {:>10}\n", "sigma", "images", "MSE", "PSNR",
                                 "noisy MSE", "noisy PSNR");
  for (const double sigma : {0.5, 0.1, 0.2, 1.0, 2.0, 5.0, 10.0}) {
    const std::size_t count = sigma == 0.5 ? data.test.size() : kScoreImages;
    const DenoisingFigures f = measure_denoising(net, data.test, sigma, count);
    text += fmt::format("{:7} {:9} {:9.5f} {:8.2f} {:9.4f} {:10.2f}\n", sigma, count, f.mse, f.psnr, f.noisy_mse,
                        f.noisy_psnr);
  }
  const GuessFigures g = measure_guesses(net, data, 0.5);
  text += fmt::format("d3 means at sigma 0.5: baseline_mean {:.4f}, linear16 {:.4f}, linear16 + bottleneck {:.4f}\n",
                      g.baseline_mean, g.linear16, g.linear16_bottleneck);
  return text;
}

}  // namespace settle
