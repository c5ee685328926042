// A layer's force table in libtorch.
#pragma once

#include <vector>

#include <torch/torch.h>

#include "programs/bench/floats/float_machine.hpp"

namespace settle {

/// The force g(x), times a number. Of a table with few bends a user of PyTorch writes clamps; of any other, an index
/// into it.
class TorchForce {
 public:
  TorchForce(const FloatLayer& layer, float times = 1);

  /// A layer without table has none of it.
  bool linear() const { return knots_.numel() == 0; }

  /// times * g(x), in the shape of x.
  torch::Tensor of(const torch::Tensor& x) const;
  /// next -= times * g(x), both of any one shape, in place.
  void subtract(const torch::Tensor& x, torch::Tensor& next) const;

 private:
  struct Bend {
    double at, slope;  ///< from there on, the slope is larger by this
  };

  torch::Tensor knots_, rises_;  ///< [pieces]
  double range_ = 0, per_unit_ = 0;
  bool few_bends_ = false;
  double offset_ = 0, slope_ = 0;
  std::vector<Bend> bends_;
};

}  // namespace settle
