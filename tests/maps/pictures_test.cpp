#include "report/pictures.hpp"

#include <doctest/doctest.h>

#include "base/error.hpp"

using namespace settle;

TEST_CASE("a list and blocks of pixels in the same order") {
  Eigen::VectorXd pixels(4);
  pixels << -1, 0.5, 0.25, 1;
  const std::vector<Picture> pictures = {{0, "noisy", 12.5, pixels}, {3, "clean", std::nullopt, -pixels}};
  CHECK(picture_list(pictures) == "index,sample,name,psnr\n0,0,noisy,12.5000\n1,3,clean,\n");
  CHECK(picture_pixels(pictures) == "-1.0000,0.5000\n0.2500,1.0000\n\n\n1.0000,-0.5000\n-0.2500,-1.0000\n");
}

TEST_CASE("what is no picture is refused") {
  CHECK_THROWS_AS(picture_pixels({{0, "x", std::nullopt, Eigen::VectorXd::Zero(5)}}), Error);
  CHECK_THROWS_AS(picture_pixels({{0, "x", std::nullopt, Eigen::VectorXd::Constant(4, 1.0 / 0.0)}}), Error);
}
