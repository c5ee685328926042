#include "study/run/denoised.hpp"

#include <algorithm>

#include "network/conditioning/unet_maps.hpp"
#include "base/error.hpp"
#include "base/parallel.hpp"
#include "study/measures/psnr.hpp"
#include "images/noise.hpp"

namespace settle {
namespace {

Image noisy_image(const RunInputs& in, Eigen::Index sample, std::uint64_t seed) {
  const auto n = static_cast<std::size_t>(sample);
  return noisy(in.images.image(n), in.sigma, seed, n);
}

Image image_from(const RunInputs& in, const Image& noisy, const Encoded& encoded, const Eigen::VectorXd& states) {
  const Map map = as_map(in.decoder(), states);
  if (in.decoder().map == "d3") return in.unet.decode_from_d3(noisy, encoded, map, in.sigma);
  if (in.decoder().map == "d2") return in.unet.denoised(noisy, in.unet.decode1(map, encoded.e1, in.sigma), in.sigma);
  return in.unet.denoised(noisy, map, in.sigma);
}

}  // namespace

bool gives_image(const Machine& machine) {
  const Layer& decoder = machine.layers[static_cast<std::size_t>(machine.decoder)];
  return decoder.sites() > 1 && (decoder.map == "d3" || decoder.map == "d2" || decoder.map == "d1");
}

Eigen::VectorXd settled_image(const RunInputs& in, Eigen::Index sample, std::uint64_t seed,
                              const Eigen::VectorXd& states) {
  const Image noisy = noisy_image(in, sample, seed);
  return image_from(in, noisy, in.unet.encode(noisy, in.sigma), states).cast<double>();
}

DenoisedImages denoised_images(const RunInputs& in, const Eigen::MatrixXd& readout, std::uint64_t seed) {
  if (!gives_image(in.machine)) throw error("images: no image follows from layer {}", in.decoder().name);
  const Eigen::Index n = readout.rows();
  const auto blank = [n] { return Eigen::MatrixXd(n, kImagePixels); };
  DenoisedImages images{blank(), blank(), blank(), blank(), blank()};
  const auto work = [&](std::size_t item, std::size_t) {
    const auto s = static_cast<Eigen::Index>(item);
    const Image noisy = noisy_image(in, s, seed);
    const Encoded encoded = in.unet.encode(noisy, in.sigma);
    images.clean.row(s) = in.images.image(item).cast<double>();
    images.noisy.row(s) = noisy.cast<double>();
    images.unet.row(s) = in.unet.run(noisy, in.sigma).output.cast<double>();
    images.settled.row(s) = image_from(in, noisy, encoded, readout.row(s)).cast<double>();
    images.mean_map.row(s) = image_from(in, noisy, encoded, in.machine.fit_mean).cast<double>();
  };
  parallel_for(static_cast<std::size_t>(n), worker_count(static_cast<std::size_t>(n)), work);
  return images;
}

std::vector<Picture> pictures_of(const DenoisedImages& images, Eigen::Index most) {
  std::vector<Picture> all;
  for (Eigen::Index s = 0; s < std::min(most, images.clean.rows()); ++s) {
    const auto sample = static_cast<int>(s);
    const auto add = [&](const char* name, const Eigen::MatrixXd& kind) {
      all.push_back({sample, name, mean_psnr(kind.row(s), images.clean.row(s)), kind.row(s)});
    };
    add("noisy", images.noisy);
    add("unet", images.unet);
    add("settled", images.settled);
    add("mean_map", images.mean_map);
    all.push_back({sample, "clean", std::nullopt, images.clean.row(s)});
  }
  return all;
}

}  // namespace settle
