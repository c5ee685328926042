#include "network/description/textures.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/splitmix.hpp"

namespace settle {
namespace {

constexpr double kPi = 3.14159265358979323846;

using Colour = std::array<double, kTextureChannels>;  // each from 0 to 1

/// The random numbers of one image.
class Draw {
 public:
  Draw(std::uint64_t seed, std::uint64_t image) : words_(mix64(seed) ^ mix64(image)) {}

  double from(double least, double most) {
    return least + (most - least) * static_cast<double>(words_.next() >> 11) * 0x1p-53;
  }
  Colour colour() { return {from(0, 1), from(0, 1), from(0, 1)}; }

 private:
  SplitMix64 words_;
};

/// A place in a pattern that is turned by `angle`: along it and across it, in pixels.
struct Turned {
  double angle;
  double along(int y, int x) const { return std::cos(angle) * x + std::sin(angle) * y; }
  double across(int y, int x) const { return std::cos(angle) * y - std::sin(angle) * x; }
};

Colour between(const Colour& a, const Colour& b, double share) {
  Colour mixed = a;
  for (std::size_t c = 0; c < mixed.size(); ++c) mixed[c] += share * (b[c] - a[c]);
  return mixed;
}

/// Calls put(y, x, colour) for every pixel, where colour_at(y, x) says which.
template <typename ColourAt>
void paint(std::uint8_t* pixels, ColourAt colour_at) {
  for (int y = 0; y < kTextureSide; ++y) {
    for (int x = 0; x < kTextureSide; ++x) {
      const Colour colour = colour_at(y, x);
      for (int c = 0; c < kTextureChannels; ++c) {
        const double byte = std::nearbyint(255.0 * colour[static_cast<std::size_t>(c)]);
        pixels[(c * kTextureSide + y) * kTextureSide + x] = static_cast<std::uint8_t>(std::clamp(byte, 0.0, 255.0));
      }
    }
  }
}

void wave(Draw& draw, std::uint8_t* pixels) {
  const Colour a = draw.colour(), b = draw.colour();
  const Turned turned{draw.from(0, kPi)};
  const double length = draw.from(6, 24), phase = draw.from(0, 2 * kPi);  // pixels
  paint(pixels, [&](int y, int x) {
    return between(a, b, 0.5 + 0.5 * std::sin(2 * kPi * turned.along(y, x) / length + phase));
  });
}

void squares(Draw& draw, std::uint8_t* pixels) {
  const Colour a = draw.colour(), b = draw.colour();
  const Turned turned{draw.from(0, kPi / 2)};
  const double side = draw.from(4, 12), right = draw.from(0, 2 * side), down = draw.from(0, 2 * side);  // pixels
  paint(pixels, [&](int y, int x) {
    const double row = std::floor((turned.across(y, x) + down) / side);
    const double column = std::floor((turned.along(y, x) + right) / side);
    return std::fmod(std::abs(row + column), 2.0) < 0.5 ? a : b;
  });
}

void spots(Draw& draw, std::uint8_t* pixels) {
  struct Spot {
    Colour colour;
    double y, x, radius;  // pixels
  };
  const Colour ground = draw.colour();
  std::array<Spot, 3> all{};
  for (Spot& spot : all) {
    spot.colour = draw.colour();
    spot.y = draw.from(0, kTextureSide);
    spot.x = draw.from(0, kTextureSide);
    spot.radius = draw.from(3, 10);
  }
  paint(pixels, [&](int y, int x) {
    Colour colour = ground;
    for (const Spot& spot : all) {
      const double square = (y - spot.y) * (y - spot.y) + (x - spot.x) * (x - spot.x);
      colour = between(colour, spot.colour, std::exp(-square / (spot.radius * spot.radius)));
    }
    return colour;
  });
}

}  // namespace

std::vector<std::uint8_t> make_textures(std::uint64_t seed, std::uint64_t first, std::uint64_t count) {
  constexpr std::size_t numbers = std::size_t{kTextureChannels} * kTextureSide * kTextureSide;
  std::vector<std::uint8_t> bytes(count * numbers);
  for (std::uint64_t i = 0; i < count; ++i) {
    Draw draw(seed, first + i);
    std::uint8_t* const pixels = bytes.data() + i * numbers;
    switch ((first + i) % 3) {
      case 0:
        wave(draw, pixels);
        break;
      case 1:
        squares(draw, pixels);
        break;
      default:
        spots(draw, pixels);
        break;
    }
  }
  return bytes;
}

}  // namespace settle
