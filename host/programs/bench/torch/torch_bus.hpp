// What a bus does to a batch of states, in libtorch.
#pragma once

#include <torch/torch.h>

#include "programs/bench/floats/float_machine.hpp"

namespace settle {

/// A bus by its two low-rank factors, or by their product; between layers of one site by matrix products, else by
/// convolutions. States are [batch, cells] for a layer of one site, [batch, site cells, height, width] for others.
class TorchBus {
 public:
  /// Throws Error for what it cannot do: a reciprocal bus between grids, a tap range that is not centred.
  /// `times`: what pulls are multiplied by.
  TorchBus(const FloatBus& bus, const FloatMachine& machine, bool product, float times = 1);

  int source() const { return bus_.source; }
  int target() const { return bus_.target; }
  /// Whether it acts on its source, too.
  bool returns() const { return bus_.reciprocal && bus_.source != bus_.target; }

  /// The pull (minus the force) on the target by the source's states, and on the source by the target's.
  torch::Tensor pull(const torch::Tensor& source) const;
  torch::Tensor pull_back(const torch::Tensor& target) const;

  /// Subtracts all pulls, made of `old`, from the layers' new states, in place.
  void subtract(const std::vector<torch::Tensor>& old, std::vector<torch::Tensor>& next) const;

 private:
  torch::Tensor over_grids(const torch::Tensor& source) const;

  FloatBus bus_;
  bool product_, sites_;        ///< sites: the layers are grids
  int height_ = 1, width_ = 1;  ///< of the target
  torch::Tensor first_, second_;
};

}  // namespace settle
