// Images that a function makes.
#include "network/description/textures.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <set>

#include <doctest/doctest.h>

#include "base/arrays/npy.hpp"
#include "network/description/description.hpp"

using namespace settle;

namespace {

constexpr std::size_t kSites = std::size_t{kTextureSide} * kTextureSide, kNumbers = kTextureChannels * kSites;

using Pixel = std::array<std::uint8_t, 3>;

/// The colours of an image.
std::set<Pixel> colours(const std::vector<std::uint8_t>& bytes, std::size_t image) {
  std::set<Pixel> found;
  const std::uint8_t* const at = bytes.data() + image * kNumbers;
  for (std::size_t s = 0; s < kSites; ++s) found.insert({at[s], at[kSites + s], at[2 * kSites + s]});
  return found;
}

}  // namespace

TEST_CASE("textures: an image is a function of seed and number") {
  const std::vector<std::uint8_t> eight = make_textures(7, 0, 8), three = make_textures(7, 5, 3);
  REQUIRE(three.size() == 3 * kNumbers);
  CHECK(std::equal(three.begin(), three.end(), eight.begin() + 5 * kNumbers));
  CHECK(make_textures(8, 5, 3) != three);
}

TEST_CASE("textures: squares have two colours, waves and spots many, all are different") {
  const std::vector<std::uint8_t> bytes = make_textures(1, 0, 60);
  std::set<std::set<Pixel>> all;
  for (std::size_t image = 0; image < 60; ++image) {
    const std::set<Pixel> found = colours(bytes, image);
    CAPTURE(image);
    if (image % 3 == 1) {
      CHECK(found.size() == 2);
    } else {
      CHECK(found.size() > 20);
    }
    all.insert(found);
  }
  CHECK(all.size() == 60);
}

// Sines and exponentials may round otherwise elsewhere.
TEST_CASE("textures: the test images that ship are the described ones, to one level") {
  const std::filesystem::path host = std::filesystem::path(SETTLE_SOURCE_DIR) / "host";
  const ImageSource source = read_description(host / "network/train/networks/textures.json").images;
  const NumberArray shipped = read_npy(host / "assets/textures-test.npy");
  REQUIRE(shipped.shape == std::vector<std::int64_t>{64, kTextureChannels, kTextureSide, kTextureSide});
  const std::vector<std::uint8_t> made = make_textures(source.seed, static_cast<std::uint64_t>(source.train), 64);
  double worst = 0;
  for (std::size_t i = 0; i < made.size(); ++i) worst = std::max(worst, std::abs(shipped.values[i] - made[i]));
  CHECK(worst <= 1);
}
