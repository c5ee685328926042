#include "programs/bench/torch/torch_bus.hpp"

#include "base/error.hpp"

namespace settle {

namespace {

namespace F = torch::nn::functional;

torch::Tensor tensor(const std::vector<float>& values, torch::IntArrayRef shape) {
  return torch::tensor(values).reshape(shape);
}

}  // namespace

TorchBus::TorchBus(const FloatBus& bus, const FloatMachine& machine, bool product, float times)
    : bus_(bus), product_(product) {
  const FloatLayer& source = machine.layers[static_cast<std::size_t>(bus.source)];
  const FloatLayer& target = machine.layers[static_cast<std::size_t>(bus.target)];
  sites_ = source.sites() > 1 || target.sites() > 1;
  height_ = target.height;
  width_ = target.width;
  const torch::Tensor p = tensor(bus.source_matrix, {source.site_cells, bus.rank});
  const torch::Tensor q = times * tensor(bus.target_matrix, {target.site_cells, bus.taps(), bus.rank});
  if (!sites_) {
    first_ = product ? torch::mm(p, q.select(1, 0).t()).contiguous() : p;
    second_ = q.select(1, 0).t().contiguous();  // [rank, target cells]
    return;
  }
  if (bus.reciprocal) throw error("{}: a reciprocal bus between grids is not known here", machine.name);
  if (bus.height != 1 - 2 * bus.top || bus.width != 1 - 2 * bus.left) {
    throw error("{}: a tap range that is not centred is not known here", machine.name);
  }
  // [outputs, inputs, height, width]
  const torch::Tensor taps =
      q.permute({0, 2, 1}).reshape({target.site_cells, bus.rank, bus.height, bus.width}).contiguous();
  first_ = product ? torch::einsum("orhw,ir->oihw", {taps, p}).contiguous()
                   : p.t().reshape({bus.rank, source.site_cells, 1, 1}).contiguous();
  second_ = taps;
}

torch::Tensor TorchBus::over_grids(const torch::Tensor& source) const {
  const auto centred = F::Conv2dFuncOptions().padding({-bus_.top, -bus_.left});
  torch::Tensor x = source;
  // The mean of the sites that a block has: an odd grid's last blocks are smaller.
  if (bus_.grids == Grids::from_double) {
    x = F::avg_pool2d(x, F::AvgPool2dFuncOptions(2).ceil_mode(true).count_include_pad(false));
  }
  if (!product_) x = F::conv2d(x, first_);
  if (bus_.grids == Grids::from_half) {
    x = F::interpolate(x,
                       F::InterpolateFuncOptions().scale_factor(std::vector<double>{2.0, 2.0}).mode(torch::kNearest));
    x = x.slice(2, 0, height_).slice(3, 0, width_);
  }
  return F::conv2d(x, product_ ? first_ : second_, centred);
}

torch::Tensor TorchBus::pull(const torch::Tensor& source) const {
  if (sites_) return over_grids(source);
  return product_ ? torch::mm(source, first_) : torch::mm(torch::mm(source, first_), second_);
}

torch::Tensor TorchBus::pull_back(const torch::Tensor& target) const {
  return product_ ? torch::mm(target, first_.t()) : torch::mm(torch::mm(target, second_.t()), first_.t());
}

void TorchBus::subtract(const std::vector<torch::Tensor>& old, std::vector<torch::Tensor>& next) const {
  const auto source = static_cast<std::size_t>(bus_.source), target = static_cast<std::size_t>(bus_.target);
  if (sites_) {
    next[target].sub_(over_grids(old[source]));
    return;
  }
  if (product_) {
    next[target].addmm_(old[source], first_, 1, -1);
    if (returns()) next[source].addmm_(old[target], first_.t(), 1, -1);
    return;
  }
  next[target].addmm_(torch::mm(old[source], first_), second_, 1, -1);
  if (returns()) next[source].addmm_(torch::mm(old[target], second_.t()), first_.t(), 1, -1);
}

}  // namespace settle
