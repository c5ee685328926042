#include "images/noise.hpp"

#include <cmath>

#include "base/error.hpp"
#include "base/splitmix.hpp"

namespace settle {
namespace {

constexpr double kPi = 3.14159265358979323846;
constexpr double kGrid = 1048576.0;  // 2^20 steps per unit

// The middle of one of 2^53 equal parts of (0, 1): never 0, so its logarithm is finite.
double uniform(std::uint64_t word) { return (static_cast<double>(word >> 11) + 0.5) * 0x1p-53; }

}  // namespace

double unit_noise(std::uint64_t seed, std::uint64_t index, std::uint32_t pixel) {
  const std::uint64_t stream = splitmix_bijection(mix64(seed) ^ (index + kSplitMixStep));
  const std::uint64_t pair = pixel / 2;
  const double radius = std::sqrt(-2.0 * std::log(uniform(mix64(stream + 2 * pair * kSplitMixStep))));
  const double angle = 2.0 * kPi * uniform(mix64(stream + (2 * pair + 1) * kSplitMixStep));
  const double value = radius * (pixel % 2 == 0 ? std::cos(angle) : std::sin(angle));
  return std::nearbyint(value * kGrid) / kGrid;
}

Image noisy(const Image& clean, double sigma, std::uint64_t seed, std::uint64_t index) {
  if (clean.size() < 1) throw error("noisy: the image has no pixels");
  if (!clean.allFinite()) throw error("noisy: the image has a pixel that is not finite");
  if (!std::isfinite(sigma) || sigma < 0) throw error("noisy: sigma is {}, a finite value >= 0 is needed", sigma);
  Image result(clean.size());
  for (Eigen::Index p = 0; p < clean.size(); ++p) {
    const double value = clean[p] + sigma * unit_noise(seed, index, static_cast<std::uint32_t>(p));
    result[p] = static_cast<float>(value);
  }
  return result;
}

}  // namespace settle
