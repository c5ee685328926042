#include "device/driver/loaded_array.hpp"

#include <utility>

namespace settle {

namespace {

Eigen::VectorXd in_units(const std::vector<std::int64_t>& sums, double unit) {
  Eigen::VectorXd values(static_cast<Eigen::Index>(sums.size()));
  for (std::size_t i = 0; i < sums.size(); ++i) {
    values(static_cast<Eigen::Index>(i)) = static_cast<double>(sums[i]) * unit;
  }
  return values;
}

}  // namespace

LoadedArray::LoadedArray(std::unique_ptr<Device> device, std::shared_ptr<const FixedMachine> fixed)
    : fixed_(std::move(fixed)), device_(std::move(device)), driver_(*device_, fixed_->configuration) {
  driver_.load(fixed_->contents);
}

void LoadedArray::set_schedule(const std::vector<Steps>& parts, double kt) {
  const std::vector<std::int16_t> gains = fixed_->gains(kt);
  std::vector<Segment> segments;
  segments.reserve(parts.size());
  for (const Steps& part : parts) segments.push_back({static_cast<std::uint32_t>(part.count), part.window, gains});
  driver_.set_schedule(segments);
}

Eigen::VectorXd LoadedArray::sums(int layer) {
  const LayerContents& at = fixed_->layer(layer);
  return in_units(driver_.sums(at.first, at.cells()), configuration().state.unit() * at.scale);
}

Eigen::VectorXd LoadedArray::squares(int layer) {
  const LayerContents& at = fixed_->layer(layer);
  const double operand = configuration().operand.unit();
  return in_units(driver_.squares(at.first, at.cells()), operand * operand * at.scale * at.scale);
}

}  // namespace settle
