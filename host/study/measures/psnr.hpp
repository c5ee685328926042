// How good a denoised image is.
#pragma once

#include <Eigen/Core>

namespace settle {

/// Mean over images of each image's peak signal-to-noise ratio in dB: 10 log10(peak^2 / mean square error).
/// `images` and `clean` are [images x pixels]; pixels from -1 to 1 have peak 2. The mean of the dB, not the dB of the
/// mean error. Throws MeasureError if peak <= 0 or an image equals its original, for which the ratio is not finite.
double mean_psnr(const Eigen::MatrixXd& images, const Eigen::MatrixXd& clean, double peak = 2.0);

}  // namespace settle
