#include "programs/bench/torch/torch_force.hpp"

#include <cmath>

namespace settle {

namespace {

constexpr std::size_t kFewBends = 4;  // more clamps than these take longer than an index into a table
constexpr double kNoBend = 1e-4;      // change of slope that is the table's rounding

}  // namespace

TorchForce::TorchForce(const FloatLayer& layer, float times) : range_(layer.range) {
  if (layer.force.empty()) return;
  const std::size_t pieces = layer.force.size() - 1;
  per_unit_ = static_cast<double>(pieces) / (2.0 * range_);
  std::vector<float> left, rise;
  for (std::size_t p = 0; p < pieces; ++p) {
    left.push_back(times * layer.force[p]);
    rise.push_back(times * (layer.force[p + 1] - layer.force[p]));
  }
  knots_ = torch::tensor(left);
  rises_ = torch::tensor(rise);
  const auto slope = [&](std::size_t p) { return per_unit_ * static_cast<double>(rise[p]); };
  for (std::size_t p = 1; p < pieces; ++p) {
    const double change = slope(p) - slope(p - 1);
    if (std::abs(change) > kNoBend) bends_.push_back({-range_ + static_cast<double>(p) / per_unit_, change});
  }
  slope_ = slope(0);
  offset_ = static_cast<double>(left[0]) + slope_ * range_;
  few_bends_ = bends_.size() <= kFewBends;
}

torch::Tensor TorchForce::of(const torch::Tensor& x) const {
  if (few_bends_) {
    torch::Tensor g = slope_ == 0 ? torch::full_like(x, offset_) : slope_ * x + offset_;
    for (const Bend& bend : bends_) g = g + bend.slope * torch::relu(x - bend.at);
    return g;
  }
  const torch::Tensor place = torch::clamp((x + range_) * per_unit_, 0, static_cast<double>(knots_.numel()) - 0.001);
  const torch::Tensor piece = place.to(torch::kLong);
  return torch::take(knots_, piece) + (place - piece) * torch::take(rises_, piece);
}

void TorchForce::subtract(const torch::Tensor& x, torch::Tensor& next) const {
  if (few_bends_) {
    if (slope_ != 0) next.sub_(x, slope_);
    double offset = offset_;
    for (const Bend& bend : bends_) {
      // max(x - at, 0) is max(x, at) less at.
      next.sub_(torch::clamp_min(x, bend.at), bend.slope);
      offset -= bend.slope * bend.at;
    }
    if (offset != 0) next.sub_(offset);
    return;
  }
  const torch::Tensor place = torch::clamp((x + range_) * per_unit_, 0, static_cast<double>(knots_.numel()) - 0.001);
  const torch::Tensor piece = place.to(torch::kLong);
  next.sub_(torch::take(knots_, piece));
  next.sub_((place - piece) * torch::take(rises_, piece));
}

}  // namespace settle
