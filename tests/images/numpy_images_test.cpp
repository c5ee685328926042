// Images from NumPy's files: which side is what, and what their numbers stand for.
#include "images/numpy_images.hpp"

#include <doctest/doctest.h>

#include <limits>
#include <numeric>

#include "base/arrays/npy.hpp"
#include "base/files.hpp"
#include "error_message.hpp"
#include "images/idx.hpp"
#include "temporary_folder.hpp"
#include "unet/assets.hpp"

using namespace settle;

namespace {

using Sides = std::vector<std::int64_t>;

ImageSet images_of(const NumberArray& array, NumberType type) {
  const std::string bytes = npy_bytes(array, type);
  return numpy_images({bytes.begin(), bytes.end()}, "f");
}

/// Bytes that count from 0 on, as many as the sides say.
NumberArray counting(const Sides& sides) {
  const auto size = std::accumulate(sides.begin(), sides.end(), std::int64_t{1}, std::multiplies<>());
  NumberArray array = {sides, std::vector<double>(static_cast<std::size_t>(size))};
  for (std::size_t i = 0; i < array.values.size(); ++i) array.values[i] = static_cast<double>(i % 256);
  return array;
}

void refused(const NumberArray& array, NumberType type, const std::string& why) {
  settle_test::check_fails([&] { images_of(array, type); }, "f: " + why);
}

}  // namespace

TEST_CASE("digits in npy and npz are those of an IDX file") {
  const settle_test::TemporaryFolder scratch;
  const ImageSet wanted = read_images(settle_test::kAssets / "mnist-test-512-images-idx3-ubyte", 3);
  NumberArray array;
  array.values.assign(wanted.greys().begin(), wanted.greys().end());
  for (const Sides& sides : std::vector<Sides>{{3, 28, 28}, {3, 784}, {3, 1, 28, 28}, {3, 28, 28, 1}}) {
    array.shape = sides;
    // Floats that are whole numbers beyond 1 are grey levels.
    for (const NumberType type : {NumberType::byte, NumberType::float32, NumberType::float64}) {
      write_atomically(scratch / "images.npy", npy_bytes(array, type));
      const ImageSet found = read_images(scratch / "images.npy");
      CHECK(found.shape() == kMnistShape);
      CHECK(found.greys() == wanted.greys());
      write_atomically(scratch / "images.npz", npz_bytes({{"x", array}}, type));
      CHECK(read_images(scratch / "images.npz", 2).size() == 2);
    }
  }
  write_atomically(scratch / "two", npz_bytes({{"x", array}, {"y", array}}, NumberType::byte));
  settle_test::check_fails([&] { read_images(scratch / "two"); },
                           (scratch / "two").string() + ": holds 2 arrays (x, y), one of images is needed");
}

TEST_CASE("the sides of an array and what they are") {
  struct Case {
    Sides sides;
    ImageShape shape;
  };
  const std::vector<Case> cases = {
      {{2, 5, 7}, {1, 5, 7}},    {{2, 49}, {1, 7, 7}},        {{2, 3, 5, 7}, {3, 5, 7}},  {{2, 5, 7, 3}, {3, 5, 7}},
      {{2, 5, 7, 4}, {4, 5, 7}}, {{2, 5, 7, 1}, {1, 5, 7}},   {{2, 8, 5, 2}, {8, 5, 2}},  {{2, 4, 5, 3}, {4, 5, 3}},
      {{2, 3, 3, 3}, {3, 3, 3}}, {{2, 64, 1, 5}, {64, 1, 5}}, {{2, 256, 1}, {1, 256, 1}}, {{1, 65536}, {1, 256, 256}}};
  for (const Case& one : cases) {
    CAPTURE(one.sides);
    const ImageSet found = images_of(counting(one.sides), NumberType::byte);
    CHECK(shape_text(found.shape()) == shape_text(one.shape));
    CHECK(found.size() == static_cast<std::size_t>(one.sides[0]));
  }
}

TEST_CASE("channels that come last are put first, image by image") {
  const NumberArray array = counting({2, 5, 7, 3});
  for (const NumberType type : {NumberType::byte, NumberType::float32}) {
    const ImageSet found = images_of(array, type);
    for (const std::size_t i : {0U, 1U}) {
      const Image image = found.image(i);
      for (std::size_t c = 0; c < 3; ++c) {
        for (std::size_t y = 0; y < 5; ++y) {
          for (std::size_t x = 0; x < 7; ++x) {
            const auto level = static_cast<std::uint8_t>(array.values[((i * 5 + y) * 7 + x) * 3 + c]);
            CHECK(image[static_cast<Eigen::Index>((c * 5 + y) * 7 + x)] == pixel_value(level));
          }
        }
      }
    }
  }
}

TEST_CASE("floats from -1 to 1 are pixels, integers are levels") {
  const NumberArray array = {{2, 1, 2}, {-1, 1, 0.25, -0.125}};
  for (const NumberType type : {NumberType::float32, NumberType::float64}) {
    const ImageSet found = images_of(array, type);
    CHECK_FALSE(found.has_greys());
    CHECK(found.image(0) == Image{{-1, 1}});
    CHECK(found.image(1) == Image{{0.25F, -0.125F}});
  }
  // The same numbers, whole and none beyond 1: their type decides.
  const NumberArray whole = {{2, 1, 2}, {0, 1, 1, 0}};
  CHECK(images_of(whole, NumberType::float32).image(0) == Image{{0, 1}});
  CHECK(images_of(whole, NumberType::byte).image(0) == Image{{-1, pixel_value(1)}});
  CHECK(images_of({{2, 1, 2}, {0, 1, 1, 2}}, NumberType::float32).image(0) == Image{{-1, pixel_value(1)}});
}

TEST_CASE("arrays that are no images") {
  const std::string scale = "floats are pixels from -1 to 1, or grey levels, whole numbers from 0 to 255: scale them";
  const double infinite = std::numeric_limits<double>::infinity();
  refused({{2, 1, 2}, {0, 200, 0.5, 1}}, NumberType::float32, "image 0 holds 200 and image 1 holds 0.5: " + scale);
  refused({{2, 1, 2}, {0, 1, 1, 1.5}}, NumberType::float32, "image 1 holds 1.5: " + scale);
  refused({{2, 1, 2}, {0, 1, 256, 1}}, NumberType::float32, "image 1 holds 256: " + scale);
  refused({{2, 1, 2}, {0, -2, 5, 1}}, NumberType::float64, "image 0 holds -2: " + scale);
  refused({{2, 1, 2}, {0, 0, 1, infinite}}, NumberType::float64, "image 1 holds inf: " + scale);
  refused({{2, 1, 2}, {0, 0, std::nan(""), 1}}, NumberType::float32, "image 1 holds nan: " + scale);
  // Integers below 0 or above 255, of two bytes each.
  const settle_test::TemporaryFolder scratch;
  const std::string header = "{'descr': '<i2', 'fortran_order': False, 'shape': (1, 1, 2), }\n";
  using namespace std::string_literals;
  for (const auto& [numbers, held] : {std::pair("\x00\x01\x05\x00"s, "256"), {"\x05\x00\xff\xff"s, "-1"}}) {
    std::string bytes = "\x93NUMPY\x01\x00"s;
    bytes += static_cast<char>(header.size());
    bytes.append(1, '\0').append(header).append(numbers);
    write_atomically(scratch / "f", bytes);
    settle_test::check_fails([&] { read_images(scratch / "f"); },
                             "f: image 0 holds " + std::string(held) + ", grey levels are whole numbers from 0 to 255");
  }
  const Sides none[] = {{},          {4},         {2, 48},       {2, 0},       {2, 0, 5},  {2, 5, 0},
                        {2, 257, 5}, {2, 5, 257}, {2, 65, 5, 6}, {2, 0, 5, 6}, {1, 66049}, {2, 2, 2, 2, 2}};
  for (const Sides& sides : none) {
    CAPTURE(sides);
    refused(counting(sides), NumberType::byte, fmt::format("its array has the shape [{}]; ", fmt::join(sides, ", ")));
  }
  refused({{2, 2, 257, 5}, std::vector<double>(5140)}, NumberType::byte,
          "its array has the shape [2, 2, 257, 5]; [images, height, width]");
  refused({{0, 784}, {}}, NumberType::byte, "holds no image");
  refused({{0, 3, 5, 5}, {}}, NumberType::float32, "holds no image");
}
