#include "report/pictures.hpp"

#include <doctest/doctest.h>

#include "error_message.hpp"

using namespace settle;

TEST_CASE("a list and blocks of pixels in the same order") {
  const ImageShape shape = {1, 2, 2};
  Eigen::VectorXd pixels(4);
  pixels << -1, 0.5, 0.25, 1;
  const std::vector<Picture> pictures = {{0, "noisy", 12.5, shape, pixels}, {3, "clean", std::nullopt, shape, -pixels}};
  CHECK(picture_list(pictures) == "index,sample,name,psnr\n0,0,noisy,12.5000\n1,3,clean,\n");
  CHECK(picture_pixels(pictures) == "-1.0000,0.5000\n0.2500,1.0000\n\n\n1.0000,-0.5000\n-0.2500,-1.0000\n");
}

TEST_CASE("pictures of any sides, in colour, and the first of other numbers of channels") {
  const Eigen::VectorXd count = Eigen::VectorXd::LinSpaced(30, 0, 2.9);
  const auto written = [&](const ImageShape& shape) {
    return picture_pixels({{0, "x", 1.0, shape, count.head(shape.pixels())}});
  };
  const auto listed = [](const ImageShape& shape) { return picture_list({{0, "x", 1.0, shape, {}}}); };
  CHECK(written({1, 1, 3}) == "0.0000,0.1000,0.2000\n");
  CHECK(written({1, 3, 1}) == "0.0000\n0.1000\n0.2000\n");
  const std::string rows = "0.0000,0.1000,0.2000\n0.3000,0.4000,0.5000\n";
  CHECK(written({1, 2, 3}) == rows);
  CHECK(written({2, 2, 3}) == rows);
  CHECK(written({5, 2, 3}) == rows);
  CHECK(listed({1, 2, 3}) == "index,sample,name,psnr\n0,0,x,1.0000\n");
  CHECK(listed({2, 2, 3}) == "index,sample,name,psnr,shown\n0,0,x,1.0000,1 of 2\n");
  CHECK(listed({5, 2, 3}) == "index,sample,name,psnr,shown\n0,0,x,1.0000,1 of 5\n");
  CHECK(listed({3, 2, 2}) == "index,sample,name,psnr,shown\n0,0,x,1.0000,rgb\n");
  CHECK(written({3, 2, 2}) ==
        "0.0000,0.4000,0.8000\n0.1000,0.5000,0.9000\n\n0.2000,0.6000,1.0000\n0.3000,0.7000,1.1000\n");
}

TEST_CASE("what is no picture is refused") {
  const auto refused = [](const std::vector<Picture>& pictures, const std::string& why) {
    settle_test::check_fails([&] { picture_pixels(pictures); }, why);
  };
  const ImageShape shape = {1, 2, 2};
  const Eigen::VectorXd zero = Eigen::VectorXd::Zero(4);
  refused({{0, "x", std::nullopt, shape, Eigen::VectorXd::Zero(5)}},
          "x of sample 0 has 5 pixels, 1 x 2 x 2 finite ones");
  refused({{0, "x", std::nullopt, shape, Eigen::VectorXd::Constant(4, 1.0 / 0.0)}}, "1 x 2 x 2 finite ones");
  refused({{0, "x", std::nullopt, {}, {}}}, "1 x 0 x 0 finite ones");
  refused({{0, "x", std::nullopt, shape, zero}, {0, "y", std::nullopt, {1, 1, 4}, zero}}, "y of sample 0");
}
