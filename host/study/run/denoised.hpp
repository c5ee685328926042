// The image that a settled map stands for: what is left of the decoder runs digitally.
#pragma once

#include <vector>

#include <Eigen/Core>

#include "report/pictures.hpp"
#include "study/run/inputs.hpp"

namespace settle {

/// Images of samples 0 .. n - 1, [n x 784] each.
struct DenoisedImages {
  Eigen::MatrixXd clean, noisy;
  Eigen::MatrixXd unet;      ///< the digital network's own answer
  Eigen::MatrixXd settled;   ///< the network's answer with the read-out in place of its own map
  Eigen::MatrixXd mean_map;  ///< the same with the fit set's mean map: what a constant read-out gives
};

/// Whether the machine's decoder layer is a whole map from which an image follows: d3, d2 or d1, one site a pixel.
bool gives_image(const Machine& machine);

/// The image that follows from `states` [decoder cells] of a machine that gives_image, for test image `sample`.
Eigen::VectorXd settled_image(const RunInputs& in, Eigen::Index sample, std::uint64_t seed,
                              const Eigen::VectorXd& states);

/// `readout`: decoder states, [samples x decoder cells], of the first samples; `seed` of the image noise. All cores
/// share the work.
DenoisedImages denoised_images(const RunInputs& in, const Eigen::MatrixXd& readout, std::uint64_t seed);

/// Noisy, U-Net, settled, mean map and clean image of the first `most` samples, in this order, with their PSNR.
std::vector<Picture> pictures_of(const DenoisedImages& images, Eigen::Index most);

}  // namespace settle
