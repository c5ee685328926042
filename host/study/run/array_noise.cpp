#include "study/run/array_noise.hpp"

#include <vector>

namespace settle {

Gaussian array_noise(std::uint64_t seed, int rounds, Eigen::Index cells) {
  std::vector<std::int16_t> samples(static_cast<std::size_t>(cells));
  return [noise = Noise(seed, rounds), samples](std::uint64_t step, Eigen::VectorXd& out) mutable {
    noise.fill(step, static_cast<int>(samples.size()), samples.data());
    for (std::size_t i = 0; i < samples.size(); ++i) {
      out(static_cast<Eigen::Index>(i)) = samples[i] / static_cast<double>(1 << kNoiseFraction);
    }
  };
}

}  // namespace settle
