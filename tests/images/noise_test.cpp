#include "images/noise.hpp"

#include <cmath>
#include <limits>
#include <set>

#include <doctest/doctest.h>

#include "error_message.hpp"

using namespace settle;
using settle_test::check_fails;

TEST_CASE("noise: stored values come again") {
  CHECK(unit_noise(1, 0, 0) == 1219190 * 0x1p-20);
  CHECK(unit_noise(1, 0, 1) == -869217 * 0x1p-20);
  CHECK(unit_noise(1, 9999, 783) == -462057 * 0x1p-20);
  CHECK(unit_noise(0xffffffffffffffffULL, 59999, 400) == -294964 * 0x1p-20);
}

TEST_CASE("noise: normal, and independent across pixels, images and seeds") {
  double sum = 0, square = 0, cube = 0, fourth = 0, pixel = 0, image = 0, seed = 0;
  int beyond3 = 0, count = 0;
  for (std::uint64_t i = 0; i < 1000; ++i) {
    for (std::uint32_t p = 0; p < 784; ++p, ++count) {
      const double v = unit_noise(1, i, p);
      sum += v;
      square += v * v;
      cube += v * v * v;
      fourth += v * v * v * v;
      pixel += v * unit_noise(1, i, p + 1);
      image += v * unit_noise(1, i + 1, p);
      seed += v * unit_noise(2, i, p);
      beyond3 += std::abs(v) > 3 ? 1 : 0;
    }
  }
  // Five standard errors of each moment of a normal distribution.
  const double n = count, five = 5.0 / std::sqrt(n);
  CHECK(std::abs(sum / n) < five);
  CHECK(std::abs(square / n - 1) < five * std::sqrt(2.0));
  CHECK(std::abs(cube / n) < five * std::sqrt(15.0));
  CHECK(std::abs(fourth / n - 3) < five * std::sqrt(96.0));
  CHECK(std::abs(pixel / n) < five);
  CHECK(std::abs(image / n) < five);
  CHECK(std::abs(seed / n) < five);
  CHECK(std::abs(beyond3 / n - 0.0026998) < five * std::sqrt(0.0027));
}

TEST_CASE("noise: a noisy image is the clean one and sigma times the noise") {
  const Image clean = Image::LinSpaced(784, -1.0f, 1.0f);
  const Image image = noisy(clean, 0.5, 1, 7);
  for (const int p : {0, 1, 400, 783}) {
    CHECK(image[p] == static_cast<float>(clean[p] + 0.5 * unit_noise(1, 7, static_cast<std::uint32_t>(p))));
  }
  CHECK(noisy(clean, 0.0, 1, 7) == clean);
  CHECK(noisy(clean, 0.5, 1, 7) == image);
  CHECK(noisy(clean, 0.5, 1, 8) != image);
  // The same numbers whatever the image's size.
  for (const Eigen::Index size : {1, 7, 3 * 32 * 32}) {
    const Image other = noisy(Image::Zero(size), 1, 1, 7);
    REQUIRE(other.size() == size);
    for (const Eigen::Index p : {Eigen::Index{0}, size - 1}) {
      CHECK(other[p] == static_cast<float>(unit_noise(1, 7, static_cast<std::uint32_t>(p))));
    }
  }
  std::set<double> values;
  for (std::uint32_t p = 0; p < 784; ++p) values.insert(unit_noise(1, 7, p));
  CHECK(values.size() > 780);  // no pixel repeats another
}

TEST_CASE("noise: bad input") {
  const Image clean = Image::Zero(784);
  Image broken = clean;
  broken[5] = std::numeric_limits<float>::quiet_NaN();
  check_fails([&] { noisy(Image(), 0.5, 1, 0); }, "the image has no pixels");
  check_fails([&] { noisy(broken, 0.5, 1, 0); }, "not finite");
  check_fails([&] { noisy(clean, -0.5, 1, 0); }, "sigma is -0.5, a finite value >= 0 is needed");
  check_fails([&] { noisy(clean, std::nan(""), 1, 0); }, "sigma is nan");
}
