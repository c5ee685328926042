// Sets of images, of grey levels and of pixels.
#include "images/image_set.hpp"

#include <limits>

#include <doctest/doctest.h>

#include "error_message.hpp"

using namespace settle;
using settle_test::check_fails;

TEST_CASE("image set: the numbers of each image, in their order") {
  const ImageShape shape = {2, 1, 2};
  const ImageSet greys(shape, std::vector<std::uint8_t>{0, 51, 102, 153, 204, 255, 0, 0});
  REQUIRE(greys.size() == 2);
  CHECK(greys.image(0) == Image{{-1.0F, -0.6F, -0.2F, 0.2F}});  // v / 127.5 - 1
  CHECK(greys.image(1)[1] == 1.0F);
  CHECK(greys.has_greys());
  const ImageSet pixels(shape, std::vector<float>{-1, 0.25F, 0, 1, 0.5F, 0.125F, -0.5F, 1});
  REQUIRE(pixels.size() == 2);
  CHECK(pixels.image(1) == Image{{0.5F, 0.125F, -0.5F, 1}});
  CHECK_FALSE(pixels.has_greys());
  check_fails([&] { pixels.greys(); }, "its pixels are floats, grey levels 0 to 255 are needed");
  for (const ImageSet& set : {greys, pixels}) {
    check_fails([&] { set.image(2); }, "image 2 is out of range, 0 to 1 exist");
    ImageSet first = set;
    first.keep_first(3);
    CHECK(first.size() == 2);
    first.keep_first(1);
    REQUIRE(first.size() == 1);
    CHECK(first.image(0) == set.image(0));
  }
  CHECK(shape_text({3, 32, 24}) == "3 x 32 x 24");
}

TEST_CASE("image set: whether it begins with another") {
  const std::vector<std::uint8_t> six = {1, 2, 3, 4, 5, 6};
  const ImageSet whole({1, 1, 2}, six);
  ImageSet part = whole;
  part.keep_first(2);
  CHECK(whole.begins_with(part));
  CHECK(whole.begins_with(whole));
  CHECK_FALSE(part.begins_with(whole));
  CHECK_FALSE(whole.begins_with(ImageSet({1, 2, 1}, six)));
  CHECK_FALSE(whole.begins_with(ImageSet({1, 1, 2}, std::vector<std::uint8_t>{1, 3})));
  CHECK_FALSE(whole.begins_with(ImageSet({1, 1, 2}, std::vector<float>{0, 1})));
}

TEST_CASE("image set: what is none") {
  const std::vector<std::uint8_t> bytes(785);
  check_fails([&] { ImageSet(kMnistShape, bytes); }, "785 numbers are no multiple of the 784 of one image");
  for (const ImageShape shape : {ImageShape{0, 2, 2}, {65, 2, 2}, {1, 0, 2}, {1, 257, 2}, {1, 2, -1}, {1, 2, 257}}) {
    CAPTURE(shape_text(shape));
    check_fails([&] { ImageSet(shape, std::vector<std::uint8_t>()); },
                "images of " + shape_text(shape) + ", 1 to 64 channels and sides of 1 to 256 are allowed");
  }
  CHECK(ImageSet({64, 256, 256}, std::vector<std::uint8_t>()).size() == 0);
  const float infinite = std::numeric_limits<float>::infinity();
  for (const float pixel : {1.001F, -1.001F, infinite, -infinite, std::numeric_limits<float>::quiet_NaN()}) {
    CAPTURE(pixel);
    check_fails([&] { ImageSet({1, 1, 2}, std::vector<float>{0, pixel}); }, "-1 to 1 is allowed");
  }
}
