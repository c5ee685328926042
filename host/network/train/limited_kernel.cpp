#include "network/train/limited_kernel.hpp"

#include <utility>

namespace settle {
namespace {

constexpr std::int64_t kSide = 3;  // of a kernel

// The nearest left * right^T of that rank to `matrix`, the singular values shared by both.
std::pair<torch::Tensor, torch::Tensor> factors(const torch::Tensor& matrix, int rank) {
  const auto [u, s, v] = torch::svd(matrix);
  const torch::Tensor root = s.slice(0, 0, rank).sqrt();
  return {u.slice(1, 0, rank).mul(root), v.slice(1, 0, rank).mul(root)};
}

torch::Tensor trained(const torch::Tensor& start) { return start.detach().clone().contiguous().requires_grad_(true); }

}  // namespace

LimitedKernel::LimitedKernel(const torch::Tensor& kernel, int bottleneck_rank, int skip_rank) {
  const torch::NoGradGuard no_grad;
  const std::int64_t half = kernel.size(1) / 2;
  const torch::Tensor skip = kernel.slice(1, half, 2 * half).permute({0, 2, 3, 1}).reshape({-1, half});
  const torch::Tensor centre = kernel.slice(1, 0, half).select(3, kSide / 2).select(2, kSide / 2);
  const auto [skip_out, skip_in] = factors(skip, skip_rank);
  const auto [bottleneck_out, bottleneck_in] = factors(centre, bottleneck_rank);
  skip_in_ = trained(skip_in);
  skip_out_ = trained(skip_out);
  bottleneck_in_ = trained(bottleneck_in);
  bottleneck_out_ = trained(bottleneck_out);
}

torch::Tensor LimitedKernel::kernel() const {
  const std::int64_t half = skip_in_.size(0);
  const torch::Tensor skip = skip_out_.mm(skip_in_.t()).reshape({-1, kSide, kSide, half}).permute({0, 3, 1, 2});
  const torch::Tensor centre = bottleneck_out_.mm(bottleneck_in_.t()).unsqueeze(2).unsqueeze(3);
  const std::int64_t border = kSide / 2;
  return torch::cat({torch::constant_pad_nd(centre, {border, border, border, border}), skip}, 1);
}

}  // namespace settle
