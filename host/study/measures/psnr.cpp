#include "study/measures/psnr.hpp"

#include <cmath>

#include "study/measures/check.hpp"

namespace settle {

double mean_psnr(const Eigen::MatrixXd& images, const Eigen::MatrixXd& clean, double peak) {
  check_pair("mean_psnr", "images", images, "clean", clean);
  if (!std::isfinite(peak) || peak <= 0) throw measure_error("mean_psnr: peak is {}, a number above 0 is needed", peak);
  const Eigen::ArrayXd errors = (images - clean).array().square().rowwise().mean();
  Eigen::Index image = 0;
  if (errors.minCoeff(&image) == 0) throw measure_error("mean_psnr: image {} equals its original", image);
  return 10.0 * (peak * peak / errors).log10().mean();
}

}  // namespace settle
