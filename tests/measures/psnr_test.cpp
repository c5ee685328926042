#include "study/measures/psnr.hpp"

#include <doctest/doctest.h>

#include "base/error.hpp"

using doctest::Approx;
using Eigen::MatrixXd;

TEST_CASE("mean_psnr averages dB, image by image") {
  const MatrixXd clean = MatrixXd::Zero(2, 4);
  MatrixXd images(2, 4);
  images << 0.2, -0.2, 0.2, -0.2,  // mean square error 0.04: 20 dB below a peak of 2
      2, 0, 0, 0;                  // mean square error 1: 6.0206 dB
  CHECK(settle::mean_psnr(images, clean) == Approx((20.0 + 6.0205999) / 2));
  CHECK(settle::mean_psnr(images, clean, 1.0) == Approx((20.0 + 6.0205999) / 2 - 6.0205999));
}

TEST_CASE("noise of sigma 0.5 on pixels from -1 to 1 is 12.04 dB") {
  CHECK(settle::mean_psnr(MatrixXd::Constant(3, 784, 0.5), MatrixXd::Zero(3, 784)) == Approx(12.0412));
}

TEST_CASE("mean_psnr refuses bad arguments") {
  const MatrixXd clean = MatrixXd::Zero(2, 4);
  CHECK_THROWS_AS(settle::mean_psnr(clean, clean), settle::Error);
  CHECK_THROWS_AS(settle::mean_psnr(clean, MatrixXd::Zero(2, 5)), settle::Error);
  CHECK_THROWS_AS(settle::mean_psnr(MatrixXd::Ones(2, 4), clean, 0.0), settle::Error);
}
